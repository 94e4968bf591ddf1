#include "conformance/report/html_parts.hpp"

namespace conformance::html {

const std::string_view style = R"(
:root { color-scheme: light dark; --ink: #1c2126; --soft: #5d6873; --paper: #fbfaf8; --card: #ffffff;
  --line: #dfe2e5; --pass: #2c7a4b; --fail: #b3261e; --open: #a86400; --none: #87919b;
  --host: #1f5fa8; --mark: #ffd9d4; --code: #f1f2f4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ea; --soft: #9aa5b0; --paper: #15181b;
  --card: #1d2125; --line: #343a40; --pass: #5bb681; --fail: #f2877f; --open: #e0a54a; --none: #76808a;
  --host: #7fb2ee; --mark: #6b221c; --code: #262b30; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.25rem 5rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 3rem 0 .8rem; padding-bottom: .3rem; border-bottom: 2px solid var(--line); }
h3 { font-size: 1.02rem; margin: 0 0 .4rem; }
p { margin: .4rem 0; max-width: 46rem; }
.soft, small { color: var(--soft); }
code { font: .86em/1.45 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
a { color: var(--host); }
.headline { font-size: 1.2rem; margin: 1.4rem 0 .5rem; }
.headline b { font-variant-numeric: tabular-nums; }
.bar { display: flex; gap: 2px; height: .7rem; border-radius: .35rem; overflow: hidden; min-width: 6rem; }
.bar i.pass { background: var(--pass); } .bar i.fail { background: var(--fail); }
.bar i.open { background: var(--open); } .bar i.none { background: var(--none); }
.label { display: inline-block; padding: 0 .5em; border-radius: .8em; font-size: .78rem; white-space: nowrap;
  border: 1px solid currentColor; }
.label.pass { color: var(--pass); } .label.fail { color: var(--fail); font-weight: 600; }
.label.open { color: var(--open); } .label.none { color: var(--none); }
.legend span { margin-right: 1.2rem; white-space: nowrap; }
.legend span::before { content: ""; display: inline-block; width: .7rem; height: .7rem; border-radius: 2px;
  margin-right: .4rem; vertical-align: -.05rem; background: var(--none); }
.legend .pass::before { background: var(--pass); } .legend .fail::before { background: var(--fail); }
.legend .open::before { background: var(--open); }
.card { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--fail);
  border-radius: .4rem; padding: 1rem 1.2rem; margin: 0 0 1.2rem; }
.card.open { border-left-color: var(--open); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .32rem .6rem .32rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 500; font-size: .84rem; }
tbody th { font-weight: 500; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.wide { width: 32%; vertical-align: middle; }
dl.difference { display: grid; grid-template-columns: 5.5rem 1fr; gap: .25rem .6rem; margin: .8rem 0;
  padding: .7rem .8rem; background: var(--code); border-radius: .3rem; }
dl.difference dt { color: var(--soft); } dl.difference dd { margin: 0; }
mark { background: var(--mark); color: inherit; padding: .05em .1em; border-radius: .15em; }
.talk td { border: 0; padding: .08rem .7rem .08rem 0; font-variant-numeric: tabular-nums; }
.talk td:first-child, .talk td:nth-child(2) { color: var(--soft); font-size: .82rem; white-space: nowrap; }
.talk td:nth-child(3) { white-space: nowrap; font-size: .84rem; }
.talk .host td:nth-child(n+3) { color: var(--host); }
.talk .suite td, .talk .suite code { color: var(--soft); }
.talk .broker td:nth-child(n+3), .talk .asked td:nth-child(n+3), .talk .peer td:nth-child(n+3) { color: var(--pass); }
.talk .here td { background: var(--mark); }
details { margin: .15rem 0; } summary { cursor: pointer; padding: .2rem 0; }
summary .label { margin-right: .5rem; }
.times td, .times th { white-space: nowrap; font-variant-numeric: tabular-nums; }
.times .axis { position: relative; width: 40%; min-width: 15rem; padding: 0; }
.times .scale span { position: absolute; bottom: .2rem; font-size: .74rem; color: var(--soft); border-left: 1px solid var(--line);
  padding-left: .2rem; height: 1.1rem; }
.times td.axis span { position: absolute; top: 50%; transform: translateY(-50%); }
.range { height: .5rem; background: var(--host); opacity: .45; border-radius: .25rem; min-width: 3px; }
.median { width: 3px; height: 1rem; background: var(--host); }
.limit { width: 2px; height: 1.3rem; background: var(--fail); }
@media (max-width: 40rem) { body { padding: 1.2rem .8rem 3rem; font-size: .95rem; } h1 { font-size: 1.45rem; }
  .card { padding: .8rem .8rem; } dl.difference { grid-template-columns: 1fr; gap: .1rem; }
  .statements .text { display: block; } .hide, .wide { display: none; }
  .statements tbody th { white-space: nowrap; }
  .statements tr { display: grid; grid-template-columns: 1fr auto; border-bottom: 1px solid var(--line); }
  .statements td, .statements th { border: 0; padding: .15rem 0; }
  .statements tr > :nth-child(5) { grid-column: 1 / -1; overflow-wrap: anywhere; }
  .coverage { font-size: .86rem; } .coverage thead th { font-size: .76rem; }
  .coverage th, .coverage td { padding-right: .35rem; }
  .talk tr { display: grid; grid-template-columns: 3.4rem 2.4rem 1fr; }
  .talk tr > :last-child { grid-column: 1 / -1; }
  .times tr { display: grid; grid-template-columns: 2.2rem repeat(4, 1fr); font-size: .88rem;
    border-bottom: 1px solid var(--line); }
  .times td, .times th { border: 0; padding: .1rem 0; }
  .times tr > :first-child { grid-column: 1 / -1; order: -2; }
  .times .axis { grid-column: 1 / -1; order: -1; width: auto; min-width: 0; height: 1.5rem; } }
@media print { details[open] { break-inside: avoid; } nav { display: none; } }
)";

}  // namespace conformance::html
