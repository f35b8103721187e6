import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { afterAll } from "vitest";
import { CertificateMaker, serverExtensions } from "../../probe/servers/tls-certificates.ts";

/** An object of the stub: properties as the XML of their `val` element. */
export interface StubObject {
  readonly type: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  /** Faults by path, for what the account has no permission to read. */
  readonly missing?: Readonly<Record<string, string>>;
}

export interface StubOptions {
  readonly objects?: readonly StubObject[];
  /** Number of objects per page, regardless of the request. */
  readonly page?: number;
  readonly about?: Readonly<Record<string, string>>;
  /** Paths that fault the whole call, as a real vCenter may. */
  readonly unknownPaths?: readonly string[];
  /** A property that is sent without a value on later pages, as some servers do. */
  readonly withoutValue?: string;
  /** Answers of methods that replace the usual ones: the content of a Body. */
  readonly answers?: Readonly<Record<string, string>>;
  /** Takes over an answer altogether; false leaves it to the stub. */
  readonly answer?: (method: string, response: ServerResponse, request: IncomingMessage) => boolean;
}

export interface Stub {
  readonly port: number;
  readonly url: string;
  /** PEM of the certificate, which is its own CA. */
  readonly pem: string;
  readonly fingerprints: { readonly sha1: string; readonly sha256: string };
  /** Methods in the order of their calls. */
  readonly calls: readonly string[];
  /** What they sent, in that order. */
  readonly bodies: readonly string[];
  /** Their SOAPAction. */
  readonly actions: readonly string[];
  /** Sessions that are open. */
  readonly sessions: ReadonlySet<string>;
  readonly server: Server;
}

export const USER = "reader@vsphere.local";
export const PASSWORD = `p&ss<w>"ord'`;

const MAKER = new CertificateMaker();

/** The certificate of every stub of a test file, for 127.0.0.1 and localhost. */
const issued = MAKER.issue({
  subject: "/CN=vcenter01.example.com",
  issuer: null,
  extensions: serverExtensions("IP:127.0.0.1"),
});

/** A `val` of a type. */
export const val = (type: string, inner = ""): string => `<val xsi:type="${type}">${inner}</val>`;
export const text = (value: string): string => val("xsd:string", value);
export const ref = (type: string, id: string, element = "val"): string =>
  `<${element} type="${type}" xsi:type="ManagedObjectReference">${id}</${element}>`;
export const fault = (type: string, inner = ""): string =>
  `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>no</faultstring><detail>` +
  `<${type}Fault xmlns="urn:vim25" xsi:type="${type}">${inner}</${type}Fault></detail></soapenv:Fault>`;

