import { decodeName } from "../../values/network/host-name.ts";
import { type ManagedObject, type ManagedObjects, property, type Source } from "./managed-objects.ts";
import { reference, str, type Tree } from "./tree.ts";

/** Deeper than any inventory; a longer chain of parents is a cycle. */
const DEEPEST = 100;

/**
 * The root folder's reference and name in every vCenter Server; `govc collect` prints its contents, never the folder
 * itself.
 */
const ROOT = { id: "group-d1", name: "Datacenters" };

/** Inventory paths of objects, found through their parents. */
export class InventoryPaths {
  constructor(private readonly objects: ManagedObjects) {}

  /** As shown in the vSphere Client; undefined if the source does not contain it. */
  nameOf(id: string | undefined): string | undefined {
    const object = this.objects.get(id);
    const name = object === undefined ? (id === ROOT.id ? ROOT.name : undefined) : apiName(object);
    return name === undefined ? undefined : decodeName(name);
  }

  /** The name of an object's datacenter. */
  datacenterOf(object: ManagedObject | undefined): string | undefined {
    return this.nameOf(this.#above(object).find(isDatacenter)?.id);
  }

  /** Why that name is unknown. */
  whyNoDatacenter(object: ManagedObject, source: Source): string {
    return this.#whyNotFound(object, isDatacenter, source);
  }

  /** The cluster of a host or resource pool; null if it is standalone, undefined if unknown. */
  clusterOf(object: ManagedObject | undefined): string | null | undefined {
    const chain = this.#above(object);
    const owner = chain.find(isComputeResource);
    const last = chain.at(-1);
    // The type of a reference shows that a host is standalone, whether or not the source has the referenced object.
    if (owner === undefined && last !== undefined)
      return str(property(last, "parent.type")) === "ComputeResource" ? null : undefined;
    if (owner === undefined) return undefined;
    return owner.type === "ClusterComputeResource" ? this.nameOf(owner.id) : null;
  }

  /** Why the cluster is unknown. */
  whyNoCluster(object: ManagedObject, source: Source): string {
    return this.#whyNotFound(object, isComputeResource, source);
  }

  /** Why the path is unknown. */
  whyNoPath(object: ManagedObject, source: Source): string {
    return this.#whyNotFound(object, ({ id }) => id === this.#root, source);
  }

  /** Why the ancestor of an object was not found: the first step on the way up whose name or parent cannot be read. */
  #whyNotFound(object: ManagedObject, isIt: (step: ManagedObject) => boolean, source: Source): string {
    const chain = this.#above(object);
    const end = chain.findIndex(isIt);
    for (const step of end === -1 ? chain : chain.slice(0, end + 1)) {
      const fault = step.faults.get("name") ?? step.faults.get("parent");
      if (fault !== undefined) return fault;
    }
    const last = chain.at(-1) ?? object;
    const parent = property(last, "parent");
    if (parent !== undefined) return whyUnreadable(parent, source, "what contains it");
    return source.isRequested(last.type, "parent", last.id)
      ? "vSphere does not report parent"
      : source.whyNotRequested(last.type, "parent");
  }

  /**
   * `/Oslo-DC/host/vc-cluster/Resources/pexip`, with names in the API's encoding, so that a `/` in a name is not a
   * separator; undefined if a name in the path is unknown.
   */
  pathOf(object: ManagedObject): string | undefined {
    // The root folder is not part of a path.
    const chain = this.#above(object).filter((step) => step.id !== this.#root);
    const names = chain.map(apiName);
    if (chain.length === 0 || names.includes(undefined) || !this.#isComplete(chain)) return undefined;
    return `/${names.toReversed().join("/")}`;
  }

  /** Whether the chain ends below the root folder. */
  #isComplete(chain: readonly ManagedObject[]): boolean {
    const last = chain.at(-1);
    const parent = last === undefined ? undefined : reference(property(last, "parent"));
    return parent === undefined ? last?.type === "Datacenter" : parent === this.#root;
  }

  /** The folder without a parent. */
  get #root(): string {
    const isRoot = (folder: ManagedObject) => property(folder, "parent") === undefined;
    return (this.#rootId ??= this.objects.of("Folder").find(isRoot)?.id ?? ROOT.id);
  }

  #rootId: string | undefined;

  /** An object and all its ancestors, innermost first. */
  #above(object: ManagedObject | undefined): readonly ManagedObject[] {
    const chain: ManagedObject[] = [];
    let step = object;
    while (step !== undefined && chain.length < DEEPEST) {
      chain.push(step);
      step = this.objects.get(reference(property(step, "parent")));
    }
    return chain;
  }
}

function isDatacenter({ type }: ManagedObject): boolean {
  return type === "Datacenter";
}

function isComputeResource({ type }: ManagedObject): boolean {
  return type.endsWith("ComputeResource");
}

/** Why a referenced object has no readable name. `what` describes it: `its cluster`. */
export function whyUnreadable(target: Tree | undefined, source: Source, what: string): string {
  const [type, id] = [str(target, "type"), reference(target)];
  const fault = source.objects.get(id)?.faults.get("name");
  if (fault !== undefined) return fault;
  return type !== undefined && !source.isRequested(type, "name", id)
    ? source.whyNotRequested(type, "name")
    : `the account has no permission to read ${what}`;
}

/** Properties with the name of an object besides `name`, which not every command collects. */
const NAMES = ["name", "config.name", "summary.config.name", "summary.name", "info.name"];

/** The name of an object in the API's encoding. */
function apiName(object: ManagedObject): string | undefined {
  for (const path of NAMES) {
    const name = str(property(object, path));
    if (name !== undefined) return name;
  }
  return undefined;
}
