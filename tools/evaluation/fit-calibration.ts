// SPDX-License-Identifier: Apache-2.0
import { seededRandom } from '../../app/src/demo/index.ts'
import { rawVerdict } from '../../app/src/detection/index.ts'
import type { ToldBy } from '../../app/src/detection/index.ts'
import { labelledTables } from './labelled-tables.ts'
import type { LabelledTable } from './labelled-tables.ts'
import { contextsOf, labelsShown } from './score-columns.ts'
import type { Showing } from './score-columns.ts'

/** One verdict: how much spoke for it, whether it was right, and the table it is of, since tables are left out whole. */
export interface Judged {
  table: string
  told: ToldBy
  raw: number
  isRight: boolean
}

/** Points of an increasing function from raw scores to shares. */
export type Curve = readonly (readonly [number, number])[]
/** One curve for each way a type was told. */
export type Curves = Record<ToldBy, Curve>

const ways = ['name', 'values', 'text', 'nothing'] as const

/** Verdicts on all own tables as they are, with few rows, with a third of the values mixed up, and with names nobody knows: the spread of what real files look like. */
export function judgeAll(): Judged[] {
  const tables = (['dev', 'held-out', 'fresh', 'fourth', 'fourth-held', 'fifth', 'fifth-held', 'sixth', 'sixth-held', 'seventh', 'seventh-held', 'seventh-third-held', 'eighth', 'eighth-second'] as const).flatMap((half) => labelledTables(half, 'calibration'))
  return (['named', 'header-less'] as const).flatMap((showing) => [
    ...judge(tables, showing), ...judge(tables.map(shortened), showing), ...judge(tables.map(mixedUp), showing), ...(showing === 'named' ? judge(tables.map(renamed), showing) : []),
  ])
}

function judge(tables: readonly LabelledTable[], showing: Showing): Judged[] {
  return tables.flatMap((table) =>
    contextsOf(table, showing).map(({ column, counts, context }): Judged => {
      const { type, told, confidence } = rawVerdict(counts, context)
      return { table: table.name, told, raw: confidence, isRight: labelsShown(column, showing).includes(type) || (type === 'none' && showing === 'header-less') }
    }),
  )
}

const shortened = (table: LabelledTable): LabelledTable => ({ ...table, columns: table.columns.map((column) => ({ ...column, values: column.values.slice(0, 6) })) })

/** A third of the values of each column come from another one: columns that slipped, notes in the wrong place. */
function mixedUp(table: LabelledTable): LabelledTable {
  const random = seededRandom(`mixed/${table.name}`)
  return {
    ...table,
    columns: table.columns.map((column) => ({ ...column, values: column.values.map((value, row) => (random.chance(0.33) ? (random.pick(table.columns).values[row] ?? value) : value)) })),
  }
}

/** Half of the names lose what they say. */
function renamed(table: LabelledTable): LabelledTable {
  const random = seededRandom(`renamed/${table.name}`)
  return { ...table, name: 'T', columns: table.columns.map((column, i) => (random.chance(0.5) ? { ...column, name: random.pick([`F${i + 1}`, `列${i + 1}`, `col_${i + 1}`, `attr${i + 1}`]), comment: '' } : column)) }
}

/** Fits an increasing curve for each way (pool adjacent violators over bins of at least 25 verdicts, eight verdicts counted as one). */
export function fitCurves(judged: readonly Judged[]): Curves {
  const curve = (told: ToldBy): Curve => fitCurve(judged.filter((one) => one.told === told))
  return { name: curve('name'), values: curve('values'), text: curve('text'), nothing: curve('nothing') }
}

interface Bin {
  right: number
  count: number
  raw: number
}

