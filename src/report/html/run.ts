import type { RunReport } from "../../schema/report.generated.ts";
import { momentOf } from "./gate.ts";
import { markup, code, hash } from "./markup.ts";
import { scrolling, type Section, table } from "./page.ts";
import { counted } from "../text/wording.ts";

const MODES: Readonly<Record<RunReport["mode"], string>> = {
  static: "static: no server was asked",
  live: "live: servers were asked",
  replay: "replay: judged by recorded answers, nobody was asked",
};

/** What exactly was judged, by what and when: whoever has the same files can repeat it. */
export function runSection(report: RunReport): Section {
  const { inputs, tool, profile, mode, started_at, ended_at, exit_code, rules } = report;
  return {
    id: "run",
    title: "Inputs and run",
    count: null,
    *body() {
      const rows = inputs.map(
        ({ kind, path, sha256 }) =>
          markup`<th scope="row">${kind}</th>
            <td>${code(path)}</td>
            <td><code>${hash(sha256)}</code></td>`,
      );
      if (rows.length === 0) yield markup`<p>No file was read.</p> `;
      else yield scrolling("Inputs", table("The files that were judged", ["Kind", "Path", "SHA-256"], rows));
      yield markup`<dl>
<dt>Program</dt><dd>${tool.name} ${tool.version}</dd>
<dt>Rules</dt><dd>${counted(rules.length, "rule")} enabled, limits of profile ${profile}</dd>
<dt>Mode</dt><dd>${MODES[mode]}</dd>
<dt>Began</dt><dd><time datetime="${started_at}">${momentOf(started_at)}</time></dd>
<dt>Ended</dt><dd><time datetime="${ended_at}">${momentOf(ended_at)}</time></dd>
<dt>Exit code</dt><dd>${exit_code}</dd>
</dl> `;
    },
  };
}
