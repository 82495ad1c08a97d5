// SPDX-License-Identifier: Apache-2.0
// Prints how well names are found in the sentences of tools/text/held-out, and in ../shared's Weibo messages where they are at hand. Nothing of both was learned from.
// node tools/measure-text.ts
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { inspectText } from '../app/src/detection/index.ts'
import { heldOut, measure, type MarkedText } from './text/measure.ts'

const message = z.object({ text: z.string(), spans: z.array(z.tuple([z.number(), z.number(), z.string()])) })
const weiboFile = join(process.env['HANDOVER_SHARED'] ?? join(import.meta.dirname, '../../shared'), 'data/text/weibo-dev.jsonl')
const sets: [string, MarkedText[]][] = ['news', 'news-2', 'news-3', 'cv', 'cv-2'].map((name) => [name, heldOut(name)])
if (existsSync(weiboFile)) sets.push(['weibo (PER.NAM)', weibo()])
else process.stderr.write(`SKIPPED: no Weibo messages at ${weiboFile}\n`)

const percent = (share: number): string => (share * 100).toFixed(1).padStart(6)
console.log('set              texts names  precision recall     F1 overlap recall')
for (const [name, texts] of sets) {
  const one = measure(texts, (text) => inspectText(text).flatMap(([start, end, type]) => (type === 'person-name' ? [[start, end] as const] : [])))
  console.log(`${name.padEnd(16)} ${String(one.texts).padStart(5)} ${String(one.names).padStart(5)}  ${percent(one.precision)}   ${percent(one.recall)} ${percent(one.f1)} ${percent(one.overlapRecall)}`)
}

function weibo(): MarkedText[] {
  return readFileSync(weiboFile, 'utf8').trim().split('\n').map((line) => {
    const { text, spans } = message.parse(JSON.parse(line))
    return { text, names: spans.flatMap(([start, end, label]) => (label === 'PER.NAM' ? [[start, end] as const] : [])) }
  })
}
