// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { fieldGrades, isInformationType, resolveRuleSet, ruleSetOf, ruleSetSchema, gradingRuleSets, type InformationType, type ResolvedRuleSet } from '../../detection/index.ts'
import type { ScanReport } from '../discover/index.ts'
import { whyRefused } from '../../kit/failure.ts'
import { gradingFailures } from './grading-failures.ts'

const type = z.custom<InformationType>((given) => typeof given === 'string' && isInformationType(given), { error: 'not an information type' })
const grade = z.enum(fieldGrades)
const count = z.int().min(0)
const place = z.looseObject({ row: z.int(), shown: z.string() })
const field = z.looseObject({
  name: z.string(), index: count, type, grade, gradeRule: z.string(), combination: z.boolean(), isImage: z.literal(true).optional(), confidence: z.number(), values: count, empty: count, distinct: z.number(), matched: count, invalid: count,
  masked: count, damaged: count, evidence: z.array(place), why: z.string(), whyEn: z.string(),
})
const dataSet = z.looseObject({
  name: z.string(), hidden: z.boolean(), headerRow: z.int().nullable(), blankHeaders: count, duplicateHeaders: count, rows: count, blankRows: count, shortRows: count, longRows: count, oddCells: count, mergedRanges: count, duplicateRows: count.nullable(), grade,
  gradeRule: z.string().default(''), gradeWhy: z.string(), births: count.optional(), under14: count.optional(), found: z.array(z.looseObject({ type, count, evidence: z.array(place) })).optional(), fields: z.array(field),
})
const source = z.looseObject({ source: z.string(), kind: z.string(), bytes: count, sha256: z.string(), encoding: z.string().nullable(), delimiter: z.string().nullable(), dataSets: z.array(dataSet) })
const reportSchema = z.looseObject({ sources: z.array(source), ruleSet: z.string().optional(), notRead: z.array(z.looseObject({ where: z.string(), why: z.string(), whyEn: z.string(), code: z.string() })), elapsedMs: z.number() })

/** Reads the file that `handover scan --json` wrote; what it does not know it keeps. Refuses anything else. */
export function readScanReport(text: string, file: string): ScanReport {
  return read(reportSchema, text, file)
}

/** The rule set of this name, or of the rule set file that is given; refuses both when they are none. */
export function readRuleSet(given: string, readFile: (file: string) => string): ResolvedRuleSet {
  if (gradingRuleSets.some(({ id }) => id === given)) return ruleSetOf(given)
  if (!given.endsWith('.json')) throw gradingFailures.GRADE_RULE_SET({ given: given.slice(0, 40), known: gradingRuleSets.map(({ id }) => id).join('、') })
  const set = read(ruleSetSchema, readFile(given), given)
  try {
    return resolveRuleSet(set)
  } catch (error) {
    throw gradingFailures.GRADE_RULE_FILE({ file: given, why: `basedOn ${set.basedOn ?? ''}: ${gradingRuleSets.filter(({ basedOn }) => basedOn === undefined).map(({ id }) => id).join(' | ')}` }, { cause: error })
  }
}

function read<T>(schema: z.ZodType<T>, text: string, file: string): T {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw gradingFailures.GRADE_RULE_FILE({ file, why: 'JSON' }, { cause: error })
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw gradingFailures.GRADE_RULE_FILE({ file, why: whyRefused(parsed.error.issues) })
}
