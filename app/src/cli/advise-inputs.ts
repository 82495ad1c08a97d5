// SPDX-License-Identifier: Apache-2.0
// What `handover advise` is told: a file of answers, a person at the terminal, a treatment file with the scan report of the same data.
import { createInterface } from 'node:readline/promises'
import { z } from 'zod'
import { adviceAnswersSchema, adviceQuestions, contractParts, retentionOfEntries, typedAnswer, type AdviceAnswers, type DecisionFacts, type Stratum } from '../law/index.ts'
import { expects, whyRefused } from '../kit/failure.ts'
import type { Day } from '../kit/time.ts'
import { readScanReport, treatmentFileSchema, type TreatmentFile } from '../lifecycle/classify/index.ts'
import type { ScanReport } from '../lifecycle/discover/index.ts'
import { readTextFile } from './call.ts'
import { cliFailures } from './cli-failures.ts'

/** The file that `--template` writes: every question with its words, and answers that leave everything open. */
export function answersTemplate(): string {
  const questions = Object.fromEntries(adviceQuestions.map(({ key, zh, en, answers }) => [key, { zh, en, answers }]))
  return `${JSON.stringify({ version: 1, answers: { ...adviceAnswersSchema.parse({ event: 'sell-business' }) }, questions }, null, 2)}\n`
}

const fileSchema = z.strictObject({ version: z.literal(1), answers: z.unknown(), questions: z.unknown().optional() })

/** The answers of a file; refuses what is not one, with the first things that do not fit. */
export function answersOfFile(file: string): AdviceAnswers {
  let json: unknown
  try {
    json = JSON.parse(readTextFile(file).replace(/^\ufeff/, ''))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw cliFailures.WRONG_ARGUMENT({ what: file, why: expects('JSON'), command: 'advise' }, { cause: error })
  }
  const read = fileSchema.safeParse(json)
  return checked(read.success ? read.data.answers : json, file)
}

function checked(given: unknown, where: string): AdviceAnswers {
  const parsed = adviceAnswersSchema.safeParse(given)
  if (parsed.success) return parsed.data
  throw cliFailures.WRONG_ARGUMENT({ what: where, why: whyRefused(parsed.error.issues), command: 'advise' })
}

/** Asks every question at the terminal, again where an answer does not fit; an empty answer leaves it open. */
export async function askAnswers(lang: 'zh' | 'en', stop: AbortSignal | undefined): Promise<AdviceAnswers> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const given: Record<string, unknown> = {}
  try {
    for (const [at, question] of adviceQuestions.entries()) {
      for (;;) {
        const text = await lines.question(`${at + 1}/${adviceQuestions.length} ${question[lang]}\n   [${question.answers}] `, { signal: stop ?? new AbortController().signal })
        const answer = typedAnswer(question.key, text)
        if (answer === undefined && question.key !== 'event') break
        const fits = adviceAnswersSchema.safeParse({ event: 'sell-business', ...given, ...(answer === undefined ? {} : { [question.key]: answer }) })
        if (fits.success && answer !== undefined) {
          given[question.key] = answer
          break
        }
        process.stderr.write(lang === 'zh' ? '   请照方括号里的写法回答\n' : '   please answer as shown in the brackets\n')
      }
    }
  } finally {
    lines.close()
  }
  return checked(given, lang === 'zh' ? '答复' : 'the answers')
}

interface WeighedColumn {
  name: string
  grade: 'sensitive' | 'general'
  weight: number
}

/** Parts of the values as a treatment file describes them; weighed by the values that a scan found, else one a column. Refuses a file that is none. */
export function strataOfTreatment(treatmentFile: string, scanFile: string | undefined, answers: AdviceAnswers, today: Day): Stratum[] {
  const parsed = treatmentFileSchema.safeParse(JSON.parse(readTextFile(treatmentFile)))
  if (!parsed.success) throw cliFailures.WRONG_ARGUMENT({ what: treatmentFile, why: whyRefused(parsed.error.issues), command: 'advise' })
  const scan = scanFile === undefined ? null : readScanReport(readTextFile(scanFile), scanFile)
  const parts = parsed.data.dataSets.flatMap((set) => partsOfSet(set, scan, { answers, today }))
  const total = parts.reduce((sum, part) => sum + part.share, 0)
  return total === 0 ? [] : parts.map((part) => ({ ...part, share: part.share / total }))
}

