import type { Inventory } from "../../schema/inventory.generated.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { shortList } from "../../values/text/counted.ts";
import { quoted } from "../../values/text/quoted.ts";
import { inventoryOf } from "../mapping/inventory-of.ts";
import { ManagedObjects } from "../mapping/managed-objects.ts";
import { InventoryPaths } from "../mapping/inventory-paths.ts";
import { isObject, known, list, oneOf, str, type Tree } from "../mapping/tree.ts";
import { findDatacenter } from "./datacenter.ts";
import { failureOf } from "./failure.ts";
import { hostClocks } from "./host-clocks.ts";
import { effectivePrivileges, licenceAssignments, permissionsAndRoles, type PermissionsRead } from "./managers.ts";
import { requestedAs, PROPERTIES } from "./properties.ts";
import type { ServerAddress } from "./server-address.ts";
import { SoapClient } from "./soap-client.ts";
import { type Reference, xml } from "./soap-message.ts";
import type { Trust } from "./trusting-agent.ts";
import { type ObjectSpec, LOGOUT_TIMEOUT_MS, retrieve, serviceOf, type Service, withView } from "./vim-session.ts";
import { CPU_FEATURES, HOST_OPTIONS } from "../mapping/hosts.ts";
import { isDisk, isNic, NUMA_AFFINITY } from "../mapping/virtual-machines.ts";

export interface PullOptions {
  readonly server: ServerAddress;
  readonly username: string;
  readonly password: string;
  readonly trust: Trust;
  /** Name or path of the only datacenter to read; null = all. */
  readonly datacenter: string | null;
  /** The account whose privileges are read in addition to the listed permissions; absent = unknown. */
  readonly account?: string | undefined;
  /** Version of this program, for the inventory. */
  readonly toolVersion: string;
  /** Ends the reading; the session is still closed. */
  readonly signal: AbortSignal;
  /** Number of objects read so far. */
  readonly onProgress?: (objects: number) => void;
}

const CONNECT_TIMEOUT_MS = 15_000;
/** vCenter prepares a page before it sends the first byte. */
const ANSWER_TIMEOUT_MS = 120_000;
/** A page of large machines takes seconds; a whole inventory of thousands of VMs takes a minute or two. */
const CALL_TIMEOUT_MS = 300_000;
const TOTAL_TIMEOUT_MS = 1_800_000;
const MIB = 1024 * 1024;

/**
 * Reads the inventory of a vCenter Server or ESXi host. Calls no method that changes anything, and requires only the
 * role Read-only. The session is always closed. Throws PreflightError with one sentence.
 */
export async function pullInventory(options: PullOptions): Promise<Inventory> {
  const { server, username, signal } = options;
  const client = new SoapClient(server, {
    trust: options.trust,
    connect_timeout_ms: CONNECT_TIMEOUT_MS,
    answer_timeout_ms: ANSWER_TIMEOUT_MS,
    call_timeout_ms: CALL_TIMEOUT_MS,
    total_timeout_ms: TOTAL_TIMEOUT_MS,
    max_bytes: 256 * MIB,
    max_total_bytes: 1024 * MIB,
  });
  const session = { isOpen: false };
  try {
    const service = await serviceOf(client, signal);
    const apiVersion = str(service.about, "apiVersion");
    if (apiVersion !== undefined && /^[\w.]{1,20}$/.test(apiVersion)) client.useApiVersion(apiVersion);
    return await inSession(client, service, options, session, () => read(client, service, options));
  } catch (error) {
    if (signal.aborted) throw interrupted(server, session.isOpen);
    throw failureOf(error, server, username);
  } finally {
    client.close();
  }
}

async function inSession<T>(
  client: SoapClient,
  { sessionManager }: Service,
  { username, password, signal }: PullOptions,
  session: { isOpen: boolean },
  work: () => Promise<T>,
): Promise<T> {
  // An interruption during the login would leave a session that cannot be closed.
  const login = afterGrace(signal, LOGOUT_TIMEOUT_MS);
  try {
    signal.throwIfAborted();
    await client.call("Login", sessionManager, [xml("userName", username), xml("password", password)], login.signal);
  } finally {
    login.done();
  }
  session.isOpen = true;
  try {
    signal.throwIfAborted();
    return await work();
  } finally {
    // A session that cannot be closed expires after half an hour; the data that was read is complete.
    await client.call("Logout", sessionManager, [], AbortSignal.timeout(LOGOUT_TIMEOUT_MS)).catch(() => undefined);
  }
}

