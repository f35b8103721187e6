import { describe, expect, it } from "vitest";
import type { Deployment } from "../../src/schema/deployment.generated.ts";
import { deploymentFlows } from "../../src/site/deployment-flows.ts";
import { siteOf } from "../support/documents.ts";

const node = (name: string, location: string, address: string, more: object = {}) => ({
  ...{ name, hostname: name, system_location: location, address },
  ...more,
});

const DEPLOYMENT = {
  dns_servers: ["10.0.0.53"],
  ntp_servers: ["ntp1.example.com:1123"],
  vm_manager: { address: "vcenter01.example.com:8443" },
  system_locations: [{ name: "Oslo", dns_servers: ["10.1.0.53"] }, { name: "DMZ" }, { name: "Bergen DMZ" }],
  management_node: { name: "m", hostname: "m", address: "10.0.0.5" },
  conferencing_nodes: [
    node("a", "Oslo", "10.1.0.1", { secondary_address: "10.2.0.1" }),
    node("b", "Oslo", "10.1.0.2"),
    node("p", "DMZ", "192.0.2.1", { node_type: "PROXYING", static_nat_address: "203.0.113.1" }),
    node("q", "Bergen DMZ", "192.0.2.2", { node_type: "PROXYING" }),
  ],
} as unknown as Deployment;

async function flowsOf(deployment: Deployment, probed: Parameters<typeof deploymentFlows>[2] = []) {
  return deploymentFlows(await siteOf(JSON.stringify(deployment)), deployment, probed);
}

const OSLO = "location Oslo (10.1.0.1, 10.1.0.2)";
const DMZ = "proxying nodes of location DMZ (192.0.2.1)";

