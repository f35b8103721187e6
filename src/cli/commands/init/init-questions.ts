import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";
import type { Arguments } from "../../arguments/commands.ts";
import type { CliContext } from "../../cli-context.ts";
import type { CiSystem } from "./pipelines.ts";

const CI_SYSTEMS: readonly CiSystem[] = ["github", "gitlab", "azure", "jenkins"];

type Answers = Pick<Arguments<"init">, "ci" | "inventory" | "vcenter">;

/** Whether `init` can prompt: no option answers a question, and it runs on a terminal. */
export function canAsk({ ci, inventory, vcenter }: Answers, { stdin, stderr }: CliContext): boolean {
  return ci === undefined && vcenter === undefined && inventory.length === 0 && isTerminal(stdin) && stderr.isTerminal;
}

/** Prompts for the options of `init`. Enter, and the end of the input, keep the default. */
export async function askForOptions({ stdin, stderr }: CliContext): Promise<Answers> {
  const lines = new Lines(stdin);
  try {
    const ask = async (question: string): Promise<string> => {
      await stderr.write([question]);
      return (await lines.next()).trim();
    };
    let ci = await ask(`Write the files of a site (Enter), or a CI pipeline (${CI_SYSTEMS.join(", ")})? `);
    while (ci !== "" && !isCiSystem(ci)) ci = await ask(`Type ${CI_SYSTEMS.join(", ")}, or press Enter: `);
    if (ci !== "") return { ci, inventory: [], vcenter: undefined };
    const source = await ask("Inventory file or export, address of a vCenter Server (https://…), or Enter for none: ");
    if (source.startsWith("https://")) return { ci: undefined, inventory: [], vcenter: source };
    return { ci: undefined, inventory: source === "" ? [] : [source], vcenter: undefined };
  } finally {
    lines.close();
  }
}

function isCiSystem(text: string): text is CiSystem {
  return CI_SYSTEMS.some((system) => system === text);
}

function isTerminal(stream: Readable): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}

/** The lines typed on a terminal, one at a time; empty ones after the end of input. */
class Lines {
  readonly #interface: Interface;
  readonly #lines: AsyncIterator<string, undefined>;

  constructor(input: Readable) {
    this.#interface = createInterface({ input, terminal: false });
    this.#lines = this.#interface[Symbol.asyncIterator]();
  }

  async next(): Promise<string> {
    const read = await this.#lines.next();
    return read.done === true ? "" : read.value;
  }

  /** Releases the stream to others, such as the password prompt. */
  close(): void {
    this.#interface.close();
  }
}
