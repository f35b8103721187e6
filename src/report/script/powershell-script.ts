import { powerShellQuote } from "../../values/text/shell-quote.ts";
import { terminal } from "../text/escape.ts";
import type { ScriptDialect } from "./script-dialect.ts";

const PROLOGUE = `
param([switch]$Apply, [int]$From = 1)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$script:Number = 0
function Test-Due {
  $script:Number++
  return $script:Number -ge $From
}
function Invoke-Step([string]$Text, [scriptblock]$Command) {
  if (-not (Test-Due)) { return }
  Write-Output ('[{0}] {1}' -f $script:Number, $Text)
  Write-Output ('    {0}' -f $Command.ToString().Trim())
  if (-not $Apply) { return }
  try { & $Command }
  catch {
    Write-Output ('Step {0} failed. Fix the cause, then continue: -Apply -From {0}' -f $script:Number)
    throw
  }
}
function Confirm-Manual([string]$Text) {
  if (-not (Test-Due)) { return }
  Write-Output ('[{0}] By hand: {1}' -f $script:Number, $Text)
  if (-not $Apply) { return }
  if ((Read-Host 'Type done when it is done') -cne 'done') { throw ('Stopped at step {0}' -f $script:Number) }
}
function Get-One([string]$Kind, [string]$Name) {
  $found = @(switch ($Kind) {
    'VM' { Get-VM -Name $Name }
    'host' { Get-VMHost -Name $Name }
    'cluster' { Get-Cluster -Name $Name }
    'distributed port group' { Get-VDPortgroup -Name $Name }
  })
  if ($found.Count -ne 1) { throw ('{0} objects match {1} {2}' -f $found.Count, $Kind, $Name) }
  return $found[0]
}
function Stop-Guest([string]$Name) {
  if ((Get-One 'VM' $Name).PowerState -eq 'PoweredOff') { return }
  Stop-VMGuest -VM (Get-One 'VM' $Name) -Confirm:$false | Out-Null
  foreach ($look in 1..120) {
    if ((Get-One 'VM' $Name).PowerState -eq 'PoweredOff') { return }
    Start-Sleep -Seconds 5
  }
  throw ('VM {0} did not shut down within ten minutes' -f $Name)
}
function Start-Machine([string]$Name) {
  if ((Get-One 'VM' $Name).PowerState -ne 'PoweredOn') { Start-VM -VM (Get-One 'VM' $Name) | Out-Null }
}`;

/** How cmdlets look an object up by name; they take every object of that name. */
const LOOKUPS: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/\bGet-VM -Name ('(?:[^']|'')*')/g, "VM"],
  [/\bGet-VMHost (?:-Name )?('(?:[^']|'')*')/g, "host"],
  [/\bSet-Cluster -Cluster ('(?:[^']|'')*')/g, "cluster"],
  [/\bGet-VDPortgroup -Name ('(?:[^']|'')*')/g, "distributed port group"],
];

/** A script for PowerShell with PowerCLI. */
export const powerShellScript: ScriptDialect = {
  usage: [
    "Without a parameter it shows its steps and changes nothing; -Apply runs them, and stops at the first failure.",
    "-From STEP begins with this step. Connect first: Connect-VIServer. Cmdlets may ask for confirmation.",
  ],
  prologue: ["#requires -Modules VMware.PowerCLI", ...PROLOGUE.trim().split("\n")],
  manual: (text) => `Confirm-Manual ${powerShellQuote(text)}`,
  run: (text, line) => [
    `Invoke-Step ${powerShellQuote(text)} {`,
    ...guards(line).map((guard) => `  ${guard}`),
    `  ${line}`,
    "}",
  ],
  shutDown: (vm) =>
    `Invoke-Step ${powerShellQuote(`Shut down the guest of VM ${terminal(vm)}`)} { Stop-Guest ${powerShellQuote(vm)} }`,
  powerOn: (vm) =>
    `Invoke-Step ${powerShellQuote(`Power on VM ${terminal(vm)}`)} { Start-Machine ${powerShellQuote(vm)} }`,
  openHost: () => [],
  closeHost: [],
  epilogue: [
    "",
    "if (-not $Apply) { Write-Output 'Nothing was changed; -Apply runs these steps.' }",
    "# Afterward, create the inventory again and check it.",
  ],
};

/** Ensures that each name in the line matches exactly one object. */
function guards(line: string): readonly string[] {
  const found = LOOKUPS.flatMap(([pattern, kind]) =>
    [...line.matchAll(pattern)].map(([, name = ""]) => `Get-One '${kind}' ${name} | Out-Null`),
  );
  return [...new Set(found)];
}
