// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from '../information-types.ts'
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Recogniser } from '../recogniser.ts'

/** Every word of the closed lists, in lower case. */
export const listedWords = new Set<string>()

function closedList(type: InformationType, words: string, shareAlone: number): Recogniser {
  const known = new Set(words.trim().toLowerCase().split(/\s+/))
  for (const word of known) listedWords.add(word)
  const longest = Math.max(...[...known].map((word) => word.length))
  return {
    type, chance: 0.01, isSoft: true, lengths: [1, longest], needs: 0, never: chars.at | chars.star | (type === 'gender' ? 0 : chars.digit), shareAlone,
    check: (text) => (known.has(text) || known.has(text.toLowerCase()) ? pass(text) : fail('BAD_FORMAT')),
  }
}

/** 性别 (GB/T 2261.1). Codes 0, 1, 2, 9 and letters need a header. */
export const gender = closedList('gender', '男 女 男性 女性 未知 未说明 保密 先生 女士 male female m f 男士 1 2 0 9', 0.95)

/** 民族 (GB/T 3304-1991): the 56 ethnic groups with and without 族. */
export const ethnicity = closedList('ethnicity', '汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺'
  .split(' ').flatMap((name) => [`${name}族`, name]).join(' '), 0.9)

/** 婚姻状况 (GB/T 2261.2). */
export const maritalStatus = closedList('marital-status', '未婚 已婚 离异 离婚 丧偶 再婚 初婚 复婚 single married divorced widowed', 0.9)

/** 学历 (GB/T 4658). */
export const education = closedList('education', '小学 初中 高中 中专 中技 职高 大专 专科 本科 学士 硕士 博士 博士后 研究生 硕士研究生 博士研究生 大学 大学本科 大学专科 文盲 高中及以下 初中及以下 大专及以上 本科及以上 bachelor master doctor phd college', 0.9)

/** 宗教信仰. */
export const religion = closedList('religion', '佛教 道教 伊斯兰教 天主教 基督教 基督新教 东正教 犹太教 印度教 无宗教信仰 buddhism islam christianity catholic hinduism', 0.9)

/** How Chinese words for occupations end. */
export const jobEnd = /(?:工程师|经理|总监|主管|主任|教师|老师|医生|护士|律师|会计|出纳|司机|店长|店员|厨师|警察|军人|学生|农民|工人|职员|公务员|设计师|程序员|销售|客服|文员|助理|秘书|总裁|董事长|董事|总经理|法人|老板|个体户|个体经营|自由职业|退休|保安|保洁|技术员|研究员|教授|校长|院长|科长|处长|局长|部长|组长|队长|导购|顾问|专员|翻译|记者|编辑|演员|摄影师|美容师|理发师|电工|木工|焊工|快递员|外卖员|家庭主妇|无业)$/
const jobEnglish = /\b(?:manager|engineer|teacher|doctor|nurse|lawyer|accountant|driver|director|officer|clerk|assistant|agent|staff|developer|analyst|consultant|supervisor|secretary|president|designer|student|worker|technician|representative)\b/i

/** 职业、职务 by how the word ends (GB/T 6565); the header decides the rest. */
export const job: Recogniser = {
  type: 'job', chance: 0.02, isSoft: true, lengths: [2, 40], needs: 0, never: chars.at | chars.star | chars.digit, shareAlone: 0.7,
  check: (text) => ((text.length <= 12 && jobEnd.test(text)) || jobEnglish.test(text) ? pass(text) : fail('BAD_FORMAT')),
}
