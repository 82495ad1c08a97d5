// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { targetOf } from './harness.ts'

const rowSchema = z.object({
  name: z.string(), row: z.string(), unit: z.string(), compare: z.literal(['cost', 'rate']), target: z.number().nullable(), targetRate: z.number().optional(), size: z.number(), seconds: z.number(), rate: z.number(), memory: z.number(),
  ratios: z.array(z.object({ yardstick: z.string(), ratio: z.number() })), growth: z.object({ size: z.number(), time: z.number(), memory: z.number() }).nullable(),
  notes: z.record(z.string(), z.union([z.number(), z.string()])),
})
/** One measured size of one benchmark. */
export type ResultRow = z.infer<typeof rowSchema>

const page = join(import.meta.dirname, '..', 'docs', 'performance.md')
const history = join(import.meta.dirname, 'history.json')

const measurementSchema = z.object({ on: z.string(), rate: z.number(), memory: z.number(), ratio: z.number().nullable() })
const historySchema = z.record(z.string(), z.object({ before: measurementSchema.nullable(), now: measurementSchema, row: rowSchema }))
type History = z.infer<typeof historySchema>

/** Writes the before/after table of docs/performance.md between its marks: `now` is the latest figure; `before` is what an earlier version measured, taken from the history file that a run with `--write` left in its tree. Paths that did not run this time keep their row. Refuses a page without marks. */
export function writePerformancePage(rows: readonly ResultRow[], earlier?: string): void {
  const kept = historyIn(history)
  const before = earlier === undefined ? {} : historyIn(earlier)
  const on = new Date().toISOString().slice(0, 10)
  for (const row of rows) {
    const key = `${row.name}/${row.size}`
    kept[key] = { before: kept[key]?.before ?? null, now: { on, rate: row.rate, memory: row.memory, ratio: row.ratios[0]?.ratio ?? null }, row }
  }
  for (const [key, one] of Object.entries(kept)) kept[key] = { ...one, before: before[key]?.now ?? one.before }
  writeFileSync(history, `${JSON.stringify(kept, null, 2)}\n`)
  writeBetween('bench', table(Object.values(kept).map((one) => one.row).toSorted((a, b) => a.name.localeCompare(b.name) || a.size - b.size), kept))
}

function historyIn(file: string): History {
  return existsSync(file) ? historySchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
}

/** One step of a whole matter: seconds, and the highest memory of all processes together in MiB. */
export interface JourneyStep {
  step: string
  seconds: number
  memory: number
}

/** Writes the table of a whole matter into docs/performance.md; refuses a page without marks. */
export function writeJourney(rows: number, steps: readonly JourneyStep[]): void {
  const lines = steps.map(({ step, seconds, memory }) => `| ${step} | ${seconds.toFixed(1)} | ${whole(rows / seconds)} | ${whole(memory)} |`)
  writeBetween('load', [`${rows.toLocaleString('en')} customers × 12 columns. ${machine()}.`, '', '| step | seconds | records/s | MiB, all processes |', '|---|--:|--:|--:|', ...lines, ''].join('\n'))
}

function writeBetween(mark: string, text: string): void {
  const before = readFileSync(page, 'utf8')
  const [begin, end] = [`<!-- ${mark}:begin -->`, `<!-- ${mark}:end -->`]
  const [from, to] = [before.indexOf(begin), before.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${page} has no place for ${mark}`)
  writeFileSync(page, `${before.slice(0, from + begin.length)}\n\n${text}\n${before.slice(to)}`)
}

const machine = (): string => `${cpus()[0]?.model ?? ''} × ${cpus().length}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`

function table(rows: readonly ResultRow[], kept: History): string {
  const lines = rows.map((row) => {
    const before = kept[`${row.name}/${row.size}`]?.before ?? null
    const others = row.ratios.slice(1).map(({ yardstick, ratio }) => `${figure(ratio)} × ${inCell(yardstick)}`).join('; ')
    const first = row.ratios[0]
    return `| ${row.row} | ${row.size.toLocaleString('en')} | ${before === null ? '–' : `${whole(before.rate)}${before.ratio === null ? '' : ` (${figure(before.ratio)} ×)`}`} | ${whole(row.rate)} ${row.unit}/s | ${Math.round(row.memory)} MiB | ${first === undefined ? '–' : `${figure(first.ratio)} × ${inCell(first.yardstick)}`} | ${targetOf(row)} | ${row.growth === null ? '' : `×${figure(row.growth.size)} → ×${figure(row.growth.time)}`} | ${others} |`
  })
  return [`Measured on: ${machine()}. Medians; each ratio is of one run of ours and its yardstick; the days of the runs stand in bench/history.json.`, '', '| path | size | rate before | rate now | memory | ratio | target | growth: size → time | other yardsticks |', '|---|--:|--:|--:|--:|---|---|---|---|', ...lines, ''].join('\n')
}

const inCell = (text: string): string => text.replaceAll('|', '\\|')
const figure = (number: number): string => String(Number(number.toPrecision(3)))
const whole = (number: number | undefined): string => (number === undefined ? '–' : Math.round(number).toLocaleString('en'))
