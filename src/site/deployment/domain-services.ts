import { SRV_SERVICES } from "../../facts/dns-names.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import type { Path } from "../../values/location.ts";
import { word } from "../../values/text/quoted.ts";
import type { DeploymentGaps } from "./deployment-gaps.ts";
import { type DomainRecord, DomainService, type SystemLocation } from "./deployment-objects.ts";
import type { Missing } from "../core/missing.ts";
import { groupBy } from "../core/names.ts";
import { locationsByName } from "./nodes.ts";
import { type PartialList, union } from "../core/partial-list.ts";
import { locationOwner, type ServerLists } from "./server-lists.ts";

/**
 * Every SRV record set that the declared domains must have, one object an owner name. `domains` that the deployment does
 * not have, and a domain without `services`, are gaps.
 */
export function domainServices(
  gaps: DeploymentGaps,
  locations: readonly SystemLocation[],
  lists: ServerLists,
): PartialList<DomainService> {
  const { domains } = gaps.document.value;
  if (domains === undefined) return { items: [], missing: [gaps.absent(["domains"])] };
  const declared = union(
    domains.map((domain, index) => servicesOf(domain, ["domains", index], gaps, locations, lists)),
  );
  // A domain that is declared twice needs the same records: one subject, for the locations of both.
  const services = [...groupBy(declared.items, ({ init }) => init.name).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      new DomainService(first.init, {
        ...first.facts,
        resolvers: union(group.map(({ facts }) => facts.resolvers)),
        locations: union(group.map(({ facts }) => facts.locations)),
        namesLocations: group.every(({ facts }) => facts.namesLocations),
      }),
    ];
  });
  return { items: services, missing: declared.missing };
}

interface Declared {
  readonly init: ConstructorParameters<typeof DomainService>[0];
  readonly facts: ConstructorParameters<typeof DomainService>[1];
}

function servicesOf(
  domain: DomainRecord,
  path: Path,
  gaps: DeploymentGaps,
  locations: readonly SystemLocation[],
  lists: ServerLists,
): PartialList<Declared> {
  if (domain.services === undefined) return { items: [], missing: [gaps.absent([...path, "services"])] };
  const sourceRefs = locationsOf(domain, path, gaps, locations);
  const owners = sourceRefs.items.length === 0 ? [null] : sourceRefs.items.map(locationOwner);
  const resolvers = union([
    ...owners.map((owner) => lists.resolvers(owner)),
    { items: [], missing: sourceRefs.missing },
  ]);
  const name = canonicalName(domain.name);
  const namesLocations = domain.locations !== undefined;
  const items = domain.services.flatMap((service, index) =>
    SRV_SERVICES[service].map(({ owner, port }): Declared => {
      const sourceRef = gaps.sourceRef([...path, "services", index]);
      const init = {
        kind: "domain-service",
        name: `${name}/${owner}`,
        descriptions: [],
        sourceRef,
        missing: gaps.absentIn(path),
      };
      return { init, facts: { domain: name, service, owner, port, resolvers, locations: sourceRefs, namesLocations } };
    }),
  );
  return { items, missing: [] };
}

/** The locations whose nodes take the domain's calls; by default every location. */
function locationsOf(
  { locations: names }: DomainRecord,
  path: Path,
  gaps: DeploymentGaps,
  all: readonly SystemLocation[],
): PartialList<SystemLocation> {
  if (names === undefined) return { items: all, missing: [] };
  const declared = locationsByName(all);
  const missing = names.flatMap((name, index): Missing[] => {
    if (declared.has(canonicalName(name))) return [];
    const sourceRef = gaps.sourceRef([...path, "locations", index]);
    return [{ what: `system location ${word(name)} is not declared in system_locations`, sourceRef }];
  });
  return { items: names.flatMap((name) => declared.get(canonicalName(name)) ?? []), missing };
}
