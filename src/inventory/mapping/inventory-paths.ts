import { decodeName } from "../../values/network/host-name.ts";
import { type ManagedObject, type ManagedObjects, property } from "./managed-objects.ts";
import { reference, str } from "./tree.ts";

/** Deeper than any inventory; a chain of parents that is longer goes in a circle. */
const DEEPEST = 100;

/** The root folder's reference and name in every vCenter Server; `govc collect` shows what is in it, never itself. */
const ROOT = { id: "group-d1", name: "Datacenters" };

/** Where the objects of an estate lie, found through their parents. */
export class InventoryPaths {
  constructor(private readonly objects: ManagedObjects) {}

  /** As the vSphere Client shows it; undefined when the source does not tell. */
  nameOf(id: string | undefined): string | undefined {
    const object = this.objects.get(id);
    const name = object === undefined ? (id === ROOT.id ? ROOT.name : undefined) : apiName(object);
    return name === undefined ? undefined : decodeName(name);
  }

  /** The name of the datacenter that holds an object. */
  datacenterOf(object: ManagedObject | undefined): string | undefined {
    return this.nameOf(this.#above(object).find(({ type }) => type === "Datacenter")?.id);
  }

  /** The cluster that a host or resource pool belongs to; null when it stands alone, undefined when that is not known. */
  clusterOf(object: ManagedObject | undefined): string | null | undefined {
    const owner = this.#above(object).find(({ type }) => type.endsWith("ComputeResource"));
    if (owner === undefined) return undefined;
    return owner.type === "ClusterComputeResource" ? this.nameOf(owner.id) : null;
  }

  /**
   * `/Oslo-DC/host/vc-cluster/Resources/pexip`, names as the API writes them, so that a `/` in one is no step; undefined
   * when a name on the way is not known.
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

  /** An object and all that hold it, from the inside out. */
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

/** Where an object has its name besides `name`, which not every command collects. */
const NAMES = ["name", "config.name", "summary.config.name", "summary.name", "info.name"];

/** The name of an object as the API writes it. */
function apiName(object: ManagedObject): string | undefined {
  for (const path of NAMES) {
    const name = str(property(object, path));
    if (name !== undefined) return name;
  }
  return undefined;
}
