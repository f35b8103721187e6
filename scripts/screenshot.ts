/**
 * `npm run screenshot` creates the image of the README: the first screen of the HTML report on the example with errors,
 * in the Chromium at PREFLIGHT_CHROMIUM (/usr/bin/chromium).
 */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const PICTURE = join(ROOT, ".github/images/html-report.png");

const folder = await mkdtemp(join(tmpdir(), "preflight-screenshot-"));
try {
  const page = join(folder, "report.html");
  const files = ["deployment.yaml", "--inventory", "inventory.json"];
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(ROOT, "dist/preflight.js"),
      ...files,
      "--no-live",
      "--now",
      "2026-11-22T12:00:00Z",
      "--format",
      `html=${page}`,
    ],
    { cwd: join(ROOT, "fixtures/example/mistakes"), encoding: "utf8" },
  );
  if (status !== 1)
    throw new Error(`The example's mistakes must fail the gate; exit code ${String(status)}: ${stderr}`);
  const browser = await chromium.launch({
    executablePath: process.env["PREFLIGHT_CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const tab = await browser.newPage({ viewport: { width: 1200, height: 780 }, colorScheme: "light" });
  await tab.goto(pathToFileURL(page).href);
  await mkdir(dirname(PICTURE), { recursive: true });
  await tab.screenshot({ path: PICTURE });
  await browser.close();
} finally {
  await rm(folder, { recursive: true });
}
