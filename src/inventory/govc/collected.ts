import { GOVC_OUTPUT } from "../../site/estate/inventory-gaps.ts";
import { type ClockOffset, ManagedObjects, type Property, property, type Source } from "../mapping/managed-objects.ts";
import { at, int, isObject, list, str, type Tree, type TreeObject } from "../mapping/tree.ts";
import { isFlattened, isPowerCliObject, powerCliObjects, teamingPolicies } from "./powercli.ts";

/** List properties: older versions print them as an object with one key, the type of the entries. */
const LISTS = new Set([
  "config.autoStart.powerInfo",
  "config.dateTimeInfo.ntpConfig.server",
  "config.extraConfig",
  "config.featureCapability",
  "config.firewall.ruleset",
  "config.hardware.device",
  "config.host",
  "config.maskedFeatureCapability",
  "config.network.pnic",
  "config.network.portgroup",
  "config.network.proxySwitch",
  "config.network.vnic",
  "config.network.vswitch",
  "config.option",
  "config.service.service",
  "configuration.dasVmConfig",
  "configuration.drsVmConfig",
  "configuration.group",
  "configuration.rule",
  "configurationEx.dasVmConfig",
  "configurationEx.drsVmConfig",
  "configurationEx.group",
  "configurationEx.rule",
  "datastore",
  "guest.net",
  "hardware.cpuPkg",
  "host",
  "network",
  "rootSnapshot",
  "snapshot.rootSnapshotList",
  "summary.hostMember",
  "vm",
]);

/** Top-level properties that `host.info` and `vm.info` always print if they are set: a missing one is not set. */
const WHOLE: Readonly<Record<string, readonly string[]>> = {
  HostSystem: ["parent", "name", "runtime", "summary", "config", "hardware"],
  VirtualMachine: ["parent", "name", "runtime", "config", "guest", "snapshot"],
};

/** Names of the outputs of a program in reasons. */
export const OUTPUTS = { govc: GOVC_OUTPUT, powercli: "the PowerCLI output", "vi-json": "the export" } as const;

/** `permissions.ls` lists the permissions of one object, by default the root folder. */
const ONE_OBJECT_ONLY =
  "govc permissions.ls shows the permissions of one object only; preflight inventory pull reads those of all objects";

/** Two outputs with different values for one object. */
export interface NameConflict {
  readonly id: string;
  readonly names: readonly [string, string];
}

/** Collects the contents of any number of govc outputs about the objects of one server. */
export class Collected {
  readonly #objects = new ManagedObjects();
  /**
   * By object id: for each output that contains the object, the paths that the output has for any object of the same
   * type.
   */
  readonly #requested = new Map<string, ReadonlySet<string>[]>();
  /** The paths in the output that is being read, by type. */
  #requestedNow = new Map<string, Set<string>>();
  readonly #types = new Map<string, number>();
  #permissions: readonly Tree[] = [];
  #roles: readonly Tree[] | null = null;
  #licences: Tree[] | null = null;
  #about: Tree | undefined;
  #collector: TreeObject | null = null;
  readonly #teaming = new Map<string, string>();
  /** Whether the last page of RetrievePropertiesEx is followed by another. */
  #hasMorePages = false;
  /** The program that wrote the outputs. */
  dialect: keyof typeof OUTPUTS = "govc";
  /** Whether an output of PowerCLI was cut off at ConvertTo-Json's default depth. */
  isFlattened = false;
  /** The first object with different names in two outputs, which therefore come from two servers. */
  nameConflict: NameConflict | null = null;

  get objects(): ManagedObjects {
    return this.#objects;
  }

  /** Number of objects of each type. */
  get counts(): ReadonlyMap<string, number> {
    return this.#types;
  }

  /**
   * Starts another output. Each was requested with its own properties: one that it has for no object was not requested
   * in it, even if it was in others.
   */
  nextOutput(): void {
    this.#requestedNow = new Map<string, Set<string>>();
  }

