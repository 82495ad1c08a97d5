// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs'
import { sealReceiptFile, secretOfCode } from '@handover/proof'
import { required } from '../../kit/assert.ts'
import { proveFailures, receiptByCode, receiptByKeys } from '../../lifecycle/prove/index.ts'
import { matterOf, neededFlag, readTextFile } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command } from '../command.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover receipt` */
export const command: Command = {
  name: 'receipt',
  summary: { zh: '为一位客户出具可自行核验的回执(凭本人标识,或凭回执码)', en: "a customer's own receipt, by proven identifiers or by receipt code" },
  usage: 'handover receipt --subject-key-file FILE -o RECEIPT   |   handover receipt --code-file FILE [--values-file FILE] [--sealed] -o RECEIPT',
  example: 'handover receipt --code-file 回执码.txt -o 回执.json',
  options: {
    'subject-key-file': { type: 'string', doc: { zh: '本人标识(CSV:标识类型,标识)', en: 'the identifiers (CSV with a title row: key_type,key)' } },
    'code-file': { type: 'string', doc: { zh: '回执码所在文件;- 为标准输入', en: 'file with the receipt code; - for standard input' } },
    code: { type: 'string', doc: { zh: '同 --code-file(回执码本身不能写在命令行)', en: 'same as --code-file (the code itself may not stand on the command line)' } },
    'values-file': { type: 'string', doc: { zh: '本人知道的内容,每行一项;与承诺一致的会在回执中展开', en: 'what the customer knows, one a line; opened in the receipt where it is what was committed' } },
    sealed: { type: 'boolean', doc: { zh: '封存成只有回执码能打开的文件(可用邮件寄送;收到的人在 verify.html 里输入回执码)', en: 'seal it so that only the receipt code opens it (safe to mail; the customer types the code in verify.html)' } },
    output: { type: 'string', short: 'o', doc: { zh: '写到哪个文件(含个人信息,仅交本人)', en: 'file to write (personal; for the customer only)' } },
  },
  run: async (call) => {
    const file = neededFlag(call, 'output', 'receipt')
    const keyFile = textFlag(call, 'subject-key-file')
    const codeFile = textFlag(call, 'code-file') ?? textFlag(call, 'code')
    if ((keyFile === undefined) === (codeFile === undefined)) throw cliFailures.MISSING_ARGUMENT({ what: '--subject-key-file | --code-file', command: 'receipt' })
    const code = codeFile === undefined ? null : codeIn(codeFile)
    const { ctx, matter } = await matterOf(call)
    const { text, ...made } = code === null ? await receiptByKeys(ctx, matter, keyFile ?? '') : await receiptByCode(ctx, matter, { code, values: valuesIn(textFlag(call, 'values-file')) })
    const isSealed = call.flags['sealed'] === true
    if (isSealed && code === null) throw cliFailures.MISSING_ARGUMENT({ what: '--code-file', command: 'receipt --sealed' })
    writeNewFile(file, isSealed ? await sealReceiptFile(text, required(secretOfCode(code ?? ''), 'a code that found a receipt is well-formed')) : text)
    const zh = call.out.lang === 'zh'
    call.out.result({ file, sealed: isSealed, ...made }, [
      `✔ ${zh ? `回执 ${made.records} 条记录${made.erased > 0 ? `(其中 ${made.erased} 条已注销)` : ''},展开 ${made.opened} 个值,截至 ${made.asOf}` : `receipt of ${made.records} records${made.erased > 0 ? ` (${made.erased} erased)` : ''}, ${made.opened} values opened, as of ${made.asOf}`}  → ${file}`,
      ...(made.closed ? [] : [zh ? '  事项尚未办结,去向待定' : '  the matter is not closed: where the values end is still open']),
    ])
    if (!isSealed) call.out.next(`handover verify ${file} --policy policy.txt`)
    return 0
  },
}

/** The code in a file or on standard input; a code in place of a file name was visible to others already. */
function codeIn(file: string): string {
  if (file !== '-' && !existsSync(file) && /^[0-9A-Za-z-]{27,40}$/.test(file)) throw proveFailures.CODE_ON_COMMAND_LINE()
  return (file === '-' ? readFileSync(0, 'utf8') : readTextFile(file)).replace(/^\ufeff/, '').trim()
}

function valuesIn(file: string | undefined): string[] {
  return file === undefined ? [] : readTextFile(file).replace(/^\ufeff/, '').split(/\r?\n/).filter((line) => line !== '')
}
