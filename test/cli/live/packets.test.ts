import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { RunPlan } from "../../../src/run/plan.ts";
import type { EvidenceFile } from "../../../src/schema/evidence.generated.ts";
import { listen } from "../../probe/servers/tcp-responder.ts";
import { ADDRESSES, exampleNetwork } from "../../support/example-network.ts";
import { pretendNetwork, type Routes } from "../../support/pretend-network.ts";
import { CLEAN, preflight } from "../program.ts";

/** Servers that record each datagram or connection before the real one gets it, by the keys of `routes`. */
async function recorded(routes: Routes): Promise<{ readonly routes: Routes; readonly counts: Map<string, number> }> {
  const counts = new Map<string, number>();
  const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  const relays: Record<string, number> = {};
  for (const [key, port] of Object.entries(routes)) {
    if (typeof port !== "number") throw new Error(`${key} leads to no server`);
    relays[key] = key.startsWith("udp")
      ? await udpRelay(port, () => count(key))
      : await tcpRelay(port, () => count(key));
  }
  return { routes: relays, counts };
}

async function udpRelay(to: number, seen: () => void): Promise<number> {
  const relay = createSocket("udp4");
  relay.on("message", (message, client) => {
    seen();
    const forward = createSocket("udp4");
    forward.once("message", (reply) => relay.send(reply, client.port, client.address, () => forward.close()));
    forward.send(message, to, "127.0.0.1");
  });
  relay.bind(0, "127.0.0.1");
  await once(relay, "listening");
  onTestFinished(() => void relay.close());
  return relay.address().port;
}

function tcpRelay(to: number, seen: () => void): Promise<number> {
  const server = createServer((client) => {
    seen();
    const forward = connect(to, "127.0.0.1");
    for (const socket of [client, forward]) socket.on("error", () => undefined);
    client.pipe(forward).pipe(client);
  });
  return listen(server);
}

/** Number of contacts to each server according to the evidence. */
function attempts({ answers }: EvidenceFile): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { question, answer } of answers) {
    const server = question.kind === "dns" ? question.server : question.address;
    // The two requests of a vSphere query share a connection.
    const connections = question.kind === "vsphere" ? answer.attempts.slice(0, 1) : answer.attempts;
    for (const { transport } of connections) {
      const key = `${transport} ${server}:${question.port}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

it("sends each server what the evidence records, and contacts those that the plan lists", async () => {
  const network = await exampleNetwork();
  onTestFinished(() => network.close());
  const { routes, counts } = await recorded(network.routes);
  const folder = await mkdtemp(join(tmpdir(), "preflight-packets-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "evidence.json");
  expect(await preflight(["probe", ...CLEAN, "-o", file], { env: pretendNetwork({ routes }) })).toMatchObject({
    exitCode: 0,
  });
  const evidence = JSON.parse(await readFile(file, "utf8")) as EvidenceFile;
  const claimed = attempts(evidence);
  expect(new Map([...claimed].filter(([key]) => key in routes).sort())).toEqual(new Map([...counts].sort()));

  const { stdout } = await preflight(["plan", ...CLEAN, "--format", "json"], { env: pretendNetwork({}) });
  const { connections } = JSON.parse(stdout) as RunPlan;
  const planned = connections.map(({ to, protocol, port }) => `${protocol} ${ADDRESSES[to] ?? to}:${port}`);
  expect([...claimed.keys()].sort()).toEqual(planned.sort());
});