  /** Adds one document; false if it contains nothing known. */
  add(document: Tree): boolean {
    if (Array.isArray(document)) return this.#addList(document as readonly Tree[]);
    if (!isObject(document)) return false;
    if (isUpdate(document)) return this.#addUpdate(document);
    if (isPowerCliObject(document)) return this.#addPowerCli([document]);
    if (isReference(document["self"])) return this.#addWhole(document);
    let found = false;
    if (document["collector"] !== undefined) {
      this.#collector = document;
      this.dialect = "powercli";
    }
    if (document["_typeName"] !== undefined) {
      this.dialect = "vi-json";
      if (document["objects"] !== undefined) this.#hasMorePages = str(document, "token") !== undefined;
    }
    const about = document["about"];
    if (isObject(about)) {
      this.#setAbout(about);
      found = true;
    }
    if (document["permissions"] !== undefined && document["roles"] !== undefined) {
      this.#permissions = [...this.#permissions, ...list(document, "permissions")];
      this.#roles = list(document, "roles");
      found = true;
    }
    for (const value of Object.values(document)) {
      if (Array.isArray(value) && this.#addObjects(value as readonly Tree[])) found = true;
    }
    return found;
  }

  /** The collected objects, as the source of an inventory. */
  get source(): Source {
    const objects = this.#objects;
    this.#applyTeaming();
    const clocks = this.#clocks;
    const isWhole = this.#collector !== null;
    const output = OUTPUTS[this.dialect];
    return {
      objects,
      ...(clocks !== undefined && { clocks }),
      incomplete: (list) => this.#whyIncomplete(list),
      about: this.#about ?? (objects.get("ha-host") === undefined ? undefined : { apiType: "HostAgent" }),
      isRequested: (type, path, id) =>
        (id !== undefined && this.#requested.get(id)?.some((paths) => paths.has(path)) === true) ||
        this.#isKnownToHaveNone(type),
      whyNotRequested: (type, path) =>
        this.#types.has(type) ? `${output} does not contain ${path}` : `${output} contains no ${type}`,
      permissions:
        this.#roles === null
          ? `${output} contains no permissions`
          : { all: this.#permissions, roles: this.#roles, ...(!isWhole && { incomplete: ONE_OBJECT_ONLY }) },
      licences: this.#licences ?? `${output} contains no licenses`,
    };
  }

  #addList(items: readonly Tree[]): boolean {
    if (items.some((item) => at(item, "assignedLicense") !== undefined)) {
      // The licence key is removed.
      this.#licences = [...(this.#licences ?? []), ...items.map(withoutKey)];
      return true;
    }
    const printed = items.filter(isObject).filter(isPowerCliObject);
    const policies = teamingPolicies(items.filter(isObject));
    if (printed.length > 0 || policies.size > 0) {
      for (const [name, policy] of policies) this.#teaming.set(name, policy);
      return this.#addPowerCli(printed) || policies.size > 0;
    }
    const properties = new Map(items.map((item) => [str(item, "name"), at(item, "val")]));
    const about = properties.get("content.about") ?? at(properties.get("content"), "about");
    if (isObject(about)) {
      this.#setAbout(about);
      return true;
    }
    return this.#addObjects(items);
  }

  /** Whole objects, either bare or wrapped in an element that contains their path. */
  #addObjects(items: readonly Tree[]): boolean {
    let found = false;
    for (const item of items) {
      const whole = [item, at(item, "object")].find((tree) => isReference(at(tree, "self")));
      if (isObject(item) && isUpdate(item)) found = this.#addUpdate(item) || found;
      else if (isObject(whole)) found = this.#addWhole(whole) || found;
    }
    return found;
  }

  #addPowerCli(items: readonly TreeObject[]): boolean {
    if (items.some(isFlattened)) this.isFlattened = true;
    this.dialect = "powercli";
    const objects = powerCliObjects(items);
    // A property that a cmdlet prints for one object and not for another is missing there: it must not be treated as
    // not set.
    for (const { type, id, properties } of objects) this.#put({ type, value: id }, properties, [], new Set());
    return objects.length > 0;
  }

