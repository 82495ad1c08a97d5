// SPDX-License-Identifier: Apache-2.0
import { readIfThere, writeOnce } from '../../ledger/index.ts'
import { balanceSheet, closeMatter, isBalanced, sheetDocument, sheetLines, sheetPage, type BalanceSheet } from '../../lifecycle/prove/index.ts'
import { refuseUnlessBookkeeper } from '../../matter/index.ts'
import { matterOf } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'

/** `handover close` */
export const command: Command = {
  name: 'close',
  summary: { zh: '办结:账平、副本了结、两人批准后出具平衡表;账不平则说明差在哪里', en: 'close the matter and print the balance sheet, or say what is still open' },
  usage: 'handover close [-o SHEET.html] [--dry-run]',
  example: 'handover close -o 平衡表.html',
  options: {
    output: { type: 'string', short: 'o', doc: { zh: '可打印的平衡表(HTML,A4,留公章位置)', en: 'printable balance sheet (HTML, A4, room for the company seal)' } },
    'dry-run': { type: 'boolean', doc: { zh: '只看平衡表,不办结', en: 'only show the sheet, close nothing' } },
  },
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    refuseUnlessBookkeeper(matter)
    const before = await balanceSheet(ctx, matter)
    if (call.flags['dry-run'] === true || !isBalanced(before)) return show(call, before)
    const { sheet } = await closeMatter(ctx, matter)
    const exit = show(call, sheet)
    call.out.next('handover export proof -o FILE')
    return exit
  },
}

/** 0 when the sheet balances and nothing is open, 14 otherwise (UX §5). */
function show(call: CommandCall, sheet: BalanceSheet): number {
  const file = textFlag(call, 'output')
  if (file !== undefined) writeSheet(file, sheetPage(sheet))
  call.out.result({ ...sheetDocument(sheet), sheet: file ?? null }, [...sheetLines(sheet, call.out.lang), ...(file === undefined ? [] : [`→ ${file}`])])
  if (isBalanced(sheet)) return 0
  call.out.say({ zh: '✗ 还有未了结的事项,没有办结;用 handover gate close 和 handover copies 查看', en: '✗ something is still open, nothing was closed; see handover gate close and handover copies' })
  return 14
}

/** Whole or not at all, so that a command that was killed can be run again; the same sheet again is fine. */
function writeSheet(file: string, page: string): void {
  if (writeOnce(file, Buffer.from(page), 0o644)) return
  if (readIfThere(file)?.toString('utf8') !== page) throw cliFailures.FILE_EXISTS({ file })
}
