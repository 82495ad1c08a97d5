// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { inspectText } from '../app/src/detection/index.ts'
import { isInstalled, timeCommand, type Benchmark, type Sample } from './harness.ts'
import { textFile, writeSentences } from './names.bench.ts'

// What a careful script would write: one pattern of the validated forms and of names by surname, without checks and without knowing where a name ends.
const names = '[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤][\\x{4e00}-\\x{9fff}]{1,2}(?=先生|女士|说|，|：|、)'
const identifiers = '(?<!\\d)[1-9]\\d{5}(?:18|19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{3}[\\dXx](?![\\dXx])|(?<!\\d)1[3-9]\\d{9}(?!\\d)|(?<!\\d)\\d{16,19}(?!\\d)|[\\w.%+-]{1,64}@[A-Za-z\\d-]{1,63}(?:\\.[A-Za-z\\d-]{1,63}){1,5}'
const places = '[\\x{4e00}-\\x{9fff}]{2,8}(?:省|市|区|县)[\\x{4e00}-\\x{9fff}\\d]{2,20}(?:路|街|号|室)|[\\x{4e00}-\\x{9fff}]{4,20}(?:有限公司|大学|银行)'
const perl = `${identifiers}|${places}|${names}`
const combined = new RegExp(perl.replaceAll(/\\x\{([0-9a-f]{4})\}/g, '\\u$1'), 'g')

/** Free text against the digest of the same file, a combined pattern in the same language, and ripgrep's. */
export const benchmark: Benchmark = {
  name: 'scan-text',
  row: 'scan free text: identifiers, names, addresses and organisations, line by line',
  compare: 'cost',
  target: null,
  unit: 'KB',
  sizes: [500, 1000, 2000],
  async prepare(size, folder) {
    writeSentences(size, folder)
  },
  async ours(size, folder) {
    const started = performance.now()
    let spans = 0
    for (const line of readFileSync(textFile(size, folder), 'utf8').split('\n')) spans += inspectText(line).length
    const seconds = (performance.now() - started) / 1000
    return { seconds, units: size, notes: { spans, 'MB/s': Number((statSync(textFile(size, folder)).size / 1e6 / seconds).toFixed(2)) } }
  },
  yardsticks: [
    { name: 'openssl dgst -sha256', run: async (size, folder) => (isInstalled('openssl') ? { seconds: await timeCommand('openssl', ['dgst', '-sha256', textFile(size, folder)]), units: size } : null) },
    {
      name: 'one combined pattern over lines (ours, node)',
      async run(size, folder) {
        const started = performance.now()
        let found = 0
        for (const line of readFileSync(textFile(size, folder), 'utf8').split('\n')) for (const _ of line.matchAll(combined)) found++
        return { seconds: (performance.now() - started) / 1000, units: size, notes: { found } }
      },
    },
    { name: 'rg -P, the same pattern', run: async (size, folder) => (isInstalled('rg') ? ripgrep(textFile(size, folder), size) : null) },
  ],
}

async function ripgrep(file: string, units: number): Promise<Sample> {
  const started = performance.now()
  const child = spawn('rg', ['-P', '--count-matches', perl, file], { stdio: ['ignore', 'ignore', 'inherit'] })
  await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve))
  return { seconds: (performance.now() - started) / 1000, units }
}
