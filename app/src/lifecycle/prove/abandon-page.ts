// SPDX-License-Identifier: Apache-2.0
import type { Party } from '../../matter/index.ts'
import type { Abandonment } from './abandon-matter.ts'
import { abandonReasonWords } from './abandon-notice.ts'
import { closedText, copyWords, numberText } from './sheet-lines.ts'
import { escaped, printedPage } from './sheet-page.ts'

/** 终止清算表打印页. The sheet of an abandoned matter for paper, with room for the company seals: why and when it was given up, the balance, the void packages, what is still open in whose hands, and what nobody could reach (CONTRACTS §18). */
export function abandonPage(state: Abandonment, parties: readonly Party[]): string {
  const { zh, en } = abandonReasonWords[state.reason]
  const ended = state.endedAt === null ? '尚未清算 not settled' : `清算 settled <b>${escaped(closedText(state.endedAt, 'zh'))}</b> (${escaped(closedText(state.endedAt, 'en'))})`
  return printedPage(state.sheet, {
    title: '终止清算表', heading: ['终止事项客户信息清算表', 'Settlement of customer information of an abandoned matter'],
    facts: `原因 Reason <b>${escaped(zh)}</b> (${escaped(en)}) · 宣告 declared ${escaped(closedText(state.declaredAt, 'zh'))} · ${ended}`,
    more: `${voidPart(state)}${copyPart(['未了结的副本', 'Open copies'], state.open, parties)}${copyPart(['无法触及的副本', 'Copies out of reach'], state.outOfReach, parties)}`,
  })
}

function voidPart(state: Abandonment): string {
  if (state.void.length === 0) return ''
  return `<table>\n<thead><tr><th scope="col">作废的移交包 Void packages</th></tr></thead>\n<tbody>\n${state.void.map((id) => `<tr><th scope="row" class="hash">${escaped(id)}</th></tr>`).join('\n')}\n</tbody>\n</table>\n`
}

function copyPart(title: readonly [string, string], copies: Abandonment['open'], parties: readonly Party[]): string {
  if (copies.length === 0) return ''
  const nameOf = (id: string): string => parties.find((party) => party.id === id)?.file.name ?? id
  const rows = copies.map((copy) => `<tr><th scope="row"><span class="hash">${escaped(copy.id)}</span><br>${escaped(`${copyWords[copy.kind].zh} ${copyWords[copy.kind].en}`)}</th><td class="words">${escaped(nameOf(copy.holder))}</td><td>${numberText(copy.values)}</td><td class="words">${escaped(String(copy.ended?.details['reason'] ?? ''))}</td></tr>`)
  return `<table>\n<thead><tr><th scope="col">${title[0]} ${title[1]}</th><th scope="col" class="words">持有人 Holder</th><th scope="col">字段值 Values</th><th scope="col" class="words">原因 Reason</th></tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>\n`
}
