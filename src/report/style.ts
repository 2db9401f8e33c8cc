// The page's style: system fonts, one accent, colours that colour-blind readers can tell apart (Okabe and Ito 2008).
import { PRINTED_ROWS } from './series-list.ts';

const LIGHT = `
  --paper: #ffffff; --ink: #16191d; --soft: #59616b; --faint: #e4e7eb; --edge: #c9ced5; --wash: #f6f7f9;
  --accent: #0067a8; --inner: #8dc0e6; --outer: #cfe4f5; --other: #b3500d; --other-wash: #f6d9c2; --bar: #c3c9d1;`;

const DARK = `
  --paper: #14171b; --ink: #e9ecf0; --soft: #a3acb8; --faint: #2a3037; --edge: #434b55; --wash: #1b1f25;
  --accent: #63b3ee; --inner: #2e6694; --outer: #1d3b55; --other: #f0a35e; --other-wash: #4a3320; --bar: #4d5661;`;

export const STYLE: string = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0 auto; padding: 40px 40px 72px; max-width: 1160px; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
h1, h2, h3 { line-height: 1.25; margin: 0; font-weight: 650; letter-spacing: -0.01em; }
h1 { font-size: 21px; }
h2 { font-size: 23px; }
h3 { font-size: 16px; }
p, ul, dl, figure { margin: 0; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
:target { scroll-margin-top: 16px; }
small { font-size: 12px; }
.brand { color: var(--soft); font-size: 13px; margin-bottom: 2px; }
header { padding-bottom: 12px; border-bottom: 1px solid var(--ink); }
nav ul { margin-top: 10px; display: flex; flex-wrap: wrap; gap: 2px 20px; list-style: none; padding: 0; font-size: 14px; }
nav a { color: var(--soft); text-decoration: none; }
nav a:hover { color: var(--accent); text-decoration: underline; }
section { margin-top: 72px; }
section > h2 { margin-bottom: 12px; }
section h3 { margin: 36px 0 8px; }
#headline { margin-top: 36px; }
.intro, .verdict, section > p { max-width: 46em; }
.intro { color: var(--soft); margin-bottom: 16px; }
.verdict { font-size: 19px; line-height: 1.5; margin-bottom: 10px; }
.quiet, figcaption { color: var(--soft); font-size: 14px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.print-only { display: none; }

.when { color: var(--soft); font-size: 17px; }
.amount { font-size: 19px; margin-top: 2px; }
.amount strong { font-size: clamp(46px, 8vw, 68px); line-height: 1.1; font-weight: 680; letter-spacing: -0.035em; margin-right: 8px; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 20px 36px; list-style: none; padding: 0; margin-top: 28px; }
.facts li { border-top: 1px solid var(--edge); padding-top: 9px; font-size: 14px; line-height: 1.45; color: var(--soft); }
.facts strong { display: block; color: var(--ink); font-size: 25px; font-weight: 600; letter-spacing: -0.02em; line-height: 1.25; }

.plot { margin-top: 44px; }
.plot-title { font-size: 16px; font-weight: 650; letter-spacing: 0; }
h3.plot-title.minor { margin: 22px 0 0; font-size: 14px; font-weight: 400; color: var(--soft); }
figcaption { margin-top: 10px; max-width: 56em; }
.frame { padding: 14px 2px 0 60px; }
.chart { display: block; overflow: visible; }
.chart text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
.grid line { stroke: var(--faint); stroke-width: 1; shape-rendering: crispEdges; }
.grid line.zero { stroke: var(--edge); }
.grid text { text-anchor: end; }
.time text { text-anchor: middle; }
.time text.end { text-anchor: end; }
.time.narrow { display: none; }
.now { stroke: var(--edge); stroke-width: 1; stroke-dasharray: 2 3; }
.line { fill: none; stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }
.history.line { stroke: var(--ink); stroke-width: 1.4; }
.forecast.line { stroke: var(--accent); stroke-width: 2.2; }
.backtest.line { stroke: var(--other); stroke-width: 1.8; stroke-dasharray: 5 3.5; stroke-linecap: butt; }
.line.dot { stroke-width: 7; stroke-linecap: round; stroke-dasharray: none; }
.band { stroke: none; }
.forecast.outer { fill: var(--outer); }
.forecast.inner { fill: var(--inner); }
.backtest.band { fill: var(--other-wash); opacity: 0.55; }
.band.lone { fill: none; stroke-width: 9; vector-effect: non-scaling-stroke; }
.forecast.outer.lone { stroke: var(--outer); }
.forecast.inner.lone { stroke: var(--inner); }
.backtest.band.lone { stroke: var(--other-wash); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 20px; list-style: none; padding: 0; margin-top: 6px; font-size: 13px; color: var(--soft); }
.legend li::before { content: ""; display: inline-block; width: 18px; margin-right: 7px; vertical-align: middle; border-top: 2px solid; }
.key-history::before { border-color: var(--ink) !important; }
.key-forecast::before { border-color: var(--accent) !important; border-top-width: 3px !important; }
.key-backtest::before { border-color: var(--other) !important; border-top-style: dashed !important; }
.key-inner::before { border-top: 12px solid var(--inner) !important; }
.key-outer::before { border-top: 12px solid var(--outer) !important; }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 430px), 1fr)); gap: 48px 48px; margin-top: 28px; }
.card { min-width: 0; }
.card h3 { margin: 0; }
.card > p { font-size: 14px; color: var(--soft); }
.card > p strong { color: var(--ink); font-weight: 600; }
.card .frame { padding-left: 48px; margin: 2px 0 6px; }
.card:target { outline: 1px solid var(--edge); outline-offset: 14px; }
details { margin-top: 6px; font-size: 14px; }
summary { cursor: pointer; color: var(--accent); width: fit-content; }
details .scroll { margin-top: 6px; max-height: 320px; }

