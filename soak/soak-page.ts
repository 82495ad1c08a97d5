// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Findings } from './fault-points.ts'
import type { PlantedResult } from './planted-bugs.ts'

const page = join(import.meta.dirname, '..', 'docs', 'soak.md')
const figures = { begin: '<!-- soak figures -->', end: '<!-- end of soak figures -->' }
const planted = { begin: '<!-- planted bugs -->', end: '<!-- end of planted bugs -->' }

/** Writes the figures of a run into docs/soak.md: one line a kind, the newest run of each. */
export function writeFigures(results: readonly { kind: string; findings: Findings }[], run: { seed: string; customers: number }): void {
  const head = '| kind | points that struck | never reached | found | seed | customers | day |\n|---|---|---|---|---|---|---|'
  const lines = new Map(between(figures).split('\n').flatMap((line) => (/^\| (kill|power|disk|zombie|flip|dba) \|/.test(line) ? [[line.split(' | ')[0]?.slice(2) ?? '', line] as const] : [])))
  for (const { kind, findings } of results) lines.set(kind, `| ${kind} | ${findings.points} | ${findings.unreached} | ${findings.found.length} | ${run.seed} | ${run.customers} | ${new Date().toISOString().slice(0, 10)} |`)
  put(figures, `${head}\n${[...lines.values()].join('\n')}`)
}

/** Writes which planted bugs were caught, and by what. */
export function writePlanted(results: readonly PlantedResult[]): void {
  const lines = results.map((one, at) => `| ${at + 1} | ${one.name} | ${one.scenario} | ${one.caught ? 'caught' : '**not caught**'} |`)
  put(planted, `${results.length} planted, ${results.filter((one) => one.caught).length} caught. Each scenario finds nothing in the program as it is.\n\n| # | bug | scenario | |\n|---|---|---|---|\n${lines.join('\n')}`)
}

function between({ begin, end }: { begin: string; end: string }): string {
  const text = existsSync(page) ? readFileSync(page, 'utf8') : ''
  return text.slice(text.indexOf(begin) + begin.length, text.indexOf(end))
}

function put({ begin, end }: { begin: string; end: string }, text: string): void {
  const whole = readFileSync(page, 'utf8')
  if (!whole.includes(begin) || !whole.includes(end)) throw new Error(`docs/soak.md has lost its marks ${begin} … ${end}`)
  writeFileSync(page, `${whole.slice(0, whole.indexOf(begin) + begin.length)}\n${text}\n${whole.slice(whole.indexOf(end))}`)
}
