// SPDX-License-Identifier: Apache-2.0
import { labelledTables } from './labelled-tables.ts'
import type { Half } from './labelled-tables.ts'
import { addUp, ratios, scoreTables } from './score-columns.ts'
import type { ColumnsScore, Score, Showing } from './score-columns.ts'
import { scoreAdult, scoreChinook, scoreVectors, scoreWeibo } from './score-published.ts'
import type { PublishedColumn } from './score-published.ts'
import { calibrationError, crossValidated, judgeAll, reliability } from './fit-calibration.ts'
import { readCurve } from '../../app/src/detection/index.ts'

/** The evaluation as Markdown, and what could not run. */
export interface Evaluation {
  page: string
  notRun: string[]
  /** Columns of the looked-at sets that are wrong, to work on; the held-out half only counts. */
  toWorkOn: string[]
}

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
const scoreCells = (score: Score): string[] => {
  const { precision, recall, f1 } = ratios(score)
  return [percent(precision), percent(recall), percent(f1)]
}

const sets: readonly (readonly [Half, string])[] = [['dev', 'looked at while writing'], ['held-out', 'held out'], ['fresh', 'third set'], ['fourth', 'fourth set, looked at'], ['fourth-held', 'fourth set, held out'], ['fifth', 'fifth set, looked at'], ['fifth-held', 'fifth set, held out'], ['sixth', 'sixth set, looked at'], ['sixth-held', 'sixth set, held out'], ['seventh', 'seventh set (published schemas), looked at'], ['seventh-held', 'seventh set (published schemas), held out'], ['seventh-third-held', 'seventh set (published schemas), held out, third part'], ['eighth', 'eighth set (published schemas), first half, looked at'], ['eighth-second', 'eighth set (published schemas), second half, looked at']]
const showings: readonly Showing[] = ['commented', 'named', 'header-less']

/** Runs the whole evaluation: own tables, published data below `shared`, calibration. */
export function evaluate(shared: string): Evaluation {
  const own = sets.flatMap(([half, words]) => showings.map((showing) => ({ half, words, showing, score: addUp(scoreTables(labelledTables(half), showing), showing) })))
  const published = publishedSections(shared)
  const page = [
    '## Columns of our own tables', '', ...ownSection(own), '', '## Each type, all own tables', '', ...typesSection(own.filter((one) => one.showing === 'named').map((one) => one.score)), '',
    ...published.lines, '', '## What a confidence means', '', ...calibrationSection(), '',
  ].join('\n')
  const toWorkOn = own.filter((one) => !one.half.includes('held')).flatMap((one) => one.score.wrong.map((wrong) => `${one.half} ${one.showing}: ${wrong.table}.${wrong.column} is ${wrong.labels.join('/')}, said ${wrong.verdict.type}`))
  return { page, notRun: published.notRun, toWorkOn }
}

function ownSection(own: readonly { words: string; showing: Showing; score: ColumnsScore }[]): string[] {
  return [
    row(['set', 'shown', 'columns', 'precision', 'recall', 'F1', 'personal found', 'nobody’s columns flagged']), row(['---', '---', '--:', '--:', '--:', '--:', '--:', '--:']),
    ...own.map(({ words, showing, score }) => row([words, showing, score.columns, ...scoreCells(score.all), percent(ratios(score.personal).recall), `${score.nobodys.flagged} of ${score.nobodys.columns}`])),
  ]
}

function typesSection(scores: readonly ColumnsScore[]): string[] {
  const sums = new Map<string, Score>()
  for (const [type, score] of scores.flatMap((one) => [...one.byType])) {
    const sum = sums.get(type) ?? { right: 0, said: 0, asked: 0 }
    sums.set(type, { right: sum.right + score.right, said: sum.said + score.said, asked: sum.asked + score.asked })
  }
  return [
    row(['type', 'columns', 'precision', 'recall', 'F1']), row(['---', '--:', '--:', '--:', '--:']),
    ...[...sums].filter(([type, score]) => type !== 'none' && score.asked > 0).sort((a, b) => b[1].asked - a[1].asked).map(([type, score]) => row([`\`${type}\``, score.asked, ...scoreCells(score)])),
  ]
}

function publishedSections(shared: string): { lines: string[]; notRun: string[] } {
  const notRun: string[] = []
  const lines: string[] = []
  const vectors = scoreVectors(shared)
  if (vectors === null) notRun.push('published test vectors')
  else {
    lines.push('## Published test vectors', '', row(['source', 'type', 'agreed', 'disputed (decision 0007)']), row(['---', '---', '--:', '--:']))
    lines.push(...vectors.map((one) => row([one.source, one.type, `${one.right} of ${one.asked}`, one.disputed])), '')
  }
  const tables = [true, false].flatMap((isNamed) => [scoreChinook(shared, isNamed), scoreAdult(shared, isNamed)].map((columns) => ({ isNamed, columns })))
  if (tables.some((one) => one.columns === null)) notRun.push('published tables (Chinook, Adult)')
  else {
    lines.push('## Published tables', '', row(['set', 'shown', 'columns', 'right', 'wrong']), row(['---', '---', '--:', '--:', '---']))
    lines.push(...tables.map(({ isNamed, columns }) => publishedRow(columns ?? [], isNamed)), '')
  }
  const names = scoreWeibo(shared)
  if (names === null) notRun.push('published texts (Weibo)')
  else {
    lines.push('## Names in published texts (Weibo, PER.NAM)', '', row(['measure', 'precision', 'recall', 'F1']), row(['---', '--:', '--:', '--:']))
    lines.push(row(['exact spans', ...scoreCells(names.exact)]), row(['overlapping spans', ...scoreCells(names.overlap)]), '', `${names.texts} messages, ${names.exact.asked} names.`)
  }
  return { lines, notRun }
}

function publishedRow(columns: readonly PublishedColumn[], isNamed: boolean): string {
  const wrong = columns.filter((one) => !one.labels.includes(one.said))
  return row([columns[0]?.set ?? '', isNamed ? 'named' : 'header-less', columns.length, columns.length - wrong.length, wrong.map((one) => `${one.column} (${one.labels.join('/')}) → ${one.said}`).join('; ')])
}

function calibrationSection(): string[] {
  const judged = judgeAll()
  const lines = reliability(crossValidated(judged, (curves, one) => readCurve(curves[one.told], one.raw)))
  return [
    row(['confidence', 'verdicts', 'said on average', 'right']), row(['---', '--:', '--:', '--:']),
    ...lines.map((line) => row([`${line.from.toFixed(2)}–${line.to.toFixed(2)}`, line.verdicts, line.said.toFixed(3), line.right.toFixed(3)])), '',
    `Five-fold over whole tables: each verdict is judged by curves fitted without its table. Expected calibration error ${calibrationError(lines).toFixed(3)}.`,
  ]
}
