// SPDX-License-Identifier: Apache-2.0
// The public data of ../shared/data: vectors, tables and texts that others labelled. None of it enters the project.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { columnVerdict, ColumnScan, disputedVectors, inspectText, inspectValue, typesOfVectors } from '../../app/src/detection/index.ts'
import type { ColumnCounts, InformationType } from '../../app/src/detection/index.ts'
import type { Score } from './score-columns.ts'

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trim().split('\n')

/** Vectors of one type and source: how many we agree with, and what is disputed or wrong. */
export interface VectorsScore {
  source: string
  type: string
  right: number
  asked: number
  disputed: number
  wrong: string[]
}

const vector = z.object({ type: z.string(), value: z.string().optional(), text: z.string().optional(), valid: z.boolean().optional(), strict: z.boolean().optional(), count: z.number().optional() })

/** Compares with every published vector; disputed values count apart. Null when the data is not there. */
export function scoreVectors(shared: string): VectorsScore[] | null {
  const folder = join(shared, 'data/vectors')
  if (!existsSync(folder)) return null
  const scores = new Map<string, VectorsScore>()
  for (const source of ['jxlwqq-id-validator', 'wuming-cn', 'presidio-cn-fork', 'any-rule']) {
    for (const line of linesOf(join(folder, `${source}.jsonl`))) {
      const one = vector.parse(JSON.parse(line))
      const types = typesOfVectors.get(one.type)
      if (types === undefined) continue
      const score = scores.get(`${source}/${one.type}`) ?? { source, type: one.type, right: 0, asked: 0, disputed: 0, wrong: [] }
      scores.set(`${source}/${one.type}`, score)
      if (one.text === undefined && disputedVectors.has(one.value ?? '')) score.disputed++
      else if (agrees(one, types)) Object.assign(score, { right: score.right + 1, asked: score.asked + 1 })
      else Object.assign(score, { asked: score.asked + 1, wrong: [...score.wrong, one.value ?? one.text ?? ''] })
    }
  }
  return [...scores.values()]
}

function agrees(one: z.infer<typeof vector>, types: readonly InformationType[]): boolean {
  if (one.text !== undefined) return inspectText(one.text).filter((span) => types.includes(span[2])).length === one.count
  const region = one.strict === undefined ? 'prefecture-existed' : one.strict ? 'existed-at-birth' : 'ever-existed'
  return types.some((type) => inspectValue(type, one.value ?? '', { region }).valid) === one.valid
}

/** A published column, what it is, and what we say. */
export interface PublishedColumn {
  set: string
  file: string
  column: string
  labels: readonly string[]
  said: string
  confidence: number
}

const columnLine = z.object({ file: z.string(), column: z.string(), comment: z.string(), label: z.string() })

const labelsByName: Readonly<Record<string, readonly string[]>> = { PHONE: ['mobile', 'landline'], ORG_NAME: ['organisation-name'], BIRTHDATE: ['birth-date'] }
const labelsOf = (label: string): readonly string[] => labelsByName[label] ?? [label.toLowerCase().replaceAll('_', '-')]

/** Chinook with the labels of ../shared/data, with names or without. Null when the data is not there. */
export function scoreChinook(shared: string, isNamed: boolean): PublishedColumn[] | null {
  const folder = join(shared, 'data/tables')
  if (!existsSync(folder)) return null
  const lines = linesOf(join(folder, 'columns.jsonl')).map((line) => columnLine.parse(JSON.parse(line)))
  return [...new Set(lines.map((line) => line.file))].flatMap((file) => {
    const table = readTable(join(folder, file), ',')
    return columnsOf(table, { set: 'Chinook', file, isNamed }, (name) => {
      const line = lines.find((one) => one.file === file && one.column === name)
      return line === undefined ? null : labelsOf(line.label)
    })
  })
}

