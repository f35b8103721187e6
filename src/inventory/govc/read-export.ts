import { createHash } from "node:crypto";
import { isUtf8 } from "node:buffer";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { escapeForMessage } from "../../values/text/quoted.ts";
import { digest, type GivenFile } from "../files/given-files.ts";
import type { ImportedExport, ReadFile } from "../files/imported.ts";
import { counted } from "../../values/text/counted.ts";
import { inventoryOf, type Lists } from "../mapping/inventory-of.ts";
import { known, list, str, type Tree } from "../mapping/tree.ts";
import { XmlError, xmlTree } from "../mapping/xml-tree.ts";
import { csvRows } from "../spreadsheet/csv.ts";
import { Collected, OUTPUTS } from "./collected.ts";
import { clocksById, type HostDate, hostDates, hostName } from "./host-dates.ts";
import { jsonDocuments, JsonProblem } from "./json-documents.ts";

/**
 * One inventory from all files: outputs of govc commands for one server, in any order; objects are identified by their
 * references. Throws PreflightError.
 *
 * @param path source of the inventory, for messages
 */
export async function readGovcFiles(files: readonly GivenFile[], path: string): Promise<ImportedExport> {
  const collected = new Collected();
  const dates: HostDate[] = [];
  const read: ReadFile[] = [];
  const skipped: string[] = [];
  for (const file of files) {
    collected.nextOutput();
    const added = await addFile(file, collected, dates);
    if (collected.isFlattened) throw flattened(file);
    if (collected.nameConflict !== null) throw twoServers(file, collected.nameConflict);
    if (added === 0) skipped.push(escapeForMessage(file.displayPath));
    else read.push({ path: file.displayPath, sha256: await digest(file.source) });
  }
  if (read.length === 0) {
    const message = `${path} contains no vSphere object for an inventory.`;
    const hint =
      "use govc collect with -type, or host.info and vm.info; preflight inventory import --help shows the commands";
    throw new PreflightError("not-govc", message, null, hint);
  }
  const { source } = collected;
  const { collection, dialect } = collected;
  const all = inventoryOf(
    dates.length > 0 || source.clocks === undefined ? { ...source, clocks: clocksById(dates, source.objects) } : source,
  );
  // Times without other data belong to hosts of another export.
  const lists = source.objects.size === 0 && dates.length > 0 ? withHosts(all, dates) : all;
  const value: Inventory = {
    ...(collection?.collectedAt !== undefined && { collected_at: collection.collectedAt }),
    source: known({ kind: dialect, server: collection?.server }),
    vcenter: known({
      address: collection?.server,
      version: str(source.about, "version"),
      api_type: apiType(str(source.about, "apiType")),
    }),
    ...lists,
    coverage: {
      ...lists.coverage,
      ...(collection === null && {
        collected_at: `${NAMES[dialect]} does not print the time of the query`,
        "vcenter.address": `${NAMES[dialect]} does not print the server's address`,
      }),
      ...(source.about === undefined && {
        vcenter: `${OUTPUTS[dialect]} does not contain about${dialect === "govc" ? "; govc about -json prints it" : ""}`,
      }),
    },
  };
  const sha256 = createHash("sha256");
  for (const file of read) sha256.update(file.sha256);
  const [only, ...others] = read;
  const counts = [...collected.counts].map(([type, count]) => `${count} ${escapeForMessage(type)}`);
  if (dates.length > 0) counts.push(counted(dates.length, "host time"));
  const unread = skipped.length > 0 ? [`no known data in: ${skipped.join(", ")}`] : [];
  return {
    files: read,
    inventories: [
      {
        path,
        sha256: only !== undefined && others.length === 0 ? only.sha256 : sha256.digest("hex"),
        value,
        locate: () => null,
      },
    ],
    notes: [
      {
        title: `${dialect === "vi-json" ? "vSphere JSON" : `${NAMES[dialect]} output`} ${path}`,
        lines: [`objects: ${counts.join(", ") || "none"}`, ...missing(lists), ...unread],
      },
    ],
  };
}

const NAMES = { govc: "govc", powercli: "PowerCLI", "vi-json": "vSphere's JSON" } as const;

function withHosts(lists: Lists, dates: readonly HostDate[]): Lists {
  const coverage = Object.fromEntries(Object.entries(lists.coverage ?? {}).filter(([list]) => list !== "hosts"));
  const hosts = dates.map((date) => {
    const name = hostName(date);
    if ("offset_ms" in date.clock) return { name, clock_offset_ms: date.clock.offset_ms };
    coverage[`hosts[${name}].clock_offset_ms`] = date.clock.unknown;
    return { name };
  });
  return { ...lists, coverage, hosts };
}

function apiType(text: string | undefined): "VirtualCenter" | "HostAgent" | undefined {
  return text === "VirtualCenter" || text === "HostAgent" ? text : undefined;
}

