import type { TlsAnswer, VSphereAnswer } from "../../src/engine/api/question.ts";
import type { RuleContext } from "../../src/engine/api/rule.ts";
import type { Server } from "../../src/site/deployment/deployment-objects.ts";
import type { PartialList } from "../../src/site/core/partial-list.ts";
import type { Endpoint } from "../../src/values/network/endpoint.ts";
import { resolve } from "./dns-answers.ts";
import { withFixes } from "./unreachable-fixes.ts";

type Context = Pick<
  RuleContext<Record<string, string>>,
  "need" | "known" | "needAll" | "query" | "inconclusive" | "each"
>;

/**
 * The messages about an endpoint that should be vSphere over HTTPS, for a subject in the words of a message.
 *
 * @param subject begins the sentences: `VM manager {{manager}}`
 * @param service what answers there when it runs: `vCenter (vpxd)`
 */
export function httpsMessages<const Subject extends string, const Service extends string>(
  subject: Subject,
  service: Service,
) {
  return {
    closed: `${subject} does not accept TCP connections at {{address}} port {{port}} ({{reason}}).`,
    silent: `${subject} accepts connections at {{address}} port {{port}} but does not respond to a TLS handshake; check for a proxying firewall, or restart the service.`,
    hangsUp: `${subject} accepts connections at {{address}} port {{port}} but closes them during the TLS handshake; check the service, firewalls and load balancers.`,
    reset: `${subject} accepts connections at {{address}} port {{port}} but resets them during the TLS handshake; exempt them from TLS inspection, or start the service.`,
    partial: `${subject} begins a TLS handshake at {{address}} port {{port}} but does not complete it; check the MTU and TLS inspection along the path.`,
    plainHttp: `${subject} answers plain HTTP, not HTTPS, at {{address}} port {{port}}; enable TLS there, or correct the port.`,
    notTls: `${subject} does not use TLS at {{address}} port {{port}}; another service listens there. Correct the address or the port.`,
    noHandshake: `${subject} ends the TLS handshake at {{address}} port {{port}} ({{reason}}), even with TLS 1.0; enable TLS 1.2, without client certificates.`,
    legacyTls: `${subject} accepts only outdated TLS versions at {{address}} port {{port}} ({{reason}}), which current clients refuse; enable TLS 1.2.`,
    noHttp: `${subject} completes a TLS handshake at {{address}} port {{port}} but does not answer an HTTP request ({{reason}}).`,
    notVSphere: `${subject} answers HTTPS at {{address}} port {{port}} but is not a vSphere endpoint (HTTP {{status}}); correct the address.`,
    starting: `${subject} returns HTTP 503 at {{address}} port {{port}}: ${service} is starting or down.`,
    otherProduct: `${subject} should be {{declared}}, but {{address}} is {{actual}}; correct the address or the type.`,
  } as const;
}

/** Those that do not keep the Management Node from connecting. */
export const HTTPS_MESSAGE_SEVERITY = {
  legacyTls: "warn",
  noHttp: "warn",
  notVSphere: "warn",
  starting: "warn",
  otherProduct: "warn",
} as const;

type MessageId = keyof ReturnType<typeof httpsMessages>;

/** What is wrong with one address, and all that its message may contain. */
export interface HttpsProblem {
  readonly messageId: MessageId;
  readonly address: string;
  readonly data: {
    readonly address: string;
    readonly port: number;
    readonly reason: string;
    readonly status: number;
    readonly declared: string;
    readonly actual: string;
  };
}

/** `apiType` of vSphere's `AboutInfo`. */
type ApiType = "VirtualCenter" | "HostAgent";

const PRODUCTS: Readonly<Record<ApiType, string>> = {
  VirtualCenter: "a vCenter Server",
  HostAgent: "an ESXi host",
};

