import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseServerAddress } from "../../../src/inventory/vsphere/server-address.ts";
import { knownThumbprints, parseThumbprint } from "../../../src/inventory/vsphere/thumbprint.ts";
import { soapCall, xml } from "../../../src/inventory/vsphere/soap-message.ts";
import { xmlTree } from "../../../src/inventory/mapping/xml-tree.ts";

describe("the address of a server", () => {
  it.each([
    [
      "vcenter01",
      { host: "vcenter01", port: 443, path: "/sdk", displayAddress: "vcenter01", username: null, password: null },
    ],
    ["https://VC.example.com/", { host: "vc.example.com", path: "/sdk", displayAddress: "vc.example.com" }],
    ["https://vc:8989/sdk", { host: "vc", port: 8989, displayAddress: "vc:8989" }],
    [
      "https://[2001:db8::1]:8443/x",
      { host: "2001:db8::1", port: 8443, path: "/x", displayAddress: "[2001:db8::1]:8443" },
    ],
    ["10.44.0.5", { host: "10.44.0.5", displayAddress: "10.44.0.5" }],
    ["user@vc", { username: "user", password: null, host: "vc" }],
    ["https://a%40b:p%3Aw%2F@vc/sdk", { username: "a@b", password: "p:w/", host: "vc", displayAddress: "vc" }],
    ["user:p@ss:wo#rd@vc", { username: "user", password: "p@ss:wo#rd", host: "vc" }],
    ["user:100%@vc", { username: "user", password: "100%", host: "vc" }],
  ])("reads %s", (text, expected) => {
    expect(parseServerAddress(text, "--server")).toMatchObject(expected);
  });

  it.each(["", "http://vc", "ldap://vc", "https://", "https://a b", "vc:99999", "vc?x=1", "user:pass@"])(
    "refuses %j",
    (text) => {
      expect(() => parseServerAddress(text, "--server")).toThrow(expect.objectContaining({ code: "usage" }));
    },
  );

  it("never repeats what precedes the server", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.constantFrom("https://", "http://", ""), (secret, scheme) => {
        try {
          const { displayAddress } = parseServerAddress(`${scheme}user:${secret}@vc`, "--server");
          expect(displayAddress).toBe("vc");
        } catch (error) {
          expect((error as Error).message).not.toContain(secret);
        }
      }),
    );
  });
});

describe("a fingerprint", () => {
  const SHA1 = "AB:".repeat(20).slice(0, -1);
  const SHA256 = "0F:".repeat(32).slice(0, -1);
  it.each([
    [SHA1, SHA1],
    [SHA256.toLowerCase(), SHA256],
    [SHA256.replaceAll(":", ""), SHA256],
    [`  ${SHA1} `, SHA1],
    [`SHA256:${SHA256}`, SHA256],
    ["AB:CD", null],
    ["X".repeat(40), null],
    ["", null],
  ])("%j is read", (text, expected) => {
    expect(parseThumbprint(text)).toBe(expected);
  });

  it("is found in a file of known hosts", () => {
    const text = `# comment\r\nvc:443 ${SHA1}\r\nother:443 ${SHA256}\nVC ${SHA256}\nvc:8443 junk\n`;
    expect(knownThumbprints(text, "vc", 443)).toEqual([SHA1, SHA256]);
    expect(knownThumbprints(text, "vc", 8443)).toEqual([]);
  });
});

describe("a SOAP message", () => {
  it("carries any text to the other side", () => {
    const printable = fc.string({ unit: "grapheme" }).filter((text) => !/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(text));
    fc.assert(
      fc.property(printable, (password) => {
        const message = soapCall("Login", { type: "SessionManager", id: "SessionManager" }, [
          xml("password", password),
        ]);
        const { value } = xmlTree(message);
        expect(value).toMatchObject({ Body: { Login: { password } } });
      }),
    );
  });
});
