import { describe, expect, it } from "vitest";
import { contentKind } from "../../../src/inventory/content/content-kind.ts";

describe("the kind of a file is detected from its content", () => {
  it.each([
    ["document", "hosts: []\n"],
    ["document", '{"datastores": [{"name": "ssd-01"}]}'],
    ["document", '{"permissions": [{"principal": "svc", "entity": "Oslo-DC", "entity_type": "Datacenter"}]}'],
    ["document", '{"datacenters": [], "vcenter": {"address": "vcenter01"}}'],
    ["document", '{"source": {"kind": "govc"}, "hosts": []}'],
    ["document", "x-note: VI SDK Server\nhosts: []\n"],
    ["document", ""],
    ["govc-json", '{"kind":"enter","obj":{"type":"HostSystem","value":"host-21"},"changeSet":[]}'],
    ["govc-json", '{\n  "Kind": "enter",\n  "Obj": {\n    "Type": "HostSystem"'],
    ["govc-json", '{"HostSystems":[{"Self":{"Type":"HostSystem","Value":"host-21"}}]}'],
    ["govc-json", '{"hostSystems":null}'],
    ["govc-json", '{"datastores":[{"self":{"type":"Datastore","value":"datastore-11"}}]}'],
    ["govc-json", '{"Permissions":[{"Entity":{"Type":"Folder","Value":"group-d1"},"Principal":"x"}]}'],
    ["govc-json", '[{"name":"config.version","op":"assign","val":"vmx-14"}]'],
    ["govc-json", '[{"Name":"name","Op":"assign","Val":"x"}]'],
    ["govc-json", '[{"entityId":"host-21","assignedLicense":{"licenseKey":"x"}}]'],
    ["govc-xml", "<ObjectUpdate>"],
    ["govc-dates", "host: /DC0/host/esxi01\nasked: 2026-11-22T08:00:00Z\n"],
    ["govc-dates", "Current date and time:  Sun Nov 22 08:00:00 UTC 2026\n"],
    ["govc-dates", '{\n  "timeZone": {\n    "key": "UTC"'],
    ["document", "host: esxi01\nname: a\n"],
    ["csv", "VM,Powerstate,VI SDK Server,VI SDK UUID\r\n"],
    ["csv", '\uFEFF"VM";"VI SDK Server"\r\n'],
    ["csv", "vInfoVMName\tvInfoPowerstate\r\n"],
    ["csv", "RVTools major version,RVTools version\r\n"],
    ["workbook", "PK\u0003\u0004"],
  ])("%s: %j", (kind, text) => {
    expect(contentKind(Buffer.from(text))).toBe(kind);
  });

  it("also in UTF-16, as PowerShell writes it", () => {
    expect(contentKind(Buffer.from('\uFEFF{"about":{}}', "utf16le"))).toBe("govc-json");
    expect(contentKind(Buffer.from("\uFEFFVM,VI SDK Server\r\n", "utf16le"))).toBe("csv");
  });
});
