// SPDX-License-Identifier: Apache-2.0
// Prints invented sentences with their spans, one JSON object a line: what the built-in tagger learns from (tools/text/).
// node tools/generate-text.ts [--seed 1] [--count 100] [--section news|negative|plain|履历|微博|网络|客服|合同|小说]
import { parseArgs } from 'node:util'
import { knownFacts } from './text/known-facts.ts'
import { SentenceWriter } from './text/write-sentences.ts'

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '100' }, section: { type: 'string' } } })
const kinds = ['none', 'person-name', 'address', 'organisation-name']
const writer = new SentenceWriter(Number(values.seed), knownFacts)
for (let number = 0; number < Number(values.count); number++) {
  const sentence = values.section === undefined ? writer.next() : writer.ofSection(values.section)
  process.stdout.write(`${JSON.stringify({ text: sentence.text, spans: sentence.spans.map(([start, end, kind]) => [start, end, kinds[kind]]) })}\n`)
}
