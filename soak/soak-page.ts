// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { plantedBugs } from './planted-bugs.ts'
import type { KindRun, SoakResults } from './soak-results.ts'

const page = join(import.meta.dirname, '..', 'docs', 'soak.md')
const figures = { begin: '<!-- soak figures -->', end: '<!-- end of soak figures -->' }
const planted = { begin: '<!-- planted bugs -->', end: '<!-- end of planted bugs -->' }

/** Writes the results into docs/soak.md: a line a kind over all its runs, and a line a planted bug. What these results say nothing of stays as it is. */
export function writePage(results: SoakResults): void {
  if (results.runs.length > 0) writeFigures(results.runs)
  if (results.planted.length > 0) writePlanted(results.planted)
}

function writeFigures(runs: readonly KindRun[]): void {
  const head = '| kind | points that struck | never reached | found | seeds | customers | day |\n|---|---|---|---|---|---|---|'
  const lines = new Map(between(figures).split('\n').flatMap((line) => (/^\| [a-z-]+ \| \d/.test(line) ? [[line.split(' | ')[0]?.slice(2) ?? '', line] as const] : [])))
  for (const [kind, all] of Map.groupBy(runs, (run) => run.kind)) {
    const sum = (what: (run: KindRun) => number): number => all.reduce((total, run) => total + what(run), 0)
    const last = (what: (run: KindRun) => string): string => [...new Set(all.map(what))].join(', ')
    lines.set(kind, `| ${kind} | ${sum((run) => run.points)} | ${sum((run) => run.unreached)} | ${sum((run) => run.found.length)} | ${last((run) => run.seed)} | ${last((run) => String(run.customers))} | ${last((run) => run.day)} |`)
  }
  put(figures, `${head}\n${[...lines.values()].join('\n')}`)
}

function writePlanted(results: SoakResults['planted']): void {
  const rows = plantedBugs.flatMap((bug, at) => {
    const result = results.find((one) => one.name === bug.name)
    return [{ bug, at, result }]
  })
  const lines = rows.map(({ bug, at, result }) => `| ${at + 1} | ${bug.name} | ${bug.caughtBy} | ${result === undefined ? 'not run' : result.caught ? 'caught' : '**not caught**'} | ${result === undefined ? '' : result.control.length === 0 ? 'nothing' : `**${result.control.length}**`} |`)
  put(planted, `${rows.filter(({ result }) => result !== undefined).length} of ${plantedBugs.length} run, ${results.filter((one) => one.caught).length} caught.\n\n| # | bug | scenario | | found in the program as it is |\n|---|---|---|---|---|\n${lines.join('\n')}`)
}

function between({ begin, end }: { begin: string; end: string }): string {
  const text = readFileSync(page, 'utf8')
  return text.slice(text.indexOf(begin) + begin.length, text.indexOf(end))
}

function put({ begin, end }: { begin: string; end: string }, text: string): void {
  const whole = readFileSync(page, 'utf8')
  if (!whole.includes(begin) || !whole.includes(end)) throw new Error(`docs/soak.md has lost its marks ${begin} … ${end}`)
  writeFileSync(page, `${whole.slice(0, whole.indexOf(begin) + begin.length)}\n${text}\n${whole.slice(whole.indexOf(end))}`)
}
