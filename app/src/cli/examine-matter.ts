// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../context.ts'
import { loadMatters, type Matter } from '../matter/index.ts'
import { haltForBooks } from '../kit/halt.ts'
import type { Finding } from './examine-home.ts'

/** For each open matter whose books are kept here: parties confirmed, policy with a quorum, books that add up. */
export async function examineMatters(ctx: Context): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const matter of await loadMatters(ctx.db, ctx.tenant)) {
    findings.push(partiesFinding(matter))
    if (matter.keepsBooks) findings.push(await policyFinding(ctx, matter), await booksFinding(ctx, matter))
  }
  return findings
}

function partiesFinding(matter: Matter): Finding {
  const open = matter.parties.filter((party) => !party.isSelf && party.confirmedAt === null).length
  const what = { zh: `事项 ${matter.code} 的当事方`, en: `Parties of ${matter.code}` }
  if (open === 0) return { what, state: 'passed', detail: String(matter.parties.length) }
  return { what, state: 'warning', detail: `${open}/${matter.parties.length}`, remedy: { zh: '口令词未核对:handover party import 文件 --words "…"', en: 'words not confirmed: handover party import FILE --words "…"' } }
}

async function policyFinding(ctx: Context, matter: Matter): Promise<Finding> {
  const what = { zh: `事项 ${matter.code} 的信任策略`, en: `Trust policy of ${matter.code}` }
  const policy = await ctx.ledger.policy(matter.id)
  const remedy = { zh: '没有见证方,证明不能成立:handover policy write,再 handover policy set', en: 'without witnesses nothing can be proved: handover policy write, then handover policy set' }
  if (policy === null) return { what, state: 'warning', detail: '–', remedy }
  if (policy.policy.quorum === 'none') return { what, state: 'warning', detail: 'quorum none', remedy }
  return { what, state: 'passed', detail: `quorum ${policy.policy.quorum}, ${policy.witnesses.length} witnesses` }
}

async function booksFinding(ctx: Context, matter: Matter): Promise<Finding> {
  const what = { zh: `事项 ${matter.code} 的账目`, en: `Books of ${matter.code}` }
  const check = await ctx.ledger.verifyBooks(matter.id)
  if (check.balanced) return { what, state: 'passed', detail: 'balanced' }
  haltForBooks(ctx.home, check.problems, 'doctor')
  return { what, state: 'failed', detail: `${check.problems.length}`, remedy: { zh: '账目不平或被改动:停止操作,运行 handover log verify', en: 'the books do not add up or were changed: stop and run handover log verify' } }
}
