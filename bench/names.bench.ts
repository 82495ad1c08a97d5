// SPDX-License-Identifier: Apache-2.0
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { inspectText } from '../app/src/detection/index.ts'
import { knownFacts } from '../tools/text/known-facts.ts'
import { SentenceWriter } from '../tools/text/write-sentences.ts'
import { isInstalled, timeCommand, type Benchmark } from './harness.ts'

/** The file of `size` kilobytes of generated notes, news and posts, a sentence a line. */
export const textFile = (size: number, folder: string): string => join(folder, `sentences-${size}k.txt`)

/** Writes that file once. */
export function writeSentences(size: number, folder: string): void {
  const file = textFile(size, folder)
  if (existsSync(file)) return
  const writer = new SentenceWriter(size, knownFacts)
  const handle = openSync(`${file}.new`, 'w')
  for (let bytes = 0; bytes < size * 1000;) {
    let block = ''
    for (let line = 0; line < 500; line++) block += `${writer.next().text}\n`
    bytes += writeSync(handle, block)
  }
  closeSync(handle)
  renameSync(`${file}.new`, file)
}

/** Names, addresses, organisations and identifiers in free text, line by line as cells come; the yardstick only decodes and counts characters. */
export const benchmark: Benchmark = {
  name: 'names',
  row: 'names in free text',
  compare: 'rate',
  target: null,
  targetRate: 2000,
  unit: 'KB',
  sizes: [2000, 4000, 8000],
  async prepare(size, folder) {
    writeSentences(size, folder)
  },
  async ours(size, folder) {
    const file = textFile(size, folder)
    const lines = readFileSync(file, 'utf8').split('\n')
    const started = performance.now()
    const cpu = process.cpuUsage()
    let names = 0
    for (const line of lines) for (const span of inspectText(line)) if (span[2] === 'person-name') names++
    const seconds = (performance.now() - started) / 1000
    const busy = process.cpuUsage(cpu).user / 1e6
    const megabytes = statSync(file).size / 1e6
    return { seconds, units: size, notes: { 'MB/s': Number((megabytes / seconds).toFixed(2)), 'MB/s of processor time': Number((megabytes / busy).toFixed(2)), names } }
  },
  yardsticks: [
    { name: 'wc -m', run: async (size, folder) => (isInstalled('wc') ? { seconds: await timeCommand('wc', ['-m', textFile(size, folder)]), units: size } : null) },
    {
      name: 'Intl.Segmenter, words only (ICU in node)',
      async run(size, folder) {
        const lines = readFileSync(textFile(size, folder), 'utf8').split('\n')
        const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })
        const started = performance.now()
        let words = 0
        for (const line of lines) for (const _ of segmenter.segment(line)) words++
        return { seconds: (performance.now() - started) / 1000, units: size, notes: { words } }
      },
    },
  ],
}