// UCI Adult in the words of our types; a class of work and the running number are nobody's alone.
const adultLabels: Readonly<Record<string, readonly string[]>> = {
  ID: ['none'], sex: ['gender'], age: ['age'], race: ['ethnicity'], 'marital-status': ['marital-status'], education: ['education'], 'native-country': ['region'], workclass: ['none', 'job'], occupation: ['job'], 'salary-class': ['income'],
}

/** UCI Adult, with names or without; labels are ours. Null when the data is not there. */
export function scoreAdult(shared: string, isNamed: boolean): PublishedColumn[] | null {
  const file = join(shared, 'data/anonymise/adult.csv')
  if (!existsSync(file)) return null
  return columnsOf(readTable(file, ';', 5000), { set: 'Adult', file: 'adult.csv', isNamed }, (name) => adultLabels[name] ?? null)
}

interface Table {
  headers: string[]
  columns: ColumnCounts[]
}

function readTable(file: string, delimiter: string, rowsMax = 1e9): Table {
  const rows = linesOf(file).slice(0, rowsMax + 1).map((line) => splitLine(line.replace(/^\uFEFF|\r$/g, ''), delimiter))
  const [headers = [], ...data] = rows
  const scans = headers.map(() => new ColumnScan())
  data.forEach((row, i) => scans.forEach((scan, column) => scan.add(row[column] ?? '', i + 2)))
  return { headers, columns: scans.map((scan) => scan.counts) }
}

function splitLine(line: string, delimiter: string): string[] {
  const cells = line.match(new RegExp(`(?:^|${delimiter})(?:"((?:[^"]|"")*)"|([^${delimiter}]*))`, 'g')) ?? []
  return cells.map((cell, i) => (i === 0 && !line.startsWith(delimiter) ? cell : cell.slice(delimiter.length)).replace(/^"([\s\S]*)"$/, '$1').replaceAll('""', '"'))
}

function columnsOf(table: Table, of: { set: string; file: string; isNamed: boolean }, labelled: (name: string) => readonly string[] | null): PublishedColumn[] {
  const headers = of.isNamed ? table.headers : []
  return table.headers.flatMap((column, i): PublishedColumn[] => {
    const labels = labelled(column)
    const counts = table.columns[i]
    if (labels === null || counts === undefined) return []
    const verdict = columnVerdict(counts, { header: of.isNamed ? column : null, headers, dataSet: of.isNamed ? of.file.replace(/^.*\//, '').replace(/\.csv$/, '') : 'Sheet1', columns: table.columns })
    return [{ set: of.set, file: of.file, column, labels, said: verdict.type, confidence: verdict.confidence }]
  })
}

/** Names in texts: spans that fit exactly, and spans that overlap. */
export interface NamesScore {
  exact: Score
  overlap: Score
  texts: number
}

const textLine = z.object({ text: z.string(), spans: z.array(z.tuple([z.number(), z.number(), z.string()])) })

/** Names of persons (PER.NAM) in the Weibo messages of ../shared/data. Null when the data is not there. */
export function scoreWeibo(shared: string): NamesScore | null {
  const file = join(shared, 'data/text/weibo-dev.jsonl')
  if (!existsSync(file)) return null
  const score: NamesScore = { exact: { right: 0, said: 0, asked: 0 }, overlap: { right: 0, said: 0, asked: 0 }, texts: 0 }
  for (const line of linesOf(file)) {
    const { text, spans } = textLine.parse(JSON.parse(line))
    const asked = spans.filter((span) => span[2] === 'PER.NAM')
    const said = inspectText(text).filter((span) => span[2] === 'person-name')
    score.texts++
    for (const one of [score.exact, score.overlap]) Object.assign(one, { said: one.said + said.length, asked: one.asked + asked.length })
    score.exact.right += asked.filter((span) => said.some((other) => other[0] === span[0] && other[1] === span[1])).length
    score.overlap.right += asked.filter((span) => said.some((other) => other[0] < span[1] && other[1] > span[0])).length
  }
  return score
}
