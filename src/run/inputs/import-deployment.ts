import type { Readable } from "node:stream";
import { displayPath, readSource } from "../../input/source/read-source.ts";
import { deploymentText, type DeploymentText } from "../../inventory/deployment/deployment-text.ts";
import { type Resource, resourcesIn } from "../../inventory/deployment/resources.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";

export interface DeploymentImportOptions {
  /** JSON files; `-` is standard input. */
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly stdin?: Readable | undefined;
}

/**
 * A deployment file created from Terraform's state or plan, or from responses of the Management API; several files are
 * one configuration. Throws PreflightErrors.
 */
export async function importDeployment({ paths, cwd, stdin }: DeploymentImportOptions): Promise<DeploymentText> {
  const resources: Resource[] = [];
  const sources = new Set<string>();
  const totals = new Map<string, number>();
  const errors: PreflightError[] = [];
  for (const path of paths) {
    const shown = displayPath(path, cwd);
    const read = await readSource(path, { cwd, stdin, displayName: shown });
    errors.push(...read.errors);
    if (read.text === null) continue;
    const document = parsed(read.text);
    const found = document === undefined ? null : resourcesIn(document);
    if (found === null) errors.push(notAConfiguration(shown, document));
    else {
      resources.push(...found.resources);
      sources.add(found.source);
      for (const [kind, total] of found.totals) totals.set(kind, Math.max(total, totals.get(kind) ?? 0));
    }
  }
  const known = resources.filter(({ kind }) => KINDS.has(kind));
  if (errors.length === 0 && known.length === 0)
    errors.push(
      nothingOfPexip(
        paths.map((path) => displayPath(path, cwd)),
        resources,
      ),
    );
  errors.push(...missingPages(known, totals));
  if (errors.length > 0) throw new PreflightErrors(errors);
  return deploymentText(known, [...sources].join(" and "));
}

/** A deployment with only the nodes of the first page would pass without checks of the others. */
function missingPages(resources: readonly Resource[], totals: ReadonlyMap<string, number>): readonly PreflightError[] {
  return [...totals].flatMap(([kind, total]) => {
    const given = new Set(resources.flatMap((each) => (each.kind === kind ? [each.values["resource_uri"]] : []))).size;
    if (!KINDS.has(kind) || given >= total) return [];
    const message = `The files contain ${given} of ${total} records of ${kind}.`;
    const hint = `request the list with ?limit=${Math.max(100, total)}, or give the further pages as well`;
    return [new PreflightError("incomplete-configuration", message, null, hint)];
  });
}

/** The resources from which a deployment file is created. */
const KINDS: ReadonlySet<string> = new Set([
  "system_location",
  "worker_vm",
  "management_vm",
  "manager_config",
  "dns_server",
  "ntp_server",
  "syslog_server",
  "static_route",
]);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

const ACCEPTED =
  "give the output of terraform show -json for a state or a plan, or the JSON of /api/admin/configuration/v1/worker_vm/ and system_location/";

function notAConfiguration(path: string, document: unknown): PreflightError {
  const what =
    document === undefined ? "is not JSON" : "is neither a Terraform state or plan nor a Management API response";
  return new PreflightError("not-a-configuration", `${path} ${what}.`, null, ACCEPTED);
}

function nothingOfPexip(paths: readonly string[], resources: readonly Resource[]): PreflightError {
  const kinds = [...new Set(resources.map(({ kind }) => quoted(kind)))].slice(0, 5);
  const found = kinds.length === 0 ? "no resource of the provider pexip/infinity" : `only ${kinds.join(", ")}`;
  return new PreflightError(
    "not-a-configuration",
    `${paths.join(", ")}: ${found}, and no node or location.`,
    null,
    ACCEPTED,
  );
}