/** Starts a server that answers as a vCenter does, and pages. It ends with the tests of the file. */
export async function startVcenter(options: StubOptions = {}): Promise<Stub> {
  const calls: string[] = [];
  const bodies: string[] = [];
  const actions: string[] = [];
  const sessions = new Set<string>();
  const pages = new Map<
    string,
    { readonly rest: readonly StubObject[]; readonly paths: Paths; readonly session: string }
  >();
  let count = 0;

  const server = createServer({ key: issued.key, cert: issued.pem }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const message = Buffer.concat(chunks).toString("utf8");
      const method = /Body><(\w+)/.exec(message)?.[1] ?? "?";
      calls.push(method);
      bodies.push(message);
      actions.push(String(request.headers["soapaction"]));
      if (options.answer?.(method, response, request) === true) return;
      const session = /vmware_soap_session="?([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
      const body = options.answers?.[method] ?? reply(method, message, session, response);
      response.statusCode = body.includes("<soapenv:Fault>") ? 500 : 200;
      response.setHeader("content-type", "text/xml");
      response.end(envelope(body));
    });
  });

  function reply(method: string, message: string, session: string, response: ServerResponse): string {
    const wrap = (inner: string) => `<${method}Response xmlns="urn:vim25">${inner}</${method}Response>`;
    if (method === "RetrieveServiceContent") return wrap(`<returnval>${serviceContent(options.about)}</returnval>`);
    if (method === "Login") {
      const [user, password] = ["userName", "password"].map((name) => inside(message, name));
      if (user !== USER || password !== PASSWORD) return fault("InvalidLogin");
      const id = `session-${++count}`;
      sessions.add(id);
      response.setHeader("set-cookie", [`other=1; Path=/`, `vmware_soap_session="${id}"; Path=/; HttpOnly; Secure;`]);
      return wrap("<returnval><key>1</key></returnval>");
    }
    if (!sessions.has(session)) return fault("NotAuthenticated");
    switch (method) {
      case "Logout":
        sessions.delete(session);
        return wrap("");
      case "CreateContainerView":
        return wrap(ref("ContainerView", `session[${session}]view-1`, "returnval"));
      case "DestroyView":
        return wrap("");
      case "RetrieveAllPermissions":
        return wrap("");
      case "QueryAssignedLicenses":
        return wrap("");
      case "RetrievePropertiesEx":
        return retrieve(message, session, wrap);
      case "ContinueRetrievePropertiesEx": {
        const token = inside(message, "token");
        const next = pages.get(token);
        // Tokens are good once, and for their session.
        pages.delete(token);
        if (next?.session !== session) return fault("InvalidArgument");
        return wrap(page(next.rest, next.paths, session, true));
      }
      default:
        return fault("MethodNotFound");
    }
  }

  function retrieve(message: string, session: string, wrap: (inner: string) => string): string {
    const paths: Paths = new Map(
      [...message.matchAll(/<propSet>(.*?)<\/propSet>/g)].map(([, set = ""]) => [
        inside(set, "type"),
        [...set.matchAll(/<pathSet>(.*?)<\/pathSet>/g)].map(([, path = ""]) => path),
      ]),
    );
    const unknown = options.unknownPaths?.find((path) => [...paths.values()].flat().includes(path));
    if (unknown !== undefined) return fault("InvalidProperty", `<name>${unknown.split(".").at(-1) ?? ""}</name>`);
    const single = [...message.matchAll(/<obj type="(\w+)">([^<]*)<\/obj>/g)].map(([, , id]) => id);
    const isManager = paths.has("AuthorizationManager") || paths.has("LicenseManager");
    const all = options.objects ?? [];
    const wanted = isManager
      ? all.filter(({ id }) => single.includes(id))
      : all.filter(({ type }) => pathsOf(type, paths) !== null);
    return wrap(page(wanted, paths, session, false));
  }

  function page(objects: readonly StubObject[], paths: Paths, session: string, isLater: boolean): string {
    const size = options.page ?? 1000;
    const token = `token-${++count}`;
    const rest = objects.slice(size);
    if (rest.length > 0) pages.set(token, { rest, paths, session });
    const contents = objects
      .slice(0, size)
      .map((object) => content(object, pathsOf(object.type, paths) ?? [], isLater));
    return `<returnval>${rest.length > 0 ? `<token>${token}</token>` : ""}${contents.join("")}</returnval>`;
  }

  function content(
    { type, id, properties, missing = {} }: StubObject,
    paths: readonly string[],
    isLater: boolean,
  ): string {
    const props = paths.flatMap((path) => {
      const value = properties[path];
      const isEmpty = isLater && path === options.withoutValue;
      return value === undefined && !isEmpty ? [] : [`<propSet><name>${path}</name>${isEmpty ? "" : value}</propSet>`];
    });
    const faults = Object.entries(missing).map(
      ([path, name]) =>
        `<missingSet><path>${path}</path><fault><fault xsi:type="${name}"><privilegeId>System.Read</privilegeId></fault>` +
        `<localizedMessage/></fault></missingSet>`,
    );
    return `<objects><obj type="${type}">${id}</obj>${props.join("")}${faults.join("")}</objects>`;
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { fingerprint, fingerprint256 } = issued.certificate;
  const fingerprints = { sha1: fingerprint, sha256: fingerprint256 };
  return {
    port,
    url: `https://127.0.0.1:${port}`,
    pem: issued.pem,
    fingerprints,
    calls,
    bodies,
    actions,
    sessions,
    server,
  };
}

type Paths = ReadonlyMap<string, readonly string[]>;

const SUPERTYPES: Readonly<Record<string, string>> = {
  ClusterComputeResource: "ComputeResource",
  StoragePod: "Folder",
  VmwareDistributedVirtualSwitch: "DistributedVirtualSwitch",
};

function pathsOf(type: string, paths: Paths): readonly string[] | null {
  return paths.get(type) ?? paths.get(SUPERTYPES[type] ?? "") ?? null;
}

function inside(message: string, element: string): string {
  const found = new RegExp(`<${element}[^>]*>(.*?)</${element}>`, "s").exec(message)?.[1] ?? "";
  return found.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

export function envelope(body: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    `<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
  );
}

function serviceContent(about: StubOptions["about"]): string {
  const facts = { version: "7.0.3", apiType: "VirtualCenter", apiVersion: "7.0.3.0", ...about };
  return [
    ref("Folder", "group-d1", "rootFolder"),
    ref("PropertyCollector", "propertyCollector", "propertyCollector"),
    ref("ViewManager", "ViewManager", "viewManager"),
    `<about>${Object.entries(facts)
      .map(([key, value]) => `<${key}>${value}</${key}>`)
      .join("")}</about>`,
    ref("SessionManager", "SessionManager", "sessionManager"),
    ref("AuthorizationManager", "AuthorizationManager", "authorizationManager"),
    ref("LicenseManager", "LicenseManager", "licenseManager"),
  ].join("");
}
