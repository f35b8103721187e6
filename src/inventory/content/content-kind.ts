import { firstRows } from "../spreadsheet/csv.ts";
import { isRvtoolsHeader } from "./signatures.ts";

/**
 * The kind of an inventory's content. `document` is preflight's own format; `folder` contains files of the other kinds;
 * `other-csv` is an unrelated table.
 */
export type ContentKind =
  | "document"
  | "workbook"
  | "old-workbook"
  | "csv"
  | "other-csv"
  | "govc-json"
  | "govc-xml"
  | "govc-dates"
  | "powercli-csv"
  | "folder";

/** Number of bytes from which the kind is detected. */
export const HEAD_BYTES = 8192;

/** Compound files contain Excel's old format, and password-protected workbooks ([MS-CFB] 2.2). */
const COMPOUND_FILE = "d0cf11e0a1b11ae1";

/**
 * The lists that `govc` prints for whole objects, in either spelling; none of them is a key of an inventory document.
 */
const GOVC_LISTS = /^\{\s*"(?:hostSystems|virtualMachines|resourcePools|objects|about|devices|roles)"\s*:/i;
/** One object of `collect`, or the properties of one. */
const GOVC_UPDATE = /^\{\s*"kind"\s*:\s*"(?:enter|modify|leave)"/i;
const GOVC_PROPERTY = /^\[\s*(?:\{\s*"name"\s*:\s*"[^"\\]+"\s*,\s*"(?:op|val)"\s*:|\])/i;
const GOVC_LICENCE = /^\[\s*\{[^{}]*"assignedLicense"\s*:\s*\{/i;
const GOVC_OBJECT = /"(?:self|obj|entity)"\s*:\s*\{\s*"type"\s*:\s*"[A-Z]\w+"\s*,\s*"value"\s*:/i;

/** Objects of PowerCLI's cmdlets, and of vSphere's JSON. */
const POWERCLI_OBJECT =
  /"(?:Uid"\s*:\s*"\/VIServer=|Id"\s*:\s*"(?:HostSystem|VirtualMachine|ClusterComputeResource|Datastore|Datacenter|ResourcePool|DistributedVirtualPortgroup|(?:Vmware)?DistributedVirtualSwitch)-)/;
const COLLECTOR = /^\{\s*"collector"\s*:/;
const TYPED_OBJECT = /"_typeName"\s*:\s*"[A-Z]\w+"/;
const POWERCLI_COLUMNS = /^"?(?:Uid|ExtensionData|VMHostUid)"?$/i;

/** `host.date.info`, as text or JSON, and the times of hosts that the shell records around it. */
const GOVC_DATE_TEXT = /^Current date and time:/;
const GOVC_DATE_JSON = /^\{\s*"timeZone"\s*:\s*\{/i;
const HOST_DATES = /^host:[^\r\n]*\r?\nasked:/;

/** The kind of a file, detected from its first bytes; the file name is ignored. */
export function contentKind(head: Buffer): Exclude<ContentKind, "folder"> {
  if (head.subarray(0, 2).toString("latin1") === "PK" && (head[2] ?? 0) < 9) return "workbook";
  if (head.subarray(0, 8).toString("hex") === COMPOUND_FILE) return "old-workbook";
  const text = textOf(head).trimStart();
  if (text.startsWith("<")) return "govc-xml";
  if (GOVC_DATE_TEXT.test(text) || GOVC_DATE_JSON.test(text) || HOST_DATES.test(text)) return "govc-dates";
  if (text.startsWith("{") || text.startsWith("[")) return isGovc(text) ? "govc-json" : "document";
  const rows = firstRows(text);
  if (/^#TYPE VMware\./.test(text) || rows[0]?.some((title) => POWERCLI_COLUMNS.test(title)) === true) {
    return "powercli-csv";
  }
  if (rows.some(isRvtoolsHeader)) return "csv";
  return isTable(rows) ? "other-csv" : "document";
}

/** Whether lines are the header and the first rows of a table: in YAML and prose, the number of cells varies. */
function isTable(rows: readonly (readonly string[])[]): boolean {
  const [header = [], second] = rows;
  const isTitle = (cell: string) => /^[^:{}[\]]{0,60}$/.test(cell);
  return header.length > 1 && second?.length === header.length && header.every(isTitle);
}

function isGovc(text: string): boolean {
  return [
    GOVC_LISTS,
    GOVC_UPDATE,
    GOVC_PROPERTY,
    GOVC_OBJECT,
    GOVC_LICENCE,
    POWERCLI_OBJECT,
    TYPED_OBJECT,
    COLLECTOR,
  ].some((pattern) => pattern.test(text));
}

function textOf(head: Buffer): string {
  const isWide = head[0] === 0xff && head[1] === 0xfe;
  return head.toString(isWide ? "utf16le" : "utf8").replace(/^\uFEFF/, "");
}
