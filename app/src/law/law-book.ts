// SPDX-License-Identifier: Apache-2.0
// The law as one value: what is shipped, or what a tenant's law pack says instead. Code-backed rules stay code; texts, severities, guards, types of matter, periods and deadlines come from here.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { lawFiles as shippedFiles, withShippedWords } from './law-files.ts'
import {
  articleSchema, auditPointSchema, calendarYearSchema, deadlineSchema, decisionRowSchema, instrumentSchema, penaltySchema, positionSchema, residualRowSchema, retentionRowSchema, ruleSchema,
  type Article, type AuditPoint, type CalendarYear, type Deadline, type DecisionRow, type Instrument, type OpenPosition, type Penalty, type RetentionRow, type Rule,
} from './law-schemas.ts'

/** Names of the law files, as they stand in `law/` and in a pack. */
export const lawFileNames = ['articles', 'audit-points', 'calendar', 'deadlines', 'decisions', 'instruments', 'penalties', 'positions', 'retention', 'rules'] as const
export type LawFileName = (typeof lawFileNames)[number]

/** 法规数据. Everything the program knows of the law, with the version that plans and packages name. */
export interface LawBook {
  /** SHA-256 in hex over the canonical JSON of all files. */
  version: string
  /** Where it came from: shipped, or the pack of this version. */
  origin: 'built-in' | 'pack'
  rules: readonly Rule[]
  ruleById: ReadonlyMap<string, Rule>
  decisionRows: readonly DecisionRow[]
  residualRows: readonly z.infer<typeof residualRowSchema>[]
  retentionRows: readonly RetentionRow[]
  deadlines: readonly Deadline[]
  auditPoints: readonly AuditPoint[]
  calendarYears: readonly CalendarYear[]
  instruments: readonly Instrument[]
  articles: readonly Article[]
  penalties: readonly Penalty[]
  positions: readonly OpenPosition[]
}

const decisionsFileSchema = z.strictObject({ order: z.string(), decisions: z.array(decisionRowSchema).min(1), residual_copies: z.array(residualRowSchema).min(1) })
const filesSchema = z.strictObject({
  articles: z.array(articleSchema), 'audit-points': z.array(auditPointSchema), calendar: z.array(calendarYearSchema), deadlines: z.array(deadlineSchema), decisions: decisionsFileSchema,
  instruments: z.array(instrumentSchema), penalties: z.array(penaltySchema), positions: z.array(positionSchema), retention: z.array(retentionRowSchema), rules: z.array(ruleSchema).min(1),
})

/** 读取法规数据. Reads law files against their schemas and refuses (ZodError) what does not fit; ids may not repeat. */
export function readLawBook(files: unknown, origin: LawBook['origin'] = 'built-in'): LawBook {
  const read = filesSchema.parse(origin === 'pack' ? withShippedWords(files) : files)
  const lists = [read.articles, read.deadlines, read.instruments, read.penalties, read.positions, read.retention, read.rules, read['audit-points'], read.decisions.decisions, read.decisions.residual_copies]
  for (const list of lists) refuseRepeated(list.map(({ id }) => id))
  if (origin === 'pack') refuseWhatCodeLacks(read)
  return {
    version: createHash('sha256').update(canonicalText(files)).digest('hex'), origin,
    rules: read.rules, ruleById: new Map(read.rules.map((rule) => [rule.id, rule])), decisionRows: read.decisions.decisions, residualRows: read.decisions.residual_copies,
    retentionRows: read.retention, deadlines: read.deadlines, auditPoints: read['audit-points'], calendarYears: read.calendar,
    instruments: read.instruments, articles: read.articles, penalties: read.penalties, positions: read.positions,
  }
}

/** Canonical JSON of data whose numbers are all integers; the same bytes as RFC 8785 there (`law` may not import `proof`; a test compares the two). */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`).join(',')}}`
}

/**
 * What the program counts by has to be there: every deadline with all of its lengths, and one for any number of persons where that number chooses (T11); otherwise the first gate that counts by it would fail, and the matter with it.
 * A row of the decision table that has no code would judge nothing, and nobody would see it.
 */
function refuseWhatCodeLacks(read: z.infer<typeof filesSchema>): void {
  for (const { id, period } of z.array(deadlineSchema).parse(shippedFiles.deadlines)) {
    const given = read.deadlines.find((each) => each.id === id)
    if (given === undefined || given.period.length < period.length) throw new RangeError(`the deadline ${id} is missing, or one of its lengths`)
    if (period.some(({ when }) => limitOf(when) !== null) && !fitsAnyNumber(given)) throw new RangeError(`the deadline ${id} has no length for some numbers of persons`)
  }
  const rows = new Set(shippedFiles.decisions.decisions.map(({ id }) => id))
  const unknown = read.decisions.decisions.find(({ id, kind }) => (kind === 'stop' || kind === 'main') && !rows.has(id))
  if (unknown !== undefined) throw new RangeError(`the row ${unknown.id} of the decision table has no code: records would never be judged by it`)
}

/** The number in a condition such as `>=1000000`, or null where it is words. */
function limitOf(when: string | undefined): number | null {
  const digits = /^(?:>=|<)(\d+)$/.exec(when ?? '')?.[1]
  return digits === undefined ? null : Number(digits)
}

/** Whether every count of persons has a length: everything from the smallest lower limit on has one, so what is below it needs one too. */
function fitsAnyNumber({ period }: Deadline): boolean {
  const limits = (sign: string): number[] => period.flatMap(({ when }) => (when?.startsWith(sign) === true ? (limitOf(when) ?? []) : []))
  return Math.max(0, ...limits('<')) >= Math.min(Number.MAX_SAFE_INTEGER, ...limits('>='))
}

function refuseRepeated(ids: readonly string[]): void {
  const seen = new Set<string>()
  for (const id of ids) {
    if (seen.has(id)) throw new RangeError(`the id ${id.slice(0, 40)} stands twice`)
    seen.add(id)
  }
}
