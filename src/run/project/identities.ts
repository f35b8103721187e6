import type { CrossSiteFinding } from "../../schema/project/project-report.generated.ts";
import type { Node } from "../../site/deployment/deployment-objects.ts";
import type { Site } from "../../site/site.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import type { SourceRef } from "../../site/core/missing.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import { canonicalIp } from "../../values/network/ip-address.ts";
import { canonicalMac } from "../../values/network/mac-address.ts";
import type { Location } from "../../values/location.ts";

/** A value with which a node may collide with one of another site. */
export interface Identity {
  readonly kind: CrossSiteFinding["kind"];
  /** In canonical form, for comparison. */
  readonly value: string;
  readonly location: Location | null;
}

/**
 * A node with those of its values that must be unique. Plain data, so that it does not keep the documents of a site in
 * memory.
 */
export interface NodeIdentities {
  readonly node: string;
  readonly isManagementNode: boolean;
  readonly identities: readonly Identity[];
}

/** The nodes of a site, and the Pexip platform that they belong to. */
export interface SiteIdentities {
  /** The FQDN, else the hostname, of the Management Node; null if the deployment has none. */
  readonly platform: string | null;
  readonly nodes: readonly NodeIdentities[];
}

const ADDRESSES = ["address", "secondary_address", "static_nat_address", "ipv6_address"] as const;

/** The values of a site's nodes that must be unique across sites. Values that are not set are omitted. */
export function identitiesOf(site: Site): SiteIdentities {
  const management = site.nodes.find(({ role }) => role === "management");
  const platform = management?.valueOrUndefined("fqdn") ?? management?.valueOrUndefined("hostname");
  return {
    platform: platform === undefined ? null : canonicalName(platform),
    nodes: site.nodes.map((node) => ({
      node: node.name,
      isManagementNode: node === management,
      identities: [...names(node), ...macs(node), ...addresses(node)],
    })),
  };
}

function names(node: Node): readonly Identity[] {
  const location = locationOf(node.sourceRefOf("hostname"));
  const fqdn = node.valueOrUndefined("fqdn");
  const [label = ""] = canonicalName(node.valueOrUndefined("hostname") ?? "").split(".");
  return [
    ...(fqdn === undefined ? [] : [{ kind: "fqdn", value: canonicalName(fqdn), location } as const]),
    ...(label === "" ? [] : [{ kind: "hostname", value: label, location } as const]),
  ];
}

/** Of the node's VM if it is known, else of the planned one. */
function macs(node: Node): readonly Identity[] {
  const machine = node.valueOrUndefined("virtualMachine");
  const adapters = machine?.entries("nics");
  const owners: readonly AdapterOwner[] = adapters?.known === true ? adapters.value : [node.plan];
  return owners.flatMap((owner): readonly Identity[] => {
    const value = canonicalMac(owner.valueOrUndefined("mac_address") ?? "");
    return value === null ? [] : [{ kind: "mac", value, location: locationOf(owner.sourceRefOf("mac_address")) }];
  });
}

/** An adapter of a VM, or the plan of a VM, which has one. */
type AdapterOwner = SiteObject<{ readonly mac_address?: string }>;

function addresses(node: Node): readonly Identity[] {
  return ADDRESSES.flatMap((field): readonly Identity[] => {
    const value = canonicalIp(node.valueOrUndefined(field) ?? "");
    return value === null ? [] : [{ kind: "address", value, location: locationOf(node.sourceRefOf(field)) }];
  });
}

function locationOf({ document, path }: SourceRef): Location | null {
  return document.locate(path);
}
