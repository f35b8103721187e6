/** A record of the configuration of a Pexip Infinity Management Node, by the name of its resource. */
export interface Resource {
  /** Its name in the Management API: `worker_vm`. */
  readonly kind: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The records in a document, and the kind of document; null for anything else. */
export interface Found {
  readonly source: "Terraform" | "the Management API";
  readonly resources: readonly Resource[];
  /** Total number of records by kind according to the Management API, which returns them in pages. */
  readonly totals: ReadonlyMap<string, number>;
}

type Fields = Readonly<Record<string, unknown>>;

/** The resources of the provider pexip/infinity; before its version 42 their names started with `pexip_`. */
const TERRAFORM_TYPE = /^(?:pexip_)?infinity_([a-z_]+)$/;
/** `/api/admin/configuration/v1/worker_vm/3/` */
const RESOURCE_URI = /^\/?api\/admin\/configuration\/v1\/([a-z_]+)\/(?:\d+\/?)?$/;

/**
 * The records in a Terraform state or plan (`terraform show -json`, or a state file), or in a response of the
 * Management API for a list or a single resource.
 */
export function resourcesIn(document: unknown): Found | null {
  const records = apiResources(document);
  if (records.length > 0) return { source: "the Management API", resources: records, totals: totalsIn(document) };
  if (!isFields(document)) return null;
  const modules = [document["values"], document["planned_values"]].flatMap((values) =>
    isFields(values) ? modulesOf(values["root_module"]) : [],
  );
  const state = listOf(document["resources"]).flatMap((resource) =>
    listOf(resource["instances"]).map((instance) => ({ ...resource, values: instance["attributes"] })),
  );
  const resources = [...modules, ...state].flatMap((resource): readonly Resource[] => {
    const { type, values } = resource as { readonly type?: unknown; readonly values?: unknown };
    const kind = typeof type === "string" ? TERRAFORM_TYPE.exec(type)?.[1] : undefined;
    return kind === undefined || !isFields(values) ? [] : [{ kind, values }];
  });
  const isTerraform = "terraform_version" in document || "format_version" in document;
  return resources.length > 0 || isTerraform ? { source: "Terraform", resources, totals: new Map() } : null;
}

function modulesOf(module: unknown, depth = 0): readonly Fields[] {
  if (!isFields(module) || depth > DEEPEST) return [];
  return [
    ...listOf(module["resources"]),
    ...listOf(module["child_modules"]).flatMap((child) => modulesOf(child, depth + 1)),
  ];
}

const DEEPEST = 50;

function apiResources(document: unknown): readonly Resource[] {
  const lists = Array.isArray(document) ? (document as readonly unknown[]) : [document];
  return lists.flatMap((part): readonly Resource[] => {
    if (!isFields(part)) return [];
    const records = "objects" in part ? listOf(part["objects"]) : [part];
    return records.flatMap((values) => {
      const kind = RESOURCE_URI.exec(typeof values["resource_uri"] === "string" ? values["resource_uri"] : "")?.[1];
      return kind === undefined ? [] : [{ kind, values }];
    });
  });
}

/** The `meta.total_count` of every list in a response. */
function totalsIn(document: unknown): ReadonlyMap<string, number> {
  const lists = Array.isArray(document) ? (document as readonly unknown[]) : [document];
  return new Map(
    lists.flatMap((part): [string, number][] => {
      const meta = isFields(part) ? part["meta"] : undefined;
      const total = isFields(meta) ? meta["total_count"] : undefined;
      const [first] = apiResources(part);
      return first === undefined || typeof total !== "number" ? [] : [[first.kind, total]];
    }),
  );
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as readonly unknown[]).filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
