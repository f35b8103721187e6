import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type ColorChoice, useColor } from "./color.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Terminal support for links to files: none, to the file, or to a line of it. */
export type Links = "none" | "file" | "line";

/**
 * The terminal's support for OSC 8 links, detected from the environment. Always `none` if the output is not a terminal
 * or with `--color never`; FORCE_HYPERLINK decides between `none` and `file` for unknown terminals.
 */
export function linksOf(choice: ColorChoice, env: Environment, isTerminal: boolean): Links {
  if (!isTerminal || choice === "never") return "none";
  const known = knownLinks(env);
  const force = env["FORCE_HYPERLINK"];
  if (force !== undefined && force !== "") {
    return force === "0" || force === "false" ? "none" : known === "none" ? "file" : known;
  }
  // No color means plain text; CI logs may look like terminals; multiplexers may or may not pass links on.
  const isPlain = !useColor(choice, env, isTerminal) || env["TERM"] === "dumb";
  const isRelayed = [env["CI"], env["TMUX"], env["STY"]].some((value) => value !== undefined && value !== "");
  return isPlain || isRelayed ? "none" : known;
}

/**
 * `line`: the terminal interprets the fragment of a file URL as a line; others would look for a file with that name.
 */
const PROGRAMS: Readonly<Record<string, { readonly links: Links; readonly since: readonly [number, number] }>> = {
  "iTerm.app": { links: "line", since: [3, 1] },
  WezTerm: { links: "file", since: [20200620, 0] },
  vscode: { links: "line", since: [1, 72] },
  ghostty: { links: "file", since: [1, 0] },
};

function knownLinks(env: Environment): Links {
  const { links, since } = PROGRAMS[env["TERM_PROGRAM"] ?? ""] ?? {};
  if (links !== undefined && since !== undefined) {
    const [major = 0, minor = 0] = (env["TERM_PROGRAM_VERSION"] ?? "").split(/[.-]/).map(Number);
    return major > since[0] || (major === since[0] && minor >= since[1]) ? links : "none";
  }
  if (env["KITTY_WINDOW_ID"] !== undefined || env["TERM"] === "xterm-kitty") return "line";
  // GNOME Terminal and other VTE terminals: links were added in VTE 0.50, whose first release crashed on them.
  const vte = Number(env["VTE_VERSION"] ?? "");
  const isModern = vte > 5000 || env["WT_SESSION"] !== undefined;
  return isModern || /^(?:alacritty|foot)\b/.test(env["TERM"] ?? "") ? "file" : "none";
}

/**
 * URLs of files on this machine. A path in a report must not become a URL of another machine: paths that contain a
 * host, such as `\\server\share` on Windows, and missing files have none.
 *
 * @param host the name of this machine, from which a terminal detects files of another machine; "" if it cannot
 */
export function fileLinks(links: Exclude<Links, "none">, cwd: string, host: string) {
  const known = new Map<string, string | null>();
  return (path: string, line: number | null): string | null => {
    let url = known.get(path);
    if (url === undefined) known.set(path, (url = fileUrl(path, cwd, host)));
    return url === null || line === null || links === "file" ? url : `${url}#${line}`;
  };
}

function fileUrl(path: string, cwd: string, host: string): string | null {
  if (path === "-" || path.includes("\0")) return null;
  const absolute = resolve(cwd, path);
  const url = pathToFileURL(absolute);
  if (url.host !== "" || !existsSync(absolute)) return null;
  return `file://${encodeURIComponent(host)}${url.pathname}`;
}