type SetOfFile = TreatmentFile['dataSets'][number]
type GroupOfFile = SetOfFile['groups'][number]

/** What the parts are judged by beside the file. */
interface Weighing {
  answers: AdviceAnswers
  today: Day
}

function partsOfSet(set: SetOfFile, scan: ScanReport | null, by: Weighing): Stratum[] {
  const columns = columnsOfSet(set, scan)
  const named = new Set(set.groups.flatMap((group) => (group.columns === '*' ? [] : group.columns)))
  return set.groups.flatMap((group) => {
    const mine = group.columns === '*' ? columns.filter(({ name }) => !named.has(name)) : group.columns.map((name) => columns.find((column) => column.name === name) ?? { name, grade: 'general' as const, weight: scan === null ? 1 : 0 })
    const weighed = mine.length === 0 && scan === null ? [{ name: '*', grade: 'general' as const, weight: 1 }] : mine
    return [...Map.groupBy(weighed, ({ grade }) => grade)].flatMap(([grade, of]) => partsOfGroup(set, group, { grade, weight: of.reduce((sum, { weight }) => sum + weight, 0) }, by))
  })
}

/** The columns of the data set in the scan report: by its name, or its number over the whole report. */
function columnsOfSet({ dataSet }: SetOfFile, scan: ScanReport | null): WeighedColumn[] {
  const all = (scan?.sources ?? []).flatMap((source) => source.dataSets.map((set) => ({ set, full: `${source.source}!${set.name}` })))
  const found = typeof dataSet === 'number' ? all[dataSet - 1] : all.find(({ set, full }) => set.name === dataSet || full === dataSet)
  return (found?.set.fields ?? []).map((field) => ({ name: field.name, grade: field.grade === 'sensitive' ? 'sensitive' : 'general', weight: field.values }))
}

function partsOfGroup(set: SetOfFile, group: GroupOfFile, { grade, weight }: { grade: 'sensitive' | 'general'; weight: number }, { answers, today }: Weighing): Stratum[] {
  if (weight === 0) return []
  const facts: Partial<DecisionFacts> = {
    holdsPersons: set.holdsPersons, lawfulSource: set.lawfulSource, basis: group.basis, purposeState: group.purposeState, neededForTransfer: group.neededForTransfer, neededForContract: group.neededForContract,
    onlyForNewPurpose: group.onlyForNewPurpose, grade, biometric: group.biometric, faceRoute: group.faceRoute, majorEffect: group.majorEffect, designatedBody: group.designatedBody, removal: group.removal,
    retention: group.recordsClasses === null ? null : retentionOfEntries(group.recordsClasses, today),
  }
  // A facet names the customers who agreed; without the data their share is the stated one.
  const assent = group.contractAssent === 'all' ? 100 : group.contractAssent === 'none' ? 0 : answers.assentShare
  const label = (agreed: boolean) => ({ zh: `${group.name}(${group.basis}${group.basis === 'contract' ? (agreed ? ',同意转让' : ',未同意转让') : ''}${grade === 'sensitive' ? ',敏感' : ''})`, en: `${group.name} (${group.basis}${group.basis === 'contract' ? (agreed ? ', agreed' : ', no assent') : ''}${grade === 'sensitive' ? ', sensitive' : ''})` })
  if (group.basis !== 'contract') return [{ label: label(false), share: weight, facts: { ...facts, contractAssent: assent === 100 } }]
  const open = { zh: `${group.name}(是否同意转让没有答复)`, en: `${group.name} (assent not answered)` }
  return contractParts(weight, assent, facts).filter(({ share }) => share > 0).map((part) => ({ ...part, label: part.or === undefined ? label(part.facts.contractAssent === true) : open }))
}
