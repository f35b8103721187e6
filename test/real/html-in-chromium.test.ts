import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunReport } from "../../src/schema/report.generated.ts";
import { html } from "../../src/report/html/html.ts";
import { datasheetHtml } from "../../src/report/datasheet/html.ts";
import { projectComparisonFormats } from "../../src/report/project/comparison.ts";
import { projectHtml } from "../../src/report/project/html.ts";
import { compareReports } from "../../src/engine/comparison/compare.ts";
import { compareAcross } from "../../src/engine/comparison/cross-site.ts";
import type { ProjectReport } from "../../src/schema/project/project-report.generated.ts";
import { checkProject } from "../../src/run/project/check-project.ts";
import { check, checkWithBasis } from "../../src/run/check.ts";
import { datasheetRun } from "../../src/run/datasheet/datasheet.ts";
import { explainedReport } from "../../src/run/proof/explain-checks.ts";
import { largeReport, liveReport } from "../report/html/samples.ts";
import { isReport } from "../../src/input/validation/report-validator.generated.ts";
import { freePaths, HOSTILE, replaced } from "../report/inert-outputs.ts";
import { cleanReport, crashedReport, failingReport, hostileReport, waivedReport } from "../report/sample-report.ts";
import { describeReal } from "./real-server.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "fixtures", "example", "mistakes");
/** What Jenkins serves archived pages with, unless its administrator changes it. */
const JENKINS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'";
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
/** A busy machine draws late; nothing is learnt from how late. */
const PATIENT = { timeout: 20_000 };
const WIDTHS = [360, 1280, 1600] as const;
/** Two screens of a phone. */
const TWO_SCREENS = 1600;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function exampleReport(inventories: readonly string[]): Promise<RunReport> {
  const files = { deployment: "deployment.yaml", inventories, cwd: EXAMPLE };
  const choice = { live: false, only: [], severities: [], inconclusive: "fail", maxWarnings: null } as const;
  return (await check({ ...files, ...choice, now: Date.UTC(2026, 10, 22, 12) })).report;
}

const REPORTS: Readonly<Record<string, () => RunReport | Promise<RunReport>>> = {
  mistakes: () => exampleReport(["inventory.json"]),
  "no-inventory": () => exampleReport([]),
  clean: cleanReport,
  failing: failingReport,
  crashed: crashedReport,
  waived: waivedReport,
  live: liveReport,
  hostile: hostileReport,
  "300-nodes": () => largeReport(300),
};
const NAMES = Object.keys(REPORTS);

/** Pages that are not generated only from a report. */
const MADE: Readonly<Record<string, () => Promise<Iterable<string>>>> = {
  explained: async () => {
    const result = await checkWithBasis(exampleOptions);
    return html(await explainedReport(result.report, result.basis, { which: "all", pageOf: () => null }));
  },
  sites: async () => projectHtml(await twoSites()),
  "sites-compared": async () => {
    const [before, after] = [await twoSites(), await twoSites()];
    const sites = after.sites.map(({ name, report }, index) => ({
      ...{ name, reason: null },
      comparison: compareReports(
        { report: before.sites[1 - index]?.report ?? report, path: "before.json" },
        { report, path: null },
      ),
    }));
    const cross_site = compareAcross(before, { ...after, cross_site: null });
    return projectComparisonFormats.html({
      ...{ schema_version: 2, before: "before.json", after: "after.json" },
      sites,
      cross_site,
    });
  },
  datasheet: async () => {
    const { datasheet } = await datasheetRun(exampleOptions);
    if (datasheet === null) throw new Error("the example cannot be read");
    return datasheetHtml(datasheet);
  },
};
/** The example as two sites, which share all their names and addresses. */
async function twoSites(): Promise<ProjectReport> {
  const folders = ["mistakes", "clean"].map((name) => ({ name, cwd: join(EXAMPLE, "..", name) }));
  const runs = folders.map(({ name, cwd }) => ({ name, category: name, options: { ...exampleOptions, cwd } }));
  return (await checkProject(runs, { project: null, omitted: [] })).report;
}

const OF_SITES = ["sites", "sites-compared"];
const PAGES = [...NAMES, ...Object.keys(MADE)];