async function read(client: SoapClient, service: Service, options: PullOptions): Promise<Inventory> {
  const { server, signal } = options;
  const objects = new ManagedObjects();
  const unknownPaths = new Map<string, string>();
  const { container, above } = await startOf(client, service, options);
  const types = Object.keys(PROPERTIES);
  await withView(client, service, { container, types }, signal, (view) => {
    const specs: readonly ObjectSpec[] = [...above.map((object) => ({ object })), { view }];
    const onPage = () => options.onProgress?.(objects.size);
    return retrieve(
      client,
      service,
      { objects: specs, properties: PROPERTIES },
      { objects, unknownPaths, prune, onPage },
      signal,
    );
  });
  if (objects.of("HostSystem").length === 0) throw nothingVisible(server, options.username);
  const clocks = await hostClocks(client, objects, signal);
  const permissions = await permissionsFor(client, service, objects, options);
  const licences = await licenceAssignments(client, service, signal);
  const lists = inventoryOf({
    objects,
    about: service.about,
    isRequested: (type, path) => !unknownPaths.has(path) && (PROPERTIES[requestedAs(type)]?.includes(path) ?? false),
    whyNotRequested: (_, path) => unknownPaths.get(path) ?? `${path} is not read`,
    permissions:
      typeof permissions === "string" || options.datacenter === null
        ? permissions
        : {
            ...permissions,
            all: permissions.all.filter((each) => objects.get(str(each, "entity.value")) !== undefined),
          },
    licences,
    clocks,
  });
  return {
    collected_at: new Date().toISOString(),
    source: { kind: "vsphere", server: server.displayAddress, tool_version: options.toolVersion },
    vcenter: known({
      address: server.displayAddress,
      version: str(service.about, "version"),
      api_type: oneOf(["VirtualCenter", "HostAgent"] as const, service.about, "apiType"),
    }),
    ...lists,
  };
}

/**
 * All permissions, and the deploying account's privileges on each datacenter: vCenter Server lists the permissions of
 * only those objects that the reader can see ("restricted to the managed entities visible to the user making the call",
 * vSphere API, RetrieveAllPermissions), and those of groups do not list the members.
 */
async function permissionsFor(
  client: SoapClient,
  service: Service,
  objects: ManagedObjects,
  { account, signal }: PullOptions,
): Promise<PermissionsRead | string> {
  const listed = await permissionsAndRoles(client, service, signal);
  const entities = objects.of("Datacenter").map(({ type, id }) => ({ type, id }));
  if (str(service.about, "apiType") !== "VirtualCenter" || account === undefined || entities.length === 0)
    return listed;
  const effective = await effectivePrivileges(client, service, { account, entities }, signal);
  const ofAccount = `privileges of ${account}`;
  if (typeof listed === "string") {
    return typeof effective === "string" ? `permissions: ${listed}; ${ofAccount}: ${effective}` : effective;
  }
  if (typeof effective === "string") {
    const incomplete = `vCenter Server lists permissions only on objects that the reader can see; ${ofAccount}: ${effective}`;
    return { ...listed, incomplete };
  }
  // An account without any privilege, or a name unknown to vCenter Server: the list is more informative.
  if (effective.roles.every((role) => list(role, "privilege").length === 0)) return listed;
  return { ...effective, all: [...listed.all, ...effective.all], roles: [...listed.roles, ...effective.roles] };
}

