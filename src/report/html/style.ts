import { isNotable, MARKS } from "./marks.ts";

/** Width of the picture of the deployment on a small screen, where it is one column wide. */
export const NARROW = 340;

/**
 * The style sheet; the page is readable without it. Text colors keep a contrast of 4.5 : 1 to their background, light
 * and dark (WCAG 2.1, 1.4.3).
 */
const LIGHT = {
  page: "#f6f7f9",
  surface: "#ffffff",
  sunken: "#f1f3f6",
  ink: "#1b1f24",
  soft: "#57606a",
  line: "#d5dbe1",
  tie: "#8c96a0",
  link: "#0a58a8",
  on: "#ffffff",
  crashed: "#8b1a5c",
  failed: "#b3261e",
  warning: "#8f4a00",
  info: "#2f5d8a",
  inconclusive: "#5b3fb0",
  waived: "#0b6470",
  passed: "#1a7338",
  skipped: "#5c6670",
  "not-applicable": "#5c6670",
} as const;

const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  page: "#121519",
  surface: "#1a1e24",
  sunken: "#22272e",
  ink: "#e6e9ed",
  soft: "#a4aeb9",
  line: "#363e47",
  tie: "#76818d",
  link: "#7db8f5",
  on: "#14181d",
  crashed: "#f08cc4",
  failed: "#ff8a80",
  warning: "#f0aa60",
  info: "#8cc2f2",
  inconclusive: "#b9a8ff",
  waived: "#62c8d2",
  passed: "#63c985",
  skipped: "#98a2ad",
  "not-applicable": "#98a2ad",
};

const variables = (palette: Readonly<Record<string, string>>) =>
  Object.entries(palette)
    .map(([name, color]) => `--${name}:${color}`)
    .join(";");

/** Fill, outline, edge and text of every mark. */
const MARK_RULES = MARKS.map(
  (mark) =>
    `.k-${mark}{fill:var(--${mark})}.s-${mark}{stroke:var(--${mark})}.card-${mark}{border-left-color:var(--${mark})}.cell.${mark}{color:var(--${mark})}${isNotable(mark) ? `td.${mark}{background:color-mix(in srgb,var(--${mark}) 11%,transparent)}` : ""}`,
).join("\n");

