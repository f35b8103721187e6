import type { RunReport } from "../../schema/report.generated.ts";
import { type Box, fittingLine, rowsBox, tilesBox } from "./box.ts";
import { clustersOf, type Deployment, deploymentOf, type Group, type Tie } from "./deployment-groups.ts";
import { markup, breakable, Markup } from "./markup.ts";
import type { Ledger } from "./ledger.ts";
import { icon, isNotable, MARKS, type Mark, rank, SIGNS } from "./marks.ts";
import { foldout, scrolling, type Section, table } from "./page.ts";
import { NARROW } from "./style.ts";
import { counted, listed, escapeForTerminal, thousands } from "../text/wording.ts";

const WIDTH = 1000;
const GAP = 14;
const LANE = 380;
/** Most nodes and hosts that are drawn as rows, with lines between them. */
const ROWS = 48;
/** Most locations and clusters that are drawn side by side, with lines between them. */
const LANES = 12;
const GRID = 3;
const GRID_WIDTH = (WIDTH - (GRID - 1) * GAP) / GRID;
/** Most locations, and most clusters, that are drawn; if there are more, the worst ones. */
const BOXES = 90;
/** Most nodes in the table with the content of the picture. */
const TABLE_ROWS = 400;

/** Locations, nodes, hosts and clusters as a picture and as a table. */
export function deploymentSection({ topology, summary }: RunReport, { subjects }: Ledger): Section {
  return {
    id: "deployment",
    title: "Deployment",
    count: null,
    *body() {
      if (topology === null) {
        yield markup`<p>The files contain errors, so the deployment cannot be shown.</p> `;
        return;
      }
      if (topology.nodes.length === 0) {
        yield markup`<p>The deployment has no nodes.</p> `;
        return;
      }
      const deployment = deploymentOf(topology, subjects);
      yield words(deployment, topology.hosts.length, summary.partial);
      yield picture(deployment);
      yield narrowPicture(deployment);
      yield legend(deployment);
      yield asTable(deployment);
    },
  };
}

function words({ ties }: Deployment, hosts: number, isPartial: boolean): Markup {
  return markup`<p>${counted(ties.length, "node")}${hosts === 0 ? "; their hosts are unknown" : `, and ${counted(hosts, "candidate host")}`}. Each has a sign for its worst verdict; networks of a host count with the host${isPartial ? ", skipped checks do not count" : ""}.</p>
`;
}

function picture(deployment: Deployment): Markup {
  const { locations, clusters, ties } = deployment;
  const hosts = clusters.reduce((sum, { items }) => sum + items.length, 0);
  if (Math.max(locations.length, clusters.length) > LANES) return gridPicture(deployment);
  const draw = Math.max(ties.length, hosts) <= ROWS ? rowsBox : tilesBox;
  const left = stacked(locations, 0, (group, space) => draw(group, space, "node"));
  const right = stacked(clusters, WIDTH - LANE, (group, space) => draw(group, space, "host"));
  const lines = draw === rowsBox ? nodeLines(ties, left, right) : groupLines(ties, left, right);
  const below = serviceBoxes(deployment, Math.max(bottom(left), bottom(right)));
  const boxes = [...left, ...right, ...below];
  return svg(bottom(boxes), [...lines, ...boxes.map(({ drawn }) => drawn)]);
}

/** DNS, NTP and the VM manager, side by side below the rest. */
function serviceBoxes({ services }: Pick<Deployment, "services">, top: number): readonly Box[] {
  return tiled(services, top + 2 * GAP, (group, space) =>
    group.items.length > ROWS / 4 ? tilesBox(group, space, "server") : rowsBox(group, space, "server"),
  );
}

/**
 * The same in one column, for a screen narrower than the text of the wide picture; the table describes the lines in
 * words.
 */
function narrowPicture(deployment: Deployment): Markup {
  const { locations, clusters, ties, services } = deployment;
  const hosts = clusters.reduce((sum, { items }) => sum + items.length, 0);
  const draw = Math.max(ties.length, hosts) <= ROWS ? rowsBox : tilesBox;
  const boxes: Box[] = [];
  const put = (groups: readonly Group[], noun: string) => {
    for (const group of groups) {
      boxes.push(draw(group, { x: 0, y: boxes.length === 0 ? 0 : bottom(boxes) + GAP, width: NARROW }, noun));
    }
  };
  put(worst(locations), "node");
  put(worst(clusters), "host");
  put(services, "server");
  return svg(
    bottom(boxes),
    boxes.map(({ drawn }) => drawn),
    true,
  );
}

function stacked(
  groups: readonly Group[],
  x: number,
  draw: (group: Group, space: { x: number; y: number; width: number }) => Box,
): Box[] {
  const boxes: Box[] = [];
  let y = 0;
  for (const group of groups) {
    const box = draw(group, { x, y, width: LANE });
    boxes.push(box);
    y += box.height + GAP;
  }
  return boxes;
}

