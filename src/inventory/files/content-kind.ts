/** What an inventory is given as. `document` is our own format; `folder` holds files of the other kinds. */
export type ContentKind =
  "document" | "workbook" | "old-workbook" | "csv" | "govc-json" | "govc-xml" | "govc-dates" | "folder";

/** How many bytes decide. */
export const HEAD_BYTES = 8192;

/** Compound files hold Excel's old format, and workbooks that are protected by a password ([MS-CFB] 2.2). */
const COMPOUND_FILE = "d0cf11e0a1b11ae1";

/** Every tab of RVTools has this column, but for the one that tells its version. */
const RVTOOLS_HEADER =
  /(?:^|[,;\t])"?(?:VI SDK Server|RVTools version|v[A-Z][A-Za-z]+VI_?SDK_?Server)"?(?:[,;\t\r\n]|$)/i;
const DATABASE_HEADER =
  /^"?v(?:Info|Host|CPU|Memory|Disk|Network|Cluster|Switch|Port|NIC|Datastore|Tools|Snapshot)[A-Z]\w*"?[,;\t]/;

/** The lists that `govc` prints for whole objects, in either spelling; none of them is a key of ours. */
const GOVC_LISTS = /^\{\s*"(?:hostSystems|virtualMachines|resourcePools|objects|about|devices|roles)"\s*:/i;
/** One object of `collect`, or the properties of one. */
const GOVC_UPDATE = /^\{\s*"kind"\s*:\s*"(?:enter|modify|leave)"/i;
const GOVC_PROPERTY = /^\[\s*(?:\{\s*"name"\s*:\s*"[^"\\]+"\s*,\s*"(?:op|val)"\s*:|\])/i;
const GOVC_LICENCE = /^\[\s*\{[^{}]*"assignedLicense"\s*:\s*\{/i;
const GOVC_OBJECT = /"(?:self|obj|entity)"\s*:\s*\{\s*"type"\s*:\s*"[A-Z]\w+"\s*,\s*"value"\s*:/i;

/** `host.date.info`, in text or JSON, and the times of hosts as the shell records them around it. */
const GOVC_DATE_TEXT = /^Current date and time:/;
const GOVC_DATE_JSON = /^\{\s*"timeZone"\s*:\s*\{/i;
const HOST_DATES = /^host:[^\r\n]*\r?\nasked:/;

/** What a file holds, by its first bytes; its name says nothing. */
export function contentKind(head: Buffer): Exclude<ContentKind, "folder"> {
  if (head.subarray(0, 2).toString("latin1") === "PK" && (head[2] ?? 0) < 9) return "workbook";
  if (head.subarray(0, 8).toString("hex") === COMPOUND_FILE) return "old-workbook";
  const text = textOf(head).trimStart();
  if (text.startsWith("<")) return "govc-xml";
  if (GOVC_DATE_TEXT.test(text) || GOVC_DATE_JSON.test(text) || HOST_DATES.test(text)) return "govc-dates";
  if (text.startsWith("{") || text.startsWith("[")) return isGovc(text) ? "govc-json" : "document";
  const [line = ""] = /^[^\r\n]*/.exec(text) ?? [];
  return RVTOOLS_HEADER.test(line) || DATABASE_HEADER.test(line) ? "csv" : "document";
}

function isGovc(text: string): boolean {
  return [GOVC_LISTS, GOVC_UPDATE, GOVC_PROPERTY, GOVC_OBJECT, GOVC_LICENCE].some((pattern) => pattern.test(text));
}

function textOf(head: Buffer): string {
  const isWide = head[0] === 0xff && head[1] === 0xfe;
  return head.toString(isWide ? "utf16le" : "utf8").replace(/^\uFEFF/, "");
}
