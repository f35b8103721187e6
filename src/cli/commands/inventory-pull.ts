import { jsonText } from "../../report/text/json-text.ts";
import { counted, listed, thousands } from "../../report/text/wording.ts";
import { redactor } from "../../run/inputs/redact-inventory.ts";
import { pull } from "../../run/pull.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { shortList } from "../../values/text/counted.ts";
import type { Arguments } from "../arguments/commands.ts";
import { outputFile } from "../output/destinations.ts";
import { progressLine } from "../output/progress-line.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { vsphereFiles } from "../vsphere/vsphere-files.ts";
import { vsphereAccess } from "../vsphere/vsphere-access.ts";
import { writeReport } from "../output/write-report.ts";

/** `preflight inventory pull`: reads a vCenter Server or ESXi host and writes an inventory. */
export async function pullCommand(options: Arguments<"inventory">, context: CliContext): Promise<ExitCode> {
  const file = outputFile(options.output, context.cwd, vsphereFiles(options, context.env));
  const access = await vsphereAccess(options, options.server, "--server", context);
  const { displayAddress } = access.server;
  const progress = progressLine(context.stderr, context.env);
  const onProgress = (objects: number) => progress.text(`Reading ${displayAddress}: ${counted(objects, "object")}`);
  const redact = await redactor(options.redact, context.cwd);
  const read = await context
    .interruptible(() => pull({ ...access, signal: context.signal, onProgress }))
    .finally(progress.clear);
  const inventory = redact(read);
  await context.interruptible(async () => {
    if (file === null) await context.stdout.writeDocument(inventoryText(inventory));
    else writeReport(file, context.cwd, inventoryText(inventory), "file");
  });
  const destination = file === null ? "" : `; written to ${file}`;
  await context.stderr.write([`read ${displayAddress}: ${contents(inventory)}${destination}\n`, ...lacks(inventory)]);
  return 0;
}

function* inventoryText(inventory: Inventory): Generator<string> {
  yield* jsonText(inventory, 2);
  yield "\n";
}

/** `2 clusters, 50 hosts and 1,000 virtual machines` */
function contents({ clusters = [], hosts = [], virtual_machines = [] }: Inventory): string {
  return listed([
    counted(clusters.length, "cluster"),
    counted(hosts.length, "host"),
    counted(virtual_machines.length, "virtual machine"),
  ]);
}

/** Gaps that the user should know of: objects without any data, and what the account has no permission to read. */
function lacks({ coverage = {} }: Inventory): readonly string[] {
  const whole = new Map<string, string[]>();
  const forbidden: string[] = [];
  for (const [key, reason] of Object.entries(coverage)) {
    const object = /^[a-z_]+\[(.*)\]$/.exec(key)?.[1];
    if (object !== undefined) whole.set(reason, [...(whole.get(reason) ?? []), object]);
    else if (reason.startsWith("no permission")) forbidden.push(`${key} (${reason})`);
  }
  const lines = [...whole].map(
    ([reason, names]) =>
      `not read: ${shortList(names)}: ${reason}${names.length > 5 ? ` (${thousands(names.length)} in all)` : ""}\n`,
  );
  return forbidden.length === 0 ? lines : [...lines, `not read: ${shortList(forbidden)}\n`];
}
