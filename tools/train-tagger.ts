// SPDX-License-Identifier: Apache-2.0
// Trains the built-in tagger of names, addresses and organisations from generated sentences alone; the same seed writes the same file, byte for byte.
// node tools/train-tagger.ts [--seed 20260901] [--sentences 600000] [--mixed 8] [-o app/src/detection/text/model.bin]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { characterTables } from './text/character-tables.ts'
import { knownFacts } from './text/known-facts.ts'
import { mixedWeights, TaggerTrainer } from './text/train-weights.ts'
import { SentenceWriter } from './text/write-sentences.ts'
import { encodeModel } from '../app/src/detection/text/index.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '20260901' }, sentences: { type: 'string', default: '600000' }, mixed: { type: 'string', default: '8' }, output: { type: 'string', short: 'o', default: join(import.meta.dirname, '../app/src/detection/text/model.bin') } },
})
const seed = Number(values.seed)
const count = Number(values.sentences)
const mixed = Number(values.mixed)
const start = performance.now()
const characters = characterTables(new SentenceWriter(seed + 1, knownFacts))
const means = Array.from({ length: mixed }, (_, number) => trained(seed + 100 * number, number + 1))
const bytes = encodeModel({ characters, weights: mixedWeights(means) })
writeFileSync(values.output, bytes)
console.log(`${values.output}: ${bytes.length} bytes`)

function trained(from: number, number: number): Float64Array {
  const writer = new SentenceWriter(from, knownFacts)
  const trainer = new TaggerTrainer(characters, from)
  let wrong = 0
  for (let sentence = 1; sentence <= count; sentence++) {
    wrong += trainer.learn(writer.next()) ? 0 : 1
    if (sentence % 100_000 !== 0) continue
    console.log(`model ${number} of ${mixed}: ${sentence} sentences, ${(wrong / 1000).toFixed(1)} % of the last 100,000 not right at once, ${((performance.now() - start) / 1000).toFixed(0)} s`)
    wrong = 0
  }
  return trainer.means()
}
