import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { checkHttps, HTTPS_MESSAGE_SEVERITY, httpsMessages } from "../shared/https-endpoint.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { parseEndpoint } from "../../src/values/network/endpoint.ts";

/** The guide: "the Management Node can connect directly to the ESXi host server over HTTPS (port 443/TCP)" (L488). */
export default defineRule({
  id: "network/port-443-esxi-host",
  title: "Require HTTPS on port 443 of hosts for automatic deployment",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "must"),
  subject: "host-of-automatic-node",
  messages: httpsMessages("Host {{host}}", "its management agent (hostd)"),
  messageSeverity: HTTPS_MESSAGE_SEVERITY,
  remediation:
    "Open TCP port 443 from the Management Node to the host without TLS inspection, or deploy the node manually.",
  check(host, context) {
    const endpoint = parseEndpoint(ownName(host), 443);
    if (endpoint === null)
      return context.inconclusive("the name of the host is neither an address nor a valid hostname");
    const resolvers = context.site.managementDnsServers;
    checkHttps(endpoint, "HostAgent", resolvers, context, ({ messageId, address, data }) => {
      context.fail(messageId, { at: [host], data: { host: host.name, ...data }, key: address });
    });
  },
});
