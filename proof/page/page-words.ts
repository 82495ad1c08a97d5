// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../src/verify/words.ts'

/** Every word of the page in both languages. */
export const pageWords = {
  title: { zh: '清交 · 离线核验', en: 'Handover · offline verification' },
  lead: { zh: '核验回执、销毁证明、验收单、检查点或证据包。文件只在本机读取,此页没有网络权限,什么都不会发出。', en: 'Verifies a receipt, erasure certificate, acceptance, checkpoint or proof bundle. Files are read on this machine only: the page may use no network and sends nothing.' },
  language: { zh: 'English', en: '中文' },
  drop: { zh: '把文件拖到这里,或点此选择', en: 'Drop a file here, or choose one' },
  dropHint: { zh: '可同时放入 policy.txt', en: 'policy.txt may be dropped along with it' },
  policy: { zh: '信任策略(policy.txt)', en: 'Trust policy (policy.txt)' },
  policyHint: { zh: '由您自己取得或当面核对的公钥与见证人数。没有它,结果只是“自述”:文件自相一致,但没有您认识的人作保。', en: 'Keys and quorum that you obtained or compared yourself. Without it the result is “self-declared”: the file agrees with itself, but nobody you know vouches for it.' },
  policyNone: { zh: '尚未放入', en: 'none yet' },
  policyChoose: { zh: '选择信任策略', en: 'Choose a policy' },
  policyBad: { zh: '信任策略不合格式,没有采用', en: 'The policy is malformed and was not taken' },
  working: { zh: '正在核验', en: 'Verifying' },
  passed: { zh: '通过', en: 'Passed' },
  selfDeclared: { zh: '相符,但仅为自述', en: 'Consistent, but self-declared' },
  partial: { zh: '相符,但为旧格式', en: 'Consistent, but of an older format' },
  refused: { zh: '拒绝', en: 'Refused' },
  unreadable: { zh: '读不出此文件', en: 'The file cannot be read' },
  check: { zh: '核对项目', en: 'Check' },
  result: { zh: '结果', en: 'Result' },
  detail: { zh: '说明', en: 'Detail' },
  holds: { zh: '成立', en: 'holds' },
  fails: { zh: '不成立', en: 'fails' },
  unchecked: { zh: '未核对', en: 'Not checked' },
  print: { zh: '打印结果', en: 'Print the result' },
  file: { zh: '文件', en: 'File' },
  kind: { zh: '种类', en: 'Kind' },
  at: { zh: '核验时间(本机时钟)', en: 'Verified at (clock of this machine)' },
  twoLooks: { zh: '每个签名都由两种实现核对,结果一致', en: 'Every signature was checked by two implementations, which agree' },
  oneLook: { zh: '此浏览器不认识 Ed25519,签名由一种实现核对', en: 'This browser does not know Ed25519; signatures were checked by one implementation' },
  disagree: { zh: '两种实现对同一签名的结论不同,不能采信。请换一台电脑,用 handover-verify 再核验', en: 'Two implementations disagree about a signature: do not rely on this. Verify again with handover-verify on another computer' },
  values: { zh: '回执里展开的内容', en: 'What the receipt opens' },
  value: { zh: '内容', en: 'Content' },
  fate: { zh: '去向', en: 'What became of it' },
  open: { zh: '未办结', en: 'not closed yet' },
  record: { zh: '记录', en: 'Record' },
} as const satisfies Record<string, Words>

/** Kinds of files in words. */
export const kindWords = {
  bundle: { zh: '证据包', en: 'proof bundle' },
  package: { zh: '移交包', en: 'package' },
  acceptance: { zh: '验收单', en: 'acceptance' },
  receipt: { zh: '回执', en: 'receipt' },
  statement: { zh: '签名文件', en: 'signed statement' },
  certificate: { zh: '销毁证明', en: 'erasure certificate' },
  checkpoint: { zh: '检查点', en: 'checkpoint' },
  'tlog-proof': { zh: '日志证明', en: 'log proof' },
  unknown: { zh: '不认识', en: 'unknown' },
} as const satisfies Record<string, Words>