const exampleOptions = {
  ...{ deployment: "deployment.yaml", inventories: ["inventory.json"], cwd: EXAMPLE, config: false as const },
  ...{ live: false, only: [], severities: [], now: Date.UTC(2026, 10, 22, 12) },
};

/**
 * Run in the page: every text whose contrast to its background is less than WCAG 2.1 requires (1.4.3: 4.5, or 3 for
 * large text), with the ratio. Texts of pictures are measured against the surface that their boxes are filled with.
 */
const LOW_CONTRAST = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(rgba(getComputedStyle(at).backgroundColor));
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const light = (color) => {
    const [r, g, b] = color.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join("").trim();
    if (text === "" || !element.checkVisibility() || element.closest("title,symbol,.skip")) continue;
    const style = getComputedStyle(element);
    const color = rgba(element instanceof SVGElement ? style.fill : style.color);
    const back = behind(element);
    const [a, b] = [light(over(color, back)), light(back)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) found.push(ratio.toFixed(2) + " " + element.tagName + "." + element.getAttribute("class") + " " + text.slice(0, 40));
  }
  return [...new Set(found)];
})()`;

/** Run in the page: what is cut off at a side without a way to scroll there: texts of pictures, hashes, and boxes that hide. */
const CLIPPED = `(() => {
  const found = [];
  const name = (element) => element.tagName + " " + (element.textContent ?? "").trim().slice(0, 40);
  for (const picture of document.querySelectorAll("svg.picture")) {
    const frame = picture.getBoundingClientRect();
    if (frame.width === 0) continue;
    if (frame.right > document.documentElement.clientWidth) found.push("picture");
    for (const text of picture.querySelectorAll("text")) {
      const { left, right, bottom } = text.getBoundingClientRect();
      if (left < frame.left - 1 || right > frame.right + 1 || bottom > frame.bottom + 1) found.push(name(text));
    }
  }
  for (const hash of document.querySelectorAll("code.hash")) {
    const { right } = hash.getBoundingClientRect();
    if (right > hash.closest("section").getBoundingClientRect().right) found.push(name(hash));
  }
  for (const element of document.body.querySelectorAll("*")) {
    const { overflowX } = getComputedStyle(element);
    const canScroll = element.matches(".scroll,pre") || element.closest(".word,caption,.skip") !== null;
    if (canScroll || element instanceof SVGElement || !element.checkVisibility()) continue;
    if (overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1) found.push(name(element));
  }
  return found;
})()`;

const OPEN_ALL = `document.querySelectorAll("details").forEach((details) => { details.open = true; })`;
const OVERFLOW = `document.documentElement.scrollWidth - document.documentElement.clientWidth`;

describeReal("the HTML report in Chromium", ["chromium"], ([executablePath = ""]) => {
  const pages = new Map<string, string>();
  const asked: string[] = [];
  let server: Server;
  let context: BrowserContext;
  let profile: string;
  let origin: string;

  beforeAll(async () => {
    for (const [name, make] of Object.entries(REPORTS)) pages.set(`/${name}.html`, [...html(await make())].join(""));
    for (const [name, make] of Object.entries(MADE)) pages.set(`/${name}.html`, [...(await make())].join(""));
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
      asked.push(pathname);
      const body = pages.get(pathname);
      if (searchParams.has("jenkins")) response.setHeader("content-security-policy", JENKINS);
      response.writeHead(body === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    profile = mkdtempSync(join(tmpdir(), "preflight-chromium-"));
    const args = [...QUIET, "--disable-component-update", "--disable-sync"];
    context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args });
  }, 60_000);
  afterAll(async () => {
    await context.close();
    server.close();
    rmSync(profile, { recursive: true, force: true });
  });

  /** Opens a page, passes it on with its console output, and closes it. */
  async function visit(
    path: string,
    view: { readonly width?: number; readonly scheme?: "light" | "dark" },
    look: (page: Page, said: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const page = await context.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    try {
      await page.setViewportSize({ width: view.width ?? 1600, height: 900 });
      await page.emulateMedia({ colorScheme: view.scheme ?? "light" });
      await page.goto(`${origin}${path}`);
      await look(page, said);
    } finally {
      await page.close();
    }
  }

  it.each(PAGES)("%s requests only itself, logs nothing, and never scrolls sideways", async (name) => {
    for (const width of WIDTHS) {
      asked.length = 0;
      await visit(`/${name}.html`, { width }, async (page, said) => {
        expect(await page.evaluate(OVERFLOW), `${width}`).toBe(0);
        await page.evaluate(OPEN_ALL);
        expect(await page.evaluate(OVERFLOW), `${width}, unfolded`).toBe(0);
        expect(said).toEqual([]);
      });
      expect(asked).toEqual([`/${name}.html`]);
    }
  });

  it.each(PAGES)("%s clips nothing, light and dark", async (name) => {
    for (const width of WIDTHS) {
      for (const scheme of ["light", "dark"] as const) {
        await visit(`/${name}.html`, { width, scheme }, async (page) => {
          await page.evaluate(OPEN_ALL);
          expect(await page.evaluate(CLIPPED), `${width} ${scheme}`).toEqual([]);
        });
      }
    }
  });

  it("has the same elements and no effects, for any text in a report", async () => {
    const sample = failingReport();
    const paths = freePaths(sample, isReport);
    const words = [["harmless", "any text ".repeat(20).trim()] as const, ...HOSTILE];
    for (const [index, [, text]] of words.entries()) {
      pages.set(`/text-${index}.html`, [...html(replaced(sample, paths, text))].join(""));
    }
    // A long word may be broken at its points, and lines of a fix after the first are commands.
    const elements = `[...document.querySelectorAll("*")].filter((it) => !it.matches("wbr,pre,code,pre *"))
      .map((it) => it.tagName + " " + it.getAttributeNames().join(" "))`;
    let harmless: unknown;
    const page = await context.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("dialog", (dialog) => {
      said.push(dialog.message());
      void dialog.dismiss();
    });
    asked.length = 0;
    for (const [index, [what, text]] of words.entries()) {
      await page.goto(`${origin}/text-${index}.html`);
      const found = await page.evaluate(elements);
      harmless ??= found;
      if (text !== "") expect(found, what).toEqual(harmless);
    }
    expect(said).toEqual([]);
    expect(asked).toEqual(words.map((_, index) => `/text-${index}.html`));
    await page.close();
  });

  it("finds clipped content", async () => {
    await visit("/failing.html", {}, async (page) => {
      await page.evaluate(
        `document.querySelector("h1").style.cssText = "overflow:hidden;width:2rem;white-space:nowrap"`,
      );
      expect(await page.evaluate(CLIPPED)).not.toEqual([]);
    });
  });

  it.each(["mistakes", "failing", "300-nodes", "no-inventory"])("%s answers first", async (name) => {
    const bottom = `document.querySelector(".answers li").getBoundingClientRect().bottom`;
    await visit(`/${name}.html`, { width: 1280 }, async (page) => {
      expect(await page.evaluate(bottom)).toBeLessThan(900);
    });
    await visit(`/${name}.html`, { width: 360 }, async (page) => {
      expect(await page.evaluate(bottom)).toBeLessThan(TWO_SCREENS);
    });
  });

  it.each([...NAMES, ...OF_SITES])(
    "%s has no violation that axe-core finds",
    async (name) => {
      for (const scheme of ["light", "dark"] as const) {
        await visit(`/${name}.html`, { width: 1280, scheme }, async (page) => {
          await page.evaluate(AXE);
          const violations = await page.evaluate(
            `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(" ")))`,
          );
          expect(violations, scheme).toEqual([]);
        });
      }
    },
    120_000,
  );

  it.each(NAMES)("%s reads under the policy of Jenkins", async (name) => {
    asked.length = 0;
    await visit(`/${name}.html?jenkins`, {}, async (page, said) => {
      // The only style sheet is blocked; there is nothing else to block.
      expect(said.map((text) => /violates .* '([^']*)'\./.exec(text.replaceAll("'self'", "self"))?.[1])).toEqual([
        "style-src self",
      ]);
      expect(
        await page.evaluate(
          `getComputedStyle(document.body).maxWidth + getComputedStyle(document.querySelector("h1")).letterSpacing`,
        ),
      ).toBe("nonenormal");
      expect(await page.evaluate(OVERFLOW)).toBe(0);
      expect(await page.evaluate(`getComputedStyle(document.querySelector(".k-failed")).fill`)).toBe(
        "rgb(179, 38, 30)",
      );
      expect(await page.evaluate(`document.querySelector("h2").innerText`)).toMatch(
        /Gate passed|Gate failed|No verdict/,
      );
    });
    expect(asked).toEqual([`/${name}.html`]);
  });

  it.each([...NAMES, "datasheet", ...OF_SITES])("%s has enough contrast, light and dark", async (name) => {
    for (const scheme of ["light", "dark"] as const) {
      await visit(`/${name}.html`, { scheme }, async (page) => {
        await page.evaluate(OPEN_ALL);
        expect(await page.evaluate(LOW_CONTRAST), scheme).toEqual([]);
        const back = await page.evaluate(`getComputedStyle(document.body).backgroundColor`);
        expect(back).toBe(scheme === "light" ? "rgb(246, 247, 249)" : "rgb(18, 21, 25)");
      });
    }
  });

  it("finds low contrast", async () => {
    await visit("/clean.html", {}, async (page) => {
      await page.evaluate(`document.querySelector(".facts").style.color = "#b0b0b0"`);
      expect(await page.evaluate(LOW_CONTRAST)).not.toEqual([]);
    });
  });

  it("can be used by keyboard: the skip link, what folds, what scrolls", async () => {
    await visit("/mistakes.html", { width: 360 }, async (page) => {
      await page.keyboard.press("Tab");
      expect(await page.evaluate(`document.activeElement.innerText`)).toBe("Skip to the findings");
      expect(await page.evaluate(`document.activeElement.getBoundingClientRect().left >= 0`)).toBe(true);
      await page.keyboard.press("Enter");
      expect(await page.evaluate("location.hash")).toBe("#findings");
      await page.locator("summary").first().focus();
      await page.keyboard.press("Enter");
      expect(await page.evaluate(`document.querySelector("details").open`)).toBe(true);
      expect(await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`)).toBe("solid");
      // The picture has a form that fits; wide tables scroll.
      await page.locator(".scroll").first().focus();
      await page.keyboard.press("ArrowRight");
      await expect
        .poll(() => page.evaluate(`document.querySelector(".scroll").scrollLeft`), PATIENT)
        .toBeGreaterThan(0);
    });
  });

  it("exposes its landmarks, pictures and tables to assistive technology", async () => {
    await visit("/failing.html", {}, async (page) => {
      const tree = await page.locator("body").ariaSnapshot();
      expect(tree).toMatch(/^- banner:/m);
      expect(tree).toContain("- main:");
      expect(tree).toContain('- navigation "Contents":');
      expect(tree).toContain("- contentinfo:");
      expect(tree).toContain('- heading "Gate failed" [level=2]');
      expect(tree).toMatch(/- img "Locations and nodes on the left/);
      expect(tree).toContain("- code: vm/memory-multiple-of-4");
      expect(tree).toContain('- cell "✗ failed"');
    });
  });

  it("prints a summary of two pages on white, and on request all sections with what is folded", async () => {
    await visit("/mistakes.html", { scheme: "dark" }, async (page) => {
      const tall = `[...document.querySelectorAll("details table")].filter((table) => table.checkVisibility({ contentVisibilityAuto: true }) && table.getBoundingClientRect().height > 0).length`;
      expect(await page.evaluate(tall)).toBe(0);
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      expect(await page.evaluate(`getComputedStyle(document.body).backgroundColor`)).toBe("rgb(255, 255, 255)");
      const pagesOf = (pdf: Buffer) => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length;
      const summary = await page.pdf({ format: "A4" });
      expect(summary.subarray(0, 5).toString("latin1")).toBe("%PDF-");
      expect(pagesOf(summary)).toBeLessThanOrEqual(2);
      await page.evaluate(`document.querySelector("#print-all").open = true`);
      // What was not drawn before is drawn by the next frame.
      await expect.poll(() => page.evaluate(tall), PATIENT).toBeGreaterThan(3);
      expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
      expect(pagesOf(await page.pdf({ format: "A4" }))).toBeGreaterThan(5);
    });
  });

  it("is drawn at once for a thousand nodes", async () => {
    pages.set("/1000-nodes.html", [...html(largeReport(1000))].join(""));
    await visit("/1000-nodes.html", {}, async (page, said) => {
      expect(await page.evaluate(`document.querySelectorAll("svg.picture use").length`)).toBeGreaterThan(1000);
      expect(said).toEqual([]);
    });
  });
});
