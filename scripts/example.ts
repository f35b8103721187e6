/**
 * `npm run example`: four runs of the built program over the example site, from files only and against servers that
 * this script runs on 127.0.0.1. Exits with 0 only if each run ended with the expected exit code.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeLiveCopy } from "./example/live-copy.ts";
import { startStandIns } from "./example/stand-ins.ts";
import { siteZone, siteZoneWithWrongPort } from "./example/zone.ts";
import type { Zone } from "./example/zone.ts";
import { shellQuote } from "../src/values/text/shell-quote.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PROGRAM = join("dist", "preflight.js");
const CLEAN = siteFiles("clean");
const MISTAKES = siteFiles("mistakes");

/**
 * Off in the live runs: it connects to the nodes themselves, at the addresses of the deployment on port 5061. Nothing
 * can replace those here, and an example must not contact addresses in a real network.
 */
const ONLY_STAND_INS = ["--rule", "tls/served-certificate: off"];
/** Two days after the inventories were collected. Live, the time is that of the servers, and the inventory is old. */
const AT = ["--now", "2026-11-22T08:00:00Z"];
const OLD_INVENTORY = ["--rule", "inventory/age: off"];

let child: ChildProcess | undefined;
let stoppedBy: NodeJS.Signals | undefined;

// Ctrl-C reaches the child as well, which then writes its report and ends; here it only prevents the next run, so that
// servers and files are cleaned up as usual.
process.on("SIGINT", () => (stoppedBy = "SIGINT"));
process.on("SIGTERM", () => {
  stoppedBy = "SIGTERM";
  child?.kill("SIGTERM");
});

async function main(): Promise<boolean> {
  if (!existsSync(join(ROOT, PROGRAM))) {
    console.error(`${PROGRAM} is not there yet; run "npm run build" first.`);
    return false;
  }
  const asExpected: boolean[] = [];

  heading("1 of 4: the site as it should be, from files alone");
  asExpected.push(await preflight([...CLEAN, "--no-live", ...AT], 0));

  heading("2 of 4: the same site after typical mistakes, from files alone");
  asExpected.push(await preflight([...MISTAKES, "--no-live", ...AT], 1));

  heading("3 of 4: the site as it should be, live");
  asExpected.push(await livePreflight({ zone: siteZone(), thirdNtpServerOff: false }, 0));

  heading("4 of 4: live, with the third NTP server switched off and a wrong port in one SRV record of _sips._tcp");
  asExpected.push(await livePreflight({ zone: siteZoneWithWrongPort(), thirdNtpServerOff: true }, 1));

  const unexpected = asExpected.filter((expected) => !expected).length;
  heading(unexpected === 0 ? "All four runs ended as expected." : `${unexpected} of 4 runs did not end as expected.`);
  return unexpected === 0;
}

/** A run against servers on this machine, with a copy of the clean deployment that names them. */
async function livePreflight(
  faults: { zone: Zone; thirdNtpServerOff: boolean },
  expectedExitCode: number,
): Promise<boolean> {
  const [deployment, ...options] = CLEAN;
  const standIns = await startStandIns(faults);
  try {
    const copy = await writeLiveCopy(join(ROOT, deployment), standIns);
    try {
      console.log(
        "A temporary copy of the deployment asks servers on this machine in place of the site's; it differs in:",
      );
      for (const { key, from, to } of copy.changes) console.log(`  ${key}: ${from ?? "(added)"} -> ${to}`);
      console.log(
        "The rule tls/served-certificate is off: it would connect to the nodes themselves, and nothing stands in for them.",
      );
      return await preflight(
        [copy.deployment, "--allow-probe", "127.0.0.0/8", ...options, ...ONLY_STAND_INS, ...OLD_INVENTORY],
        expectedExitCode,
      );
    } finally {
      await copy.remove();
    }
  } finally {
    await standIns.close();
  }
}

/** Runs the built program in this terminal; true if it ends with the expected exit code. */
async function preflight(args: readonly string[], expectedExitCode: number): Promise<boolean> {
  stopIfAsked();
  console.log(`$ node ${[PROGRAM, ...args].map(shellQuote).join(" ")}\n`);
  const started = spawn(process.execPath, [PROGRAM, ...args], { cwd: ROOT, stdio: "inherit" });
  child = started;
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    started.on("error", reject);
    started.on("exit", resolve);
  });
  child = undefined;
  stopIfAsked();
  const asExpected = exitCode === expectedExitCode;
  const wanted = asExpected ? "as expected" : `but ${expectedExitCode} was expected`;
  console.log(`\nExit code ${exitCode ?? "none (ended by a signal)"}, ${wanted}.`);
  return asExpected;
}

class Stopped extends Error {}

function stopIfAsked(): void {
  if (stoppedBy !== undefined) throw new Stopped(`Stopped by ${stoppedBy}.`);
}

function siteFiles(name: "clean" | "mistakes"): readonly [string, ...string[]] {
  const folder = join("fixtures", "example", name);
  return [join(folder, "deployment.yaml"), "--inventory", join(folder, "inventory.json")];
}

function heading(text: string): void {
  console.log(`\n== ${text} ==\n`);
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  if (!(error instanceof Stopped)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = stoppedBy === "SIGTERM" ? 143 : 130;
}