/** Many locations and clusters: boxes in a grid, with the placement of their nodes in words. */
function gridPicture({ locations, clusters, ties, services }: Deployment): Markup {
  const [carried, carriers] = [new Map<string, Map<string, number>>(), new Map<string, Map<string, number>>()];
  for (const tie of ties) {
    for (const cluster of clustersOf(tie)) {
      increase(carriers, tie.location, cluster);
      increase(carried, cluster, tie.location);
    }
  }
  const left = tiled(worst(locations), 28, (group, space) =>
    tilesBox(group, space, "node", tiesIn(carriers, group, "on")),
  );
  const middle = bottom(left) + 28;
  const right = tiled(worst(clusters), middle + 28, (group, space) =>
    tilesBox(group, space, "host", tiesIn(carried, group, "carries")),
  );
  const heads = [
    heading(18, "Locations and their nodes", locations.length),
    heading(middle + 18, "Clusters and their hosts", clusters.length),
  ];
  const boxes = [...left, ...right, ...serviceBoxes({ services }, bottom(right))];
  return svg(bottom(boxes), [...heads, ...boxes.map(({ drawn }) => drawn)]);
}

function heading(y: number, text: string, count: number): Markup {
  const cut = count > BOXES ? `, the worst ${BOXES} of ${thousands(count)}` : "";
  return markup`<text class="ink" x="0" y="${y}" font-family="sans-serif" font-size="14" font-weight="600" fill="#1b1f24">${text}${cut}</text>
`;
}

function worst(groups: readonly Group[]): readonly Group[] {
  return groups.length <= BOXES ? groups : groups.toSorted((a, b) => rank(a.mark) - rank(b.mark)).slice(0, BOXES);
}

function increase(counts: Map<string, Map<string, number>>, key: string, other: string): void {
  const own = counts.get(key) ?? new Map<string, number>();
  own.set(other, (own.get(other) ?? 0) + 1);
  counts.set(key, own);
}

function tiesIn(
  counts: ReadonlyMap<string, ReadonlyMap<string, number>>,
  { title }: Group,
  word: string,
): readonly string[] {
  const others = [...(counts.get(title.name) ?? [])].sort(([, a], [, b]) => b - a);
  if (others.length === 0) return [];
  const names = others.map(([name, count]) => `${escapeForTerminal(name)} (${thousands(count)})`);
  return [fittingLine([`${word} ${listed(names, 2)}`, `${word} ${listed(names, 1)}`], GRID_WIDTH)];
}

function tiled(
  groups: readonly Group[],
  top: number,
  draw: (group: Group, space: { x: number; y: number; width: number }) => Box,
): Box[] {
  const width = GRID_WIDTH;
  const boxes: Box[] = [];
  for (let index = 0, y = top; index < groups.length; index += GRID) {
    const row = groups
      .slice(index, index + GRID)
      .map((group, column) => draw(group, { x: column * (width + GAP), y, width }));
    boxes.push(...row);
    y = bottom(row) + GAP;
  }
  return boxes;
}

function bottom(boxes: readonly Box[]): number {
  return boxes.reduce((lowest, { y, height }) => Math.max(lowest, y + height), 0);
}

/** From each node to its host, and to the cluster within which it may move. */
function nodeLines(ties: readonly Tie[], left: readonly Box[], right: readonly Box[]): readonly Markup[] {
  const [starts, ends] = [boxesByName(left), boxesByName(right)];
  return ties.flatMap(({ node, location, hostGroup }) => {
    const from = starts.get(location)?.rowOf?.get(node.name);
    if (from === undefined) return [];
    const host = hostGroup === null || node.host === null ? undefined : ends.get(hostGroup)?.rowOf?.get(node.host);
    const cluster = node.cluster === null ? undefined : ends.get(node.cluster);
    return [
      ...(host === undefined ? [] : [line(from, host, "solid", `${node.name} on ${node.host ?? ""}`)]),
      ...(cluster === undefined
        ? []
        : [line(from, cluster.y + 17, "dashed", `${node.name} may run anywhere in ${node.cluster ?? ""}`)]),
    ];
  });
}

/** From each location to the clusters that run its nodes; the more nodes, the wider the line. */
function groupLines(ties: readonly Tie[], left: readonly Box[], right: readonly Box[]): readonly Markup[] {
  const [starts, ends] = [boxesByName(left), boxesByName(right)];
  const counts = new Map<string, Map<string, number>>();
  for (const tie of ties) for (const cluster of clustersOf(tie)) increase(counts, tie.location, cluster);
  return [...counts].flatMap(([location, clusters]) =>
    [...clusters].flatMap(([cluster, count]) => {
      const [from, to] = [starts.get(location), ends.get(cluster)];
      if (from === undefined || to === undefined) return [];
      const width = 1.5 + Math.log2(count) / 2;
      return [
        line(
          from.y + from.height / 2,
          to.y + to.height / 2,
          "solid",
          `${counted(count, "node")} of ${location} in ${cluster}`,
          width,
        ),
      ];
    }),
  );
}