  /** Applies the output of Get-VDUplinkTeamingPolicy to port groups, once the names of all of them are known. */
  #applyTeaming(): void {
    for (const group of this.#objects.of("DistributedVirtualPortgroup")) {
      const policy = this.#teaming.get(str(property(group, "name")) ?? "");
      const path = "config.defaultPortConfig.uplinkTeamingPolicy.policy.value";
      if (policy !== undefined) this.#objects.add(group.type, group.id, [[path, policy]]);
    }
  }

  /** Clock offsets by host id, as measured by collect-inventory.ps1. */
  get #clocks(): ReadonlyMap<string, ClockOffset> | undefined {
    if (this.#collector === null) return undefined;
    return new Map(
      list(this.#collector, "hostClocks").flatMap((entry): [string, ClockOffset][] => {
        const [id, offset] = [str(entry, "host"), int(entry, "offsetMs")];
        if (id === undefined) return [];
        return [[id, offset === undefined ? { unknown: "the host did not return its time" } : { offset_ms: offset }]];
      }),
    );
  }

  /** Time and server of the collection by collect-inventory.ps1; null for all other sources. */
  get collection(): { readonly server: string | undefined; readonly collectedAt: string | undefined } | null {
    if (this.#collector === null) return null;
    return { server: str(this.#collector, "server"), collectedAt: str(this.#collector, "collectedAt") };
  }

  #addUpdate(update: TreeObject): boolean {
    // vSphere's JSON has ObjectContent with a propSet where govc prints ObjectUpdate with a changeSet.
    const properties = [...list(update, "changeSet"), ...list(update, "propSet")].flatMap((change): Property[] => {
      const name = str(change, "name");
      const value = isObject(change) ? change["val"] : undefined;
      // Continuation pages and unset properties have no value.
      return name === undefined || value === undefined ? [] : [[name, unwrapped(name, value)]];
    });
    const faults = list(update, "missingSet").flatMap((missing): [string, string][] => {
      const path = str(missing, "path");
      return path === undefined ? [] : [[path, faultOf(missing)]];
    });
    return this.#put(at(update, "obj"), properties, faults);
  }

  #addWhole(object: TreeObject): boolean {
    const self = object["self"];
    const type = str(self, "type") ?? "";
    const values = Object.entries(object).flatMap(([name, value]): Property[] =>
      name === "self" || value === undefined || value === null ? [] : [[name, unwrapped(name, value)]],
    );
    const unset = (Object.hasOwn(WHOLE, type) ? (WHOLE[type] ?? []) : []).filter(
      (name) => (object[name] ?? null) === null,
    );
    return this.#put(self, [...values, ...unset.map((name): Property => [name, null])], []);
  }

  /** @param requested the paths that the output has for any object of the type */
  #put(
    reference: Tree | undefined,
    properties: readonly Property[],
    faults: readonly [string, string][],
    requested = this.#requestedOf(str(reference, "type")),
  ): boolean {
    const [type, id] = [str(reference, "type"), str(reference, "value")];
    if (type === undefined || id === undefined) return false;
    const known = this.#objects.get(id);
    const [old, fresh] = [
      known && str(property(known, "name")),
      str(properties.find(([path]) => path === "name")?.[1]),
    ];
    if (old !== undefined && fresh !== undefined && old !== fresh) this.nameConflict ??= { id, names: [old, fresh] };
    if (known === undefined) this.#types.set(type, (this.#types.get(type) ?? 0) + 1);
    for (const [path] of properties) requested.add(path);
    const outputs = this.#requested.get(id);
    if (outputs === undefined) this.#requested.set(id, [requested]);
    else if (outputs.at(-1) !== requested) outputs.push(requested);
    this.#objects.add(type, id, withSnapshots(type, properties), faults);
    return true;
  }

  #requestedOf(type = ""): Set<string> {
    const requested = this.#requestedNow.get(type) ?? new Set<string>();
    this.#requestedNow.set(type, requested);
    return requested;
  }

  /**
   * Why any list may have more objects, if no count in the outputs proves otherwise. Cmdlets print objects without the
   * references that would reveal a missing one.
   */
  #whyIncomplete(list: string): string | undefined {
    if (this.#hasMorePages) return "the last page has a token: ContinueRetrievePropertiesEx returns more objects";
    const isPrinted = this.dialect === "powercli" && this.#collector === null;
    const counted = { virtual_machines: ["HostSystem", "vm"], hosts: ["ClusterComputeResource", "host"] } as const;
    if (!isPrinted || (list !== "virtual_machines" && list !== "hosts")) return undefined;
    const [type, path] = counted[list];
    const owners = this.#objects.of(type);
    if (owners.length > 0 && owners.every((owner) => property(owner, path) !== undefined)) return undefined;
    return "cmdlets do not print how many there are; collect-inventory.ps1 does";
  }

  /**
   * Types whose objects cannot be printed because there are none: without a proxy switch on any host there is no
   * distributed switch, and if all hosts are standalone there are no clusters.
   */
  #isKnownToHaveNone(type: string): boolean {
    // Called for every property that an object lacks: avoids the search through all hosts if the type has objects.
    if (this.#types.has(type)) return false;
    const hosts = this.#objects.of("HostSystem");
    if (hosts.length === 0) return false;
    switch (type) {
      case "DistributedVirtualSwitch":
      case "DistributedVirtualPortgroup":
        return hosts.every((host) => {
          const network = at(host.properties, "config.network");
          const isWhole = host.given.has("config.network") || host.given.has("config");
          const isGiven = host.given.has("config.network.proxySwitch") || (isWhole && network !== undefined);
          return isGiven && list(network, "proxySwitch").length === 0;
        });
      case "ClusterComputeResource":
        return hosts.every((host) => str(property(host, "parent.type")) === "ComputeResource");
      default:
        return false;
    }
  }

  #setAbout(about: Tree): void {
    const [old, fresh] = [str(this.#about, "instanceUuid"), str(about, "instanceUuid")];
    if (old !== undefined && fresh !== undefined && old !== fresh)
      this.nameConflict ??= { id: "about", names: [old, fresh] };
    this.#about ??= about;
  }
}

