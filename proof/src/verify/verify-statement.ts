// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import { PREDICATE } from '../dsse.ts'
import type { Statement } from '../dsse.ts'
import { readAcceptance, readApproval, readErasureCertificate, readFact, readPackageManifest, readPackageOuter, readPartyFile, readReconciliation } from '../statements.ts'
import { openStatement, partyKeys } from './trust.ts'
import type { OpenedStatement, Trust } from './trust.ts'
import type { CheckList } from './verdict.ts'
import type { Words } from './words.ts'

/** Checks a single signed statement: every signature, and that its content is a whole statement of its kind (FORMATS §10). */
export async function verifyStatement(text: string, trust: Trust, checks: CheckList): Promise<void> {
  const opened = await checks.need('signature', (say) => {
    const found = openStatement(text, trust, (policy) => [...partyKeys(policy), ...policy.approvers])
    const names = found.signedBy.map(({ name }) => name).join(', ')
    say({ zh: `${found.signedBy.length} 个签名:${names}`, en: `signed by ${names}` })
    return found
  })
  await checks.also('statements', (say) => say(describe(opened)))
  checks.cannot('inclusion', { zh: '单份文件不含日志证明;请连同证据包核验', en: 'a single file has no proof of the log; verify the bundle that holds it' })
}

/** Whether a statement is an erasure certificate; nothing is verified. */
export function isCertificate(statement: Statement): boolean {
  return statement.predicateType === PREDICATE.erasureCertificate
}

function describe({ statement, signedBy }: OpenedStatement): Words {
  const reader = readers[statement.predicateType]
  if (reader === undefined) throw new ProofError('WRONG_PREDICATE', 'a statement of a kind that is not ours')
  const words = reader(statement)
  if (statement.predicateType === PREDICATE.partyFile && readPartyFile(statement).vkey !== signedBy[0]?.text) throw new ProofError('PARTY', 'not signed by the party itself')
  if (statement.predicateType === PREDICATE.reconciliation && signedBy.length < 2) throw new ProofError('THRESHOLD', 'a reconciliation is signed by both parties')
  return words
}

const readers: Record<string, (statement: Statement) => Words> = {
  [PREDICATE.partyFile]: (from) => plain(readPartyFile(from).role, '当事方文件', 'party file'),
  [PREDICATE.packageOuter]: (from) => plain(readPackageOuter(from).package, '移交包外封', 'outer part of a package'),
  [PREDICATE.packageManifest]: (from) => plain(readPackageManifest(from).package, '移交包内清单', 'manifest of a package'),
  [PREDICATE.acceptance]: (from) => plain(readAcceptance(from).status, '验收单', 'acceptance'),
  [PREDICATE.reconciliation]: (from) => plain(readReconciliation(from).package, '对账单', 'reconciliation'),
  [PREDICATE.approval]: (from) => plain(readApproval(from).act, '审批', 'approval'),
  [PREDICATE.fact]: (from) => plain(readFact(from).name, '事实', 'fact'),
  [PREDICATE.erasureCertificate]: describeCertificate,
}

/** What a reader of the certificate must know at once: pending or final, by which method, what was out of reach. */
function describeCertificate(from: Statement): Words {
  const { status, method, target, outOfReach, identitiesVerified, clock } = readErasureCertificate(from)
  const zh = [
    `销毁证明:${status === 'final' ? '最终' : '待定(旧密钥尚未换代,旧备份仍可能被读出)'},方式 ${method},${target.records} 条记录`,
    `未能触及的副本 ${outOfReach.length} 处`,
    ...(identitiesVerified ? [] : ['两人身份未核验']),
    ...(clock === 'declared' ? ['法定时间为注入时钟'] : []),
  ]
  const en = [
    `erasure certificate: ${status === 'final' ? 'final' : 'PENDING (keys have not turned; old backups may still be read)'}, method ${method}, ${target.records} records`,
    `${outOfReach.length} copies out of reach`,
    ...(identitiesVerified ? [] : ['identities of the two not verified']),
    ...(clock === 'declared' ? ['legal time is declared'] : []),
  ]
  return { zh: zh.join(';'), en: en.join('; ') }
}

function plain(what: string, zh: string, en: string): Words {
  return { zh: `${zh}(${what})`, en: `${en} (${what})` }
}
