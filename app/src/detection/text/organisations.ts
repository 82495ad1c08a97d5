// SPDX-License-Identifier: Apache-2.0
import type { TextSpan } from './text-span.ts'

const organisation = /[\u4e00-\u9fffA-Za-z\d()]{2,24}?(?:有限责任公司|股份有限公司|有限公司|分公司|公司|集团|事务所|研究院|医院|大学|学院|支行|银行)/g
const leadIn = /^.*(?:在|与|和|由|从|到|向|给|是|为|了|把|被|让|跟|去|找|至|及|于|叫|称|说|我们|你们|他们|请|经|受|就|系(?!统|列)|任职|供职|来自|通过|联系|咨询)(?=[\u4e00-\u9fff]{3})/

/** 单位名称 by rules: by how organisations' names end, without the words that lead to them. */
export function* organisationsByRules(text: string): Generator<TextSpan> {
  for (const match of text.matchAll(organisation)) {
    const lead = leadIn.exec(match[0])?.[0].length ?? 0
    if (match[0].length - lead >= 4) yield [match.index + lead, match.index + match[0].length, 'organisation-name']
  }
}

const telling = /(?:有限责任公司|有限公司|事务所|研究院|分公司|支行)$/
const tellingInside = /限(?:责任)?公司|事务所|研究院|分公司|支行/

/** Those whose end alone says that they are one; 公司 and 医院 also end plain words (上市公司, 建议到医院), where the model has to agree. */
export function* tellingOrganisations(text: string): Generator<TextSpan> {
  if (!tellingInside.test(text)) return
  for (const span of organisationsByRules(text)) if (telling.test(text.slice(span[0], span[1]))) yield span
}