/** `rootSnapshot` is an empty list if `snapshot` is not set, so it identifies machines without snapshots. */
function withSnapshots(type: string, properties: readonly Property[]): readonly Property[] {
  const roots = type === "VirtualMachine" ? properties.find(([path]) => path === "rootSnapshot") : undefined;
  const isGiven = properties.some(([path, value]) => path === "snapshot" && value !== null);
  return roots === undefined || isGiven || list(roots[1]).length > 0 ? properties : [...properties, ["snapshot", null]];
}

function isUpdate(document: TreeObject): boolean {
  return isReference(document["obj"]) && document["kind"] !== "leave";
}

function isReference(tree: Tree | undefined): boolean {
  return isObject(tree) && str(tree, "type") !== undefined && str(tree, "value") !== undefined;
}

/** Unwraps a list, however it is wrapped, and the lists inside a whole property. */
function unwrapped(path: string, value: Tree): Tree {
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, "_value")) return value["_value"] ?? [];
  if (LISTS.has(path)) {
    const inner = Object.entries(value).filter(([key]) => key !== "_typeName");
    const [[, only] = []] = inner;
    if (inner.length === 1 && Array.isArray(only)) return only as readonly Tree[];
    if (inner.length === 1 && only === null) return [];
  }
  return value;
}

function faultOf(missing: Tree): string {
  const privilege = str(missing, "fault.fault.privilegeId");
  if (privilege !== undefined) return `no permission (${privilege})`;
  const isDenied =
    /permission/i.test(str(missing, "fault.localizedMessage") ?? "") ||
    str(missing, "fault.fault._typeName") === "NoPermission";
  return isDenied ? "no permission" : "not returned by vSphere";
}

function withoutKey(assignment: Tree): Tree {
  return {
    entityId: str(assignment, "entityId") ?? null,
    assignedLicense: {
      name: str(assignment, "assignedLicense.name") ?? null,
      editionKey: str(assignment, "assignedLicense.editionKey") ?? null,
    },
  };
}
