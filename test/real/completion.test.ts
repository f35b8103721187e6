import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.generated.ts";
import { completedCommands } from "../../src/cli/completion/words.ts";
import { COMMAND_NAMES, optionsOf } from "../../src/cli/arguments/commands.ts";
import { formats } from "../../src/report/format.ts";
import { preflight, program } from "../cli/program.ts";
import { describeReal, workFolder } from "./real-server.ts";

/** A line as typed so far, and the words that a shell offers for its last one; "files" = files and nothing else. */
const CASES: readonly (readonly [line: string, offered: readonly string[] | "files"])[] = [
  ["preflight sch", ["schema"]],
  ["preflight depl", ["deployment"]],
  ["preflight plan dep", "files"],
  ["preflight deployment.yaml --inv", ["--inventory"]],
  ["preflight deployment.yaml --inventory dep", "files"],
  ["preflight deployment.yaml --inconclusive ", ["fail", "ignore", "warn"]],
  ["preflight check deployment.yaml --inconclusive w", ["warn"]],
  ["preflight deployment.yaml --format=sar", ["sarif"]],
  ["preflight deployment.yaml --format ", Object.keys(formats).sort()],
  ["preflight plan deployment.yaml --format ", ["csv", "json", "markdown", "text"]],
  ["preflight plan deployment.yaml --max-w", ["--max-warnings"]],
  ["preflight deployment.yaml --only vm/memory-mult", ["vm/memory-multiple-of-4"]],
  ["preflight deployment.yaml --only vm/\\*", ["vm/*"]],
  ["preflight deployment.yaml --rule vm/memory-mult", ["vm/memory-multiple-of-4"]],
  ["preflight probe deployment.yaml --output dep", "files"],
  ["preflight probe deployment.yaml -o dep", "files"],
  ["preflight inventory pu", ["pull"]],
  ["preflight inventory import dep", "files"],
  ["preflight rules ", ["list", "show"]],
  ["preflight rules list vm/memory-mult", []],
  ["preflight rules show vm/memory-mult", ["vm/memory-multiple-of-4"]],
  ["preflight schema e", ["evidence", "explanation"]],
  ["preflight completion ", ["bash", "fish", "zsh"]],
  ["preflight report dep", "files"],
];