function boxesByName(boxes: readonly Box[]): ReadonlyMap<string, Box> {
  return new Map(boxes.map((box) => [box.group.title.name, box]));
}

function line(from: number, to: number, style: "solid" | "dashed", title: string, width = 1.5): Markup {
  const [start, end] = [LANE, WIDTH - LANE];
  const middle = (start + end) / 2;
  const dashes = style === "dashed" ? new Markup(` stroke-dasharray="3 4"`) : null;
  return markup`<path class="tie" d="M${start} ${from.toFixed(1)}C${middle} ${from.toFixed(1)} ${middle} ${to.toFixed(1)} ${end} ${to.toFixed(1)}" fill="none" stroke="#8c96a0" stroke-width="${width.toFixed(1)}"${dashes}><title>${title}</title></path>
`;
}

function svg(height: number, content: readonly Markup[], isNarrow = false): Markup {
  const whole = Math.ceil(height) + 1;
  const [name, width] = isNarrow ? (["narrow", NARROW] as const) : (["wide", WIDTH] as const);
  // If a server forbids style sheets, the attribute hides the second picture.
  const hidden = isNarrow ? new Markup(` display="none"`) : null;
  const where = isNarrow
    ? "Locations with their nodes, clusters with their hosts, and servers"
    : "Locations and nodes on the left, clusters and hosts on the right, servers below";
  return markup`<svg class="picture ${name}" role="img" aria-labelledby="picture-${name}" viewBox="0 0 ${width} ${whole}" width="100%" height="${whole}" preserveAspectRatio="xMinYMin meet"${hidden}>
<title id="picture-${name}">${where}, each with its worst verdict. The table below has the same contents.</title>
${content}</svg>
`;
}

/** Only the signs that occur. */
function legend({ locations, clusters, ties, services }: Deployment): Markup {
  const used = new Set<Mark>(
    [...locations, ...clusters, ...services].flatMap(({ mark: own, isObject, items }) => [
      ...(isObject ? [own] : []),
      ...items.map(({ mark }) => mark),
    ]),
  );
  const signs = MARKS.filter((mark) => used.has(mark)).map(
    (mark) => markup`<li>${icon(mark)} ${SIGNS[mark].word}</li> `,
  );
  const isLined = Math.max(locations.length, clusters.length) <= LANES;
  const isRows = isLined && ties.length <= ROWS;
  const notes = [
    ...(isRows && ties.some(({ hostGroup }) => hostGroup !== null)
      ? ["solid line: runs there, or is planned there"]
      : []),
    ...(isRows && ties.some(({ node }) => node.cluster !== null)
      ? ["dashed line: may run on any host of that cluster"]
      : []),
    ...(isLined && !isRows ? ["line: nodes of the location run in the cluster; a wider line means more nodes"] : []),
  ];
  return markup`<ul class="legend" aria-label="Signs in the picture">
      ${signs}${notes.map((note) => markup`<li>${note}</li> `)}
    </ul>
    ${uncertain(ties)}`;
}

function uncertain(ties: readonly Tie[]): Markup | null {
  const open = ties.filter(({ node }) => !node.certain).map(({ node }) => escapeForTerminal(node.name));
  if (open.length === 0) return null;
  const who = open.length === ties.length && open.length > 1 ? "every node" : listed(open, 5);
  return markup`<p class="meta">Values are missing for ${who}, so there may be more hosts than those shown.</p> `;
}

function asTable({ ties, locations }: Deployment): Markup {
  const items = new Map(locations.flatMap((group) => group.items.map((item) => [item.name, item] as const)));
  const sorted =
    ties.length <= TABLE_ROWS
      ? ties
      : ties.toSorted(
          (a, b) => rank(items.get(a.node.name)?.mark ?? "passed") - rank(items.get(b.node.name)?.mark ?? "passed"),
        );
  const rows = sorted.slice(0, TABLE_ROWS).map(({ node, location }) => {
    const { mark = "skipped", notable = "" } = items.get(node.name) ?? {};
    const runs = [node.host ?? "", node.cluster === null ? "" : `any host of ${node.cluster}`].filter(
      (text) => text !== "",
    );
    return markup`<th scope="row">${breakable(node.name)}</th>
      <td>${location}</td>
      <td>${runs.length === 0 ? "not known" : breakable(runs.join(", or "))}</td>
      <td>${icon(mark)} ${isNotable(mark) ? notable : SIGNS[mark].word}</td>`;
  });
  const left = ties.length - rows.length;
  const caption =
    left === 0
      ? "Nodes and their candidate hosts"
      : `The worst ${thousands(rows.length)} of ${counted(ties.length, "node")}; the JSON report has all`;
  return foldout(
    "The same as a table",
    scrolling(caption, table(caption, ["Node", "Location", "Runs on", "Checks"], rows)),
  );
}
