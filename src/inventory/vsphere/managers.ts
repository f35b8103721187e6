import { list, str, type Tree } from "../mapping/tree.ts";
import { ManagedObjects, property } from "../mapping/managed-objects.ts";
import { asReference, type SoapClient } from "./soap-client.ts";
import { faultReason, VimFault } from "./soap-errors.ts";
import type { Reference } from "./soap-message.ts";
import { retrieve, type Service } from "./vim-session.ts";

/** Permissions with the roles that they refer to; a text says why the account may not read them. */
export async function permissionsAndRoles(
  client: SoapClient,
  service: Service,
  signal: AbortSignal,
): Promise<{ readonly all: readonly Tree[]; readonly roles: readonly Tree[] } | string> {
  const { authorizationManager } = service;
  if (authorizationManager === null) return "this server has no permissions";
  return orReason(async () => {
    const roles = await managerProperty(client, service, authorizationManager, "roleList", signal);
    const all = await client.call("RetrieveAllPermissions", authorizationManager, [], signal);
    return { all: list(all), roles: list(roles) };
  });
}

/** Who has which licence; licence keys are dropped here. A text says why the account may not read them. */
export async function licenceAssignments(
  client: SoapClient,
  service: Service,
  signal: AbortSignal,
): Promise<readonly Tree[] | string> {
  const { licenseManager } = service;
  if (licenseManager === null) return "this server does not show licences";
  return orReason(async () => {
    const found = await managerProperty(client, service, licenseManager, "licenseAssignmentManager", signal);
    const manager = asReference(found);
    if (manager === null) throw new Unreadable("this server does not show licences");
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