const folder = workFolder();
const scripts = Object.fromEntries(
  ["bash", "zsh", "fish"].map((shell) => [shell, join(folder, `completion.${shell}`)]),
);
beforeAll(async () => {
  for (const [shell, path] of Object.entries(scripts)) {
    const { exitCode, stdout, stderr } = await preflight(["completion", shell]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    writeFileSync(path, stdout);
  }
  mkdirSync(join(folder, "empty"));
  mkdirSync(join(folder, "files"));
  writeFileSync(join(folder, "files", "deployment.yaml"), "");
});

/** A part of the only file name in the work folder, where files are offered. */
const FILE = "deployment.yaml";

describe("completion", () => {
  it.each(COMMAND_NAMES)("offers all options of %s, and the values of every argument", (name) => {
    const command = completedCommands(rules.map(({ id }) => id)).find((candidate) => candidate.name === name);
    expect(command?.options.map((option) => option.name)).toEqual(optionsOf(name).map((option) => option.name));
  });

  it.each([
    [[], "The shells are bash, zsh, fish."],
    [["tcsh"], "The shells are bash, zsh, fish."],
    [["bash", "zsh"], 'Unexpected argument "zsh".'],
  ])("says how it is called: %o", async (args, hint) => {
    const { exitCode, stderr } = await preflight(["completion", ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(hint);
  });
});

describeReal("bash", ["bash"], ([bash = ""]) => {
  // What readline hands over: the words of the line, broken at = besides blanks, as COMP_WORDBREAKS has it.
  const SIMULATION = `
    source "$1"
    line=$2
    eval "COMP_WORDS=(\${line//=/ = })"
    [[ $line != *" " ]] || COMP_WORDS+=("")
    COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
    _preflight
    printf '%s\\n' "\${COMPREPLY[@]}" | sort
    complete -p preflight >&2`;

  it.each(CASES)("%s", async (line, offered) => {
    const { exitCode, stdout, stderr } = await program(
      bash,
      ["--noprofile", "--norc", "-fc", SIMULATION, "bash", scripts["bash"] ?? "", line],
      { cwd: join(folder, "files") },
    );
    const words = stdout.split("\n").filter((word) => word !== "");
    // Where the script offers nothing, readline offers files.
    expect({ exitCode, words }).toEqual({ exitCode: 0, words: offered === "files" ? [] : offered });
    expect(stderr).toBe("complete -o bashdefault -o default -F _preflight preflight\n");
  });

  it("completes inside an open quote", async () => {
    const quoted = `source "$1"; COMP_WORDS=(preflight d --rule '"vm/memory-mult'); COMP_CWORD=3; _preflight; echo "$COMPREPLY"`;
    const { stdout } = await program(bash, ["-c", quoted, "bash", scripts["bash"] ?? ""]);
    expect(stdout).toBe("vm/memory-multiple-of-4\n");
  });
});

describeReal("fish", ["fish"], ([fish = ""]) => {
  it.each(CASES)("%s", async (line, offered) => {
    const script = "source $argv[1]; complete -C $argv[2]";
    const { exitCode, stdout, stderr } = await program(
      fish,
      ["--no-config", "-c", script, scripts["fish"] ?? "", line],
      { cwd: join(folder, "files"), env: { HOME: folder } },
    );
    const words = stdout.split("\n").flatMap((row) => row.split("\t")[0] || []);
    // fish offers options joined to what was typed before them: --format=sarif.
    const bare = words.map((word) => word.replace(/^--[\w-]+=(?=.)/, "")).sort();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    if (offered === "files") expect(bare).toEqual([FILE]);
    else expect(bare.filter((word) => word !== FILE)).toEqual(offered);
  });
});

describeReal("zsh", ["zsh"], ([zsh = ""]) => {
  // A shell of its own behind a terminal, in which the tab key is pressed once the line editor has begun: what comes before
  // that may get lost. compadd writes down what is offered, and the key says when it is done. The terminal shows commands
  // too, so that none of them contains the word that it looks for.
  // Without insert-tab no, a tab with more keys behind it is a character (zshcompsys, "insert-tab").
  const TERMINAL = `
    zmodload zsh/zpty
    zpty shell ${zsh} -f -i
    send() { zpty -w shell "$1" }
    send 'PROMPT=; autoload -Uz compinit; compinit -u -D; source '"$1"
    send 'compadd() { local -a found; builtin compadd -O found "$@"; print -rl -- $found >> '"$3"'; builtin compadd "$@" }'
    send 'complete-and-say() { zle expand-or-complete; print; print COMPLE""TED }; zle -N complete-and-say; bindkey "^I" complete-and-say'
    send 'zstyle ":completion:*" verbose no; zstyle ":completion:*" insert-tab no; setopt no_beep no_always_last_prompt; cd files'
    send 'zle-line-init() { print REA""DY }; zle -N zle-line-init'
    while zpty -r shell text; do [[ $text != *READY* ]] || break; done
    zpty -w -n shell "$2"$'\\t'
    while zpty -r shell text; do [[ $text != *COMPLETED* ]] || break; done
    zpty -d shell`;

  it.each(CASES.map(([line, offered], index) => [line, offered, index] as const))(
    "%s",
    async (line, offered, index) => {
      const out = join(folder, `offered-${index}`);
      writeFileSync(out, "");
      const { exitCode, stderr } = await program(zsh, ["-fc", TERMINAL, "zsh", scripts["zsh"] ?? "", line, out], {
        cwd: folder,
        env: { HOME: folder, TERM: "dumb" },
      });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      const { stdout } = await program("sort", ["-u", out]);
      const words = stdout.split("\n").flatMap((word) => (word === "" ? [] : [word.replace(/=$/, "")]));
      if (offered === "files") expect(words).toEqual([FILE]);
      else expect(words.filter((word) => word !== FILE)).toEqual(offered);
    },
  );
});
