import { describe, expect, it } from "vitest";
import { xmlTree } from "../../../src/inventory/mapping/xml-tree.ts";

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const value = (xml: string) => plain(xmlTree(xml).value);

describe("XML of the vSphere API", () => {
  it.each([
    ["a text", "<a>000</a>", "000"],
    ["an empty element", "<a></a>", ""],
    ["an empty element of a type", `<a ${XSI} xsi:type="ClusterConfigInfoEx"/>`, { _typeName: "ClusterConfigInfoEx" }],
    ["a text of a type of XML Schema", `<a ${XSI} xsi:type="xsd:string">6.0</a>`, "6.0"],
    ["an object", "<a><b>1</b><c>x</c></a>", { b: "1", c: "x" }],
    ["an element that stands twice", "<a><b>1</b><b>2</b></a>", { b: ["1", "2"] }],
    ["a list of one", `<a ${XSI} xsi:type="ArrayOfString"><string>1</string></a>`, ["1"]],
    ["an empty list", `<a ${XSI} xsi:type="ArrayOfHostPortGroup"/>`, []],
    [
      "a list of several types",
      `<a ${XSI} xsi:type="ArrayOfVirtualDevice"><VirtualDevice xsi:type="VirtualDisk"><key>1</key></VirtualDevice></a>`,
      [{ key: "1", _typeName: "VirtualDisk" }],
    ],
    ["a reference", '<a type="HostSystem">host-21</a>', { type: "HostSystem", value: "host-21" }],
    [
      "a reference of any type",
      `<a type="Folder" ${XSI} xsi:type="ManagedObjectReference">group-d1</a>`,
      { type: "Folder", value: "group-d1" },
    ],
    [
      "another prefix for types, as Go writes it",
      '<a xmlns:XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance" XMLSchema-instance:type="ArrayOfInt"/>',
      [],
    ],
    ["prefixes of elements", '<s:a xmlns:s="urn:x"><s:b>1</s:b></s:a>', { b: "1" }],
    ["entities", "<a>&lt;&#34;&#39;&#xA;&amp;amp; &#x1F600;</a>", "<\"'\n&amp; \u{1F600}"],
    ["an entity that nobody defined", "<a>&bomb;</a>", "&bomb;"],
    ["CDATA", "<a><![CDATA[<b>&amp;</b>]]></a>", "<b>&amp;</b>"],
    [
      "names that objects inherit",
      "<a><__proto__><x>1</x></__proto__><toString>2</toString></a>",
      JSON.parse('{"__proto__":{"x":"1"},"toString":"2"}'),
    ],
  ])("reads %s", (_, xml, expected) => {
    expect(value(xml)).toEqual(expected);
  });

  it.each([
    ["a text that is cut off", "<a><b>1</b>"],
    ["tags that do not match", "<a><b></a></b>"],
    ["a second root", "<a/><b/>"],
    ["a document type", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ["no element", "hello"],
    ["nothing", ""],
    ["elements that are nested too deeply", `${"<a>".repeat(300)}${"</a>".repeat(300)}`],
  ])("refuses %s", (_, xml) => {
    expect(() => xmlTree(xml)).toThrow(expect.objectContaining({ name: "XmlError" }));
  });

  it("names the root", () => {
    expect(xmlTree("<soapenv:Envelope xmlns:soapenv='urn:s'><soapenv:Body/></soapenv:Envelope>").name).toBe("Envelope");
  });
});
