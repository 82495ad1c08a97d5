// SPDX-License-Identifier: Apache-2.0
import type { Verdict } from './verdict.ts'
import type { Words } from './words.ts'

/** What a verdict means for whoever asked, and what to do. */
export function verdictWords(verdict: Verdict): Words {
  if (!verdict.ok) return { zh: '拒绝:此文件不可信,原因见 ✗ 行。请向出具方索取原件,不要据此办事。', en: 'REFUSED: do not rely on this file; see ✗. Ask its issuer for the original.' }
  if (verdict.partial) return {
    zh: '相符,但此文件是旧格式,能证明的较少(见“未核对”各行)。请向出具方索取新格式的文件。',
    en: 'CONSISTENT BUT OF AN OLDER FORMAT that proves less (see “not checked”). Ask its issuer for one of today.',
  }
  if (verdict.what === 'equivocation') return {
    zh: `证据成立:这个日志出示过两套历史,它此后的一切证明都不可信。通知各方,停止凭它办事。${verdict.trust === 'policy' ? '' : '(没有给出信任策略:请核对日志验证钥是否就是该日志的。)'}`,
    en: `PROVEN: this log showed two histories, and nothing it says can be relied on. Tell all parties and stop.${verdict.trust === 'policy' ? '' : ' (No policy was given: check that the verifier key is really that of the log.)'}`,
  }
  if (verdict.trust === 'policy') return { zh: '通过:全部相符,签名与见证符合您的信任策略。', en: 'OK: everything holds under your policy.' }
  return {
    zh: '相符,但仅为自述:没有给出信任策略,无人为其中的密钥作保。用 --policy 再核验一次。',
    en: 'CONSISTENT BUT SELF-DECLARED: nobody you named vouches for its keys. Verify again with --policy.',
  }
}
