import type { ManagedObjects, Property } from "../mapping/managed-objects.ts";
import { isObject, list, reference, str, type Tree } from "../mapping/tree.ts";
import type { SoapClient } from "./soap-client.ts";
import { asReference } from "./soap-client.ts";
import { faultReason, VimFault, UnexpectedResponse } from "./soap-errors.ts";
import { type Reference, referenceXml, xml, type Xml } from "./soap-message.ts";

const SERVICE: Reference = { type: "ServiceInstance", id: "ServiceInstance" };

/** The managers of a server, and its description of itself. */
export interface Service {
  readonly about: Tree | undefined;
  readonly rootFolder: Reference;
  readonly propertyCollector: Reference;
  readonly viewManager: Reference;
  readonly sessionManager: Reference;
  readonly authorizationManager: Reference | null;
  readonly licenseManager: Reference | null;
}

export async function serviceOf(client: SoapClient, signal: AbortSignal): Promise<Service> {
  const content = await client.call("RetrieveServiceContent", SERVICE, [], signal);
  const manager = (name: string) => asReference(isObject(content) ? content[name] : undefined);
  const needed = (name: string): Reference => {
    const found = manager(name);
    if (found === null) throw new UnexpectedResponse("not-soap", "");
    return found;
  };
  return {
    about: isObject(content) ? content["about"] : undefined,
    rootFolder: needed("rootFolder"),
    propertyCollector: needed("propertyCollector"),
    viewManager: needed("viewManager"),
    sessionManager: needed("sessionManager"),
    authorizationManager: manager("authorizationManager"),
    licenseManager: manager("licenseManager"),
  };
}