describe("the flows of a deployment", () => {
  it("have IPsec between the Management Node and all nodes, and between nodes that need it, by primary address", async () => {
    const flows = await flowsOf(DEPLOYMENT);
    const ipsec = flows.filter(({ protocol }) => protocol === "esp").map(({ from, to }) => [from, to]);
    expect(ipsec).toEqual([
      ["Management Node (10.0.0.5)", `${OSLO} and back`],
      ["Management Node (10.0.0.5)", `${DMZ} and back`],
      ["Management Node (10.0.0.5)", "proxying nodes of location Bergen DMZ (192.0.2.2) and back"],
      [OSLO, `${OSLO} and back`],
      [OSLO, `${DMZ} if it is the transcoding or an overflow location and back`],
      [
        OSLO,
        "proxying nodes of location Bergen DMZ (192.0.2.2) if it is the transcoding or an overflow location and back",
      ],
    ]);
    const keys = flows.filter(({ port }) => port === "500").map(({ from, to }) => [from, to]);
    expect(keys).toEqual(ipsec);
  });

  it("have what clients connect to, by the address that they use, and which ports are not confirmed", async () => {
    const fromClients = (await flowsOf(DEPLOYMENT)).filter(({ from }) => from === "clients");
    expect([...new Set(fromClients.map(({ to }) => to))]).toEqual([
      "location Oslo (10.2.0.1, 10.1.0.2)",
      "proxying nodes of location DMZ (203.0.113.1)",
      "proxying nodes of location Bergen DMZ (192.0.2.2)",
    ]);
    const oslo = fromClients.filter(({ to }) => to.includes("Oslo"));
    expect(oslo.map(({ protocol, port, is_confirmed }) => `${protocol} ${port}${is_confirmed ? "" : " ?"}`)).toEqual([
      "tcp 80 ?",
      "tcp 443",
      "udp 1719",
      "tcp 1720",
      "tcp 33000-39999",
      "tcp 5060",
      "tcp 5061",
      "udp 40000-49999",
      "tcp 40000-49999",
    ]);
  });

  it("have the servers of each location, or of the deployment if it declares none", async () => {
    const flows = await flowsOf(DEPLOYMENT);
    const to = (protocol: string, target: string) =>
      flows.filter((flow) => flow.protocol === protocol && flow.to === target).map(({ from, port }) => [from, port]);
    expect(to("udp", "10.1.0.53")).toEqual([[OSLO, "53"]]);
    expect(to("tcp", "10.0.0.53").map(([from]) => from)).toEqual([
      "Management Node (10.0.0.5)",
      DMZ,
      "proxying nodes of location Bergen DMZ (192.0.2.2)",
    ]);
    expect(to("udp", "ntp1.example.com").map(([, port]) => port)).toEqual(["1123", "1123", "1123", "1123"]);
    expect(to("tcp", "vcenter01.example.com")).toEqual([["Management Node (10.0.0.5)", "8443"]]);
    expect(to("tcp", "pexip.flexnetoperations.com")).toHaveLength(1);
  });

  it("have IPsec from proxying nodes to the transcoding and overflow locations that theirs declares, and to no other", async () => {
    const [oslo, dmz, bergen] = DEPLOYMENT.system_locations ?? [];
    const flows = await flowsOf({
      ...DEPLOYMENT,
      system_locations: [
        { ...oslo, name: "Oslo" },
        { ...dmz, name: "DMZ", transcoding_location: "Oslo", overflow_location2: "Narvik" },
        { ...bergen, name: "Bergen DMZ", overflow_location1: "Narvik" },
      ],
    });
    const ipsec = flows.filter(({ protocol }) => protocol === "esp").map(({ from, to }) => [from, to]);
    expect(ipsec.slice(3)).toEqual([
      [OSLO, `${OSLO} and back`],
      [OSLO, `${DMZ} and back`],
      [DMZ, "location Narvik (no nodes declared) and back"],
      ["proxying nodes of location Bergen DMZ (192.0.2.2)", "location Narvik (no nodes declared) and back"],
    ]);
  });

  it("have the syslog servers of each location, or of the deployment if it declares none", async () => {
    const flows = await flowsOf({
      ...DEPLOYMENT,
      syslog_servers: [{ address: "10.0.0.14" }, {}],
      system_locations: [
        { name: "Oslo", syslog_servers: [{ address: "logs.example.com", port: 6514, transport: "tls" }] },
        { name: "DMZ", syslog_servers: [] },
      ],
    });
    const logs = flows.filter(({ why }) => why.includes("logs"));
    expect(logs.map(({ from, to, protocol, port }) => [from, to, protocol, port])).toEqual([
      ["Management Node (10.0.0.5)", "10.0.0.14", "udp", "514"],
      [OSLO, "logs.example.com", "tcp", "6514"],
      ["proxying nodes of location Bergen DMZ (192.0.2.2)", "10.0.0.14", "udp", "514"],
    ]);
  });

  it("show which of them a run connects to", async () => {
    const run = { to: "vcenter01.example.com", protocol: "tcp", port: 8443 } as const;
    const flows = await flowsOf(DEPLOYMENT, [run]);
    expect(flows.filter(({ probed }) => probed).map(({ to }) => to)).toEqual(["vcenter01.example.com"]);
  });

  it("show of every kind of server which a run connects to", async () => {
    const deployment = {
      ...DEPLOYMENT,
      syslog_servers: [{ address: "10.0.0.14" }],
      conferencing_nodes: [node("p", "DMZ", "192.0.2.1", { node_type: "PROXYING", static_nat_address: "203.0.113.1" })],
    } as unknown as Deployment;
    const udp = (to: string, port: number) => ({ to, port, protocol: "udp" }) as const;
    const tcp = (to: string, port: number) => ({ to, port, protocol: "tcp" }) as const;
    const probed = [
      udp("10.0.0.53", 53),
      udp("ntp1.example.com", 1123),
      udp("10.0.0.14", 514),
      tcp("203.0.113.1", 5061),
    ];
    const flows = await flowsOf(deployment, [...probed, tcp("10.0.0.14", 514), udp("203.0.113.1", 5061)]);
    const found = flows.filter((flow) => flow.probed).map(({ to, protocol, port }) => `${protocol} ${port} ${to}`);
    expect([...new Set(found)]).toEqual([
      "tcp 5061 proxying nodes of location DMZ (203.0.113.1)",
      "udp 53 10.0.0.53",
      "udp 1123 ntp1.example.com",
      "udp 514 10.0.0.14",
    ]);
  });

  it("have the hosts of nodes that Pexip deploys by itself, and the Management Node's own servers", async () => {
    const deployment = {
      dns_servers: ["10.0.0.53"],
      management_node: { name: "m", hostname: "m", dns_servers: ["10.9.0.53"] },
      conferencing_nodes: [
        node("a", "Oslo", "10.1.0.1", { deployment_type: "AUTOMATIC", vm: { host: "esxi01" } }),
        node("b", "Oslo", "10.1.0.2", { vm: { host: "esxi02" } }),
      ],
    } as unknown as Deployment;
    const flows = await flowsOf(deployment, [{ to: "esxi01", protocol: "tcp", port: 443 }]);
    const management = flows.filter(({ from, protocol }) => from === "Management Node" && protocol !== "esp");
    expect(management.filter(({ port }) => port !== "500").map(({ to, port, probed }) => [to, port, probed])).toEqual([
      ["host esxi01", "443", true],
      ["pexip.flexnetoperations.com", "443", false],
      ["10.9.0.53", "53", false],
      ["10.9.0.53", "53", false],
    ]);
  });

  it("have IPsec between transcoding locations, and between the roles of one location, whatever locations declare", async () => {
    const flows = await flowsOf({
      system_locations: [
        { name: "Oslo", transcoding_location: "Bergen", overflow_location1: "Narvik" },
        { name: "DMZ", transcoding_location: "Oslo" },
      ],
      conferencing_nodes: [
        { name: "a", hostname: "a", system_location: "Oslo" },
        { name: "b", hostname: "b", system_location: "Bergen" },
        { name: "c", hostname: "c" },
        { name: "p", hostname: "p", system_location: "DMZ", node_type: "PROXYING" },
        { name: "q", hostname: "q", system_location: "DMZ" },
        { name: "r", hostname: "r", system_location: "Oslo", node_type: "PROXYING" },
      ],
    } as unknown as Deployment);
    expect(flows.filter(({ protocol }) => protocol === "esp").map(({ from, to }) => `${from} - ${to}`)).toEqual([
      "location Oslo - location Bergen and back",
      "location Oslo - location (no location) and back",
      "location Oslo - proxying nodes of location DMZ and back",
      "location Oslo - location DMZ and back",
      "location Oslo - proxying nodes of location Oslo and back",
      "location Bergen - location (no location) and back",
      "location Bergen - location DMZ and back",
      "location Bergen - proxying nodes of location Oslo and back",
      "location (no location) - location DMZ and back",
      "proxying nodes of location DMZ - location DMZ and back",
      "proxying nodes of location Oslo - location Narvik (no nodes declared) and back",
    ]);
  });

  it("are none of a deployment without nodes", async () => {
    expect(await flowsOf({})).toEqual([]);
  });
});
