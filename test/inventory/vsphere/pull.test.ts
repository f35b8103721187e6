import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { pullInventory } from "../../../src/inventory/vsphere/pull.ts";
import { SoapClient } from "../../../src/inventory/vsphere/soap-client.ts";
import { parseServerAddress } from "../../../src/inventory/vsphere/server-address.ts";
import type { Trust } from "../../../src/inventory/vsphere/trusting-agent.ts";
import { PreflightError } from "../../../src/values/preflight-error.ts";
import { estate, host, machine } from "./estate.ts";
import { envelope, fault, PASSWORD, ref, startVcenter, type Stub, text, USER, val } from "./vcenter-stub.ts";

const ANYBODY: Trust = { ca: null, thumbprints: [], insecure: true };

interface Overrides {
  readonly password?: string;
  readonly trust?: Trust;
  readonly datacenter?: string;
  readonly account?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (objects: number) => void;
}

function pull(stub: Pick<Stub, "url">, overrides: Overrides = {}) {
  return pullInventory({
    server: parseServerAddress(stub.url, "--server"),
    username: USER,
    password: PASSWORD,
    trust: ANYBODY,
    datacenter: null,
    toolVersion: "0.1.0",
    signal: new AbortController().signal,
    ...overrides,
  });
}

/** The error that ends a pull. */
async function failure(pulling: Promise<unknown>): Promise<PreflightError> {
  const error = await pulling.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PreflightError);
  const { message, hint } = error as PreflightError;
  for (const shown of [message, hint ?? ""]) expect(shown).not.toContain(PASSWORD);
  return error as PreflightError;
}

const machines = (count: number) => Array.from({ length: count }, (_, index) => machine(`${index}`, `vm${index}`));

