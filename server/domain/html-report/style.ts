import { createHash } from "node:crypto";

/** The product's own colours (app/globals.css), since a file that stands alone can load none. */
const light = `
  --bg: oklch(0.992 0.0025 70); --sunken: oklch(0.97 0.004 72); --line: oklch(0.902 0.006 72);
  --ink: oklch(0.235 0.012 75); --soft: oklch(0.42 0.013 75); --faint: oklch(0.505 0.013 75);
  --accent: oklch(0.455 0.092 235);
  --pass: oklch(0.46 0.11 153); --pass-wash: oklch(0.952 0.034 155);
  --warn: oklch(0.5 0.115 68); --warn-wash: oklch(0.957 0.05 88);
  --fail: oklch(0.5 0.19 27); --fail-wash: oklch(0.952 0.026 22);
  --unknown: oklch(0.48 0.19 312); --unknown-wash: oklch(0.952 0.031 312);
  --skip: oklch(0.49 0.012 75); --skip-wash: oklch(0.952 0.004 72);`;
const dark = `
  --bg: oklch(0.19 0.006 70); --sunken: oklch(0.165 0.006 70); --line: oklch(0.3 0.008 72);
  --ink: oklch(0.93 0.007 85); --soft: oklch(0.77 0.01 82); --faint: oklch(0.665 0.012 80);
  --accent: oklch(0.785 0.092 226);
  --pass: oklch(0.765 0.13 155); --pass-wash: oklch(0.275 0.042 156);
  --warn: oklch(0.805 0.125 80); --warn-wash: oklch(0.285 0.045 76);
  --fail: oklch(0.73 0.155 25); --fail-wash: oklch(0.28 0.06 25);
  --unknown: oklch(0.775 0.135 314); --unknown-wash: oklch(0.282 0.065 313);
  --skip: oklch(0.68 0.012 80); --skip-wash: oklch(0.245 0.006 72);`;

const frame = `
*, ::before, ::after { box-sizing: border-box; margin: 0; padding: 0; border: 0 solid var(--line); }
html { -webkit-text-size-adjust: 100%; }
body { background: var(--bg); color: var(--ink); font: 14px/1.57 "Inter Variable", Inter, "PingFang SC", "Hiragino Sans GB",
  "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif; text-rendering: optimizeLegibility; }
:lang(zh) body, body:lang(zh) { line-height: 1.68; }
.page { max-width: 58rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; overflow-wrap: anywhere; }
h1, h2, h3 { font-weight: 600; letter-spacing: -0.011em; text-wrap: balance; }
:lang(zh) :is(h1, h2, h3) { letter-spacing: 0; }
h1 { font-size: 1.625rem; line-height: 1.25; }
h2 { font-size: 1rem; margin-top: 2.75rem; display: flex; align-items: center; gap: .5rem; }
h3 { font-size: .9375rem; line-height: 1.45; }
code, pre { font-family: "JetBrains Mono Variable", "JetBrains Mono", ui-monospace, "SF Mono", Menlo, Consolas,
  "Noto Sans CJK SC", monospace; font-size: .8125rem; font-feature-settings: "calt" 0; }
pre { white-space: pre-wrap; background: var(--sunken); border-left: 2px solid var(--line); padding: .5rem .75rem; margin-top: .25rem; }
ul, ol { list-style: none; }
a { color: var(--accent); text-underline-offset: 2px; }
summary { cursor: pointer; color: var(--faint); font-size: .8125rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.eyebrow { color: var(--faint); font-size: .8125rem; display: flex; justify-content: space-between; gap: 1rem; flex-wrap: wrap; margin-bottom: 1.25rem; }
.brand { font-weight: 600; color: var(--soft); }
.faint { color: var(--faint); } .soft { color: var(--soft); } .small { font-size: .8125rem; }
.num { font-variant-numeric: tabular-nums; }
.v { display: inline-flex; align-items: center; gap: .35rem; font-weight: 500; white-space: nowrap; }
.v svg { flex: none; }
.wash { border-radius: 5px; padding: .125rem .5rem; }
.gone { color: var(--faint); }`;

