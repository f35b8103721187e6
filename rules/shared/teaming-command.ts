import { powerShellQuote } from "../../src/values/text/shell-quote.ts";

/** A port group as PowerCLI finds it: a standard one by its host and name, a distributed one by its name. */
export interface NamedPortGroup {
  readonly kind: "standard" | "distributed";
  readonly host: string;
  readonly name: string;
}

/** The PowerCLI line that lets a port group balance by originating virtual port. */
export function originatingPortCommand({ kind, host, name }: NamedPortGroup): string {
  return kind === "distributed"
    ? `Get-VDPortgroup -Name ${powerShellQuote(name)} | Get-VDUplinkTeamingPolicy | Set-VDUplinkTeamingPolicy -LoadBalancingPolicy LoadBalanceSrcId`
    : `Get-VMHost ${powerShellQuote(host)} | Get-VirtualPortGroup -Standard -Name ${powerShellQuote(name)} | Get-NicTeamingPolicy | Set-NicTeamingPolicy -LoadBalancingPolicy LoadBalanceSrcId`;
}
