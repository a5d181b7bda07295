#include "report/html_parts.hpp"

namespace platen::report {

// Class s<k>/f<k> is stroke/fill with Ink k (svg_plot.hpp): ink (0) and grey (7) follow the page's text, and the darker
// colours are lighter in the dark.
std::string_view stylesheet() {
  return R"css(:root { color-scheme: light dark; --paper: #ffffff; --text: #1c2126; --soft: #5b636b; --rule: #d4d8dc;
  --faint: #f4f6f8; --band: #eceff2; --link: #00598c; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #15181b; --text: #e3e6e8; --soft: #a3abb2; --rule: #3a4147; --faint: #1e2226; --band: #24292e; --link: #7fc4ee; }
  .s1 { stroke: #4aa3df; } .f1 { fill: #4aa3df; } .s2 { stroke: #f0843a; } .f2 { fill: #f0843a; } .s3 { stroke: #2cc49a; } .f3 { fill: #2cc49a; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--text); font: 15px/1.5 Helvetica, Arial, "Liberation Sans",
  "DejaVu Sans", sans-serif; }
main { max-width: 920px; margin: 0 auto; padding: 28px 24px 64px; }
h1 { font-size: 25px; line-height: 1.25; margin: 0 0 4px; font-weight: 600; }
h2 { font-size: 19px; margin: 40px 0 8px; padding-top: 12px; border-top: 1px solid var(--rule); font-weight: 600; }
h3 { font-size: 15.5px; margin: 26px 0 6px; font-weight: 600; }
section.cell > h2 { font-size: 22px; border-top: 3px solid var(--text); margin-top: 56px; }
p { margin: 6px 0 10px; max-width: 78ch; }
a { color: var(--link); }
.soft, figcaption, summary .soft { color: var(--soft); }
.reason { font-size: 16px; }
header.verdict { display: flex; gap: 14px; align-items: center; flex-wrap: wrap; margin: 10px 0 6px; }
.ccd { font-size: 21px; font-weight: 600; }
dl.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 0 24px; margin: 14px 0 10px;
  border-top: 1px solid var(--rule); }
dl.facts div { padding: 7px 0; border-bottom: 1px solid var(--rule); }
dt { color: var(--soft); font-size: 12.5px; }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.badge { display: inline-block; padding: 2px 11px 3px; border-radius: 3px; font-weight: 600; font-size: 14px; white-space: nowrap;
  color: #ffffff; background: #5b636b; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
td .badge { font-size: 12.5px; padding: 1px 8px; }
.badge.healthy, .badge.met { background: #00618f; }
.badge.soft-short { background: #E69F00; color: #1c2126; }
.badge.hard-short, .badge.missed { background: #b34700; }
.badge.fake-stable { background: #8f3f6b; }
.badge.contact-loss { background: #00704f; }
figure { margin: 14px 0 20px; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { font-size: 13px; margin: 4px 0 0; max-width: 96ch; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr)); gap: 10px 16px; }
.pair p.name { margin: 0 0 2px; font-size: 13.5px; font-weight: 600; }
@media screen and (max-width: 640px) {
  main { padding: 18px 14px 48px; }
  figure { overflow-x: auto; } figure > svg { min-width: 680px; } figcaption { position: sticky; left: 0; max-width: calc(100vw - 28px); }
  figure:has(> svg) > figcaption::before { content: "Scroll sideways to see all of it. "; }
}
.s0 { stroke: var(--text); } .f0 { fill: var(--text); } .s7 { stroke: var(--soft); } .f7 { fill: var(--soft); }
.grid { stroke: var(--rule); } .band { fill: var(--band); } .paper[fill="#ffffff"] { fill: var(--paper); }
.scroll { overflow-x: auto; margin: 6px 0 14px; }
table { border-collapse: collapse; font-size: 13.5px; line-height: 1.4; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--rule); }
th { font-weight: 600; border-bottom: 1.5px solid var(--text); }
td.n, th.n { text-align: right; } td.n { white-space: nowrap; }
td:last-child, th:last-child { padding-right: 0; } th { vertical-align: bottom; }
table.cells td:first-child { min-width: 15em; }
tr:has(+ tr.note) td, tr.note:has(+ tr.note) td { border-bottom: 0; padding-bottom: 2px; }
tr.note td { color: var(--soft); font-size: 12px; padding-top: 0; padding-left: 3em; }
tr.section th { border-bottom: 1px solid var(--rule); padding-top: 14px; }
tr.fired td, tr.failed td { font-weight: 600; }
tr.gap td { color: var(--soft); font-style: italic; text-align: center; }
table.narrow { width: auto; } table.narrow th, table.narrow td { padding-right: 28px; }
table.wide td, table.narrow td { overflow-wrap: anywhere; }
code, pre, .mono { font: 12.5px/1.45 "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { background: var(--faint); padding: 10px 12px; white-space: pre-wrap; margin: 6px 0 14px; }
details { margin: 10px 0; }
summary { cursor: pointer; font-weight: 600; padding: 3px 0; }
summary .soft { font-weight: 400; }
ul.warnings { margin: 6px 0 12px; padding-left: 20px; }
ul.warnings li { margin: 3px 0; }
@media screen and (max-width: 640px) {
  table.stacked thead { display: none; }
  table.stacked, table.stacked tbody, table.stacked tr, table.stacked td, table.stacked th { display: block; width: auto; min-width: 0; }
  table.stacked tr { border-bottom: 1px solid var(--rule); padding: 5px 0; }
  table.stacked tr:has(+ tr.note) { border-bottom: 0; padding-bottom: 0; }
  table.stacked td { border: 0; padding: 1px 0; }
  table.stacked td[data-head] { display: flex; justify-content: space-between; gap: 14px; text-align: right; white-space: normal; }
  table.stacked td[data-head]::before { content: attr(data-head); color: var(--soft); text-align: left; font-weight: 400; flex: none; max-width: 50%; }
  table.stacked tr.note td { padding-left: 0; }
}
@page { size: A4; margin: 16mm 15mm 18mm; }
@media print {
  :root { --paper: #ffffff; --text: #000000; --soft: #4a5157; --rule: #c4c9ce; --faint: #f6f7f8; --band: #e9ecef; --link: #000000; }
  .s1 { stroke: #0072B2; } .f1 { fill: #0072B2; } .s2 { stroke: #D55E00; } .f2 { fill: #D55E00; } .s3 { stroke: #009E73; } .f3 { fill: #009E73; }
  body { font-size: 10pt; }
  h1 { font-size: 17pt; } .ccd { font-size: 14pt; } .reason { font-size: 10.5pt; }
  dl.facts { grid-template-columns: repeat(4, 1fr); gap: 0 14px; } dd { font-size: 9.5pt; } dt { font-size: 8pt; } dl.facts div { padding: 4px 0; }
  .pair { grid-template-columns: 1fr 1fr; }
  figure { margin: 8px 0 12px; } figcaption { font-size: 8.5pt; }
  main { max-width: none; padding: 0; }
  section.cell { break-before: page; }
  section.cell > h2 { margin-top: 0; }
  h2, h3, summary { break-after: avoid; }
  tr, header.verdict, dl.facts div { break-inside: avoid; }
  thead { display: table-header-group; }
  table { font-size: 8.5pt; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; display: block; }
  summary { list-style: none; }
}
)css";
}

} // namespace platen::report
