import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { check } from "../../run/check.ts";
import type { CheckOptions } from "../../run/options.ts";
import { readRun } from "../../run/read-run.ts";
import type { RunReport } from "../../schema/report.generated.ts";
import type { Document } from "../../site/core/document.ts";
import type { Site } from "../../site/site.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import type { PluginWatch } from "../../run/options.ts";

/** What a client may set; all of it is optional. */
export interface Settings {
  /** Inventory files and exports, relative to the deployment; without it, `inventory.json`, `.yaml` or `.yml` beside it. */
  readonly inventories: readonly string[] | null;
  /** A config file, which is then trusted to load plugins; false = none; without it, the nearest one. */
  readonly config: string | false | undefined;
}

/** A deployment text that could be read, with its checks. */
export interface Analysis {
  readonly text: string;
  readonly report: RunReport;
  readonly site: Site;
  /** The deployment, configs and inventories. */
  readonly documents: readonly Document[];
}

/** What is known of the text in an editor. */
export interface Findings {
  readonly text: string;
  /** What is wrong with the files; empty when `analysis` is of this very text. */
  readonly errors: readonly PreflightError[];
  /** Of the last text that could be read; null while there was none. */
  readonly analysis: Analysis | null;
}

/** Evaluates the static rules for the text of one deployment; no server is contacted, and nothing is written. */
export class Session {
  readonly folder: string;
  readonly name: string;
  #last: Analysis | null = null;

  constructor(
    file: string,
    private readonly settings: Settings,
    private readonly pluginWatch: PluginWatch,
  ) {
    this.folder = dirname(file);
    this.name = basename(file);
  }

  async evaluate(text: string): Promise<Findings> {
    try {
      const options = this.#options(text);
      const { report, inputs } = await check(options);
      const read = await readRun(options);
      const site = inputs.errors.length > 0 ? null : (read.siteWith?.([]) ?? null);
      if (site === null) return { text, errors: inputs.errors, analysis: this.#last };
      this.#last = { text, report, site, documents: read.documents };
      return { text, errors: [], analysis: this.#last };
    } catch (error) {
      const errors = error instanceof PreflightErrors ? error.errors : error instanceof PreflightError ? [error] : null;
      if (errors === null) throw error;
      return { text, errors, analysis: this.#last };
    }
  }

  #options(text: string): CheckOptions {
    const beside = ["inventory.json", "inventory.yaml", "inventory.yml"].filter((name) =>
      existsSync(join(this.folder, name)),
    );
    return {
      ...{ deployment: this.name, deploymentBytes: Buffer.from(text), cwd: this.folder },
      ...{ inventories: this.settings.inventories ?? beside.slice(0, 1), config: this.settings.config },
      ...{ live: false, only: [], severities: [], now: null, excerpts: false, pluginWatch: this.pluginWatch },
    };
  }
}
