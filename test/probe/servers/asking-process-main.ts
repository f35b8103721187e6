import { createRequire } from "node:module";

import { createProber } from "../../../src/probe/prober.ts";
import { parseAllowedTargets } from "../../../src/values/network/probe-targets.ts";
import type { AskingOrder, AskingReport } from "./asking-process.ts";

const allow = ["127.0.0.0/8", "::1/128"].flatMap((text) => parseAllowedTargets(text) ?? []);
const order = JSON.parse(process.argv[2] ?? "") as AskingOrder;
const answers = order.scheduled
  ? await createProber({ ...order.options, allow }).query(order.questions)
  : (
      await Promise.all(order.questions.map((question) => createProber({ ...order.options, allow }).query([question])))
    ).flat();

// Node lets sockets that were closed go a few turns later.
for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
const nodes = (process as unknown as { readonly moduleLoadList: readonly string[] }).moduleLoadList;
const report: AskingReport = {
  answers,
  left: process.getActiveResourcesInfo(),
  modules: [...Object.keys(createRequire(import.meta.url).cache), ...nodes],
};
process.stdout.write(JSON.stringify(report));
