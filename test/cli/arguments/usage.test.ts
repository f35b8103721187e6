import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLEAN, preflight, ROOT } from "../program.ts";

/** A file that no run accepts: an error that goes undetected here must not lead to queries to real servers. */
const DEPLOYMENT = join(ROOT, "fixtures", "schema-errors", "empty.yaml");

/** Arguments, expected message, expected hint. */
const MISTAKES: readonly (readonly [args: readonly string[], message: string, hint: string])[] = [
  [["plan"], "preflight plan requires a deployment file.", "preflight plan --help"],
  [["rules"], "preflight rules requires list or show.", "preflight rules list"],
  [["rules", "lst"], "preflight rules requires list or show.", "preflight rules list"],
  [["rules", "list", "more"], 'Unexpected argument "more".', "preflight rules list"],
  [["report"], "preflight report requires a saved report.", "preflight report FILE"],
  [["report", "a.json", "b.json"], 'Unexpected argument "b.json".', "give one report"],
  [["remediate"], "preflight remediate requires a saved report.", "preflight remediate FILE"],
  [["remediate", "a.json", "b.json"], 'Unexpected argument "b.json".', "give one report"],
  [["remediate", "a.json", "--shell", "bash"], '--shell does not accept "bash".', "govc, powercli, esxcli"],
  [["reprot", "a.json"], 'Unknown command "reprot".', "did you mean preflight report?"],
  [[DEPLOYMENT, "--sarif-include=wavied"], '--sarif-include does not accept "wavied".', "did you mean waived?"],
  [[DEPLOYMENT, "--sarif-include=pass,fail"], '--sarif-include does not accept "fail".', "are always included"],
  [[DEPLOYMENT, "--sarif-category=/"], '--sarif-category does not accept "/".', "a short name"],
  [["schema"], "preflight schema requires a name.", "deployment, inventory"],
  [["schema", "deploy"], 'There is no schema "deploy".', "did you mean deployment?"],
  [["schema", "x"], 'There is no schema "x".', "the schemas are deployment"],
  [["schema", "report", "more"], 'Unexpected argument "more".', "one schema"],
  [["ruls"], 'There is no command or file "ruls".', "did you mean preflight rules?"],
  [["lint", DEPLOYMENT], 'Unknown command "lint".', "preflight --help lists the commands"],
  [["ruls", "list"], 'Unknown command "ruls".', "did you mean preflight rules?"],
  [["chek", DEPLOYMENT], 'Unknown command "chek".', "did you mean preflight check?"],
  [["plna", DEPLOYMENT], 'Unknown command "plna".', "did you mean preflight plan?"],
  [["help"], 'There is no command or file "help".', "did you mean preflight --help?"],
  [["version"], 'There is no command or file "version".', "did you mean preflight --version?"],
  [[DEPLOYMENT, "inventory.json"], 'File or folder "inventory.json" does not exist.', "--inventory FILE"],
  [[DEPLOYMENT, "-"], "Standard input cannot be one of several deployments.", "by itself"],
  [[DEPLOYMENT, "--site", "oslo"], 'There is no site "oslo".', "the sites are"],
  [
    [DEPLOYMENT, "--output", "report"],
    '--output "report" does not have the extension of a known format.',
    "--format NAME",
  ],
  [[DEPLOYMENT, "--frmat", "json"], 'Unknown option "--frmat".', "did you mean --format?"],
  [[DEPLOYMENT, "--frmat=json"], 'Unknown option "--frmat".', "did you mean --format?"],
  [[DEPLOYMENT, "--no-lives"], 'Unknown option "--no-lives".', "did you mean --no-live?"],
  [[DEPLOYMENT, "--nolive"], 'Unknown option "--nolive".', "did you mean --no-live?"],
  [[DEPLOYMENT, "--max_warning=1"], 'Unknown option "--max_warning".', "did you mean --max-warnings?"],
  [[DEPLOYMENT, "--Quiet"], 'Unknown option "--Quiet".', "did you mean --quiet?"],
  [[DEPLOYMENT, "--colour=never"], 'Unknown option "--colour".', "did you mean --color?"],
  [[DEPLOYMENT, "-format", "json"], 'Unknown option "-format".', "did you mean --format?"],
  [[DEPLOYMENT, "--wrench"], 'Unknown option "--wrench".', "preflight check --help lists the options"],
  [[DEPLOYMENT, "--__proto__=1"], 'Unknown option "--__proto__".', "preflight check --help lists the options"],
  [[DEPLOYMENT, "--constructor"], 'Unknown option "--constructor".', "preflight check --help lists the options"],
  [["-x", DEPLOYMENT], 'Unknown option "-x".', "preflight check --help lists the options"],
  [["-site.yaml"], 'Unknown option "-site.yaml".', "as ./-site.yaml"],
  [["plan", DEPLOYMENT, "--quiet"], 'Unknown option "--quiet".', "it is an option of preflight check"],
  [["rules", "list", "--format=json"], 'Unknown option "--format".', "it is an option of preflight check"],
  [[DEPLOYMENT, "--inventory"], "--inventory requires a value.", "write --inventory FILE"],
  [[DEPLOYMENT, "--inventory="], "--inventory requires a value.", "write --inventory FILE"],
  [[DEPLOYMENT, "--inventory", "--quiet"], "--inventory requires a value.", "write --inventory FILE"],
  [[DEPLOYMENT, "--config"], "--config requires a value.", "write --config FILE"],
  [[DEPLOYMENT, "--config", "-"], "A config cannot come from standard input.", "name a file"],
  [[DEPLOYMENT, "--no-config", "--config", "x.yaml"], "--config and --no-config cannot be used together.", "omit one"],
  [[DEPLOYMENT, "--print-config="], "--print-config requires a value.", "write --print-config [SUBJECT]"],
  [[DEPLOYMENT, "--print-config=conf01"], '"conf01" has no kind, so it matches no subject.', "node:oslo-*"],
  [[DEPLOYMENT, "--print-config", "nod:conf01"], 'There are no subjects of kind "nod".', "Did you mean node?"],
  [[DEPLOYMENT, "--print-config", "node:a", "node:b"], 'Unexpected argument "node:b".', "--print-config"],
  [[DEPLOYMENT, "--print-config", "--format=stylish"], 'Unknown format "stylish".', "text, json"],
  [["plan", DEPLOYMENT, "--print-config"], 'Unknown option "--print-config".', "it is an option of preflight check"],
  [[DEPLOYMENT, "--quiet=maybe"], "--quiet takes no value.", "write --quiet"],
  [[DEPLOYMENT, "--no-live=no"], "--no-live takes no value.", "write --no-live"],
  [[DEPLOYMENT, "--color", "alwys"], '--color does not accept "alwys".', "did you mean always?"],
  [[DEPLOYMENT, "--color", "sometimes"], '--color does not accept "sometimes".', "auto, always, never"],
  [[DEPLOYMENT, "--inconclusive=ignored"], '--inconclusive does not accept "ignored".', "did you mean ignore?"],
  [[DEPLOYMENT, "--max-warnings", "x"], '--max-warnings does not accept "x".', "a whole number, 0 or more"],
  [[DEPLOYMENT, "--max-warnings", "-1"], '--max-warnings does not accept "-1".', "a whole number, 0 or more"],
  [[DEPLOYMENT, "--max-warnings=1.5"], '--max-warnings does not accept "1.5".', "a whole number, 0 or more"],
  [[DEPLOYMENT, "--now", "yesterday"], '--now does not accept "yesterday".', "2026-11-22T08:00:00Z"],
  [[DEPLOYMENT, "--now", "2026-11-22T08:00:00"], '--now does not accept "2026-11-22T08:00:00".', "with its zone"],
  [[DEPLOYMENT, "--now", "2026-02-30T08:00:00Z"], '--now does not accept "2026-02-30T08:00:00Z".', "RFC 3339"],
  [[DEPLOYMENT, "--format", "jsn"], 'Unknown format "jsn".', "did you mean json?"],
  [[DEPLOYMENT, "--format", "toml"], 'Unknown format "toml".', "stylish, json, sarif"],
  [[DEPLOYMENT, "--format=json="], "--format json= has no file.", "--format json=FILE"],
  [[DEPLOYMENT, "--format=json", "--format=sarif"], "json and sarif both go to standard output.", "--format NAME=FILE"],
  [
    [DEPLOYMENT, "--format=json", "--format=json"],
    "Two json reports both go to standard output.",
    "--format NAME=FILE",
  ],
  [["plan", DEPLOYMENT, "--format", "sarif"], 'Unknown format "sarif".', "text, json"],
  [[DEPLOYMENT, "--only", "vm/memory"], 'There is no rule "vm/memory".', "did you mean vm/memory-multiple-of-4?"],
  [[DEPLOYMENT, "--only", "tme/*"], 'There is no rule "tme/*".', "did you mean time/*?"],
  [[DEPLOYMENT, "--rule", "no/such-rule: off"], 'There is no rule "no/such-rule".', "preflight rules list"],
  [[DEPLOYMENT, "--rule", "vm/memory-multiple-of-4: of"], "does not end with a severity.", '"ID: off"'],
  [[DEPLOYMENT, "--rule", "vm/memory-multiple-of-4"], "does not end with a severity.", '"ID: off"'],
  [["-", "--inventory", "-"], "Standard input is given twice.", "give each input only once"],
  [
    [DEPLOYMENT, "--inventory", "a.json", "--inventory", "./a.json"],
    "a.json is given twice.",
    "give each input only once",
  ],
];

