/** Colours of at least 4.5:1 on their ground in both schemes; fonts of the machine, so that nothing is fetched. */
export const STYLE = `
:root { --ground:#fff; --text:#1c2430; --faint:#5a6675; --line:#dfe4ea; --panel:#f5f7f9; --good:#14713d; --bad:#b3261e; --caution:#8a5a00 }
@media (prefers-color-scheme: dark) {
  :root { --ground:#12161c; --text:#e3e8ee; --faint:#97a3b2; --line:#2a323d; --panel:#1a2029; --good:#5fd08b; --bad:#ff8a80; --caution:#f0bd5b }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.55 system-ui, sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { margin: .2rem 0 .6rem; font-size: 1.7rem; line-height: 1.25; text-wrap: balance }
h2 { margin: 2.2rem 0 .6rem; font-size: 1.05rem }
.crumb, .facts, .kind, .notes, dt, summary + p, details p, th { color: var(--faint); font-size: .875rem }
.crumb { margin: 0; font-family: ui-monospace, monospace }
.chip { padding: .15rem .6rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .875rem; font-weight: 600 }
.verified { color: var(--good) } .failed { color: var(--bad) } .flaky, .stand-in, .infrastructure-error { color: var(--caution) } .not-run { color: var(--faint) }
.block { border-top: 1px solid var(--line); padding: .45rem 0 }
summary { cursor: pointer }
summary, div.block { display: flex; gap: .6rem; align-items: baseline }
summary:hover b { text-decoration: underline }
.notes { margin-left: auto; text-align: right; font-variant-numeric: tabular-nums }
.dot { flex: none; width: .6rem; height: .6rem; border-radius: 50%; background: var(--faint) }
.dot.ok { background: var(--good) } .dot.failed { background: var(--bad) }
.dot.skipped, .dot.not-run { background: none; border: 2px solid var(--faint) }
details p { margin: .5rem 0 .2rem 1.2rem }
pre { margin: 0; padding: .7rem .9rem; overflow-x: auto; background: var(--panel); border-radius: .4rem; font: .8125rem/1.5 ui-monospace, monospace }
details pre { margin-left: 1.2rem }
summary::after { content: '▾'; color: var(--faint) }
.failure pre { white-space: pre-wrap; overflow-wrap: anywhere }
.failure { margin: 1.5rem 0; padding: .2rem 1.1rem 1.1rem; border: 1px solid var(--bad); border-radius: .5rem }
.failure h2 { margin-top: 1rem; color: var(--bad) }
dl { margin: 0 } dt { margin-top: .6rem } dd { margin: .2rem 0 0 }
table { border-collapse: collapse; font-size: .875rem }
th, td { padding: .25rem 1.2rem .25rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line) }
th { font-weight: 400; font-family: ui-monospace, monospace }
.wide { overflow-x: auto } .wide > * { min-width: 44rem } .wide td:first-child { white-space: nowrap } .wide + details { margin-top: .8rem }
.bold { font-weight: 700 } .red { color: var(--bad) } .green { color: var(--good) } .yellow { color: var(--caution) }
.blue, .cyan { color: light-dark(#0b5cad, #7db9ff) } .magenta { color: light-dark(#8e24aa, #e1a1f0) } .black, .white { color: inherit }
.waterfall { width: 100%; height: auto; margin: 1rem 0; overflow: visible }
.waterfall text { font: 10px ui-monospace, monospace; fill: var(--faint) }
.waterfall line { stroke: var(--line); stroke-width: 1 }
.waterfall rect { fill: var(--good) } .waterfall rect.drill { fill: var(--caution) } .waterfall rect.failed { fill: var(--bad) }
.timeline { width: 100%; height: auto; margin: 1rem 0; overflow: visible }
.timeline text { font: 10px ui-monospace, monospace; fill: var(--text) } .timeline .tick { fill: var(--faint) }
.timeline line { stroke: var(--line); stroke-width: 1 } .timeline line.back { stroke: var(--text); stroke-dasharray: 3 2 }
.timeline .mark { fill: var(--panel); stroke: var(--faint); stroke-width: .75 } .timeline .mark.drill { stroke: var(--caution) }
.timeline .held { fill: var(--good) } .timeline .lost { fill: var(--bad) } .timeline .gone { fill: none; stroke: var(--bad); stroke-width: 1 }
.files { columns: 16rem; padding-left: 1.2rem } a { color: light-dark(#0b5cad, #7db9ff) }
:root { color-scheme: light dark }
`
