import { getServers, setServers } from "node:dns";

import { afterEach, describe, expect, it } from "vitest";

import { systemResolvers } from "../../src/probe/system-resolvers.ts";

const before = getServers();
afterEach(() => setServers(before));

describe("systemResolvers", () => {
  it("lists the servers of the system, each once, in their order, with a port that is not the usual one", () => {
    setServers(["127.0.0.53", "[::1]:5353", "127.0.0.53", "127.0.0.2:5300"]);
    expect(systemResolvers()).toEqual(["127.0.0.53", "[::1]:5353", "127.0.0.2:5300"]);
  });

  it("leaves out an address that belongs to one link", () => {
    setServers(["fe80::1%lo", "127.0.0.1"]);
    expect(systemResolvers()).toEqual(["127.0.0.1"]);
  });
});
