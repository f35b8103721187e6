import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { namesCover, parseSubjectAltNames } from "../../../src/values/network/subject-alt-names.ts";

describe("parseSubjectAltNames", () => {
  it("reads names and addresses in canonical form", () => {
    const text = "DNS:A.Example, DNS:*.b.example., IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1";
    expect(parseSubjectAltNames(text)).toEqual({
      dns: ["a.example", "*.b.example"],
      ip: ["192.0.2.1", "2001:db8::1"],
      email: [],
    });
  });

  it("separates e-mail addresses, and omits other names", () => {
    const text =
      'email:a@example, URI:https://a.example/x:y, DirName:"CN = x, O = y", othername:<unsupported>, DNS:a.example';
    expect(parseSubjectAltNames(text)).toEqual({ dns: ["a.example"], ip: [], email: ["a@example"] });
    expect(parseSubjectAltNames(undefined)).toEqual({ dns: [], ip: [], email: [] });
    expect(parseSubjectAltNames("")).toEqual({ dns: [], ip: [], email: [] });
  });

  it("takes a quoted value as one name, with any content", () => {
    const text = 'DNS:"evil.example, DNS:vcenter01.example", DNS:"a\\u0000.example", DNS:b.example';
    expect(parseSubjectAltNames(text).dns).toEqual(["evil.example, dns:vcenter01.example", "a\0.example", "b.example"]);
  });

  it("survives any text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `DNS:"${text}`),
        ),
        (text) => {
          const names = parseSubjectAltNames(text);
          expect(names.dns.every((name) => typeof name === "string")).toBe(true);
        },
      ),
    );
  });
});

describe("namesCover", () => {
  const names = {
    dns: ["vcenter01.example", "*.vc.example", "*", "*.*.deep.example", "c*.part.example", "192.0.2.9"],
    ip: ["192.0.2.1", "2001:db8::1"],
  };

  it.each([
    ["vcenter01.example", true],
    ["VCENTER01.example.", true],
    ["vcenter02.example", false],
    ["conf01.vc.example", true],
    ["a.conf01.vc.example", false],
    ["vc.example", false],
    [".vc.example", false],
    ["localhost", false],
    ["a.b.deep.example", false],
    ["conf.part.example", false],
    ["192.0.2.1", true],
    ["192.0.2.9", false],
    ["192.0.2.10", false],
    ["2001:DB8:0::1", true],
    ["2001:db8::2", false],
    ["", false],
  ])("%s: %s", (name, covered) => {
    expect(namesCover(names, name)).toBe(covered);
  });
});
