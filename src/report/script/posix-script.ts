import type { CommandShell } from "../../engine/api/command-table.ts";
import { shellQuote } from "../../values/text/shell-quote.ts";
import { terminal } from "../text/escape.ts";
import type { ScriptDialect } from "./script-dialect.ts";

/** Seconds between polls of the power state, and their number: ten minutes. */
const LOOK = { pause_s: 5, times: 120 };

const OPTIONS = `
apply=no
from=1
HOST_EMPTYwhile [ $# -gt 0 ]; do
  case $1 in
    --apply) apply=yes ;;
    --from) shift; from=\${1-} ;;
HOST_CASE    *) printf '%s\\n' "usage: sh $0 [--apply] [--from STEP]HOST_OPTION" >&2; exit 2 ;;
  esac
  [ $# -eq 0 ] || shift
done
case $from in
  ''|*[!0-9]*) printf '%s\\n' '--from requires the number of a step' >&2; exit 2 ;;
esac`;

const STEPS = `
number=0
is_due() {
  number=$((number + 1))
  [ "$number" -ge "$from" ]
}
stopped() {
  printf '%s\\n' "Step $number failed. Fix the cause, then continue: --apply --from $number" >&2
  exit 1
}
step() {
  is_due || return 0
  printf '%s\\n' "[$number] $1"
  shift
  printf '   '
  for word in "$@"; do
    case $word in
      ''|*[!A-Za-z0-9_./:@%+,=-]*) printf " '%s'" "$(printf '%s' "$word" | sed "s/'/'\\\\\\\\''/g")" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\\n'
  [ "$apply" = yes ] || return 0
  "$@" || stopped
}
manual() {
  is_due || return 0
  printf '%s\\n' "[$number] By hand: $1"
  [ "$apply" = yes ] || return 0
  printf '    Type done when it is done: '
  IFS= read -r answer || stopped
  [ "$answer" = done ] || stopped
}`;

const POWER = `
power_state() {
  govc vm.info "$1" | sed -n 's/^ *Power state: *//p'
}
shut_down_guest() {
  [ "$(power_state "$1")" = poweredOff ] && return 0
  govc vm.power -s "$1" || return 1
  looks=0
  while [ "$(power_state "$1")" != poweredOff ]; do
    looks=$((looks + 1))
    [ "$looks" -le ${LOOK.times} ] || return 1
    sleep ${LOOK.pause_s}
  done
}
power_on() {
  [ "$(power_state "$1")" = poweredOn ] || govc vm.power -on "$1"
}`;

const SHOW =
  "Without an option it shows its steps and changes nothing; --apply runs them, and stops at the first failure.";
const RESUME = "--from STEP begins with this step.";

/** A script for a POSIX shell: for govc, or for esxcli in the shell of one ESXi host. */
export function posixScript(shell: Exclude<CommandShell, "powercli">): ScriptDialect {
  const isGovc = shell === "govc";
  const usage = isGovc
    ? [SHOW, RESUME, "govc takes server and user from the environment: GOVC_URL, GOVC_USERNAME, GOVC_PASSWORD."]
    : [
        SHOW,
        RESUME,
        "Run it in the shell of an ESXi host; --apply requires --host NAME, and runs the steps of that host only.",
      ];
  return {
    usage,
    prologue: [
      "#!/bin/sh",
      "set -eu",
      ...OPTIONS.trim()
        .replace("HOST_OPTION", isGovc ? "" : " [--host NAME]")
        .replace("HOST_EMPTY", isGovc ? "" : "on_host=\n")
        .replace("HOST_CASE", isGovc ? "" : "    --host) shift; on_host=${1-} ;;\n")
        .split("\n"),
      ...(isGovc ? [] : NEEDS_HOST),
      ...STEPS.trim().split("\n"),
      ...(isGovc ? POWER.trim().split("\n") : []),
    ],
    manual: (text) => `manual ${shellQuote(text)}`,
    run: (text, line) => [`step ${shellQuote(text)} \\`, `  ${line}`],
    shutDown: isGovc
      ? (vm) => `step ${shellQuote(`Shut down the guest of VM ${terminal(vm)}`)} shut_down_guest ${shellQuote(vm)}`
      : null,
    powerOn: isGovc ? (vm) => `step ${shellQuote(`Power on VM ${terminal(vm)}`)} power_on ${shellQuote(vm)}` : null,
    openHost: (host) =>
      isGovc ? [] : [`if [ "$apply" = no ] || [ "$on_host" = ${shellQuote(host ?? "")} ]; then`, ":"],
    closeHost: isGovc ? [] : ["fi"],
    epilogue: [
      "",
      `[ "$apply" = yes ] || printf '%s\\n' 'Nothing was changed; --apply runs these steps.'`,
      "# Afterward, create the inventory again and check it.",
    ],
  };
}

const NEEDS_HOST = [
  `if [ "$apply" = yes ] && [ -z "$on_host" ]; then`,
  `  printf '%s\\n' '--apply requires --host NAME: the host that this shell runs on' >&2`,
  "  exit 2",
  "fi",
];
