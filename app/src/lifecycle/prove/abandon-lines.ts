// SPDX-License-Identifier: Apache-2.0
import { dispositions } from '../../law/index.ts'
import type { Party } from '../../matter/index.ts'
import type { Abandonment } from './abandon-matter.ts'

const words = { transferred: ['移交', 'transferred'], kept: ['留存', 'kept'], sealed: ['封存', 'sealed'], anonymised: ['匿名化', 'anonymised'], destroyed: ['销毁', 'destroyed'] } as const

/** 终止清算表. The sheet of an abandoned matter for people: the balance, what is void, what is still open in whose hands, and what nobody could reach. */
export function abandonLines(state: Abandonment, { parties, files, zh }: { parties: readonly Party[]; files: readonly { party: string; file: string }[]; zh: boolean }): string[] {
  const n = (count: number): string => count.toLocaleString('en')
  const nameOf = (id: string): string => parties.find((party) => party.id === id)?.file.name ?? id
  const { balance, pending, inTransit } = state.sheet
  const parts = dispositions.map((name) => `${words[name][zh ? 0 : 1]} ${n(balance.dispositions[name])}`).join(' + ')
  const difference = balance.discovered - dispositions.reduce((sum, name) => sum + balance.dispositions[name], 0) - pending - inTransit
  return [
    state.endedAt === null ? (zh ? `已宣告终止(${state.reason}),尚未清算` : `abandoned (${state.reason}); not settled yet`) : (zh ? `✔ 终止清算表(${state.reason})  ${state.endedAt}` : `✔ settlement of the abandoned matter (${state.reason})  ${state.endedAt}`),
    `  ${zh ? '宣告' : 'declared'} ${state.declaredAt}`,
    zh ? `  收 ${n(balance.discovered)} = ${parts}${pending + inTransit > 0 ? ` + 待定 ${n(pending)} + 在途 ${n(inTransit)}` : ''},差额 ${difference}` : `  ${n(balance.discovered)} = ${parts}${pending + inTransit > 0 ? ` + pending ${n(pending)} + in transit ${n(inTransit)}` : ''}, difference ${difference}`,
    ...state.void.map((id) => `  ${zh ? '作废的移交包' : 'void package'} ${id}`),
    ...files.map(({ party, file }) => `  ${zh ? '终止通知' : 'notice'} ${nameOf(party)} → ${file}`),
    ...state.open.map((copy) => `  ✗ ${zh ? '未了结的副本' : 'open copy'} ${copy.id}  ${copy.kind}  ${nameOf(copy.holder)}  ${n(copy.values)}`),
    ...state.outOfReach.map((copy) => `  ⚠ ${zh ? '无法触及的副本' : 'copy out of reach'} ${copy.id}  ${copy.kind}  ${nameOf(copy.holder)}  ${n(copy.values)}  ${copy.ended?.details['reason'] ?? ''}`),
  ]
}