/** The properties and objects to read. */
export interface Retrieval {
  readonly objects: readonly ObjectSpec[];
  /** Paths by type. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
}

/** One object, or all objects of a view. */
export type ObjectSpec = { readonly object: Reference } | { readonly view: Reference };

/** After this many pages without a new object, the server is assumed to repeat itself forever. */
const MOST_IDLE_PAGES = 3;

/** Timeout for cleanup on the server. */
export const LOGOUT_TIMEOUT_MS = 5_000;

/** Maximum objects per page; the server may send fewer, or ignore it. */
const PAGE = 100;

/**
 * Reads properties into `into`: one call, and one for each further page. A property that the server does not know is
 * removed from the request, which is then repeated; the reason is recorded by path.
 *
 * @param prune what to keep of a value
 */
export async function retrieve(
  client: SoapClient,
  { propertyCollector }: Service,
  { objects, properties }: Retrieval,
  into: {
    readonly objects: ManagedObjects;
    readonly unknownPaths: Map<string, string>;
    readonly prune: (path: string, value: Tree) => Tree;
    readonly onPage?: () => void;
  },
  signal: AbortSignal,
): Promise<void> {
  const texts = new Map<string, string>();
  const seen = new Set<string>();
  let idle = 0;
  let before = 0;
  let taken = 0;
  const take = (content: Tree): void => {
    const id = addObject(into.objects, content, into.prune, texts);
    if (id !== undefined) seen.add(id);
    taken += 1;
  };
  let page = await firstPage();
  for (let last: string | undefined; ;) {
    into.onPage?.();
    const token = str(page, "token");
    if (token === undefined) return;
    // A page repeats objects that were requested in two ways; a sequence of pages with nothing else has no end.
    idle = seen.size > before ? 0 : idle + 1;
    before = seen.size;
    if (token === last || taken === 0 || idle === MOST_IDLE_PAGES) throw new UnexpectedResponse("no-progress", "");
    last = token;
    taken = 0;
    const parts = [xml("token", token)];
    page = await client.callInPieces("ContinueRetrievePropertiesEx", propertyCollector, parts, take, signal);
  }

  async function firstPage(): Promise<Tree | undefined> {
    for (;;) {
      const wanted = Object.entries(properties).map(
        ([type, paths]) => [type, paths.filter((path) => !into.unknownPaths.has(path))] as const,
      );
      try {
        const parts = retrieveParts(objects, wanted);
        return await client.callInPieces("RetrievePropertiesEx", propertyCollector, parts, take, signal);
      } catch (error) {
        const unknown = unknownPath(error, wanted);
        if (unknown === null) throw error;
        into.unknownPaths.set(unknown, faultReason("InvalidProperty", undefined));
      }
    }
  }
}

/** The path that a server does not know; null if the fault has another reason. */
function unknownPath(error: unknown, wanted: readonly (readonly [string, readonly string[]])[]): string | null {
  if (!(error instanceof VimFault) || error.fault !== "InvalidProperty") return null;
  const name = str(error.detail, "name");
  const paths = wanted.flatMap(([, each]) => each);
  return paths.find((path) => path === name) ?? paths.find((path) => path.endsWith(`.${name ?? ""}`)) ?? null;
}

function retrieveParts(
  objects: readonly ObjectSpec[],
  properties: readonly (readonly [type: string, paths: readonly string[]])[],
): readonly Xml[] {
  const propSet = properties.map(([type, paths]) =>
    xml("propSet", [xml("type", type), xml("all", false), ...paths.map((path) => xml("pathSet", path))]),
  );
  const objectSet = objects.map((spec) =>
    "object" in spec
      ? xml("objectSet", [referenceXml("obj", spec.object), xml("skip", false)])
      : xml("objectSet", [
          referenceXml("obj", spec.view),
          xml("skip", true),
          xml(
            "selectSet",
            [xml("name", "view"), xml("type", "ContainerView"), xml("path", "view"), xml("skip", false)],
            "TraversalSpec",
          ),
        ]),
  );
  return [xml("specSet", [...propSet, ...objectSet]), xml("options", [xml("maxObjects", PAGE)])];
}

/** Returns the id of the object. */
function addObject(
  objects: ManagedObjects,
  content: Tree,
  prune: (path: string, value: Tree) => Tree,
  texts: Map<string, string>,
): string | undefined {
  const [type, id] = [str(content, "obj.type"), reference(content, "obj")];
  if (type === undefined || id === undefined) return undefined;
  const kept = (value: Tree): Tree => ownTexts(value, texts);
  const properties = list(content, "propSet").flatMap((entry): Property[] => {
    const path = str(entry, "name");
    // Some servers send the name of a property that is not set, without a value.
    const value = isObject(entry) ? entry["val"] : undefined;
    return path === undefined || value === undefined || value === "" ? [] : [[path, kept(prune(path, value))]];
  });
  const faults = list(content, "missingSet").flatMap((entry) => {
    const path = str(entry, "path");
    const fault = str(entry, "fault.fault._typeName") ?? "unknown";
    return path === undefined ? [] : [[path, faultReason(fault, str(entry, "fault.fault.privilegeId"))] as const];
  });
  objects.add(type, id, properties, faults);
  return id;
}

/** Substrings of an answer keep all of it alive: each gets memory of its own, and duplicates are interned. */
function ownTexts(tree: Tree, texts: Map<string, string>): Tree {
  if (typeof tree === "string") {
    let own = texts.get(tree);
    if (own === undefined) {
      own = Buffer.from(tree, "utf8").toString("utf8");
      texts.set(own, own);
    }
    return own;
  }
  if (Array.isArray(tree)) return (tree as readonly Tree[]).map((item) => ownTexts(item, texts));
  if (!isObject(tree)) return tree;
  // Objects that are created alike share their shape, which takes a third of the memory.
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [key, value === undefined ? undefined : ownTexts(value, texts)]),
  );
}

/** Runs a function with a view of all objects of these types below a container. */
export async function withView<T>(
  client: SoapClient,
  { viewManager }: Service,
  { container, types }: { readonly container: Reference; readonly types: readonly string[] },
  signal: AbortSignal,
  work: (view: Reference) => Promise<T>,
): Promise<T> {
  const parts = [
    referenceXml("container", container),
    ...types.map((type) => xml("type", type)),
    xml("recursive", true),
  ];
  const view = asReference(await client.call("CreateContainerView", viewManager, parts, signal));
  if (view === null) throw new UnexpectedResponse("not-soap", "");
  try {
    return await work(view);
  } finally {
    // It ends with the session at the latest.
    await client.call("DestroyView", view, [], AbortSignal.timeout(LOGOUT_TIMEOUT_MS)).catch(() => undefined);
  }
}
