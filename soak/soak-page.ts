// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { plantedBugs } from './planted-bugs.ts'
import type { KindRun, SoakResults } from './soak-results.ts'

const page = join(import.meta.dirname, '..', 'docs', 'soak.md')
const figures = { begin: '<!-- soak figures -->', end: '<!-- end of soak figures -->' }
const planted = { begin: '<!-- planted bugs -->', end: '<!-- end of planted bugs -->' }

/** Writes the results into docs/soak.md: a line a kind over all its runs, and a line a planted bug. A kind or bug that these results say nothing of keeps the line it has. */
export function writePage(results: SoakResults): void {
  if (results.runs.length > 0) writeFigures(results.runs)
  if (results.planted.length > 0) writePlanted(results.planted)
}

function writeFigures(runs: readonly KindRun[]): void {
  const head = '| kind | asked for | struck | never reached | found | seeds | customers | commit | day |\n|---|---|---|---|---|---|---|---|---|'
  const lines = new Map(between(figures).split('\n').flatMap((line) => (/^\| [a-z-]+ \| \d/.test(line) ? [[line.split(' | ')[0]?.slice(2) ?? '', line] as const] : [])))
  for (const [kind, all] of Map.groupBy(runs, (run) => run.kind)) {
    const sum = (what: (run: KindRun) => number): number => all.reduce((total, run) => total + what(run), 0)
    const each = (what: (run: KindRun) => string): string => [...new Set(all.map(what))].join(', ')
    const cells = [kind, ...[(run: KindRun) => run.asked, (run: KindRun) => run.points, (run: KindRun) => run.unreached, (run: KindRun) => run.found.length].map((what) => String(sum(what)))]
    lines.set(kind, `| ${[...cells, each((run) => run.seed), each((run) => String(run.customers)), each((run) => run.commit), each((run) => run.day)].join(' | ')} |`)
  }
  put(figures, `${head}\n${[...lines.values()].join('\n')}`)
}

function writePlanted(results: SoakResults['planted']): void {
  const before = between(planted).split('\n')
  const lines = plantedBugs.map((bug, at) => {
    const result = results.find((one) => one.name === bug.name)
    if (result === undefined) return before.find((line) => line.includes(`| ${bug.name} |`))?.replace(/^\| \d+ /, `| ${at + 1} `) ?? `| ${at + 1} | ${bug.name} | ${bug.caughtBy} | not run | | | |`
    const control = result.control.length === 0 ? 'nothing' : `**${result.control.length}**`
    return `| ${at + 1} | ${bug.name} | ${bug.caughtBy} | ${result.caught ? 'caught' : '**not caught**'} (${result.strikes}) | ${control} (${result.controlStrikes}) | ${result.seed} | ${result.commit} |`
  })
  const [run, caught] = [lines.filter((line) => !line.includes('| not run |')).length, lines.filter((line) => line.includes('| caught')).length]
  put(planted, `${run} of ${plantedBugs.length} run, ${caught} caught. In brackets: how often the scenario's faults struck.\n\n| # | bug | scenario | | found in the program as it is | seed | commit |\n|---|---|---|---|---|---|---|\n${lines.join('\n')}`)
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
