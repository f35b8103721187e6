import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { closedAddresses } from "../shared/tcp-open.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { parseEndpoint } from "../../src/values/network/endpoint.ts";

/** The guide: "the Management Node can connect directly to the ESXi host server over HTTPS (port 443/TCP)" (L488). */
export default defineRule({
  id: "network/port-443-esxi-host",
  title: "Require hosts of automatically deployed nodes to accept connections on port 443",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "must"),
  subject: "host-of-automatic-node",
  messages: {
    closed: "Host {{host}} does not accept TCP connections at {{address}} port {{port}} ({{reason}}).",
  },
  remediation: "Open TCP port 443 from the Management Node to the host, or deploy the node manually.",
  check(host, context) {
    const endpoint = parseEndpoint(ownName(host), 443);
    if (endpoint === null) return context.inconclusive("its name is neither an address nor a host name");
    for (const { address, reason } of closedAddresses(endpoint, context.site.managementDnsServers, context)) {
      const data = { host: host.name, address, port: endpoint.port, reason };
      context.fail("closed", { at: [host], data, key: address });
    }
  },
});
