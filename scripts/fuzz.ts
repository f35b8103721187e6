/**
 * Searches for inputs that break a reader: npm run fuzz [-- TARGET|all] [--minutes N] [--seed N]. An input that takes a
 * new path through the code is mutated further. Inputs that break a reader are written to the corpus, which the tests
 * read; the fix goes into the same change.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Coverage } from "./fuzz/coverage.ts";
import { CORPUS, corpusOf } from "../test/fuzz/corpus.ts";
import { mutated, Random } from "../test/fuzz/mutations.ts";
import { TARGETS } from "../test/fuzz/targets.ts";

/** An input of at most 256 KB that takes longer is a finding. */
const SLOW_MS = 5000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: "string", default: "1" }, seed: { type: "string", default: String(Date.now() | 0) } },
});
const [wanted = "all"] = positionals;
const names = wanted === "all" ? Object.keys(TARGETS) : [wanted];
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (names.some((name) => !(name in TARGETS)) || !(minutes > 0) || !Number.isInteger(seed)) {
  console.error(`Usage: npm run fuzz [-- ${["all", ...Object.keys(TARGETS)].join("|")}] [--minutes N] [--seed N]`);
  process.exit(2);
}

console.log(`Seed ${seed}; ${minutes} minutes for ${names.length === 1 ? wanted : `${names.length} targets together`}`);
const random = new Random(seed);
const coverage = await Coverage.start();
let found = 0;
for (const name of names) {
  const target = TARGETS[name];
  const corpus = [...corpusOf(name)];
  if (target === undefined || corpus.length === 0) continue;
  const given = corpus.length;
  for (const input of corpus) await Promise.resolve(target(input)).catch(() => undefined);
  await coverage.isNew();
  const end = Date.now() + (minutes * 60_000) / names.length;
  let count = 0;
  for (; Date.now() < end; count++) {
    const input = mutated(random.of(corpus), corpus, random);
    const start = performance.now();
    try {
      await target(input);
      if (await coverage.isNew()) corpus.push(input);
      if (performance.now() - start > SLOW_MS) throw new Error(`took ${Math.round(performance.now() - start)} ms`);
    } catch (error) {
      found++;
      const file = join(CORPUS, name, `found-${createHash("sha256").update(input).digest("hex").slice(0, 12)}`);
      mkdirSync(join(CORPUS, name), { recursive: true });
      writeFileSync(file, input);
      console.error(`${name}: ${file}\n`, error);
      if (found === 10) process.exit(1);
    }
  }
  console.log(
    `${name}: ${count} inputs, ${corpus.length - given} of which took a way through the code that none before them did`,
  );
}
process.exitCode = found === 0 ? 0 : 1;
