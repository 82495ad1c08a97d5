// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, parseJsonStrict } from '@handover/proof'
import { createHash } from 'node:crypto'
import { verificationCode } from '../../kit/paper/paper.ts'
import { paperFailures } from '../../stewardship/papers/index.ts'
import { neededArgument, readTextFile } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover paper check FILE.paper.json CODE` */
export const command: Command = {
  name: 'paper check',
  summary: { zh: '核对纸上的校验码或二维码是不是这份内容的', en: 'check whether the code printed on a paper belongs to this content' },
  usage: 'handover paper check FILE.paper.json CODE',
  example: 'handover paper check 告知书.paper.json FUFZ-HP3E-EMPW-AC9H',
  options: {},
  run: async (call) => {
    const file = neededArgument(call, 0, { zh: '内容文件', en: 'The content', command: 'paper check' })
    const given = neededArgument(call, 1, { zh: '校验码', en: 'The code', command: 'paper check' })
    const text = contentOf(file)
    const digest = createHash('sha256').update(text).digest('hex')
    const code = verificationCode(digest)
    const said = given.toUpperCase().replace(/^HANDOVER\/PAPER\/1\//, '').replace(/[^0-9A-Z]/g, '')
    const ok = said === code.replaceAll('-', '') || said === digest.toUpperCase()
    const zh = call.out.lang === 'zh'
    call.out.result({ ok, file, digest, code }, ok ? `✔ ${zh ? '一致:纸上的码属于这份内容' : 'the code belongs to this content'} · SHA-256 ${digest}` : `✗ ${zh ? `不一致:这份内容的校验码是 ${code}` : `it does not: the code of this content is ${code}`}`)
    return ok ? 0 : 65
  },
}

/** Only canonical text has one digest; anything else is refused. */
function contentOf(file: string): string {
  const text = readTextFile(file)
  try {
    const value = parseJsonStrict(text)
    if (canonicalJson(value) === text && typeof value === 'object' && value !== null && 'template' in value && 'blocks' in value) return text
  } catch {
    // told below
  }
  throw paperFailures.PAPER_UNREADABLE({ file })
}
