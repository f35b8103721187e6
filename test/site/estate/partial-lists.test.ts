import { describe, expect, it } from "vitest";
import { siteOf } from "../../support/documents.ts";

const gapsOf = (missing: readonly { readonly what: string }[]) => missing.map(({ what }) => what);

describe("a list that its source does not provide", () => {
  it("may have more entries than the inventory lists", async () => {
    const { estate } = await siteOf(
      "{}",
      `
coverage: { hosts: no permission, virtual_machines: no permission, "clusters.evc_mode": not exported, datastores: none }
hosts: [{ name: a1, cluster: null }]
virtual_machines: []
clusters: []
`,
    );
    expect(gapsOf(estate.hosts.missing)).toEqual(["the list hosts is incomplete (no permission)"]);
    expect(gapsOf(estate.virtualMachines.missing)).toEqual(["the list virtual_machines is incomplete (no permission)"]);
    expect(gapsOf(estate.unlistedMachines)).toEqual(["the list virtual_machines is incomplete (no permission)"]);
    expect(estate.clusters.missing).toEqual([]);
    expect(gapsOf(estate.datastores.all.missing)).toEqual(["the list datastores is not in the inventory (none)"]);
  });
});