.scroll { overflow-x: auto; }
.scroll.tall, details .scroll { overflow-y: auto; }
.scroll.tall { max-height: 640px; border-bottom: 1px solid var(--edge); }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.4; overflow-wrap: normal; }
th, td { text-align: right; padding: 7px 0 7px 20px; vertical-align: middle; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
thead th { font-weight: 400; color: var(--soft); font-size: 13px; vertical-align: bottom; border-bottom: 1px solid var(--ink); white-space: nowrap; }
thead th small { color: var(--soft); }
tbody th { font-weight: 400; min-width: 9em; }
tbody tr + tr > * { border-top: 1px solid var(--faint); }
th.text, td.text { text-align: left; }
td.main { font-weight: 600; }
td.range { white-space: nowrap; }
h3 .role { font-weight: 400; letter-spacing: 0; }
td.model { color: var(--soft); min-width: 11em; }
.role { color: var(--soft); font-size: 13px; display: block; }
.scores tbody tr.used th, .scores tbody tr.used td { color: var(--accent); font-weight: 600; }
.scores tr.used .role { font-weight: 400; }
.scores, .chosen { min-width: 620px; }
.scores .bars { width: 20%; min-width: 90px; }
.bar { display: block; }
.bar rect { fill: var(--bar); }
.bar.used rect { fill: var(--accent); }
.bar.naive rect { fill: var(--soft); }
.dumbbell { display: block; overflow: visible; }
.dumbbell line { stroke: var(--edge); stroke-width: 2; }
.dumbbell circle.naive { fill: var(--paper); stroke: var(--soft); stroke-width: 2; }
.dumbbell text { font-size: 11px; text-anchor: end; fill: var(--soft); }
.dumbbell .used { fill: var(--accent); }
.key-used { color: var(--accent); }
.chosen { margin-top: 8px; }
.chosen td, .chosen th { vertical-align: top; }
.chosen th:first-child { width: 14em; }
.chosen td:nth-child(2) { width: 6em; }
.series thead th { position: sticky; top: 0; background: var(--paper); z-index: 1; border-bottom: 0; box-shadow: inset 0 -1px var(--ink); padding-top: 6px; padding-bottom: 6px; }
.series tbody th { min-width: 10em; }
.series td.trend { width: 150px; padding-top: 3px; padding-bottom: 3px; }
.spark { display: block; width: 132px; height: 28px; }
.spark .line { stroke-width: 1.2; }
.spark .forecast.line { stroke-width: 1.6; }
thead [role=button] { cursor: pointer; }
thead [role=button]:hover { color: var(--accent); }
th[aria-sort] { color: var(--ink); }
th[aria-sort="ascending"] span::after { content: " ↑"; }
th[aria-sort="descending"] span::after { content: " ↓"; }
.find { margin-bottom: 10px; font-size: 14px; color: var(--soft); }
.find input { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--edge); border-radius: 4px; padding: 5px 9px; width: min(260px, 60vw); margin: 0 8px; }