/** The root of what to read: everything, or one datacenter, whose folders are read one by one. */
async function startOf(
  client: SoapClient,
  service: Service,
  { datacenter, server, signal }: PullOptions,
): Promise<{ readonly container: Reference; readonly above: readonly Reference[] }> {
  if (datacenter === null) return { container: service.rootFolder, above: [service.rootFolder] };
  const objects = new ManagedObjects();
  const properties = { Datacenter: ["name", "parent"], Folder: ["name", "parent"] };
  const below = { container: service.rootFolder, types: Object.keys(properties) };
  await withView(client, service, below, signal, (view) => {
    const specs = [{ object: service.rootFolder }, { view }];
    const into = { objects, unknownPaths: new Map<string, string>(), prune };
    return retrieve(client, service, { objects: specs, properties }, into, signal);
  });
  const found = findDatacenter(objects, datacenter);
  const [first] = found;
  if (first !== undefined && found.length === 1) return { container: first.datacenter, above: first.chain };
  throw new PreflightError(
    "no-such-datacenter",
    `${server.displayAddress} shows ${found.length === 0 ? "no datacenter" : "several datacenters"} ${quoted(datacenter)}.`,
    null,
    found.length === 0 ? `it shows ${datacenterNames(objects)}` : "use its path, such as /Europe/Oslo-DC",
  );
}

function datacenterNames(objects: ManagedObjects): string {
  const inventoryPaths = new InventoryPaths(objects);
  const names = objects.of("Datacenter").flatMap(({ id }) => inventoryPaths.nameOf(id) ?? []);
  return names.length === 0 ? "none; the account may not have a role there" : shortList(names.map(quoted));
}

function interrupted({ displayAddress }: ServerAddress, wasOpen: boolean): PreflightError {
  const what = `Reading ${displayAddress} was interrupted`;
  const message = wasOpen ? `${what}; the session there is closed.` : `${what} before the login.`;
  return new PreflightError("interrupted", message, null, "run it again");
}

/** An empty view would create an inventory without hosts, as if there were none. */
function nothingVisible({ displayAddress }: ServerAddress, username: string): PreflightError {
  return new PreflightError(
    "nothing-visible",
    `${displayAddress} does not show any ESXi host to the account ${quoted(username)}.`,
    null,
    "assign it the role Read-only at the root of the vSphere inventory, with propagation; or check --datacenter",
  );
}

/** A signal that is aborted some time after another one. */
function afterGrace(
  signal: AbortSignal,
  grace_ms: number,
): { readonly signal: AbortSignal; readonly done: () => void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => controller.abort(), grace_ms);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    done() {
      signal.removeEventListener("abort", onAbort);
      clearTimeout(timer);
    },
  };
}

const FEATURES: readonly string[] = Object.values(CPU_FEATURES);

/** What is kept of lists with far more entries than rules read: other settings may even contain secrets. */
const KEPT: Readonly<Record<string, (entry: Tree) => boolean>> = {
  "config.option": (entry) => HOST_OPTIONS.includes(str(entry, "key") ?? ""),
  "config.extraConfig": (entry) => str(entry, "key")?.toLowerCase() === NUMA_AFFINITY,
  "config.featureCapability": (entry) => FEATURES.includes(str(entry, "key") ?? ""),
  "config.maskedFeatureCapability": (entry) => FEATURES.includes(str(entry, "key") ?? ""),
  "config.firewall.ruleset": (entry) => /ntp|ptp/i.test(str(entry, "key") ?? ""),
  "config.hardware.device": (entry) => isDisk(entry) || isNic(entry),
};

/** What is kept of each entry of long lists. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  "config.hardware.device": ["_typeName", "deviceInfo", "capacityInKB", "macAddress", "addressType", "backing"],
  "guest.net": ["ipAddress"],
};

function prune(path: string, value: Tree): Tree {
  const [keep, parts] = [KEPT[path], PARTS[path]];
  if (keep === undefined && parts === undefined) return value;
  const entries = keep === undefined ? list(value) : list(value).filter(keep);
  return parts === undefined ? entries : entries.map((entry) => partsOf(entry, parts));
}

function partsOf(entry: Tree, parts: readonly string[]): Tree {
  if (!isObject(entry)) return entry;
  return Object.fromEntries(parts.flatMap((part) => (entry[part] === undefined ? [] : [[part, entry[part]]])));
}
