/**
 * Targets of connections of a process: `udp 10.44.0.10:53` to a port on 127.0.0.1; to `silent`, which never answers; or
 * to none, because this machine has `no-way` there (as to IPv6 addresses without IPv6).
 */
export type Routes = Readonly<Record<string, number | "silent" | "no-way">>;

export interface PretendNetwork {
  readonly routes?: Routes;
  /** The DNS servers that the system appears to have configured. */
  readonly systemResolvers?: readonly string[];
  /** A file that gets a line for each connection, as the keys of `routes` are written. */
  readonly log?: string;
}

/**
 * Surroundings for a Node process that keep it on this machine: what it sends to an address of `routes` goes to a port on
 * 127.0.0.1; what it sends to any other address than those of the loopback interface is refused at once; looking a name
 * up with the system's help is a crash. So tests run with the addresses of documents, and nothing ever leaves.
 */
export function pretendNetwork(network: PretendNetwork): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(PRELOAD)}`,
    PRETEND_NETWORK: JSON.stringify(network),
  };
}

const PRELOAD = `
import dgram from "node:dgram";
import dns from "node:dns";
import { appendFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import tls from "node:tls";

const { routes = {}, systemResolvers = [], log } = JSON.parse(process.env.PRETEND_NETWORK);
const isHere = (host) => host === "::1" || /^127[.]/.test(host);
const failures = { refused: "ECONNREFUSED", "no-way": "ENETUNREACH" };
const failure = (to) => Object.assign(new Error(failures[to]), { code: failures[to] });

/** The port to go to, "here" for an address of this machine, or what happens instead. */
function way(protocol, host, port) {
  const key = protocol + " " + (host.includes(":") ? "[" + host + "]" : host) + ":" + port;
  if (log !== undefined) appendFileSync(log, key + "\\n");
  return Object.hasOwn(routes, key) ? routes[key] : isHere(host) ? "here" : "refused";
}

const createSocket = dgram.createSocket;
dgram.createSocket = (options, ...rest) => {
  const socket = createSocket(options, ...rest);
  const connect = socket.connect;
  socket.connect = (port, host, ...more) => {
    const to = way("udp", host, port);
    if (to === "here") connect.call(socket, port, host, ...more);
    else if (typeof to === "number") connect.call(socket, to, "127.0.0.1", ...more);
    else if (to !== "silent") process.nextTick(() => socket.emit("error", failure(to)));
  };
  return socket;
};

const connectTcp = net.connect;
net.connect = ({ host, port, ...options }, ...rest) => {
  const to = way("tcp", host, port);
  if (to === "here") return connectTcp({ host, port, ...options }, ...rest);
  if (typeof to === "number") return connectTcp({ ...options, host: "127.0.0.1", port: to, family: 4 }, ...rest);
  const socket = new net.Socket();
  // What is written meanwhile waits for the connection.
  socket.connecting = true;
  if (to !== "silent") process.nextTick(() => socket.destroy(failure(to)));
  return socket;
};

// Of node:https, whose connections would otherwise leave the machine.
const connectTls = tls.connect;
tls.connect = (options, ...rest) => {
  const { socket = net.connect({ host: options.host, port: options.port }) } = options;
  return connectTls({ ...options, socket }, ...rest);
};

dns.getServers = () => systemResolvers;
dns.lookup = (name) => {
  throw new Error("The system was asked for " + name);
};
syncBuiltinESMExports();
`;
