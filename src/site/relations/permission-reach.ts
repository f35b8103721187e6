import { isBelowDatacenter, isRootFolder } from "../../facts/privileges.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import type { Estate } from "../estate/estate.ts";
import { datacenterOf } from "../estate/named-objects.ts";
import type { Permission } from "../estate/permissions.ts";
import type { Field } from "../core/site-object.ts";

/** Whether the entity of a permission contains a datacenter, is inside it, or is unrelated. */
export type Reach = "above" | "inside" | "elsewhere" | "unknown";

/**
 * Where a permission is set, as seen from a datacenter. Inventories do not contain which folder contains which
 * datacenter: only vCenter's root folder is known to contain all.
 *
 * @param only the datacenter that everything is in, when there is no other
 */
export function reachOf(permission: Permission, datacenter: string, only: string | null, estate: Estate): Reach {
  const [type, entity] = [valueOf(permission.read("entity_type")), valueOf(permission.read("entity"))];
  if (type === undefined || entity === undefined) return "unknown";
  if (isRootFolder(type, entity)) return "above";
  const isWantedDatacenter = (name: string) => lastStep(name) === lastStep(datacenter);
  if (type.trim().toLowerCase() === "datacenter") return isWantedDatacenter(entity) ? "above" : "elsewhere";
  if (isBelowDatacenter(type, entity) !== true) return "unknown";
  const own = datacenterInPath(entity) ?? only ?? datacenterOfNamed(type, entity, permission, estate);
  if (own === undefined) return "unknown";
  return isWantedDatacenter(own) ? "inside" : "elsewhere";
}

/** Paths lead through a datacenter to one of its four folders: `/Norway/Oslo-DC1/vm/pexip`. */
function datacenterInPath(path: string): string | undefined {
  const steps = path.trim().split("/");
  const folder = steps.findIndex((step, index) => index > 0 && isBelowDatacenter("Folder", step) === true);
  return folder > 0 && steps[folder - 1] !== "" ? steps[folder - 1] : undefined;
}

/** Of hosts and clusters, which the inventory lists, by their names. */
function datacenterOfNamed(type: string, name: string, { sourceRef }: Permission, estate: Estate): string | undefined {
  const kind = type.trim().toLowerCase();
  const found: Field<Parameters<typeof datacenterOf>[0]> | null =
    kind === "hostsystem"
      ? estate.host(name, undefined, sourceRef)
      : kind === "clustercomputeresource"
        ? estate.cluster(name, undefined, sourceRef)
        : null;
  return found?.known === true ? datacenterOf(found.value) : undefined;
}

function lastStep(path: string): string {
  return canonicalName(
    path
      .trim()
      .split("/")
      .findLast((step) => step !== "") ?? "",
  );
}

function valueOf<T>(field: Field<T>): T | undefined {
  return field.known ? field.value : undefined;
}
