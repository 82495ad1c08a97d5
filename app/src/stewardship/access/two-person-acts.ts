// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../kit/failure.ts'
import type { TwoPersonAct } from '../../law/index.ts'

/** How an act that needs two people is approved: how many approvers besides the requester, and whether a cooling-off follows. */
export interface ActRule extends Words {
  /** Different approvers, none of them the requester. */
  approvers: 1 | 2
  /** Irreversible acts wait `cooling_off_hours` after the last approval (SECURITY.md, threat model). */
  coolsOff: boolean
}

/** The rule of each act (CONTRACTS §18). Destruction takes two approvers besides the requester; for the others requester and approver are the two people. */
export const actRules = {
  destroy: { zh: '销毁', en: 'destruction', approvers: 2, coolsOff: true },
  'bulk-export': { zh: '批量导出', en: 'bulk export', approvers: 1, coolsOff: false },
  'hand-over': { zh: '交接', en: 'hand-over', approvers: 1, coolsOff: false },
  close: { zh: '办结', en: 'close', approvers: 1, coolsOff: false },
  'key-release': { zh: '密钥释放', en: 'key release', approvers: 1, coolsOff: false },
  'key-rotation': { zh: '密钥更换', en: 'key rotation', approvers: 1, coolsOff: false },
  'key-export': { zh: '密钥导出', en: 'key export', approvers: 1, coolsOff: false },
  'backup-deletion': { zh: '删除备份', en: 'backup deletion', approvers: 2, coolsOff: true },
  'role-grant': { zh: '授予角色', en: 'role grant', approvers: 1, coolsOff: false },
  'gate-override': { zh: '改判关卡', en: 'gate override', approvers: 2, coolsOff: false },
  'shorten-retention': { zh: '缩短留存期', en: 'shortening a retention', approvers: 2, coolsOff: false },
  abandon: { zh: '终止', en: 'abandoning', approvers: 1, coolsOff: false },
  // The source itself changed before: who waits a day longer cuts over on a day-old state. What is erased is what the source does not hold any more.
  'revise-records': { zh: '更新记录(旧值销毁,或有记录消失)', en: 'revising records (former values are erased, or records are gone)', approvers: 2, coolsOff: false },
  'restore-unwitnessed': { zh: '无见证恢复', en: 'restoring without witnesses', approvers: 2, coolsOff: false },
  'weaken-safeguard': { zh: '放宽保障', en: 'weakening a safeguard', approvers: 1, coolsOff: false },
  'accept-stamped-scan': { zh: '采信盖章扫描件', en: 'accepting a stamped scan', approvers: 1, coolsOff: false },
} as const satisfies Record<TwoPersonAct, ActRule>