/** The lists that are in no output. */
function missing(lists: Inventory): readonly string[] {
  const all = [
    "clusters",
    "hosts",
    "distributed_switches",
    "distributed_port_groups",
    "datastores",
    "resource_pools",
  ] as const;
  const more = ["virtual_machines", "licences", "permissions", "datacenters"] as const;
  const absent = [...all, ...more].filter((list) => lists[list] === undefined);
  return absent.length === 0 ? [] : [`not in the output: ${absent.join(", ")}`];
}

/** Returns the number of documents in the file that were used. */
async function addFile(
  { displayPath: path, kind, source }: GivenFile,
  collected: Collected,
  dates: HostDate[],
): Promise<number> {
  const text = textOf(await source.read(0, source.size), path);
  let added = 0;
  try {
    if (kind === "govc-dates") {
      const found = hostDates(text);
      if (found === null) throw withoutHost(path);
      dates.push(...found);
      return found.length;
    }
    for (const document of documentsOf(kind, text, path)) {
      if (collected.add(document)) added += 1;
    }
  } catch (error) {
    if (!(error instanceof JsonProblem || error instanceof XmlError)) throw error;
    const message = `${path} cannot be read as output of govc: ${escapeForMessage(error.message)}.`;
    throw new PreflightError("unreadable-govc", message, null, "run the govc command again and keep all of its output");
  }
  return added;
}

function documentsOf(kind: GivenFile["kind"], text: string, path: string): Iterable<Tree> {
  if (kind === "govc-xml") return xmlDocuments(text);
  return kind === "powercli-csv" ? [csvObjects(text, path)] : jsonDocuments(text);
}

/** The rows of Export-Csv as objects, whose keys get a lower-case first letter; `#TYPE` may precede the header. */
function csvObjects(text: string, path: string): Tree {
  let titles: readonly string[] = [];
  const objects: Tree[] = [];
  for (const rows of csvRows(text.replace(/^\uFEFF?#TYPE [^\r\n]*\r?\n/, ""), path)) {
    for (const { cells } of rows) {
      const row = Array.from(cells, (cell) => (typeof cell === "string" ? cell : ""));
      if (titles.length === 0) titles = row.map((title) => title.charAt(0).toLowerCase() + title.slice(1));
      else objects.push(Object.fromEntries(titles.map((title, index) => [title, row[index] ?? ""])));
    }
  }
  return objects;
}

function flattened({ displayPath: path }: GivenFile): PreflightError {
  const message = `${path} was written with ConvertTo-Json's default depth of 2, which replaces nested objects by their type names.`;
  const hint = "export again with ConvertTo-Json -Depth 20, or use templates/collect-inventory.ps1";
  return new PreflightError("flattened-json", message, null, hint);
}

/** UTF-8, or UTF-16 as PowerShell 5 redirects it. */
function textOf(bytes: Buffer, path: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString("utf16le").slice(1);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const message = `${path} is not UTF-8.`;
  throw new PreflightError("not-utf8", message, null, "keep the output of govc unchanged");
}

function withoutHost(path: string): PreflightError {
  const message = `${path} is output of govc host.date.info, without the host and the time of the command.`;
  const hint = "preflight inventory import --help shows the command that records both";
  return new PreflightError("host-date-alone", message, null, hint);
}

function twoServers(
  { displayPath: path }: GivenFile,
  { id, names: [one, other] }: NonNullable<Collected["nameConflict"]>,
): PreflightError {
  const message = `${path} calls ${id} ${escapeForMessage(other)}, another file calls it ${escapeForMessage(one)}: the files are from different servers.`;
  const hint = "put the files of each server into a separate folder, and give the folders";
  return new PreflightError("two-servers", message, null, hint);
}

/** Elements that `govc collect -xml` prints for each object; they are never nested. */
const UPDATE_END = "</ObjectUpdate>";

/**
 * The XML documents of a text in sequence, as trees: `govc -xml` prints one per object, without separators. Each may
 * start with a declaration. Throws XmlError.
 */
function* xmlDocuments(text: string): Generator<Tree> {
  let start = 0;
  for (let end = text.indexOf(UPDATE_END); end !== -1; end = text.indexOf(UPDATE_END, start)) {
    yield* documentsIn(text.slice(start, end + UPDATE_END.length));
    start = end + UPDATE_END.length;
  }
  if (/\S/.test(text.slice(start))) yield* documentsIn(text.slice(start));
}

function* documentsIn(text: string): Generator<Tree> {
  const { value } = xmlTree(`<all>${text.replaceAll(/<\?xml[^>]*\?>|\uFEFF/g, "")}</all>`);
  if (typeof value !== "object" || value === null) return;
  for (const name of Object.keys(value)) yield* list(value, name);
}
