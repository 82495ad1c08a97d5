// SPDX-License-Identifier: Apache-2.0
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readCitations } from './articles.rules.ts'
import { builtInLaw, isCertain } from './law-data.ts'
import { confOfText } from './law-line.ts'
import { obstacleTable } from './obstacle-table.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const files = globSync('src/**/*.{ts,html}', { cwd: root }).filter((file) => !/\.(test|cases)\.ts$|^src\/test-/.test(file))

/** `个人信息保护法 第二十二条、第二十三条` as it stands in a sentence. */
const cited = /[\u4e00-\u9fff]{2,30}(?:〔\d+〕\d+号)?\s*第[一二三四五六七八九十百]+条(?:之[一二])?(?:[、和]第[一二三四五六七八九十百]+条(?:之[一二])?)*/gu
const isComment = (line: string): boolean => /^\s*(\/\/|\/?\*)/.test(line)
/** A sentence that says how sure it is: the words themselves, or a confidence beside it that is not that of a text somebody read. */
const saysSo = (line: string): boolean => /未核实|unverified/.test(line) || /'(?:P[/(]|K|J|S)[^']*'/.test(line)

interface Shipped {
  place: string
  text: string
  line: string
}

const shipped: Shipped[] = files.flatMap((file) =>
  readFileSync(`${root}/${file}`, 'utf8').split('\n').flatMap((line, at) => (isComment(line) ? [] : [...line.matchAll(cited)].map(([text]) => ({ place: `${file}:${at + 1}`, text, line })))),
)

/** Articles in the program's own sentences that nobody read in their primary text, and that do not say so. */
function unmarked(sentences: readonly Shipped[]): string[] {
  return sentences.flatMap(({ place, text, line }) => readCitations(text).citations.filter(({ entry }) => entry !== null && !isCertain(entry.conf) && !saysSo(line)).map(({ instrument, article }) => `${place} ${instrument.id} ${article ?? ''}`))
}

describe('articles that the program cites in its own sentences', () => {
  it('are found all over the program', () => {
    expect(shipped.length).toBeGreaterThan(200)
    expect(new Set(shipped.map(({ place }) => place.split('/')[1])).size).toBeGreaterThan(5)
  })

  it('were read in their primary text, or the sentence says that they were not', () => {
    expect(unmarked(shipped)).toEqual([])
  })

  it('would be found out: one from memory without a mark', () => {
    const line = "zh: '停业须提前三十日公告(消费者权益保护法实施条例 第二十一条)'"
    expect(unmarked([{ place: 'x.ts:1', text: '消费者权益保护法实施条例 第二十一条', line }])).toHaveLength(1)
    expect(unmarked([{ place: 'x.ts:1', text: '消费者权益保护法实施条例 第二十一条', line: `${line} 未核实` }])).toEqual([])
  })
})

describe('lines of the law', () => {
  const { rules, deadlines, penalties, positions, decisionRows, retentionRows, auditPoints } = builtInLaw
  const lines = [
    ...[...rules, ...penalties, ...positions].map(({ id, conf, src }) => ({ id, conf, src })), ...[...deadlines, ...retentionRows].map(({ id, conf, source }) => ({ id, conf, src: source })),
    ...decisionRows.map(({ id, conf, basis }) => ({ id, conf, src: basis })), ...auditPoints.map(({ id, law }) => ({ id, conf: confOfText(law), src: law })),
  ]

  it('are no surer than the articles that they rest on', () => {
    const tooSure = lines.filter(({ conf, src }) => isCertain(conf) && readCitations(src).citations.some(({ entry, instrument }) => !isCertain((entry ?? instrument).conf)))
    expect(tooSure.map(({ id }) => id)).toEqual([])
    expect(lines.length).toBeGreaterThan(250)
  })

  it('rest on what a reader can look up: laws, and rules of this product that say so', () => {
    const sources = [...lines.map(({ src }) => src), ...Object.values(obstacleTable).map(({ law }) => law)]
    expect(sources.filter((src) => /CONTRACTS|seeds|brief/i.test(src))).toEqual([])
  })
})
