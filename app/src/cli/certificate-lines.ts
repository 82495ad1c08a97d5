// SPDX-License-Identifier: Apache-2.0
import type { ErasureCertificate } from '@handover/proof'

/** A certificate for people: what was destroyed, how surely, and what was not reached (PRODUCT §3.7). */
export function certificateLines(certificate: ErasureCertificate, lang: 'zh' | 'en'): string[] {
  const { target, keys, backups, outOfReach, approvers, withoutReceipts, gateOverrides = [] } = certificate
  const zh = lang === 'zh'
  const n = (count: number): string => count.toLocaleString('en')
  const isPending = certificate.status === 'pending'
  return [
    zh ? `✔ 销毁证明(${isPending ? '待定' : '终定'}) ${certificate.order}` : `✔ certificate (${certificate.status}) ${certificate.order}`,
    zh ? `  对象 ${target.system} · ${n(target.records)} 条记录 / ${n(target.values)} 个字段值 · 副本 ${target.copies.length} 份` : `  ${target.system} · ${n(target.records)} records / ${n(target.values)} values · ${target.copies.length} copies`,
    zh ? `  方法 clear(覆写清除,非密码学擦除) · 销毁密钥 ${n(keys.destroyed)} 个` : `  method clear (overwritten, not cryptographic erase) · ${n(keys.destroyed)} keys`,
    zh ? `  核验 ${n(certificate.verification.sample)} 项: ${certificate.verification.how}` : `  verified ${n(certificate.verification.sample)}: ${certificate.verification.how}`,
    zh ? `  申请 ${certificate.requester} · 批准 ${approvers.join('、')}` : `  asked by ${certificate.requester} · approved by ${approvers.join(', ')}`,
    ...(withoutReceipts === undefined ? [] : [zh ? `  ! 未先封存回执,理由:${withoutReceipts}(已经两人批准)` : `  ! receipts were not sealed before; reason: ${withoutReceipts} (approved by two people)`]),
    ...gateOverrides.map(({ rule, codes, article, opinion, until, approval }) => (zh ? `  ! 改判关卡 ${rule}(${codes.join('、')}):至 ${until},律师意见 ${opinion.slice(0, 16)}…(${article}),审批 ${approval}` : `  ! gate rule ${rule} overridden (${codes.join(', ')}): until ${until}, counsel's opinion ${opinion.slice(0, 16)}… (${article}), approval ${approval}`)),
    ...(certificate.identitiesVerified ? [] : [zh ? '  ! 两人身份未核验' : '  ! the identities of the two people are not verified']),
    ...(certificate.clock === 'declared' ? [zh ? `  ! 演示:法定时间为申报时间 ${certificate.destroyedAt}` : `  ! demo: legal time as declared, ${certificate.destroyedAt}`] : []),
    ...(isPending ? [zh ? '  ! 密钥换代前,握有旧密钥槽和旧密钥备份的人仍可能读出;换代后转为终定' : '  ! until the keys turn, whoever kept old slots and old key backups could still read it'] : []),
    ...(backups.length === 0 ? [] : [zh ? `  仍有密文的备份 ${backups.length} 份,最晚 ${backups.map((one) => one.expires).sort().at(-1) ?? ''} 到期` : `  ${backups.length} backups with ciphertext, the last expires ${backups.map((one) => one.expires).sort().at(-1) ?? ''}`]),
    ...outOfReach.map((one) => (zh ? `  ✗ 未触及 ${one.copy}: ${one.why}` : `  ✗ not reached ${one.copy}: ${one.why}`)),
  ]
}