describe("reading a vCenter", () => {
  it("follows tokens to the last page, and closes view and session", async () => {
    const stub = await startVcenter({ objects: estate(host("host-21", "esxi01"), ...machines(25)), page: 4 });
    const seen: number[] = [];
    const inventory = await pull(stub, { onProgress: (objects) => seen.push(objects) });
    expect(inventory.virtual_machines).toHaveLength(25);
    expect(stub.calls.filter((call) => call === "ContinueRetrievePropertiesEx")).toHaveLength(7);
    expect(stub.calls.slice(0, 4)).toEqual([
      "RetrieveServiceContent",
      "Login",
      "CreateContainerView",
      "RetrievePropertiesEx",
    ]);
    expect(stub.calls.filter((call) => call === "RetrievePropertiesEx").length).toBeLessThanOrEqual(3);
    expect(stub.calls).toContain("DestroyView");
    expect(stub.calls.at(-1)).toBe("Logout");
    expect(stub.sessions.size).toBe(0);
    expect(seen.at(-1)).toBe(31);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it("records the server, and uses the version of the server's API", async () => {
    const stub = await startVcenter({ objects: estate() });
    const { source, vcenter, collected_at, datacenters, clusters } = await pull(stub);
    const address = `127.0.0.1:${stub.port}`;
    expect(source).toEqual({ kind: "vsphere", server: address, tool_version: "0.1.0" });
    expect(vcenter).toEqual({ address, version: "7.0.3", api_type: "VirtualCenter" });
    expect(collected_at).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(datacenters).toEqual([{ name: "Oslo/DC" }]);
    expect(clusters).toEqual([
      {
        name: "vc-cluster",
        datacenter: "Oslo/DC",
        host_count: 1,
        evc_mode: null,
        ha_enabled: true,
        ha_host_monitoring: true,
        vm_host_rules: [],
      },
    ]);
    expect(stub.actions[0]).toBe('"urn:vim25"');
    expect(new Set(stub.actions.slice(1))).toEqual(new Set(['"urn:vim25/7.0.3.0"']));
  });

  it("takes a property without a value, an empty one and none for the same: not set", async () => {
    const path = "runtime.minRequiredEVCModeKey";
    const objects = estate(machine("1", "first"), machine("2", "second", { [path]: text("") }), machine("3", "third"));
    const inventory = await pull(await startVcenter({ objects, page: 7, withoutValue: path }));
    expect(inventory.virtual_machines?.map((vm) => vm.min_required_evc_mode)).toEqual([null, null, null]);
  });

  it("takes what an account may not read for unknown, with the reason, and never for off", async () => {
    const locked = {
      ...host("host-21", "esxi01"),
      missing: { "config.lockdownMode": "NoPermission", "summary.currentEVCModeKey": "NoPermission" },
    };
    // With Read-only on a machine alone, only the name of its host is visible.
    const blind = { type: "HostSystem", id: "host-22", properties: { name: text("esxi02") } };
    const { hosts, coverage } = await pull(await startVcenter({ objects: estate(locked, blind) }));
    expect(hosts?.[0]).not.toHaveProperty("lockdown_mode");
    expect(hosts?.[0]?.cpu).not.toHaveProperty("evc_mode");
    expect(coverage?.["hosts.lockdown_mode"]).toBe("no permission (System.Read)");
    expect(coverage?.["hosts.cpu.evc_mode"]).toBe("no permission (System.Read)");
    expect(hosts?.[1]).toEqual({ name: "esxi02", managed_by_vcenter: true });
    expect(coverage?.["hosts[esxi02]"]).toBe("the account has no permission to read the host");
  });

  it("keeps the firewall rule sets of both time services, and no other", async () => {
    const services =
      "<service><key>ptpd</key><running>true</running><policy>on</policy><ruleset>ptpd</ruleset></service>";
    const rules = ["ptpd", "sshServer"].map((key) => `<r><key>${key}</key><enabled>true</enabled></r>`).join("");
    const keeper = host("host-21", "esxi01", {
      "config.product": val("AboutInfo", "<version>8.0.3</version>"),
      "config.dateTimeInfo": val("HostDateTimeInfo", "<systemClockProtocol>ptp</systemClockProtocol>"),
      "config.service": val("HostServiceInfo", services),
      "config.firewall.ruleset": val("ArrayOfHostFirewallRuleset", rules),
    });
    const { hosts, coverage } = await pull(await startVcenter({ objects: estate(keeper) }));
    expect(hosts?.[0]?.ptp).toMatchObject({ running: true, startup_policy: "on", firewall_open: true });
    expect(coverage?.["hosts.ntp.firewall_open"]).toBe("the host lists no firewall rule set ntpClient");
  });

  it("repeats the request without a property that the server does not know", async () => {
    const objects = estate(
      host("host-21", "esxi01", { "config.lockdownMode": val("HostLockdownMode", "lockdownStrict") }),
    );
    const stub = await startVcenter({ objects, unknownPaths: ["config.adminDisabled", "config.firewall.ruleset"] });
    const { hosts, coverage } = await pull(stub);
    expect(hosts).toMatchObject([{ name: "esxi01", lockdown_mode: "lockdownStrict" }]);
    expect(coverage?.["hosts.ntp.firewall_open"]).toBe("this version of vSphere does not offer it");
  });

  it("queries each connected host for its time, and reports which did not return it", async () => {
    const clock = (id: string) => ({ "configManager.dateTimeSystem": ref("HostDateTimeSystem", id) });
    const away = { "runtime.connectionState": val("HostSystemConnectionState", "disconnected") };
    const hosts = [
      host("host-1", "behind", clock("clock-1")),
      host("host-2", "forbidden", clock("clock-2")),
      host("host-3", "silent", clock("clock-3")),
      host("host-4", "odd", clock("clock-4")),
      host("host-5", "without"),
      host("host-6", "away", { ...clock("clock-6"), ...away }),
    ];
    const time = (text: string) =>
      envelope(`<QueryDateTimeResponse xmlns="urn:vim25"><returnval>${text}</returnval></QueryDateTimeResponse>`);
    const answers = [
      () => time(new Date(Date.now() - 7_200_000).toISOString()),
      () => envelope(fault("NoPermission", "<privilegeId>System.Read</privilegeId>")),
      () => null,
      () => time("soon"),
    ];
    const stub = await startVcenter({
      objects: estate(...hosts),
      answer(method, response) {
        if (method !== "QueryDateTime") return false;
        const body = answers.shift()?.() ?? null;
        if (body !== null) response.writeHead(body.includes("Fault>") ? 500 : 200).end(body);
        return true;
      },
    });
    const inventory = await pull(stub);
    const offsets = new Map(inventory.hosts?.map((each) => [each.name, each.clock_offset_ms]));
    // At most half of the second that an answer may take.
    expect(Math.abs((offsets.get("behind") ?? 0) + 7_200_000)).toBeLessThanOrEqual(500);
    expect([...offsets].flatMap(([name, offset]) => (offset === undefined ? [name] : []))).toHaveLength(5);
    const reasons = Object.entries(inventory.coverage ?? {}).filter(([key]) => key.endsWith("clock_offset_ms"));
    expect(reasons.map(([, reason]) => reason).sort()).toEqual([
      "host disconnected",
      "no permission (System.Read)",
      "the host did not return its time within 1000 ms",
      "unknown vSphere value of QueryDateTime",
      "vSphere does not report configManager.dateTimeSystem",
    ]);
    expect(answers).toEqual([]);
    expect(stub.sessions.size).toBe(0);
  });

  it("queries no further hosts for their time once three in a row do not respond", async () => {
    const hosts = ["1", "2", "3", "4", "5"].map((id) =>
      host(`host-${id}`, `esxi0${id}`, { "configManager.dateTimeSystem": ref("HostDateTimeSystem", `clock-${id}`) }),
    );
    const stub = await startVcenter({ objects: estate(...hosts), answer: (method) => method === "QueryDateTime" });
    const { coverage } = await pull(stub);
    expect(stub.calls.filter((call) => call === "QueryDateTime")).toHaveLength(3);
    expect(coverage).toMatchObject({
      "hosts.clock_offset_ms": "the host did not return its time within 1000 ms",
      "hosts[esxi04].clock_offset_ms": "earlier hosts did not return their time",
      "hosts[esxi05].clock_offset_ms": "earlier hosts did not return their time",
    });
    expect(stub.sessions.size).toBe(0);
  });

  it("lists an object once that the server sends twice", async () => {
    const group = {
      type: "DistributedVirtualPortgroup",
      id: "dvportgroup-5",
      properties: { name: text("dv-conferencing"), key: text("dvportgroup-5") },
    };
    const { distributed_port_groups } = await pull(await startVcenter({ objects: estate(group, group), page: 3 }));
    expect(distributed_port_groups).toHaveLength(1);
  });

  it("keeps hosts of equal names apart", async () => {
    const { hosts } = await pull(
      await startVcenter({ objects: estate(host("host-21", "localhost"), host("host-22", "localhost")) }),
    );
    expect(hosts?.map(({ name }) => name)).toEqual(["localhost", "localhost"]);
  });

  it("keeps nothing of settings that no rule reads", async () => {
    const option = (key: string, value: string) =>
      `<OptionValue xsi:type="OptionValue"><key>${key}</key><value xsi:type="xsd:string">${value}</value></OptionValue>`;
    const objects = estate(
      host("host-21", "esxi01", {
        "config.option": val(
          "ArrayOfOptionValue",
          option("UserVars.Secret", "hunter2") + option("Net.Vmxnet3NonTsoPacketGtMtuAllowed", "1"),
        ),
      }),
      machine("1", "vm1", {
        "config.extraConfig": val(
          "ArrayOfOptionValue",
          option("guestinfo.password", "hunter2") + option("numa.nodeAffinity", "0,1"),
        ),
      }),
    );
    const inventory = await pull(await startVcenter({ objects }));
    expect(JSON.stringify(inventory)).not.toContain("hunter2");
    expect(inventory.hosts?.[0]?.options).toEqual({ "Net.Vmxnet3NonTsoPacketGtMtuAllowed": 1 });
    expect(inventory.virtual_machines?.[0]?.numa_node_affinity).toBe("0,1");
  });

  it("reads permissions and editions, and drops licence keys", async () => {
    const answers = {
      RetrieveAllPermissions: `<RetrieveAllPermissionsResponse xmlns="urn:vim25"><returnval>${ref("Folder", "group-d2", "entity")}<principal>VSPHERE.LOCAL\\svc-pexip</principal><group>false</group><roleId>7</roleId><propagate>true</propagate></returnval></RetrieveAllPermissionsResponse>`,
      QueryAssignedLicenses: `<QueryAssignedLicensesResponse xmlns="urn:vim25"><returnval><entityId>host-21</entityId><assignedLicense><licenseKey>AAAAA-BBBBB-CCCCC</licenseKey><editionKey>esx.enterprisePlus.cpuPackage</editionKey><name>VMware vSphere 7 Enterprise Plus</name></assignedLicense></returnval></QueryAssignedLicensesResponse>`,
    };
    const stub = await startVcenter({ objects: estate(host("host-21", "esxi01")), answers });
    const inventory = await pull(stub);
    expect(inventory.permissions).toEqual([
      {
        principal: "VSPHERE.LOCAL\\svc-pexip",
        role: "pexip-deploy",
        entity: "/Europe",
        entity_type: "Folder",
        propagate: true,
        privileges: ["Datastore.Browse"],
      },
    ]);
    expect(inventory.hosts?.[0]?.edition).toBe("enterprise_plus");
    expect(inventory.licences).toEqual([{ name: "VMware vSphere 7 Enterprise Plus", edition: "enterprise_plus" }]);
    expect(JSON.stringify(inventory)).not.toContain("AAAAA");
  });

  it("reports which lists the account has no permission to read", async () => {
    const answers = {
      RetrieveAllPermissions: fault("NoPermission", "<privilegeId>Authorization.ModifyPermissions</privilegeId>"),
      QueryAssignedLicenses: fault("NoPermission", "<privilegeId>Global.Licenses</privilegeId>"),
    };
    const inventory = await pull(await startVcenter({ objects: estate(host("host-21", "esxi01")), answers }));
    expect(inventory).not.toHaveProperty("permissions");
    expect(inventory).not.toHaveProperty("licences");
    expect(inventory.coverage).toMatchObject({
      permissions: "no permission (Authorization.ModifyPermissions)",
      licences: "no permission (Global.Licenses)",
      "hosts.edition": "no permission (Global.Licenses)",
    });
  });

  const refused = fault("NoPermission", "<privilegeId>Authorization.ModifyPermissions</privilegeId>");
  const account = "VSPHERE.LOCAL\\svc-pexip";

  it("reads the deploying account's privileges on datacenters if it may not list permissions", async () => {
    const answers = {
      RetrieveAllPermissions: refused,
      FetchUserPrivilegeOnEntities:
        '<FetchUserPrivilegeOnEntitiesResponse xmlns="urn:vim25"><returnval>' +
        `${ref("Datacenter", "datacenter-3", "entity")}<privileges>Datastore.Browse</privileges><privileges>VApp.Import</privileges>` +
        "</returnval></FetchUserPrivilegeOnEntitiesResponse>",
    };
    const stub = await startVcenter({ objects: estate(host("host-21", "esxi01")), answers });
    const inventory = await pull(stub, { account });
    const datacenter = inventory.datacenters?.[0]?.name;
    expect(inventory.permissions).toEqual([
      {
        principal: account,
        role: "effective privileges",
        entity: datacenter,
        entity_type: "Datacenter",
        privileges: ["Datastore.Browse", "VApp.Import"],
        is_effective: true,
      },
    ]);
    expect(inventory.coverage?.["permissions.propagate"]).toContain("but not their propagation");
  });

  it("reports why, if vSphere refuses that too, and requests no account that is not named", async () => {
    const answers = {
      RetrieveAllPermissions: refused,
      FetchUserPrivilegeOnEntities: fault("NoPermission", "<privilegeId>System.View</privilegeId>"),
    };
    const stub = await startVcenter({ objects: estate(host("host-21", "esxi01")), answers });
    const inventory = await pull(stub, { account });
    expect(inventory).not.toHaveProperty("permissions");
    expect(inventory.coverage?.["permissions"]).toBe(
      `permissions: no permission (Authorization.ModifyPermissions); privileges of ${account}: no permission (System.View)`,
    );
    await pull(stub);
    expect(stub.calls.filter((call) => call === "FetchUserPrivilegeOnEntities")).toHaveLength(1);
  });

  const privileges = (...ids: readonly string[]) =>
    '<FetchUserPrivilegeOnEntitiesResponse xmlns="urn:vim25"><returnval>' +
    `${ref("Datacenter", "datacenter-3", "entity")}${ids.map((id) => `<privileges>${id}</privileges>`).join("")}` +
    "</returnval></FetchUserPrivilegeOnEntitiesResponse>";
  const listed = `<RetrieveAllPermissionsResponse xmlns="urn:vim25"><returnval>${ref("Folder", "group-d2", "entity")}<principal>VSPHERE.LOCAL\\others</principal><group>true</group><roleId>7</roleId><propagate>true</propagate></returnval></RetrieveAllPermissionsResponse>`;

  it("reads them beside the permissions too, which are those of objects that the reader can see", async () => {
    const answers = { RetrieveAllPermissions: listed, FetchUserPrivilegeOnEntities: privileges("VApp.Import") };
    const stub = await startVcenter({ objects: estate(host("host-21", "esxi01")), answers });
    const { permissions, incomplete } = await pull(stub, { account: "svc-pexip@vsphere.local" });
    expect(permissions?.map(({ principal, is_effective }) => [principal, is_effective])).toEqual([
      ["VSPHERE.LOCAL\\others", undefined],
      ["svc-pexip@vsphere.local", true],
    ]);
    expect(incomplete).toBeUndefined();
    // Permissions name accounts in this form.
    expect(stub.bodies.find((body) => body.includes("FetchUserPrivilegeOnEntities"))).toContain(
      "<userName>VSPHERE.LOCAL\\svc-pexip</userName>",
    );
  });

  it("keeps the permissions as an incomplete list, with the reason, if they are refused", async () => {
    const answers = {
      RetrieveAllPermissions: listed,
      FetchUserPrivilegeOnEntities: fault("NoPermission", "<privilegeId>Authorization.ModifyPermissions</privilegeId>"),
    };
    const stub = await startVcenter({ objects: estate(host("host-21", "esxi01")), answers });
    const { permissions, incomplete } = await pull(stub, { account });
    expect(permissions).toHaveLength(1);
    expect(incomplete?.["permissions"]).toBe(
      `vCenter Server lists permissions only on objects that the reader can see; privileges of ${account}: no permission (Authorization.ModifyPermissions)`,
    );
  });

  it("keeps the permissions if vCenter Server reports no privilege at all", async () => {
    const answers = { RetrieveAllPermissions: listed, FetchUserPrivilegeOnEntities: privileges() };
    const stub = await startVcenter({ objects: estate(host("host-21", "esxi01")), answers });
    const { permissions, incomplete } = await pull(stub, { account });
    expect(permissions).toHaveLength(1);
    expect(incomplete).toBeUndefined();
  });

  it.each(["Oslo/DC", "oslo%2Fdc", "/Europe/Oslo%2fDC", "/Europe/Oslo%2fDC/"])(
    "reads one datacenter, %s",
    async (datacenter) => {
      const stub = await startVcenter({ objects: estate(host("host-21", "esxi01")) });
      expect((await pull(stub, { datacenter })).hosts).toHaveLength(1);
      expect(stub.calls.filter((call) => call === "CreateContainerView")).toHaveLength(2);
      expect(stub.calls.filter((call) => call === "DestroyView")).toHaveLength(2);
    },
  );

  it("lists the datacenters", async () => {
    const stub = await startVcenter({ objects: estate() });
    const { code, hint } = await failure(pull(stub, { datacenter: "Bergen" }));
    expect([code, hint]).toEqual(["no-such-datacenter", 'it shows "Oslo/DC"']);
    expect(stub.sessions.size).toBe(0);
  });
});

describe("a session", () => {
  it("is closed when the reading fails", async () => {
    const stub = await startVcenter({
      objects: estate(...machines(9)),
      page: 2,
      answers: { ContinueRetrievePropertiesEx: fault("InvalidArgument") },
    });
    expect((await failure(pull(stub))).code).toBe("server-fault");
    expect(stub.calls.slice(-2)).toEqual(["DestroyView", "Logout"]);
    expect(stub.sessions.size).toBe(0);
  });

  it.each(["RetrievePropertiesEx", "ContinueRetrievePropertiesEx", "RetrieveAllPermissions"])(
    "is closed when the user interrupts %s",
    async (method) => {
      const interrupt = new AbortController();
      const stub = await startVcenter({
        objects: estate(...machines(9)),
        page: 2,
        answer: (name) => {
          if (name !== method) return false;
          interrupt.abort();
          return true;
        },
      });
      expect((await failure(pull(stub, { signal: interrupt.signal }))).code).toBe("interrupted");
      expect(stub.calls.at(-1)).toBe("Logout");
      expect(stub.sessions.size).toBe(0);
    },
  );

  it("is closed when the user interrupts the login, whose answer is still to come", async () => {
    const interrupt = new AbortController();
    const stub = await startVcenter({
      objects: estate(),
      answer: (name) => {
        if (name === "Login") interrupt.abort();
        return false;
      },
    });
    expect((await failure(pull(stub, { signal: interrupt.signal }))).code).toBe("interrupted");
    expect(stub.calls).toEqual(["RetrieveServiceContent", "Login", "Logout"]);
    expect(stub.sessions.size).toBe(0);
  });

  it("is not started after an interruption", async () => {
    const stub = await startVcenter({ objects: estate() });
    const { code, message } = await failure(pull(stub, { signal: AbortSignal.abort() }));
    expect([code, message]).toEqual(["interrupted", expect.stringMatching(/ was interrupted before the login\.$/)]);
    expect(stub.calls).toEqual([]);
  });
});

describe("trust", () => {
  it("is needed before anything is sent", async () => {
    const stub = await startVcenter({ objects: estate() });
    const { code, hint } = await failure(pull(stub, { trust: { ...ANYBODY, insecure: false } }));
    expect(code).toBe("untrusted-server");
    expect(hint).toContain(`--thumbprint ${stub.fingerprints.sha256.replaceAll(":", "")}`);
    expect(stub.calls).toEqual([]);
  });

  it.each(["sha1", "sha256"] as const)("comes from a %s fingerprint", async (kind) => {
    const stub = await startVcenter({ objects: estate() });
    const trust = { ca: null, thumbprints: [stub.fingerprints[kind]], insecure: false };
    await expect(pull(stub, { trust })).resolves.toMatchObject({ datacenters: [{ name: "Oslo/DC" }] });
  });

  it("is not there when the fingerprint is another one, which is shown", async () => {
    const stub = await startVcenter({ objects: estate() });
    const trust = { ca: [stub.pem], thumbprints: [stub.fingerprints.sha256.replace(/^../, "00")], insecure: false };
    const { code, message } = await failure(pull(stub, { trust }));
    expect(code).toBe("untrusted-server");
    expect(message).toContain(stub.fingerprints.sha256.replaceAll(":", ""));
    expect(stub.calls).toEqual([]);
  });

  it("comes from a CA", async () => {
    const stub = await startVcenter({ objects: estate() });
    await expect(pull(stub, { trust: { ca: [stub.pem], thumbprints: [], insecure: false } })).resolves.toBeDefined();
  });

  it("does not come from a CA when the certificate is for another name", async () => {
    const stub = await startVcenter({ objects: estate() });
    const trust = { ca: [stub.pem], thumbprints: [], insecure: false };
    const { message } = await failure(pull({ url: `https://localhost:${stub.port}` }, { trust }));
    expect(message).toBe(`The certificate of localhost:${stub.port} does not cover localhost.`);
    expect(stub.calls).toEqual([]);
  });
});

describe("what is no vCenter", () => {
  const answering = (status: number, body: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
    startVcenter({
      answer: (_, response) => {
        response.writeHead(status, headers).end(body);
        return true;
      },
    });

  it.each([
    ["a web page", 200, "<!DOCTYPE html><html><body>Welcome</body></html>", "returned a web page"],
    ["a page that is XML", 200, "<html><body/></html>", "returned a web page"],
    ["JSON", 200, '{"error": "no"}', "is not from the vSphere API"],
    ["nothing", 200, "", "is not from the vSphere API"],
    ["SOAP of somebody else", 200, envelope("<HelloResponse/>"), "is not from the vSphere API"],
    [
      "an answer that is cut off",
      200,
      envelope("<RetrieveServiceContentResponse/>").slice(0, -20),
      "is not from the vSphere API",
    ],
    ["not found", 404, "no", "HTTP status 404"],
    ["a proxy without a way", 502, "<html>Bad gateway</html>", "HTTP status 502"],
    ["an error page", 500, "<html>Oops</html>", "HTTP status 500"],
    ["a redirection", 302, "", "redirects to another address (HTTP 302)"],
  ])("is told: %s", async (_, status, body, expected) => {
    const stub = await answering(status, body);
    const { code, message } = await failure(pull(stub));
    expect(code).toBe("not-vsphere");
    expect(message).toContain(expected);
  });

  it("is reported: an encoding that was not requested", async () => {
    const stub = await answering(200, "x", { "content-encoding": "br" });
    expect((await failure(pull(stub))).message).toContain('in the encoding "br"');
  });

  it("is reported: an excessive answer, compressed to a small size", async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, " "), { level: 1 });
    const stub = await answering(200, bomb, { "content-encoding": "gzip" });
    expect((await failure(pull(stub))).message).toContain("exceeds the size limit");
  });

  it("is reported: damaged compression", async () => {
    const stub = await answering(200, "this is not gzip", { "content-encoding": "gzip" });
    expect((await failure(pull(stub))).message).toMatch(/^The response of .* is damaged\.$/);
  });

  it("is reported: a connection that breaks off in the middle of an answer", async () => {
    const stub = await startVcenter({
      answer: (_, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("<soapenv:Envelope>");
        response.socket?.destroy();
        return true;
      },
    });
    expect((await failure(pull(stub))).message).toContain("closed the connection");
  });

  it("is reported: a server that never sends the last page", async () => {
    const objects = estate();
    const stub = await startVcenter({
      objects,
      answers: {
        RetrievePropertiesEx: `<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><token>1</token></returnval></RetrievePropertiesExResponse>`,
      },
    });
    expect((await failure(pull(stub))).code).toBe("not-vsphere");
    expect(stub.sessions.size).toBe(0);
  });

  it.each<readonly [string, (count: number) => string]>([
    ["the same token again and again", () => "1"],
    ["new tokens for objects that were sent before", (count) => String(count)],
  ])("is told: %s", async (_, token) => {
    let count = 0;
    const object = `<objects><obj type="HostSystem">host-21</obj><propSet><name>name</name>${text("esxi01")}</propSet></objects>`;
    const stub = await startVcenter({
      objects: estate(),
      answer: (method, response) => {
        if (!/RetrievePropertiesEx$/.test(method)) return false;
        count += 1;
        const page = `<returnval><token>${token(count)}</token>${object}</returnval>`;
        response.end(envelope(`<${method}Response xmlns="urn:vim25">${page}</${method}Response>`));
        return true;
      },
    });
    const { message } = await failure(pull(stub));
    expect(message).toContain("its paging tokens do not advance");
    expect(count).toBeLessThan(10);
    expect(stub.sessions.size).toBe(0);
  });

  it("is reported: a view that shows no host at all", async () => {
    const nothing = estate().filter(({ type }) => type !== "HostSystem");
    const stub = await startVcenter({ objects: nothing });
    const { code, message, hint } = await failure(pull(stub));
    expect([code, message]).toEqual([
      "nothing-visible",
      expect.stringContaining("does not show any ESXi host to the account"),
    ]);
    expect(hint).toContain("Read-only");
    expect(stub.sessions.size).toBe(0);
  });

  it("is reported: an answer that takes longer than the timeout of a call", async () => {
    const stub = await startVcenter({ objects: estate(), answer: (method) => method === "RetrieveServiceContent" });
    const times = {
      connect_timeout_ms: 10_000,
      answer_timeout_ms: 10_000,
      call_timeout_ms: 100,
      total_timeout_ms: 10_000,
    };
    const bytes = { max_bytes: 2 ** 20, max_total_bytes: 2 ** 20 };
    for (const options of [times, { ...times, call_timeout_ms: 10_000, total_timeout_ms: 100 }]) {
      const client = new SoapClient(parseServerAddress(stub.url, "--server"), { trust: ANYBODY, ...options, ...bytes });
      const service = { type: "ServiceInstance", id: "ServiceInstance" };
      const calling = client.call("RetrieveServiceContent", service, [], new AbortController().signal);
      await expect(calling).rejects.toMatchObject({ kind: "too-slow" });
      client.close();
    }
  });

  it("reads compressed answers", async () => {
    const stub = await startVcenter({
      objects: estate(),
      answer: (method, response) => {
        if (method !== "RetrieveAllPermissions") return false;
        const body = envelope('<RetrieveAllPermissionsResponse xmlns="urn:vim25"/>');
        response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(body));
        return true;
      },
    });
    expect((await pull(stub)).permissions).toEqual([]);
  });
});

describe("the login", () => {
  it("reports that user name and password are not accepted", async () => {
    const stub = await startVcenter();
    const { code, message } = await failure(pull(stub, { password: "wrong" }));
    expect(code).toBe("login-refused");
    expect(message).toContain(`rejected the user name "${USER}" or the password`);
    expect(stub.calls).toEqual(["RetrieveServiceContent", "Login"]);
  });

  it("reports which role an account lacks", async () => {
    const answers = { Login: fault("NoPermission", "<privilegeId>System.View</privilegeId>") };
    const { code, message, hint } = await failure(pull(await startVcenter({ answers })));
    expect(code).toBe("no-permission");
    expect(message).toContain('(missing privilege "System.View")');
    expect(hint).toContain("Read-only");
  });
});

describe("the way to the server", () => {
  it("reports that the port is closed", async () => {
    const stub = await startVcenter();
    await new Promise((resolve) => stub.server.close(resolve));
    const { code, message } = await failure(pull(stub));
    expect([code, message]).toEqual([
      "no-connection",
      `127.0.0.1:${stub.port} refuses connections to port ${stub.port}.`,
    ]);
  });
});
