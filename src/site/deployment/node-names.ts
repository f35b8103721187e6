import { canonicalName } from "../../values/network/host-name.ts";
import type { Node } from "./deployment-objects.ts";
import { byName } from "../core/names.ts";
import { once } from "../core/once.ts";
import { type Field, ownName } from "../core/site-object.ts";

type Index = ReadonlyMap<string, readonly Node[]>;

/** Nodes by name; each index is created on first use. Equal names are in document order. */
export class NodeNames {
  readonly #names = once(() => byName(this.nodes, ownName));
  readonly #hostnames = once(() => this.#by((node) => node.read("hostname"), firstLabel));
  readonly #fqdns = once(() => this.#by((node) => node.read("fqdn")));
  readonly #sipTlsFqdns = once(() => this.#by((node) => node.read("alternative_fqdn")));

  constructor(private readonly nodes: readonly Node[]) {}

  /** Nodes of that name. */
  called(name: string): readonly Node[] {
    return this.#names().get(canonicalName(name)) ?? [];
  }

  /** Nodes with that hostname label; neither case nor domain matters. */
  withHostname(hostname: string): readonly Node[] {
    return this.#hostnames().get(firstLabel(hostname)) ?? [];
  }

  /** Nodes whose hostname and domain make that name. */
  withFqdn(name: string): readonly Node[] {
    return this.#fqdns().get(canonicalName(name)) ?? [];
  }

  /** Nodes with that SIP TLS FQDN. */
  withSipTlsFqdn(name: string): readonly Node[] {
    return this.#sipTlsFqdns().get(canonicalName(name)) ?? [];
  }

  #by(read: (node: Node) => Field<string>, key = canonicalName): Index {
    const index = new Map<string, Node[]>();
    for (const node of this.nodes) {
      const name = read(node);
      if (!name.known) continue;
      const canonical = key(name.value);
      const named = index.get(canonical);
      if (named === undefined) index.set(canonical, [node]);
      else named.push(node);
    }
    return index;
  }
}

function firstLabel(hostname: string): string {
  return canonicalName(hostname).split(".")[0] ?? "";
}
