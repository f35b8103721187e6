import { strToU8, zipSync, type Zippable } from "fflate";
import type { Cell, Tab } from "./rvtools-tabs.ts";

export interface XlsxOptions {
  /** Before every element, as RVTools itself writes: `x:`. */
  readonly prefix?: string;
  /** How texts are written. */
  readonly texts?: "shared" | "inline" | "formula";
  /** Blank rows behind the last one, that Excel or LibreOffice claims are there. */
  readonly blankRows?: number;
  /** Leave the references of rows and cells out. */
  readonly withoutReferences?: boolean;
  /** More files in the archive. */
  readonly extra?: Readonly<Record<string, string>>;
}

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const attribute = (text: string) => escaped(text).replaceAll('"', "&quot;");

/** A workbook with these sheets, as the parts of its archive. */
export function xlsxParts(tabs: readonly Tab[], options: XlsxOptions = {}): Record<string, string> {
  const { prefix = "", texts = "shared", blankRows = 0, withoutReferences = false, extra = {} } = options;
  const strings = new Map<string, number>();
  const indexOf = (text: string) => strings.get(text) ?? (strings.set(text, strings.size), strings.size - 1);
  const namespace = prefix === "" ? `xmlns="${MAIN}"` : `xmlns:${prefix.slice(0, -1)}="${MAIN}"`;
  const tag = (name: string) => prefix + name;

  const cell = (value: Cell, column: number, row: number): string => {
    if (value === null) return "";
    const at = withoutReferences ? "" : ` r="${columnName(column)}${row}"`;
    const [c, v, is, t] = [tag("c"), tag("v"), tag("is"), tag("t")];
    if (typeof value === "number") return `<${c}${at}><${v}>${value}</${v}></${c}>`;
    if (typeof value === "boolean") return `<${c}${at} t="b"><${v}>${value ? 1 : 0}</${v}></${c}>`;
    if (texts === "inline") return `<${c}${at} t="inlineStr"><${is}><${t}>${escaped(value)}</${t}></${is}></${c}>`;
    if (texts === "formula") return `<${c}${at} t="str"><${v}>${escaped(value)}</${v}></${c}>`;
    return `<${c}${at} t="s"><${v}>${indexOf(value)}</${v}></${c}>`;
  };
  const row = (cells: readonly Cell[], number: number) => {
    const at = withoutReferences ? "" : ` r="${number}"`;
    // Without references a blank cell must be written, or the next one would be read in its column.
    const inner = cells.map((value, column) =>
      value === null && withoutReferences ? `<${tag("c")}/>` : cell(value, column, number),
    );
    return `<${tag("row")}${at}>${inner.join("")}</${tag("row")}>`;
  };
  const sheets = tabs.map(({ rows }) => {
    const blank = Array.from(
      { length: blankRows },
      (_, index) => `<${tag("row")} r="${rows.length + index + 1}" spans="1:9"/>`,
    );
    const data = [...rows.map((cells, index) => row(cells, index + 1)), ...blank].join("");
    return `<?xml version="1.0" encoding="utf-8"?>\n<${tag("worksheet")} ${namespace}><${tag("sheetData")}>${data}</${tag("sheetData")}></${tag("worksheet")}>`;
  });
  const names = tabs.map(
    ({ name }, index) => `<${tag("sheet")} name="${attribute(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const relations = tabs.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${RELATIONS}/worksheet" Target="${prefix === "" ? "" : "/xl/"}worksheets/sheet${index + 1}.xml"/>`,
  );
  const shared = [...strings.keys()].map((text, index) =>
    // Excel writes rich text in several runs.
    index % 7 === 3 && text.length > 3
      ? `<${tag("si")}><${tag("r")}><${tag("t")}>${escaped(text.slice(0, 2))}</${tag("t")}></${tag("r")}><${tag("r")}><${tag("t")} xml:space="preserve">${escaped(text.slice(2))}</${tag("t")}></${tag("r")}><${tag("rPh")} sb="0" eb="1"><${tag("t")}>phonetic</${tag("t")}></${tag("rPh")}></${tag("si")}>`
      : `<${tag("si")}><${tag("t")} xml:space="preserve">${escaped(text)}</${tag("t")}></${tag("si")}>`,
  );
  return {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "xl/workbook.xml": `<${tag("workbook")} ${namespace} xmlns:r="${RELATIONS}"><${tag("sheets")}>${names.join("")}</${tag("sheets")}></${tag("workbook")}>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations.join("")}</Relationships>`,
    ...(texts === "shared" && {
      "xl/sharedStrings.xml": `<${tag("sst")} ${namespace} count="9" uniqueCount="9">${shared.join("")}</${tag("sst")}>`,
    }),
    ...Object.fromEntries(sheets.map((xml, index) => [`xl/worksheets/sheet${index + 1}.xml`, xml])),
    ...extra,
  };
}

/** The bytes of a workbook with these sheets. */
export function xlsx(tabs: readonly Tab[], options: XlsxOptions = {}): Buffer {
  return zipped(xlsxParts(tabs, options));
}

export function zipped(parts: Readonly<Record<string, string>>): Buffer {
  const files: Zippable = Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)]));
  return Buffer.from(zipSync(files, { level: 6 }));
}

function columnName(column: number): string {
  return (column >= 26 ? columnName(Math.floor(column / 26) - 1) : "") + String.fromCharCode(65 + (column % 26));
}