export const STYLE = `:root{color-scheme:light dark;${variables(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999px}
.skip:focus{left:1rem;top:.5rem;z-index:2;background:var(--surface);padding:.4rem .8rem}
.top,.columns,footer{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header.top{padding-top:2.25rem}
.eyebrow{margin:0;color:var(--soft);font-size:.8125rem;letter-spacing:.08em;text-transform:uppercase;font-weight:600}
h1{margin:.2rem 0 .35rem;font-size:1.625rem;line-height:1.25;font-weight:650;letter-spacing:-.01em}
h2{margin:0 0 1rem;font-size:1.3125rem;line-height:1.3;font-weight:650;letter-spacing:-.005em}
h3{margin:1.75rem 0 .5rem;font-size:1.0625rem;line-height:1.4;font-weight:600}
h4{margin:0 0 .3rem;font-size:.875rem;font-weight:600}
p{margin:0 0 .75rem;max-width:46rem}
.facts{color:var(--soft);font-size:.9375rem;max-width:none}
.meta,.source,.legend,.axis-label{color:var(--soft);font-size:.875rem}
.source{margin-bottom:.9rem}
.source cite{font-style:normal;color:var(--ink)}
code,pre{font-family:ui-monospace,SFMono-Regular,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;font-size:.875em}
.sections>section,.gate{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:1.5rem;margin:0 0 1.25rem;scroll-margin-top:1rem}
.gate{margin-top:1.25rem;border-left-width:8px}
.gate h2{font-size:1.75rem;margin-bottom:.35rem;display:flex;align-items:center;gap:.6rem}
.gate h2 .icon{width:28px;height:28px}
.gate-passed{border-left-color:var(--passed)}.gate-passed h2{color:var(--passed)}
.gate-failed{border-left-color:var(--failed)}.gate-failed h2{color:var(--failed)}
.gate-no-verdict{border-left-color:var(--crashed)}.gate-no-verdict h2{color:var(--crashed)}
.gate .reason{font-size:1.0625rem}
.partial{color:var(--soft)}
ul.answers{list-style:none;margin:.9rem 0;padding:0}
.answers li{padding:.45rem 0;border-top:1px solid var(--line)}
.answers .meta{display:block}
.answers a{color:inherit}
.next{max-width:none}
.scroll code.hash{white-space:normal}.hash wbr{display:inline!important}
.bar{display:block;border-radius:3px;margin:1rem 0 .9rem}
ul.counts,ul.legend,nav ul,ul.findings,ul.gaps,ul.subjects{list-style:none;margin:0;padding:0}
ul.counts{display:flex;flex-wrap:wrap;gap:.35rem 1.6rem}
.counts a{color:inherit;text-decoration-color:var(--line)}
.counts a:hover{text-decoration-color:currentColor}
.counts b{font-weight:650;font-variant-numeric:tabular-nums}
.counts .none{color:var(--soft)}
.counts .none .icon{opacity:.45}
.icon{vertical-align:-.15em;flex:none}
ul.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.25rem;margin:.6rem 0 1rem}
.count{color:var(--soft);font-weight:400;font-size:.8125em;font-variant-numeric:tabular-nums}
nav{font-size:.9375rem}
nav ul{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin:0 0 1.25rem}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
.scroll{overflow-x:auto;margin:0 0 .75rem}
.scroll td,.scroll th{overflow-wrap:normal}
@media screen{.scroll code{white-space:nowrap}.scroll wbr{display:none}}
.picture{display:block;width:100%;max-width:1000px;height:auto}
.picture.narrow{display:none}
.ink{fill:var(--ink)}.soft{fill:var(--soft)}.box{fill:var(--surface)}.edge{stroke:var(--line)}.tie{stroke:var(--tie)}
.on{stroke:var(--on)}.ont{fill:var(--on)}.axis{stroke:var(--line)}
.picture text,.ont{font-family:inherit}
table{border-collapse:collapse;border:0;font-size:.9375rem}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding:0 0 .4rem}
th,td{border:0;border-bottom:1px solid var(--line);padding:.4rem .9rem .4rem 0;text-align:left;vertical-align:top;font-weight:400}
thead th{color:var(--soft);font-size:.8125rem;font-weight:600;vertical-align:bottom;white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
.number,.time{font-variant-numeric:tabular-nums;white-space:nowrap}
.plot{display:block;margin-top:.2rem}
.matrix caption{white-space:nowrap}
.matrix details{margin:0}
.matrix details ul{margin:0;padding-left:1.1rem}
.matrix th[scope=row]{padding-right:1.25rem}
.matrix .head{padding:0;vertical-align:bottom}
.matrix .head span{display:inline-block;writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap;font-weight:500;padding:.35rem .1rem;max-height:19rem;line-height:1.9}
.matrix .cell{text-align:center;padding:.3rem 0;min-width:2rem;border-left:1px solid var(--line)}
.matrix tbody tr:hover>*{background:var(--sunken)}
.cell{font-weight:700;font-family:"DejaVu Sans","Segoe UI Symbol","Apple Symbols",system-ui,sans-serif}
.cell.passed,.cell.skipped,.cell.not-applicable{font-weight:400}
.word,details caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.cell{position:relative}
.asked th{white-space:nowrap}
.asked td:nth-child(2){min-width:9rem}
.legend .cell{display:inline-block;min-width:1.1em;text-align:center}
details{margin:0 0 .75rem}
summary{cursor:pointer;color:var(--link);width:fit-content;max-width:100%;padding:.15rem 0}
summary code{color:inherit}
details[open]>summary{margin-bottom:.5rem}
.card{border:1px solid var(--line);border-left-width:5px;border-radius:8px;padding:1rem 1.25rem;margin:0 0 1rem;scroll-margin-top:1rem}
.card h3{margin:0 0 .2rem}
.card>.meta{margin-bottom:.35rem}
.card:target{outline:2px solid var(--link);outline-offset:2px}
ul.reads{margin:0;padding-left:1.1rem;overflow-wrap:anywhere}
ul.subjects>li{padding:.3rem 0;border-top:1px solid var(--line)}
ul.findings>li{padding:.75rem 0;border-top:1px solid var(--line)}
.subject{margin:0 0 .3rem}
.vantage caption{position:static;width:auto;height:auto;clip-path:none}
.vantage{margin:.2rem 0 .5rem}
.message{margin:0 0 .15rem;font-weight:500}
.findings .meta,.gaps .meta{margin:0 0 .4rem}
pre{margin:.4rem 0 .6rem;padding:.7rem .9rem;background:var(--sunken);border-radius:6px;overflow-x:auto;line-height:1.5;overflow-wrap:normal}
pre code{font-size:.8125rem}
ul.related{margin:.2rem 0 .4rem;padding-left:1.2rem;font-size:.9375rem}
.fix{border-top:1px solid var(--line);padding-top:.75rem}
.fix p:last-child,.card>:last-child,.sections>section>:last-child{margin-bottom:0}
ul.gaps>li{padding:.65rem 0;border-bottom:1px solid var(--line)}
ul.gaps>li:last-child{border-bottom:0}
.gaps details{margin:.15rem 0 0}
.gaps>li>p{margin:.1rem 0 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.5rem;margin:1rem 0 0}
dt{color:var(--soft)}
dd{margin:0}
footer{color:var(--soft);font-size:.875rem;padding-bottom:2.5rem}
${MARK_RULES}
@media (min-width:68rem){
.top,.columns,footer{max-width:88rem;padding:0 2rem}
header.top{padding-top:2.5rem}
.columns{display:grid;grid-template-columns:13rem minmax(0,1fr);gap:2.25rem}
nav{position:sticky;top:1.5rem;align-self:start}
nav ul{display:block}
nav li{padding:.22rem 0}
footer{padding-left:17.25rem}
}
@media screen and (max-width:46rem){
.picture.wide{display:none}.picture.narrow{display:block;max-width:${NARROW}px}
}
@media (max-width:36rem){
.top,.columns,footer{padding-left:.9rem;padding-right:.9rem}
header.top{padding-top:1.25rem}
.sections>section,.gate{padding:1.1rem .9rem}
.card{padding:.85rem .9rem}
h1{font-size:1.3125rem}
.gate h2{font-size:1.4375rem}
ul.counts{gap:.35rem 1.1rem}
.matrix th[scope=row]{padding-right:.5rem}.matrix th code{white-space:normal}.matrix th wbr{display:inline}
dl{grid-template-columns:1fr;gap:0}
dd{margin-bottom:.5rem}
}
@media print{
:root{color-scheme:light;${variables(LIGHT)}}
html{font-size:80%}
body{background:#fff}
nav,.skip{display:none}
/* Two pages: the answer, the picture, the run. Everything else on request. */
body:not(:has(#print-all[open])) .sections details{display:none}
body:not(:has(#print-all[open])) .sections>section:not([id$=trouble],[id$=changes],[id$=deployment],[id$=run]){display:none}
#print-all{display:none}
.top,.columns,footer{display:block;max-width:none;padding:0}
.sections>section,.gate{border:0;border-top:1px solid var(--line);border-radius:0;padding:1rem 0}
.gate{border:1px solid var(--line);border-left-width:6px;padding:1rem}
.gate-passed{border-left-color:var(--passed)}.gate-failed{border-left-color:var(--failed)}.gate-no-verdict{border-left-color:var(--crashed)}
.card,ul.findings>li,ul.gaps>li,tr,.gate{break-inside:avoid}
h2,h3,caption,thead{break-after:avoid}
.scroll{overflow:visible}
.picture{width:100%}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
table{font-size:.85rem}
summary{color:inherit;list-style:none}
/* With all sections, what is folded on the screen is printed as well. */
body:has(#print-all[open]) details::details-content{content-visibility:visible;display:contents}
a{color:inherit;text-decoration:none}
}
`;
