import { getServers } from "node:dns";
import type * as Dns from "node:dns";

import { describe, expect, it, vi } from "vitest";

import { systemResolvers } from "../../../src/probe/dns/system-resolvers.ts";

vi.mock("node:dns", () => ({ getServers: vi.fn() }));

describe("systemResolvers", () => {
  it.each([
    ["in their order, each once", ["127.0.0.53", "10.0.0.1", "127.0.0.53"], ["127.0.0.53", "10.0.0.1"]],
    ["with a port that is not the usual one", ["[::1]:5353", "127.0.0.2:5300"], ["[::1]:5353", "127.0.0.2:5300"]],
    ["without those of one link", ["fe80::1%eth0", "[fe80::2%eth0]:53", "2001:db8::1"], ["2001:db8::1"]],
    ["or says that there is none", [], []],
  ])("lists the servers of the system %s", (_, configured, listed) => {
    vi.mocked(getServers).mockReturnValue(configured);
    expect(systemResolvers()).toEqual(listed);
  });
});

describe("Node", () => {
  it("writes servers as they are read here", async () => {
    const { Resolver } = await vi.importActual<typeof Dns>("node:dns");
    const resolver = new Resolver();
    const configured = ["127.0.0.53", "[::1]:5353", "127.0.0.2:5300", "2001:db8::1"];
    resolver.setServers(configured);
    vi.mocked(getServers).mockReturnValue(resolver.getServers());
    expect(systemResolvers()).toEqual(configured);
  });
});
