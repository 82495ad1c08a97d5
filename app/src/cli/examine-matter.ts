// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../context.ts'
import { unfinishedDeltas } from '../lifecycle/discover/index.ts'
import { loadMatters, type Matter } from '../matter/index.ts'
import { haltForBooks } from '../kit/halt.ts'
import type { Finding } from './examine-home.ts'

/** For each open matter whose books are kept here: parties confirmed, policy with a quorum, books that add up, nothing left of a delta. */
export async function examineMatters(ctx: Context): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const matter of await loadMatters(ctx.db, ctx.tenant)) {
    findings.push(partiesFinding(matter))
    if (matter.keepsBooks) findings.push(await policyFinding(ctx, matter), await booksFinding(ctx, matter), ...(await deltaFindings(ctx, matter)))
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

async function deltaFindings(ctx: Context, matter: Matter): Promise<Finding[]> {
  if (matter.status !== 'open') return []
  const { formerKeys, superseded } = await unfinishedDeltas(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  const what = { zh: `事项 ${matter.code} 的差异入账`, en: `Deltas of ${matter.code}` }
  return [
    ...(formerKeys === 0 ? [] : [{ what, state: 'warning' as const, detail: `${formerKeys} × key`, remedy: { zh: '有旧值的密钥还没有销毁:运行 handover key turn', en: 'keys of former values are not erased yet: run handover key turn' } }]),
    ...(superseded === 0 ? [] : [{ what, state: 'warning' as const, detail: `${superseded} × record`, remedy: { zh: '恢复的数据缺少这些记录更新后的内容:用数据源运行 handover delta request 和 handover ingest --delta 补回', en: 'the restored data lack the later version of these records: fill them from the source with handover delta request and handover ingest --delta' } }]),
  ]
}
