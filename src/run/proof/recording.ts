import type { Rule } from "../../engine/api/rule.ts";
import type { PlannedGroup } from "../../engine/evaluation/plan.ts";
import { type FactRead, observeFacts } from "../../site/core/fact-reads.ts";
import type { CertificateFile } from "../../site/deployment/certificate.ts";
import { watchedDocument } from "../../site/core/watched-document.ts";
import type { Document } from "../../site/core/document.ts";
import type { Path } from "../../values/location.ts";
import type { SiteSources } from "../read-run.ts";
import { CurrentRequest, watchedContext } from "./watched-context.ts";

/** A value of a file that was read, or that was requested but is missing. */
export interface ReadValue {
  readonly file: string;
  readonly path: Path;
  /** Undefined if there is no such value. */
  readonly value: unknown;
  /**
   * The rule's request during which it was first read, as `esxi of host esxi01`; null if it cannot be attributed to
   * one.
   */
  readonly request: string | null;
  /** Whether it was read only while linking objects, before the check was evaluated. */
  readonly isLinked: boolean;
}

/** Records the reads of one evaluation: of documents, facts tables and options. */
export class Recording {
  readonly #values = new Map<string, ReadValue>();
  readonly #certificates = new Set<string>();
  readonly #facts = new Map<string, FactRead>();
  readonly #options = new Set<string>();
  #isEvaluating = false;
  #request = new CurrentRequest();
  #readsTime = false;

  /** In the order of first reading; without mappings and lists of which a part was read. */
  get values(): readonly ReadValue[] {
    const all = [...this.#values.values()];
    const outer = new Set(all.flatMap(({ file, path }) => path.map((_, depth) => keyOf(file, path.slice(0, depth)))));
    return all.filter(({ file, path }) => !outer.has(keyOf(file, path)) && path.length > 0);
  }

  /** Paths of certificate files, as in the deployment. */
  get certificates(): readonly string[] {
    return [...this.#certificates];
  }

  get facts(): readonly FactRead[] {
    return [...this.#facts.values()];
  }

  /** Names of the rule's options that it read. */
  get options(): ReadonlySet<string> {
    return this.#options;
  }

  /** Whether the verdict depends on the time of evaluation. */
  get readsTime(): boolean {
    return this.#readsTime;
  }

  /** The documents, with every access recorded. */
  watch(sources: SiteSources): SiteSources {
    const watched = <T extends Document>(document: T): T =>
      watchedDocument(document, (path, value) => {
        this.#note(document.path, path, value);
      });
    return {
      deployment: watched(sources.deployment),
      inventories: sources.inventories.map(watched),
      configs: sources.configs.map(watched),
      certificates: new WatchedFiles(sources.certificates, (path) => {
        if (this.#isEvaluating) this.#certificates.add(path);
      }),
    };
  }

  /** Records the reads of `work` as reads of the check. */
  async evaluating<T>(work: () => Promise<T>): Promise<T> {
    this.#isEvaluating = true;
    observeFacts((fact) => this.#facts.set(JSON.stringify([fact.table, fact.key]), fact));
    try {
      return await work();
    } finally {
      observeFacts(null);
      this.#isEvaluating = false;
    }
  }

  /** The group with a rule whose requests are recorded. */
  watchRule(group: PlannedGroup): PlannedGroup {
    const { enabled } = group;
    const { rule } = enabled;
    const observer = {
      request: <T>(text: string, ask: () => T) => this.#request.during(text, ask),
      option: (name: string) => void this.#options.add(name),
      time: () => {
        this.#readsTime = true;
      },
    };
    const check: Rule["check"] = (subject, context) => rule.check(subject, watchedContext(context, observer));
    return { ...group, enabled: { ...enabled, rule: { ...rule, check } } };
  }

  #note(file: string, path: Path, value: unknown): void {
    const key = keyOf(file, path);
    const known = this.#values.get(key);
    const isLinked = !this.#isEvaluating;
    if (
      known !== undefined &&
      (isLinked || (!known.isLinked && (known.request !== null || this.#request.text === null)))
    )
      return;
    // From now on the value counts as read by the check itself.
    if (known?.isLinked === true) this.#values.delete(key);
    this.#values.set(key, { file, path, value, request: this.#request.text, isLinked });
  }
}

/** Certificate files whose reads are recorded. */
export class WatchedFiles extends Map<string, CertificateFile> {
  readonly #note: (path: string) => void;

  constructor(files: ReadonlyMap<string, CertificateFile>, note: (path: string) => void) {
    super(files);
    this.#note = note;
  }

  override get(path: string): CertificateFile | undefined {
    this.#note(path);
    return super.get(path);
  }
}

export function keyOf(file: string, path: Path): string {
  return JSON.stringify([file, path]);
}
