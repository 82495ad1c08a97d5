// SPDX-License-Identifier: Apache-2.0
// `node tools/measure-field-names.ts FOLDER [--held WORDS]`: how far verdicts agree with the comments of unpacked client libraries below FOLDER; libraries whose name holds one of WORDS are counted apart. How the folder is filled: docs/accuracy.md.
import { parseArgs } from 'node:util'
import { agreement } from './evaluation/agree-with-comments.ts'
import { minedFields } from './evaluation/mined-fields.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { held: { type: 'string', default: 'tencent,jdcloud,huawei,wechatpay,weixin-java-cp,weixin-java-mp,weixin-java-miniapp,weixin-java-channel,trytond' } } })
const [folder] = positionals
if (folder === undefined) {
  console.error('usage: node tools/measure-field-names.ts FOLDER [--held WORD,WORD]')
  process.exitCode = 64
} else {
  const fields = minedFields(folder)
  const isHeld = (source: string): boolean => values.held.split(',').some((word) => word !== '' && source.includes(word))
  for (const part of ['learnt from', 'held'] as const) {
    const some = fields.filter(({ source }) => isHeld(source) === (part === 'held'))
    for (const withComments of [false, true]) {
      const { personal, found, nobodys, flagged } = agreement(some, withComments)
      console.log(`${part}, ${withComments ? 'commented' : 'named'}: ${some.length} fields; personal found ${found} of ${personal} (${((100 * found) / Math.max(1, personal)).toFixed(1)} %), nobody's flagged ${flagged} of ${nobodys} (${((100 * flagged) / Math.max(1, nobodys)).toFixed(2)} %)`)
    }
  }
}
