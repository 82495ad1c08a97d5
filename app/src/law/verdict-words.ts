// SPDX-License-Identifier: Apache-2.0
// The sentences of a verdict: why this row, and how it ends. Words only.
import type { Words } from '../kit/failure.ts'
import { spellObstacle } from './obstacles.ts'
import type { Ending } from './resolve-ending.rules.ts'

/** Why a verdict is as it is, in one sentence of both languages: the situation of the row, then the ending. */
export function whyOf(rule: string, ending: Ending, alsoRules: readonly string[]): Words {
  const row: Words = rowWords[rule] ?? { zh: '判定表没有覆盖这种情形', en: 'The decision table does not cover this situation' }
  const end = endingWords(ending)
  const also = alsoWords(alsoRules)
  return { zh: `${row.zh}${also.zh}:${end.zh}`, en: `${row.en}${also.en}: ${end.en}` }
}

/** The situation of each row of the decision table in words for people. */
export const rowWords: Readonly<Record<string, Words>> = {
  X01: { zh: '被冻结、封存或保全', en: 'Frozen, sealed by an authority or under a litigation hold' },
  X02: { zh: '来源违法或没有任何合法性基础', en: 'Unlawful source or no lawful basis' },
  X03: { zh: '法律指定了接收机构', en: 'A sector law names the recipient' },
  X04: { zh: '客户有效请求删除或已撤回同意,且无法定保存', en: 'Valid deletion request or withdrawn consent, no retention duty' },
  X05: { zh: '客户有效请求删除或已撤回同意,但法定保存期未满', en: 'Valid deletion request or withdrawn consent, but a retention duty runs' },
  X06: { zh: '目的已实现、超期、过度收集,或本次转移不需要', en: 'Purpose met, expired or over-collected, or not needed for this transfer' },
  X07: { zh: '处理者不变', en: 'The handler does not change' },
  X08: { zh: '单独出售客户名单,须逐人单独同意', en: 'A bare customer list, only with separate consent of each person' },
  X09: { zh: '不满十四周岁,停止运营或无承接方', en: 'Under 14, service stops or no successor' },
  X10: { zh: '解散、破产或停止运营,无承接方', en: 'Dissolution, bankruptcy or stop without a successor' },
  X11: { zh: '不满十四周岁,转移须监护人同意并做安全评估', en: "Under 14: guardian's consent and security assessment" },
  X12: { zh: '客户明确反对转移', en: 'The customer objects to the transfer' },
  X13: { zh: '承继型转移,客户明确反对,只移交履行合同或法定义务所必需的', en: 'Succession, the customer objects: only the minimum for contract or legal duty' },
  X14: { zh: '资产转让中的生物识别信息,须单独同意', en: 'Biometric information in an asset sale, separate consent' },
  X15: { zh: '资产转让,基础为同意', en: 'Asset sale, the basis is consent' },
  X16: { zh: '资产转让,基础为合同且客户同意合同转移', en: 'Asset sale, contract basis and the customer agreed to its assignment' },
  X17: { zh: '资产转让,客户未同意合同转移或基础为法定义务', en: 'Asset sale, no assent to the assignment, or the basis is a legal duty' },
  X18: { zh: '资产转让,基础为已公开信息等其他法定情形', en: 'Asset sale, public information or another statutory basis' },
  X19: { zh: '承继型转移,接收方变更目的或方式', en: 'Succession with a change of purpose or method' },
  X20: { zh: '承继型转移,敏感个人信息,目的不变', en: 'Succession, sensitive information, same purpose' },
  X21: { zh: '承继型转移,一般个人信息,目的不变', en: 'Succession, ordinary information, same purpose' },
  X28: { zh: '基础、目的、分类或年龄不明', en: 'Basis, purpose, class or age unknown' },
  X29: { zh: '判定表没有覆盖这种情形', en: 'The decision table does not cover this situation' },
  X30: { zh: '人脸信息,处理者变更', en: 'Face information on a change of handler' },
  X31: { zh: '不含任何自然人信息的数据集,随业务处置', en: 'A table without any natural person follows the business' },
}

/** 去向的名称. The name of each end of a value, `pending` included, for people. */
export const outcomeWords: Readonly<Record<Ending['outcome'], Words>> = {
  transferred: { zh: '移交', en: 'transferred' }, kept: { zh: '留用', en: 'kept' }, sealed: { zh: '封存', en: 'sealed' }, anonymised: { zh: '匿名化', en: 'anonymised' },
  destroyed: { zh: '销毁', en: 'destroyed' }, pending: { zh: '待定', en: 'pending' },
}

function endingWords(ending: Ending): Words {
  const waits = ending.conditions.map((found) => spellObstacle(found))
  switch (ending.outcome) {
    case 'transferred':
      return { zh: '移交接收方', en: 'transferred' }
    case 'kept':
      return { zh: '留用,不移交', en: 'kept, not moved' }
    case 'sealed':
      return { zh: `封存${sealEnd(ending).zh}`, en: `sealed ${sealEnd(ending).en}` }
    case 'anonymised':
      return { zh: '匿名化', en: 'anonymised' }
    case 'destroyed':
      return { zh: '销毁', en: 'destroyed' }
    case 'pending':
      return { zh: `待定——${waits.map((each) => each.zh).join(';')}`, en: `pending — ${waits.map((each) => each.en).join('; ')}` }
  }
}

function sealEnd(ending: Ending): Words {
  if (ending.sealedFor === 'permanent') return { zh: ',永久保存', en: 'for ever' }
  if (ending.sealedFor === 'release') return { zh: '至解除冻结', en: 'until the hold is released' }
  return ending.until === null ? { zh: ',保存期终日待定', en: 'until an end that is not known yet' } : { zh: `至 ${ending.until}`, en: `until ${ending.until}` }
}

function alsoWords(rules: readonly string[]): Words {
  if (rules.includes('B11')) return { zh: ',在退订、撤回或反对名单上', en: ', on the suppression list' }
  if (rules.includes('X27')) return { zh: ',须同意而被拒绝或到期未答复', en: ', consent refused or not given by the cut-off' }
  if (rules.includes('X22') || rules.includes('X26')) return { zh: ',到期仍不具备条件', en: ', conditions unmet at the cut-off' }
  if (rules.includes('B08')) return { zh: '(最小必要)', en: ' (minimisation)' }
  return { zh: '', en: '' }
}
