// SPDX-License-Identifier: Apache-2.0
// What stands in citations without being a law: our own judgement, contracts, remarks. Words only.
import type { Words } from '../kit/failure.ts'

/** A phrase in both languages; `written` where the law files write it otherwise. */
export interface Said extends Words {
  written?: string
}

/** 引文短语. Parts of a citation that name no law. */
export const citationPhrases: readonly Said[] = [
  { zh: '产品规定', en: 'product' },
  { zh: '产品规定(每月核查)', en: 'product (checked monthly)' },
  { zh: '合同', en: 'contract' },
  { zh: '诉讼', en: 'litigation' },
  { zh: '法律未定期限', en: 'no statutory period' },
  { zh: '参照期限 T31', en: 'aligned to T31' },
  { zh: '国家标准和网信部门实务', en: 'practice of the standards and the CAC', written: 'GB/T / CAC practice' },
  { zh: '产品默认等待期 P01(法律未定期限)', en: 'product default waiting time P01 (no statutory period)' },
  { zh: '核对周期为产品默认', en: 'the interval of checking is a product default' },
  { zh: '法律未规定注销后的联系人，本产品做法', en: 'no law names a contact after deregistration; practice of this product' },
  { zh: '法律未规定等待期，本产品默认', en: 'no statutory waiting period; default of this product' },
  { zh: '法律未规定天数，本产品默认', en: 'no statutory number of days; default of this product' },
]

/** 引文附注. Remarks in brackets behind a citation. */
export const citationNotes: readonly Said[] = [
  { zh: '法律立场由律师确认', en: 'legal position to be confirmed by counsel' },
  { zh: '2027年1月1日起施行', en: 'in force from 1 January 2027' },
  { zh: '官方文本未取得', en: 'official text not obtained' },
  { zh: '2026年第25号令,正文未核', en: '2026, text not verified' },
  { zh: '现行版条号未核，K', en: 'article of the current text not checked, K' },
  { zh: '小型:不满十万人', en: 'small: fewer than 100,000 persons', written: '小型: 不满10万人' },
  { zh: '注销后由谁答复,法律未定', en: 'no law says who answers after deregistration' },
  { zh: '法律未要求; 本事项的法律立场 share_deal_notice', en: 'not asked by law; legal position share_deal_notice of the matter' },
  { zh: '及时', en: 'promptly' },
  { zh: '推定', en: 'derived' },
  { zh: '国家安全审查', en: 'national security review' },
  { zh: '第20号令', en: 'Order 20' },
]

/** 标记附注. Remarks behind a mark of certainty in Chinese, by how the law files write them. */
export const markNotes: Readonly<Record<string, string>> = {
  quoted: '引文', 'text not read': '正文未读', draft: '草案', repost: '转载', 'several agree; minimum term': '多处一致,最低期限',
  'absence checked in Company Law text': '已查公司法全文,未见规定', 'old rule; present force uncertain': '旧规,现行效力不明',
}