const verdictRules = ["pass", "warn", "fail", "unknown", "skip"]
  .map((name) => `.${name} { color: var(--${name}); } .${name}.wash { background: var(--${name}-wash); }`)
  .join("\n");

const parts = `
.lead { display: flex; align-items: center; flex-wrap: wrap; gap: .5rem .875rem; margin-top: .75rem; }
.note { border-left: 2px solid var(--accent); background: var(--sunken); padding: .625rem .875rem; margin-bottom: 2rem; color: var(--soft); }
.note strong { color: var(--ink); font-weight: 600; }
.error { border-left: 2px solid var(--unknown); padding: .25rem .75rem; margin-top: 1rem; color: var(--unknown); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1rem 2rem; margin-top: 1.75rem;
  border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); padding: 1rem 0; }
.facts dt { color: var(--faint); font-size: .75rem; }
.counts { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: 1rem; }
.group { font-weight: 400; color: var(--faint); }
.result { border-top: 1px solid var(--line); padding: 1.125rem 0 1.25rem; }
.result > header { display: flex; align-items: baseline; justify-content: space-between; gap: .25rem 1rem; flex-wrap: wrap; }
.result .where { color: var(--faint); font-size: .8125rem; }
.line { border-top: 1px solid var(--line); padding: .5rem 0; display: flex; gap: .25rem 1rem; flex-wrap: wrap; align-items: baseline; justify-content: space-between; }
.line .v { min-width: 5.5rem; }
.line > span { flex: 1 1 18rem; } .line > .where { flex: 0 1 auto; color: var(--faint); font-size: .8125rem; }
.finding { margin-top: 1rem; padding-left: .875rem; border-left: 2px solid var(--line); }
.finding.f { border-color: var(--fail); } .finding.w { border-color: var(--warn); } .finding.u { border-color: var(--unknown); }
.finding > p:first-child { display: flex; flex-wrap: wrap; gap: .125rem .75rem; align-items: center; margin-bottom: .125rem; font-size: .8125rem; }
.subject { font-weight: 600; font-size: .875rem; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .5rem 1.5rem; margin-top: .5rem; }
.sides dt, .label { color: var(--faint); font-size: .75rem; }
.sides dd { font-family: "JetBrains Mono Variable", "JetBrains Mono", ui-monospace, Menlo, Consolas, "Noto Sans CJK SC", monospace; font-size: .8125rem; white-space: pre-wrap; }
.block { margin-top: .5rem; }
.step { display: grid; grid-template-columns: 4.5rem 1fr; gap: 0 .75rem; margin-top: .25rem; }
.more { margin-top: .875rem; color: var(--soft); }
.coverage { margin-top: .75rem; font-size: .8125rem; color: var(--faint); }
.missing { color: var(--unknown); }
.mark { font-weight: 600; min-width: 5rem; display: inline-block; }
footer.end { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .875rem; color: var(--faint); font-size: .8125rem; }
@media (max-width: 34rem) { .page { padding: 1.5rem 1rem 3rem; } h1 { font-size: 1.375rem; } .step { grid-template-columns: 1fr; } }
@media print {
  @page { margin: 16mm 14mm; }
  body { font-size: 10pt; background: none; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .page { max-width: none; padding: 0; }
  h2, h3, .result > header { break-after: avoid; }
  .finding, .line, .facts, .sides, .step, tr { break-inside: avoid; }
  .onscreen { display: none; }
  pre { white-space: pre-wrap; }
}`;

/** All of a report's looks: light and dark as the reader's system is, light on paper. */
export const reportStyle = `:root { color-scheme: light dark; ${light}
}
@media screen and (prefers-color-scheme: dark) { :root { ${dark}
} }
${frame}
${verdictRules}
${parts}`;

const styleHash = createHash("sha256").update(reportStyle).digest("base64");

/** What a report may load: the style inside it, which is named by its hash, and nothing from anywhere. */
export const reportPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'`;
