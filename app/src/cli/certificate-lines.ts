// SPDX-License-Identifier: Apache-2.0
import type { ErasureCertificate } from '@handover/proof'
import { confOfArticle, markedArticle } from '../law/index.ts'
import { verificationIn } from '../lifecycle/destroy/index.ts'

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
    zh ? `  核验 ${n(certificate.verification.sample)} 项: ${verificationIn(lang, certificate.verification.how)}` : `  verified ${n(certificate.verification.sample)}: ${certificate.verification.how}`,
    zh ? `  申请 ${certificate.requester} · 批准 ${approvers.join('、')}` : `  asked by ${certificate.requester} · approved by ${approvers.join(', ')}`,
    ...(withoutReceipts === undefined ? [] : [zh ? `  ! 未先封存回执,理由:${withoutReceipts}(已经两人批准)` : `  ! receipts were not sealed before; reason: ${withoutReceipts} (approved by two people)`]),
    ...gateOverrides.map(({ rule, codes, article, opinion, until, approval }) => (zh ? `  ! 改判关卡 ${rule}(${codes.join('、')}):至 ${until},律师意见 ${opinion.slice(0, 16)}…(${markedArticle({ article, conf: confOfArticle(article) }, lang)}),审批 ${approval}` : `  ! gate rule ${rule} overridden (${codes.join(', ')}): until ${until}, counsel's opinion ${opinion.slice(0, 16)}… (${markedArticle({ article, conf: confOfArticle(article) }, lang)}), approval ${approval}`)),
    ...(certificate.identitiesVerified ? [] : [zh ? '  ! 两人身份未核验' : '  ! the identities of the two people are not verified']),
    ...(certificate.clock === 'declared' ? [zh ? `  ! 演示:法定时间为申报时间 ${certificate.destroyedAt}` : `  ! demo: legal time as declared, ${certificate.destroyedAt}`] : []),
    ...(isPending ? [zh ? '  ! 密钥换代前,握有旧密钥槽和旧密钥备份的人仍可能读出;换代后转为终定' : '  ! until the keys turn, whoever kept old slots and old key backups could still read it'] : []),
    ...(backups.length === 0 ? [] : [zh ? `  仍有密文的备份 ${backups.length} 份,最晚 ${backups.map((one) => one.expires).sort().at(-1) ?? ''} 到期` : `  ${backups.length} backups with ciphertext, the last expires ${backups.map((one) => one.expires).sort().at(-1) ?? ''}`]),
    ...outOfReach.map((one) => (zh ? `  ✗ 未触及 ${one.copy}: ${wordsOf(one.why, 'zh')}` : `  ✗ not reached ${one.copy}: ${wordsOf(one.why, 'en')}`)),
  ]
}

// Codes of what a deletion in a live database does not reach; the code stands behind the words, since the certificate has the code alone.
const beyondWords: Readonly<Record<string, { zh: string; en: string }>> = {
  'database:logs': { zh: '数据库日志(binlog、WAL)在其到期清除前仍有被删的行', en: 'logs of the server (binlog, WAL) hold the deleted rows until they expire' },
  'database:replicas-and-backups': { zh: '从库、备份和快照不由本程序删除,见副本账', en: 'replicas, backups and snapshots are not deleted by this program: see the copies book' },
  'database:freed-disk-blocks': { zh: '表已重建,旧表文件所占磁盘块未覆写', en: 'the table was written anew; the disk blocks of its old file are not written over' },
  'database:triggers-not-shown': { zh: '所给账号看不到触发器,可能另存了被删内容', en: 'this login is not shown triggers; some may have kept what was deleted' },
}

function wordsOf(why: string, lang: 'zh' | 'en'): string {
  const pages = /^database:free-pages-and-undo\((.*)\)$/.exec(why)
  if (pages !== null) return lang === 'zh' ? `表未重建(${pages[1]}),空闲页和回滚段可能仍有被删的行 (${why})` : `the table was not written anew (${pages[1]}): free pages and undo space may hold deleted rows (${why})`
  const words = beyondWords[why]
  return words === undefined ? why : `${words[lang]} (${why})`
}
