import { basename, dirname } from "node:path";
import { findProject } from "../../input/project/find-sites.ts";
import { foundInventory } from "../../input/project/found-inventory.ts";
import { readProject } from "../../input/project/read-project.ts";
import { checkWithBasis } from "../../run/check.ts";
import type { CheckOptions } from "../../run/options.ts";
import { readRun } from "../../run/read-run.ts";
import type { Check, RunReport } from "../../schema/report.generated.ts";
import type { Document } from "../../site/core/document.ts";
import type { Site } from "../../site/site.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import type { PluginWatch } from "../../run/options.ts";

/** Settings of a client, all optional. */
export interface Settings {
  /**
   * Inventory files and exports, relative to the deployment; by default those of its site in the project file, else the
   * one beside it.
   */
  readonly inventories: readonly string[] | null;
  /** A config file, which is then trusted to load plugins; false = none; by default, the nearest one. */
  readonly config: string | false | undefined;
}

/** A deployment text that could be read, with its checks. */
export interface Analysis {
  readonly text: string;
  readonly report: RunReport;
  readonly site: Site;
  /** The deployment, configs and inventories. */
  readonly documents: readonly Document[];
  /** The checks whose rules read a value of the deployment, by its path as text; computed on first use. */
  readonly readers: () => Promise<ReadonlyMap<string, readonly Check[]>>;
}

/** The results for the text in an editor. */
export interface Findings {
  readonly text: string;
  /** The errors of the files; empty if `analysis` is of this text. */
  readonly errors: readonly PreflightError[];
  /** Analysis of the last readable text; null if there was none. */
  readonly analysis: Analysis | null;
}

/** Evaluates the static rules for the text of one deployment; contacts no servers and writes no files. */
export class Session {
  readonly folder: string;
  readonly name: string;
  readonly #file: string;
  #last: Analysis | null = null;

  constructor(
    file: string,
    private readonly settings: Settings,
    private readonly pluginWatch: PluginWatch,
  ) {
    this.#file = file;
    this.folder = dirname(file);
    this.name = basename(file);
  }

  async evaluate(text: string): Promise<Findings> {
    try {
      const options = await this.#options(text);
      const { report, inputs, basis } = await checkWithBasis(options);
      const read = await readRun(options);
      const site = inputs.errors.length > 0 ? null : (read.siteWith?.([]) ?? null);
      if (site === null) return { text, errors: inputs.errors, analysis: this.#last };
      let readers: Promise<ReadonlyMap<string, readonly Check[]>> | null = null;
      const find = async () => {
        const { readersOf } = await import("../../run/proof/explain-checks.ts");
        return readersOf(report, basis, this.name);
      };
      this.#last = { text, report, site, documents: read.documents, readers: () => (readers ??= find()) };
      return { text, errors: [], analysis: this.#last };
    } catch (error) {
      const errors = error instanceof PreflightErrors ? error.errors : error instanceof PreflightError ? [error] : null;
      if (errors === null) throw error;
      return { text, errors, analysis: this.#last };
    }
  }

  async #options(text: string): Promise<CheckOptions> {
    const inventories = this.settings.inventories ?? (await this.#ofProject());
    const found = inventories === null ? foundInventory(this.name, this.folder, false) : null;
    return {
      ...{ deployment: this.name, deploymentBytes: Buffer.from(text), cwd: this.folder },
      ...{
        inventories: inventories ?? [],
        config: this.settings.config,
        ...(found !== null && { foundInventory: found }),
      },
      ...{ live: false, only: [], severities: [], now: null, excerpts: false, pluginWatch: this.pluginWatch },
    };
  }

  /**
   * The inventories that the project file lists for the deployment; null if it lists none, or does not list the
   * deployment.
   */
  async #ofProject(): Promise<readonly string[] | null> {
    const project = findProject(this.folder, this.folder);
    if (project === null) return null;
    const { value: sites, inputs } = await readProject(project, this.folder);
    if (inputs.errors.length > 0) throw new PreflightErrors(inputs.errors);
    return sites.find(({ deployment }) => deployment === this.#file)?.inventories ?? null;
  }
}