/**
 * Checks that an endpoint is vSphere over HTTPS: every address of it, so that a working family never hides one that
 * fails. An address to which this machine has no route (IPv6 on a machine without it) is skipped if another one can be
 * tried. Whether the certificate is trusted does not matter.
 *
 * @param expected the product that should answer; null where the deployment does not declare it
 */
export function checkHttps(
  endpoint: Endpoint,
  expected: ApiType | null,
  resolvers: PartialList<Server>,
  context: Context,
  report: (problem: HttpsProblem) => void,
): void {
  const { host: name, port } = endpoint;
  const addresses = resolve(endpoint, resolvers, context);
  const answers = context.query(addresses.map((address) => ({ kind: "tcp" as const, address, port })));
  const tried = answers.map((answer, index) => ({ ...answer, address: addresses[index] ?? "" }));
  const routed = tried.filter(({ reason }) => reason !== "own-network-error");
  context.each(routed.length > 0 ? routed : tried, ({ address, status, reason }) => {
    const found = (messageId: MessageId, facts: Partial<HttpsProblem["data"]>): void => {
      const data = { address, port, reason: "", status: 0, declared: "", actual: "", ...facts };
      report({ messageId, address, data });
    };
    if (status === "no-answer") {
      found("closed", { reason: withFixes(reason, [reason]) });
      return;
    }
    if (status === "not-asked") {
      const all = tried.map((one) => `${one.address}: ${one.reason}`).join(", ");
      return context.inconclusive(`not every address could be tried (${all})`);
    }
    const question = { address, port, name };
    const [tls] = context.query([{ kind: "tls" as const, ...question }]);
    const broken = tls === undefined ? null : brokenHandshake(tls);
    if (tls === undefined || broken === "unknown") {
      return context.inconclusive(`it is unknown whether ${address} uses TLS (${tls?.reason ?? "not probed"})`);
    }
    if (broken !== null) {
      found(broken, { reason: tls.attempts[0]?.result.replace(/^open, then /, "") ?? tls.reason });
      return;
    }
    if (tls.legacy === true) found("legacyTls", { reason: tls.protocol ?? "weak keys" });
    const [api] = context.query([{ kind: "vsphere" as const, ...question }]);
    checkApi(api, address, expected, context, found);
  });
}

/** How a handshake failed; null when it did not, `unknown` when the answer does not show it. */
function brokenHandshake({ status, reason }: TlsAnswer): MessageId | "unknown" | null {
  if (status === "answered") return null;
  switch (reason) {
    case "silent":
      return "silent";
    case "closed":
      return "hangsUp";
    case "reset":
      return "reset";
    case "partial":
      return "partial";
    case "plain-http":
      return "plainHttp";
    case "not-tls":
      return "notTls";
    case "protocol":
      return "noHandshake";
    default:
      return "unknown";
  }
}

function checkApi(
  api: VSphereAnswer | undefined,
  address: string,
  expected: ApiType | null,
  { inconclusive }: Pick<Context, "inconclusive">,
  found: (messageId: MessageId, facts: Partial<HttpsProblem["data"]>) => void,
): void {
  const unknown = (why: string): never =>
    inconclusive(`whether ${address} is a vSphere endpoint is not known (${why})`, { severity: "info" });
  switch (api?.reason) {
    case "ok": {
      const actual = api.about?.api_type ?? null;
      if (expected === null || actual === null || actual === expected || !isApiType(actual)) return;
      found("otherProduct", { declared: PRODUCTS[expected], actual: PRODUCTS[actual] });
      return;
    }
    case "not-vsphere":
      found("notVSphere", { status: api.http_status ?? 0 });
      return;
    case "starting":
      found("starting", {});
      return;
    case "no-http":
    case "timeout":
    case "reset":
      found("noHttp", { reason: api.reason });
      return;
    case "http-status":
      return unknown(`HTTP ${api.http_status ?? "status"}`);
    default:
      return unknown(api?.reason ?? "not probed");
  }
}

function isApiType(text: string): text is ApiType {
  return Object.hasOwn(PRODUCTS, text);
}