function fitCurve(judged: readonly Judged[]): Curve {
  const byRaw = new Map<number, Bin>()
  for (const one of judged) {
    const raw = Number(one.raw.toFixed(2))
    const bin = byRaw.get(raw) ?? { right: 0, count: 0, raw: 0 }
    byRaw.set(raw, { right: bin.right + Number(one.isRight), count: bin.count + 1, raw: bin.raw + raw })
  }
  const bins: Bin[] = []
  for (const bin of [...byRaw.values()].sort((a, b) => a.raw / a.count - b.raw / b.count)) {
    const last = bins.at(-1)
    if (last === undefined || last.count >= 25) bins.push(bin)
    else bins.splice(-1, 1, { right: last.right + bin.right, count: last.count + bin.count, raw: last.raw + bin.raw })
  }
  for (let i = 1; i < bins.length; ) {
    const [before, here] = [bins[i - 1], bins[i]]
    if (before === undefined || here === undefined || before.right / before.count < here.right / here.count) i++
    else {
      bins.splice(i - 1, 2, { right: before.right + here.right, count: before.count + here.count, raw: before.raw + here.raw })
      i = Math.max(1, i - 1)
    }
  }
  let highest = 0 // doubt weighs more in small bins, so the curve is kept from falling
  return bins.map((bin) => [Number((bin.raw / bin.count).toFixed(3)), Number((highest = Math.max(highest, shareOf(bin))).toFixed(3))])
}

// Views of one column and columns of one table are not independent: eight verdicts count as one. One right and one wrong more than seen: nobody is ever certain.
const shareOf = (bin: Bin): number => (bin.right / 8 + 1) / (bin.count / 8 + 2)

/** One line of the reliability table. */
export interface Reliability {
  from: number
  to: number
  verdicts: number
  said: number
  right: number
}

/** How often verdicts of each confidence were right. */
export function reliability(judged: readonly { confidence: number; isRight: boolean }[]): Reliability[] {
  const edges = [0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0001]
  return edges.slice(1).flatMap((to, i): Reliability[] => {
    const from = edges[i] ?? 0
    const inside = judged.filter((one) => one.confidence >= from && one.confidence < to)
    if (inside.length === 0) return []
    return [{ from, to: Math.min(1, to), verdicts: inside.length, said: mean(inside.map((one) => one.confidence)), right: mean(inside.map((one) => Number(one.isRight))) }]
  })
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

/** Expected calibration error: how far what is said lies from what is right, on average. */
export function calibrationError(lines: readonly Reliability[]): number {
  const total = lines.reduce((sum, line) => sum + line.verdicts, 0)
  return lines.reduce((sum, line) => sum + (line.verdicts / total) * Math.abs(line.said - line.right), 0)
}

/** Each fifth of the tables judged by curves fitted on the other four: what a table never seen gets. */
export function crossValidated(judged: readonly Judged[], read: (curves: Curves, one: Judged) => number): { confidence: number; isRight: boolean }[] {
  const names = [...new Set(judged.map((one) => one.table))].sort()
  return [0, 1, 2, 3, 4].flatMap((fold) => {
    const out = new Set(names.filter((_, i) => i % 5 === fold))
    const curves = fitCurves(judged.filter((one) => !out.has(one.table)))
    return judged.filter((one) => out.has(one.table)).map((one) => ({ confidence: read(curves, one), isRight: one.isRight }))
  })
}

/** The curves as the table of the product. */
export function curvesAsTable(curves: Curves): string {
  const lines = ways.map((told) => `  ${told}: [${curves[told].map(([raw, share]) => `[${raw}, ${share}]`).join(', ')}],`)
  return `// SPDX-License-Identifier: Apache-2.0
// Written by \`npm run evaluate -- --fit\`; do not edit.
// oxlint-disable oxc/approx-constant -- shares of right verdicts may look like any number

/** Points of an increasing function, one for each way a type was told: how much speaks for a verdict, and how often such verdicts were right. */
export const calibrationTable: Readonly<Record<'name' | 'values' | 'text' | 'nothing', readonly (readonly [number, number])[]>> = {
${lines.join('\n')}
}
`
}
