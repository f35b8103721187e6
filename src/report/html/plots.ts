import { markup, type Markup } from "./markup.ts";
import { type Mark, SIGNS } from "./marks.ts";

const WIDTH = 180;
const HEIGHT = 18;
const MIDDLE = HEIGHT / 2;
/** Values beyond this multiple of the median are drawn as an arrow, so that one clock does not flatten all others. */
const OUTLIER = 20;

/** The value at the ends of a plot. */
export interface Scale {
  readonly limit: number;
}

/** A scale on which typical values can be distinguished; its limit is a round number. */
export function scaleOf(values: readonly number[]): Scale {
  const sorted = values.map(Math.abs).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const usual = sorted.filter((value) => median === 0 || value <= median * OUTLIER);
  return { limit: roundUp(Math.max(usual.at(-1) ?? 0, 0.001)) };
}

/** The next 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value * 0.999_999) ?? 10) * power;
}

/** A clock's offset as a dot, with an error bar. Zero is in the middle. */
export function offsetPlot(offset: number, error: number, { limit }: Scale, mark: Mark, title: string): Markup {
  const x = (value: number) => WIDTH / 2 + (Math.max(-limit, Math.min(limit, value)) / limit) * (WIDTH / 2 - 8);
  const axis = markup`<path class="axis" d="M0 ${MIDDLE}H${WIDTH}M${WIDTH / 2} 2V${HEIGHT - 2}" stroke="#b8c0c8" fill="none"/>`;
  const color = SIGNS[mark].color;
  if (Math.abs(offset) > limit) {
    const tip = offset > 0 ? WIDTH - 1 : 1;
    const back = offset > 0 ? WIDTH - 9 : 9;
    return plot(
      title,
      markup`${axis}<path class="k-${mark}" d="M${tip} ${MIDDLE}L${back} ${MIDDLE - 5}V${MIDDLE + 5}z" fill="${color}"/>`,
    );
  }
  const [from, to] = [x(offset - error), x(offset + error)].map((value) => value.toFixed(1));
  return plot(
    title,
    markup`${axis}<path class="s-${mark}" d="M${from ?? ""} ${MIDDLE - 4}v8M${from ?? ""} ${MIDDLE}H${to ?? ""}M${to ?? ""} ${MIDDLE - 4}v8" stroke="${color}" stroke-width="1.5" fill="none"/><circle class="k-${mark}" cx="${x(offset).toFixed(1)}" cy="${MIDDLE}" r="3.5" fill="${color}"/>`,
  );
}

/** Response time as a bar; hollow if there was no response. */
export function latencyPlot(
  duration: number,
  isAnswered: boolean,
  { limit }: Scale,
  mark: Mark,
  title: string,
): Markup {
  const isOut = duration > limit;
  const length = Math.max(2, (Math.min(duration, limit) / limit) * (WIDTH - 10));
  const color = SIGNS[mark].color;
  const bar = isAnswered
    ? markup`<rect class="k-${mark}" x="0" y="5" width="${length.toFixed(1)}" height="8" fill="${color}"/>`
    : markup`<rect class="s-${mark}" x="0.5" y="5.5" width="${length.toFixed(1)}" height="7" fill="none" stroke="${color}" stroke-dasharray="3 2"/>`;
  const arrow = isOut ? markup`<path class="k-${mark}" d="M${WIDTH} ${MIDDLE}l-8 -5v10z" fill="${color}"/>` : null;
  return plot(title, markup`<path class="axis" d="M0 2V${HEIGHT - 2}" stroke="#b8c0c8" fill="none"/>${bar}${arrow}`);
}

function plot(title: string, drawn: Markup): Markup {
  return markup`<svg class="plot" role="img" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><title>${title}</title>${drawn}</svg>`;
}
