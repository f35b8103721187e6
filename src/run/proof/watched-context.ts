import type { Rule } from "../../engine/api/rule.ts";
import type { Described } from "../../site/core/description.ts";

type Context = Parameters<Rule["check"]>[1];

/** Notified of a rule's use of its context. */
export interface ContextObserver {
  /** Runs a request of the rule, such as `esxi of host esxi01`; the outermost one is that of the rule itself. */
  readonly request: <T>(text: string, ask: () => T) => T;
  readonly option: (name: string) => void;
  readonly time: () => void;
}

/** The request of a rule that is in progress. */
export class CurrentRequest {
  #text: string | null = null;

  /** The outermost request, made by the rule itself; null between requests. */
  get text(): string | null {
    return this.#text;
  }

  /** Answers a request of the rule. */
  during<T>(text: string, ask: () => T): T {
    const before = this.#text;
    this.#text ??= text;
    try {
      return ask();
    } finally {
      this.#text = before;
    }
  }
}

/** The context of a rule with its requests observed. */
export function watchedContext(context: Context, observer: ContextObserver): Context {
  const { need, known, needEntries } = context;
  const asking = <T>(object: Described, field: string, ask: () => T): T =>
    observer.request(`${field} of ${object.kind} ${object.name}`, ask);
  return {
    ...context,
    need: (object, field, options) => asking(object, field, () => need(object, field, options)),
    known: (object, field) => asking(object, field, () => known(object, field)),
    needEntries: (object, field) => asking(object, field, () => needEntries(object, field)),
    options: new Proxy(context.options, {
      get: (target, name, receiver) => {
        if (typeof name === "string") observer.option(name);
        return Reflect.get(target, name, receiver) as unknown;
      },
    }),
    get now() {
      observer.time();
      return context.now;
    },
  };
}