.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 0 56px; }
.columns h3 { margin-top: 12px; }
ul.plain { list-style: none; padding: 0; }
ul.plain li { padding: 6px 0; border-top: 1px solid var(--faint); font-size: 15px; }
ul.plain li:first-child { border-top: 0; }
.terms { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 24px 48px; margin-top: 20px; }
dt { font-weight: 600; }
.terms dd { margin: 2px 0 0; font-size: 15px; color: var(--soft); }
.about { font-size: 14px; color: var(--soft); }
.about div { display: grid; grid-template-columns: 11em 1fr; gap: 12px; padding: 4px 0; border-top: 1px solid var(--faint); }
.about div:first-child { border-top: 0; }
.about dt { font-weight: 400; }
.about dd { margin: 0; color: var(--ink); }

@media (max-width: 720px) {
  body { padding: 20px 16px 48px; }
  section { margin-top: 52px; }
  .amount strong { display: block; }
  .facts { grid-template-columns: 1fr 1fr; gap: 18px 24px; }
  .verdict { font-size: 17px; }
  .frame, .card .frame { padding-left: 44px; }
  .time.wide { display: none; }
  .time.narrow { display: inline; }
  .about div { grid-template-columns: 7em 1fr; }
  th, td { padding-left: 14px; }
  tbody th, .series tbody th { min-width: 7em; }
  .series td.trend, .spark { width: 84px; }
  td.model { min-width: 17em; }
}
@media (max-width: 420px) { .facts { grid-template-columns: 1fr; gap: 12px; } .facts strong { font-size: 22px; } }

@page { size: A4; margin: 16mm 15mm; }
@media print {
  :root { color-scheme: light; ${LIGHT} }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { padding: 0; max-width: none; font-size: 12px; }
  nav, .find, details { display: none !important; }
  .print-only { display: block; }
  section { margin-top: 32px; }
  h2, h3, .intro, .legend { break-after: avoid; }
  p { orphans: 3; widows: 3; }
  #series:has(tr:nth-child(12)), #details:has(.card:nth-child(4)) { break-before: page; }
  .plot, .card, .keep, tr, .facts li, .terms div, .about div { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll, .scroll.tall { overflow: visible; max-height: none; border: 0; }
  .series thead th { position: static; }
  .series tbody tr:nth-child(n + ${PRINTED_ROWS + 1}) { display: none; }
  .amount strong { font-size: 46px; }
  .facts { grid-template-columns: repeat(4, 1fr); gap: 12px 20px; margin-top: 16px; }
  .facts strong { font-size: 19px; }
  .facts li, .quiet, figcaption, .card > p, .role, .legend { font-size: 11px; }
  .verdict { font-size: 14px; }
  .plot { margin-top: 20px; }
  .cards { grid-template-columns: 1fr 1fr; gap: 14px 28px; margin-top: 10px; }
  .card .frame { padding-top: 8px; margin: 0; }
  table, ul.plain li, .terms dd, .about { font-size: 11.5px; }
  th, td { padding: 4px 0 4px 12px; }
  thead th { font-size: 11px; white-space: normal; }
  tbody th, .series tbody th { min-width: 6em; }
  .scores, .chosen { min-width: 0; }
  .scores tbody th { min-width: 10em; }
  .scores .bars { width: 12%; min-width: 60px; }
  .dumbbell text { font-size: 8px; }
  td.model { min-width: 7em; }
  .series td.trend { width: 104px; }
  .spark { width: 92px; height: 20px; }
  .terms { grid-template-columns: 1fr 1fr; gap: 12px 28px; }
  a { color: inherit; text-decoration: none; }
}
`;
