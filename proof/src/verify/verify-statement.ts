// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import { PREDICATE, unverifiedStatement } from '../dsse.ts'
import type { Statement } from '../dsse.ts'
import type { Vkey } from '../note.ts'
import type { PartyRole, Policy } from '../policy.ts'
import { readAcceptance, readApproval, readErasureCertificate, readFact, readPackageManifest, readPackageOuter, readPartyFile, readReconciliation } from '../statements.ts'
import type { CertifiedOverride } from '../statements.ts'
import { GIVING_ROLES, RECEIVING_ROLES } from './bundle-statements.ts'
import { isSameKey, openStatement, partyKeys } from './trust.ts'
import type { OpenedStatement, Trust } from './trust.ts'
import type { CheckList } from './verdict.ts'
import type { Words } from './words.ts'

/** Checks a single signed statement: every signature, and that its content is a whole statement of its kind (FORMATS §10). */
export async function verifyStatement(text: string, trust: Trust, checks: CheckList): Promise<void> {
  const opened = await checks.need('signature', (say) => {
    const found = openStatement(text, trust, (policy) => signersOf(text, policy))
    const names = found.signedBy.map(({ name }) => name).join(', ')
    say({ zh: `${found.signedBy.length} 个签名:${names}`, en: `signed by ${names}` })
    return found
  })
  await checks.also('statements', (say) => say(describe(opened, trust.policy)))
  checks.cannot('inclusion', { zh: '单份文件不含日志证明;请连同证据包核验', en: 'a single file has no proof of the log; verify the bundle that holds it' })
}

/** Whose signature counts depends on what is signed: an employee's key may approve, but makes no certificate, acceptance or package. */
function signersOf(text: string, policy: Policy): readonly Vkey[] {
  const { predicateType } = unverifiedStatement(text)
  if (predicateType === PREDICATE.approval) return policy.approvers
  if (predicateType === PREDICATE.fact) return [...partyKeys(policy), ...policy.approvers]
  if (predicateType === PREDICATE.acceptance) return partyKeys(policy, RECEIVING_ROLES)
  if (predicateType === PREDICATE.packageOuter || predicateType === PREDICATE.packageManifest) return partyKeys(policy, GIVING_ROLES)
  return partyKeys(policy)
}

/** A reconciliation is signed by both sides: under a policy one who gives and one who receives. */
function refuseOneSided(signedBy: readonly Vkey[], policy: Policy | null): void {
  const isSignedBy = (roles: readonly PartyRole[]): boolean => policy === null || signedBy.some((signer) => partyKeys(policy, roles).some((vkey) => isSameKey(vkey, signer)))
  if (signedBy.length < 2 || !isSignedBy(GIVING_ROLES) || !isSignedBy(RECEIVING_ROLES)) throw new ProofError('THRESHOLD', 'a reconciliation is signed by both parties')
}

/** Whether a statement is an erasure certificate; nothing is verified. */
export function isCertificate(statement: Statement): boolean {
  return statement.predicateType === PREDICATE.erasureCertificate
}

function describe({ statement, signedBy }: OpenedStatement, policy: Policy | null): Words {
  const reader = readers[statement.predicateType]
  if (reader === undefined) throw new ProofError('WRONG_PREDICATE', 'a statement of a kind that is not ours')
  const words = reader(statement)
  if (statement.predicateType === PREDICATE.partyFile && readPartyFile(statement).vkey !== signedBy[0]?.text) throw new ProofError('PARTY', 'not signed by the party itself')
  if (statement.predicateType === PREDICATE.reconciliation) refuseOneSided(signedBy, policy)
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
  const { status, method, target, outOfReach, identitiesVerified, clock, withoutReceipts, gateOverrides = [] } = readErasureCertificate(from)
  const zh = [
    `销毁证明:${status === 'final' ? '最终' : '待定(旧密钥尚未换代,旧备份仍可能被读出)'},方式 ${method},${target.records} 条记录`,
    `未能触及的副本 ${outOfReach.length} 处`,
    ...(withoutReceipts === undefined ? [] : [`未先封存回执(${withoutReceipts})`]),
    ...(gateOverrides.length === 0 ? [] : [`经律师意见改判的关卡:${overriddenText(gateOverrides)}`]),
    ...(identitiesVerified ? [] : ['两人身份未核验']),
    ...(clock === 'declared' ? ['法定时间为注入时钟'] : []),
  ]
  const en = [
    `erasure certificate: ${status === 'final' ? 'final' : 'PENDING (keys have not turned; old backups may still be read)'}, method ${method}, ${target.records} records`,
    `${outOfReach.length} copies out of reach`,
    ...(withoutReceipts === undefined ? [] : [`receipts not sealed before (${withoutReceipts})`]),
    ...(gateOverrides.length === 0 ? [] : [`gate rules overridden on counsel's opinion: ${overriddenText(gateOverrides)}`]),
    ...(identitiesVerified ? [] : ['identities of the two not verified']),
    ...(clock === 'declared' ? ['legal time is declared'] : []),
  ]
  return { zh: zh.join(';'), en: en.join('; ') }
}

function overriddenText(overrides: readonly CertifiedOverride[]): string {
  return overrides.map(({ rule, until }) => `${rule}→${until}`).join(', ')
}

function plain(what: string, zh: string, en: string): Words {
  return { zh: `${zh}(${what})`, en: `${en} (${what})` }
}
