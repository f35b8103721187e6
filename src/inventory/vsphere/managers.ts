import { isObject, list, str, type Tree } from "../mapping/tree.ts";
import { ManagedObjects, property } from "../mapping/managed-objects.ts";
import { asReference, type SoapClient } from "./soap-client.ts";
import { faultReason, VimFault } from "./soap-errors.ts";
import { type Reference, referenceXml, xml } from "./soap-message.ts";
import { retrieve, type Service } from "./vim-session.ts";

/**
 * Permissions with the roles to which they refer; a text is the reason why the account has no permission to read them.
 */
export async function permissionsAndRoles(
  client: SoapClient,
  service: Service,
  signal: AbortSignal,
): Promise<PermissionsRead | string> {
  const { authorizationManager } = service;
  if (authorizationManager === null) return "this server has no permissions";
  return orReason(async () => {
    const roles = await managerProperty(client, service, authorizationManager, "roleList", signal);
    const all = await client.call("RetrieveAllPermissions", authorizationManager, [], signal);
    return { all: list(all), roles: list(roles) };
  });
}

/** The result of `permissionsAndRoles`; for effective privileges, also what they do not cover. */
export interface PermissionsRead {
  readonly all: readonly Tree[];
  readonly roles: readonly Tree[];
  /** Why there may be more of them. */
  readonly incomplete?: string;
  /** Why it is unknown whether a permission applies below its object; absent if each states it. */
  readonly unknownPropagation?: string;
}

/**
 * The privileges of an account on some objects, in the form of permissions: vCenter Server computes them, including
 * groups, and may return them to an account that may not list the permissions themselves. A text is the reason why it
 * does not.
 */
export async function effectivePrivileges(
  client: SoapClient,
  { authorizationManager }: Service,
  { account, entities }: { readonly account: string; readonly entities: readonly Reference[] },
  signal: AbortSignal,
): Promise<PermissionsRead | string> {
  if (authorizationManager === null) return "this server has no permissions";
  return orReason(async () => {
    const userName = principalOf(account);
    const parts = [...entities.map((entity) => referenceXml("entities", entity)), xml("userName", userName)];
    const results = await client.call("FetchUserPrivilegeOnEntities", authorizationManager, parts, signal);
    const found = list(results).map((result, index) => ({ result, roleId: `effective-${index}` }));
    return {
      all: found.map(({ result, roleId }): Tree => ({
        principal: account,
        entity: isObject(result) ? (result["entity"] ?? null) : null,
        roleId,
        isEffective: true,
      })),
      roles: found.map(({ result, roleId }): Tree => ({
        roleId,
        name: "effective privileges",
        privilege: [...list(result, "privileges")],
      })),
      unknownPropagation: "vCenter Server reports the account's privileges on the object, but not their propagation",
    };
  });
}

/** An account in the notation of permissions: `svc@vsphere.local` is `VSPHERE.LOCAL\\svc` there. */
function principalOf(account: string): string {
  const at = account.lastIndexOf("@");
  return at === -1 ? account : `${account.slice(at + 1).toUpperCase()}\\${account.slice(0, at)}`;
}

/**
 * Licence assignments; licence keys are dropped here. A text is the reason why the account has no permission to read
 * them.
 */
export async function licenceAssignments(
  client: SoapClient,
  service: Service,
  signal: AbortSignal,
): Promise<readonly Tree[] | string> {
  const { licenseManager } = service;
  if (licenseManager === null) return "this server does not report licenses";
  return orReason(async () => {
    const found = await managerProperty(client, service, licenseManager, "licenseAssignmentManager", signal);
    const manager = asReference(found);
    if (manager === null) throw new Unreadable("this server does not report licenses");
    const assigned = await client.call("QueryAssignedLicenses", manager, [], signal);
    return list(assigned).map((assignment): Tree => ({
      entityId: str(assignment, "entityId") ?? null,
      assignedLicense: {
        name: str(assignment, "assignedLicense.name") ?? null,
        editionKey: str(assignment, "assignedLicense.editionKey") ?? null,
      },
    }));
  });
}

async function managerProperty(
  client: SoapClient,
  service: Service,
  manager: Reference,
  path: string,
  signal: AbortSignal,
): Promise<Tree | undefined> {
  const objects = new ManagedObjects();
  const into = { objects, unknownPaths: new Map<string, string>(), prune: (_: string, value: Tree) => value };
  const retrieval = { objects: [{ object: manager }], properties: { [manager.type]: [path] } };
  await retrieve(client, service, retrieval, into, signal);
  const object = objects.get(manager.id);
  const fault = object?.faults.get(path) ?? into.unknownPaths.get(path);
  if (fault !== undefined) throw new Unreadable(fault);
  return object === undefined ? undefined : property(object, path);
}

/** Carries the reason why something cannot be read. */
class Unreadable extends Error {}

async function orReason<T>(read: () => Promise<T>): Promise<T | string> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    if (!(error instanceof VimFault)) throw error;
    return faultReason(error.fault, str(error.detail, "privilegeId"));
  }
}
