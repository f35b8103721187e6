import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import type { Tree, TreeObject } from "../../../src/inventory/mapping/tree.ts";
import { type ManagedObject, TYPE } from "./vsphere-objects.ts";

export type Dialect = "0.30" | "0.31" | "0.45";

/** What `govc collect -json -type …` prints: one document for each object, one behind the other. */
export function govcJson(objects: readonly ManagedObject[], dialect: Dialect): string {
  return objects
    .map(({ type, id, properties }) => {
      const changeSet = Object.entries(properties).map(([name, value]) => ({
        name,
        op: "assign",
        val: arrays(value, name, dialect),
      }));
      const update = { kind: "enter", obj: { type, value: id }, changeSet, missingSet: null };
      return `${JSON.stringify(spelled(untyped(update), dialect), null, 2)}\n`;
    })
    .join("");
}

/** What `govc host.info -json` and similar commands print: whole objects in a list. */
export function govcInfo(objects: readonly ManagedObject[], list: string, dialect: Dialect): string {
  const whole = objects.map(({ type, id, properties }) => {
    const object: Record<string, Tree> = { self: { type, value: id } };
    for (const [path, value] of Object.entries(properties)) put(object, path.split("."), value);
    // Older versions print what is not set as null.
    if (dialect === "0.30" && object["snapshot"] === undefined) object["snapshot"] = null;
    return object;
  });
  const title = dialect === "0.45" ? list : list.charAt(0).toUpperCase() + list.slice(1);
  return `${JSON.stringify({ [title]: spelled(untyped(whole), dialect) })}\n`;
}

/** What `govc collect -xml -type …` prints: the shape of SOAP, types kept. */
export function govcXml(objects: readonly ManagedObject[]): string {
  return objects
    .map(({ type, id, properties }) => {
      const changes = Object.entries(properties).map(
        ([name, value]) =>
          `  <changeSet>\n    <name>${name}</name>\n    <op>assign</op>\n    ${element("val", value, true)}\n  </changeSet>\n`,
      );
      return `<ObjectUpdate>\n  <kind>enter</kind>\n  <obj type="${type}">${id}</obj>\n${changes.join("")}</ObjectUpdate>\n`;
    })
    .join("");
}

/** What the shell records around `govc host.date.info -json` for each host. */
export function hostTimes({ hosts = [] }: Inventory): string {
  return hosts
    .map(({ name, datacenter = "Oslo-DC", cluster, clock_offset_ms = 0 }) => {
      const asked = Date.UTC(2026, 10, 22, 8);
      const current = new Date(asked + 100 + clock_offset_ms).toISOString();
      const times = [asked, asked + 200].map((time) => new Date(time).toISOString());
      const body = JSON.stringify({ timeZone: { key: "UTC" }, service: null, current }, null, 2);
      return `host: /${datacenter}/host/${cluster ?? name}/${name}\nasked: ${times[0] ?? ""}\n${body}\nanswered: ${times[1] ?? ""}\n`;
    })
    .join("");
}

function put(into: Record<string, Tree>, [step = "", ...rest]: readonly string[], value: Tree): void {
  if (rest.length === 0) {
    into[step] = value;
    return;
  }
  const inner = { ...(into[step] as TreeObject | undefined) } as Record<string, Tree>;
  put(inner, rest, value);
  into[step] = inner;
}

/** How the top of a property that is a list is wrapped. */
function arrays(value: Tree, name: string, dialect: Dialect): Tree {
  if (!Array.isArray(value)) return value;
  const last = name.split(".").at(-1) ?? "";
  return dialect === "0.30" ? { [`arrayOf${last}`]: value as readonly Tree[] } : { _value: value as readonly Tree[] };
}

/** JSON of govc does not contain device types of data objects. */
function untyped(tree: Tree): Tree {
  if (Array.isArray(tree)) return (tree as readonly Tree[]).map(untyped);
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      key === TYPE || value === undefined ? [] : [[key, untyped(value)]],
    ),
  );
}

/** Go's own names up to 0.30. */
function spelled(tree: Tree, dialect: Dialect): Tree {
  if (dialect !== "0.30" || typeof tree !== "object" || tree === null) return tree;
  if (Array.isArray(tree)) return (tree as readonly Tree[]).map((item) => spelled(item, dialect));
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key.charAt(0).toUpperCase() + key.slice(1),
      spelled(value ?? null, dialect),
    ]),
  );
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&#34;");

function element(name: string, value: Tree | undefined, isTop = false): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) {
    const items = (value as readonly Tree[]).map((item) => element(isTop ? "Item" : name, item)).join("");
    return isTop ? `<${name} XMLSchema-instance:type="ArrayOfItem">${items}</${name}>` : items;
  }
  if (typeof value !== "object")
    return `<${name}${isTop ? ' XMLSchema-instance:type="xsd:string"' : ""}>${escaped(String(value))}</${name}>`;
  const object = value as TreeObject;
  const keys = Object.keys(object);
  if (keys.length === 2 && keys.join() === "type,value" && typeof object["type"] === "string") {
    return `<${name} type="${object["type"]}">${escaped(object["value"] as string)}</${name}>`;
  }
  const type = object[TYPE];
  const attribute =
    typeof type === "string" ? ` XMLSchema-instance:type="${type}"` : isTop ? ' XMLSchema-instance:type="Thing"' : "";
  const inner = Object.entries(object).map(([key, part]) => (key === TYPE ? "" : element(key, part)));
  return `<${name}${attribute}>${inner.join("")}</${name}>`;
}
