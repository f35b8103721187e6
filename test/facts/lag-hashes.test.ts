import { describe, expect, it } from "vitest";
import { hashesAddressesOrPorts } from "../../src/facts/lag-hashes.ts";

describe("hashesAddressesOrPorts", () => {
  it.each(["srcDestIpTcpUdpPortVlan", "srcIp", "destTcpUdpPort", " SRCDESTIPVLAN "])("is true for %j", (name) => {
    expect(hashesAddressesOrPorts(name)).toBe(true);
  });

  it.each(["srcMac", "destMac", "srcDestMac", "vlan", "srcPortId", "SRCPORTID"])("is false for %j", (name) => {
    expect(hashesAddressesOrPorts(name)).toBe(false);
  });

  it.each(["", "loadbalance_ip", "srcFlowLabel"])("is unknown for %j", (name) => {
    expect(hashesAddressesOrPorts(name)).toBeUndefined();
  });
});