describe("bad usage", () => {
  it.concurrent.each(MISTAKES)("%j", async (args, message, hint) => {
    const { exitCode, stdout, stderr } = await preflight(args, { env: { COLUMNS: "200" } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    const [first, second] = stderr.split("\n");
    expect(first).toMatch(/^error\[[a-z-]+\]: /);
    expect(first).toContain(message);
    expect(second).toMatch(/^hint: /);
    // It is shown as a sentence.
    expect(second?.toLowerCase()).toContain(hint.toLowerCase());
    expect(stderr).not.toContain("    at ");
  });

  it("reports every error in the options at once", async () => {
    const { exitCode, stderr } = await preflight([DEPLOYMENT, "--bogus", "--quite", "--color=x", "--inventory"]);
    expect(exitCode).toBe(2);
    expect(stderr.match(/^error\[.*$/gm)).toEqual([
      'error[unknown-option]: Unknown option "--bogus".',
      'error[unknown-option]: Unknown option "--quite".',
      'error[usage]: --color does not accept "x".',
      "error[usage]: --inventory requires a value.",
    ]);
  });

  it("shows hostile arguments harmlessly", async () => {
    const { exitCode, stderr } = await preflight(["--\u001b[31mred\u202e", "--only=\u0007\u001b]0;x"]);
    expect(exitCode).toBe(2);
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/u);
  });

  it("gives stdout nothing, not even with --format json, when the arguments are wrong", async () => {
    const { exitCode, stdout } = await preflight([DEPLOYMENT, "--format", "json", "--now", "soon"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  it("wraps its sentences to a narrow terminal", async () => {
    const { stderr } = await preflight(["-site.yaml"], { env: { COLUMNS: "40" } });
    expect(stderr.split("\n").filter((line) => line.length > 40)).toEqual([]);
  });
});

describe("accepted spellings", () => {
  it.each([
    ["options before the file", ["--no-live", ...CLEAN]],
    ["the word check", ["check", ...CLEAN, "--no-live"]],
    ["options before the word check", ["--no-live", "check", ...CLEAN]],
    ["values joined by =", [CLEAN[0], `--inventory=${CLEAN[2]}`, "--no-live", "--color=never"]],
    ["several rules behind one --only", [...CLEAN, "--no-live", "--only", "vm/*, node/unique-hostname"]],
    ["an option given twice: the last one counts", [...CLEAN, "--no-live", "--max-warnings=0", "--max-warnings=9"]],
    ["a flag given twice", [...CLEAN, "--no-live", "--no-live"]],
    ["a time with an offset", [...CLEAN, "--no-live", "--now", "2026-11-22T09:00:00+01:00"]],
    ["a severity in capitals and without a blank", [...CLEAN, "--no-live", "--rule", "vm/memory-multiple-of-4:WARN"]],
  ])("%s", async (_, args) => {
    const { exitCode, stderr, stdout } = await preflight(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("Gate: PASSED");
  });
});
