import { describe, expect, it } from "vitest";
import { samePrincipal } from "../../src/values/principal.ts";

describe("samePrincipal", () => {
  it.each([
    ["VSPHERE.LOCAL\\svc-pexip", "vsphere.local\\SVC-Pexip", true],
    ["VSPHERE.LOCAL\\svc-pexip", "svc-pexip@vsphere.local", true],
    ["CORP\\svc-pexip", "svc-pexip@corp.example.com", true],
    ["corp.example.com\\svc-pexip", "corp.example.org\\svc-pexip", false],
    ["CORP\\svc-pexip", "svc-pexip@corporate.example.com", false],
    ["svc-pexip", "VSPHERE.LOCAL\\svc-pexip", true],
    ["root", "root", true],
    ["svc-pexip", "svc-pexip2", false],
    ["VSPHERE.LOCAL\\svc-pexip", "CORP\\svc-pexip", false],
  ])("%s and %s: %s", (one, other, expected) => {
    expect(samePrincipal(one, other)).toBe(expected);
    expect(samePrincipal(other, one)).toBe(expected);
  });
});
