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
    check: (text) => (known.has(text) || known.has(text.toLowerCase().replaceAll(/[\s_]+/g, '-')) ? pass(text) : fail('BAD_FORMAT')),
  }
}

/** 性别 (GB/T 2261.1). Codes 0, 1, 2, 9 and letters need a header. */
export const gender = closedList('gender', '男 女 男性 女性 未知 未说明 保密 先生 女士 male female m f 男士 1 2 0 9', 0.95)

/** 民族 (GB/T 3304-1991): the 56 ethnic groups with and without 族. */
export const ethnicity = closedList('ethnicity', '汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺'
  .split(' ').flatMap((name) => [`${name}族`, name]).concat('white black asian hispanic latino hispanic-or-latino not-hispanic-or-latino black-or-african-american african-american american-indian american-indian-or-alaska-native native-hawaiian pacific-islander native-hawaiian-or-other-pacific-islander two-or-more-races multiracial caucasian african-american asian-pac-islander amer-indian-eskimo native-american 穿青人 外国血统 其他民族'.split(' ')).join(' '), 0.9)

/** 婚姻状况 (GB/T 2261.2). */
export const maritalStatus = closedList('marital-status', '未婚 已婚 离异 离婚 丧偶 再婚 初婚 复婚 single married divorced widowed separated engaged never-married unmarried divorcee widow widower cohabiting common-law living-together in-a-relationship married-spouse-absent married-af-spouse married-civ-spouse domestic-partner civil-partnership', 0.9)

/** 学历 (GB/T 4658). */
export const education = closedList('education', '小学 初中 高中 中专 中技 职高 大专 专科 本科 学士 硕士 博士 博士后 研究生 硕士研究生 博士研究生 大学 大学本科 大学专科 文盲 高中及以下 初中及以下 大专及以上 本科及以上 bachelor bachelors master masters doctor doctorate phd mba college hs-grad high-school some-college associate associates associate-degree bachelor-degree bachelors-degree master-degree masters-degree doctoral-degree graduate-degree partial-college partial-high-school high-school-graduate high-school-diploma less-than-high-school some-high-school secondary-school primary-school technical-school trade-school ged bsc msc postgraduate undergraduate prof-school preschool 职业高中 技校 中等专科 高等专科 硕士及以上 大专及以下', 0.75)

/** 宗教信仰. */
export const religion = closedList('religion', '无 不信教 藏传佛教 伊斯兰 喇嘛教 萨满教 muslim christian buddhist hindu jewish sikh protestant orthodox atheist none 佛教 道教 伊斯兰教 天主教 基督教 基督新教 东正教 犹太教 印度教 无宗教信仰 buddhism islam christianity catholic hinduism', 0.9)

/** How Chinese words for occupations end. */
export const jobEnd = /(?:工程师|经理|总监|主管|主任|教师|老师|医生|护士|律师|会计|出纳|司机|店长|店员|厨师|警察|军人|学生|农民|工人|职员|公务员|设计师|程序员|销售|客服|文员|助理|秘书|总裁|董事长|董事|总经理|法人|老板|个体户|个体经营|自由职业|退休|保安|保洁|技术员|研究员|教授|校长|院长|科长|处长|局长|部长|组长|队长|导购|顾问|专员|翻译|记者|编辑|演员|摄影师|美容师|理发师|电工|木工|焊工|快递员|外卖员|家庭主妇|无业)$/
// Words of ISCO-08 and of what people call their work; as whole words, also joined by dashes.
const jobEnglish = /\b(?:manager|engineer|teacher|doctor|nurse|lawyer|accountant|driver|director|officer|clerk|assistant|agent|staff|developer|analyst|consultant|supervisor|secretary|president|designer|student|worker|technician|executive|administrator|coordinator|specialist|programmer|architect|scientist|researcher|professor|lecturer|tutor|instructor|trainer|coach|librarian|editor|writer|author|journalist|translator|photographer|artist|musician|actor|actress|physician|surgeon|dentist|pharmacist|therapist|psychologist|veterinarian|midwife|paramedic|caregiver|attorney|solicitor|barrister|judge|paralegal|notary|auditor|bookkeeper|cashier|teller|banker|broker|trader|economist|actuary|underwriter|salesperson|salesman|seller|buyer|merchandiser|marketer|receptionist|typist|operator|mechanic|electrician|plumber|carpenter|welder|painter|builder|bricklayer|machinist|fitter|foreman|labou?rer|janitor|cleaner|housekeeper|maid|guard|policeman|firefighter|soldier|pilot|captain|steward|stewardess|chef|cook|baker|butcher|waiter|waitress|bartender|barber|hairdresser|beautician|tailor|farmer|fisherman|gardener|forester|miner|owner|proprietor|entrepreneur|founder|chairman|principal|dean|head|chief|ceo|cto|cfo|coo|vp|partner|intern|trainee|apprentice|homemaker|housewife|retired|unemployed|self-employed|freelancer|civil servant|clergy|priest|pastor|imam|monk|clerical|managerial|professional|skilled manual|management)s?\b|\brepresentative\b/i

/** 职业、职务 by how the word ends (GB/T 6565); the header decides the rest. */
export const job: Recogniser = {
  type: 'job', chance: 0.02, isSoft: true, lengths: [2, 40], needs: 0, never: chars.at | chars.star | chars.digit, shareAlone: 0.7,
  check: (text) => ((text.length <= 12 && jobEnd.test(text)) || jobEnglish.test(text) ? pass(text) : fail('BAD_FORMAT')),
}

/** How Chinese words for illnesses and findings end. */
export const medicalEnd = /(?:高血压|低血压|糖尿病|冠心病|心脏病|肝炎|肺炎|胃炎|鼻炎|支气管炎|哮喘|癌|肿瘤|肌瘤|结节|结石|息肉|囊肿|骨折|脱位|感染|过敏|贫血|中风|脑梗|脑梗死|心梗|心绞痛|痛风|脂肪肝|骨质疏松|椎间盘突出|颈椎病|关节炎|肩周炎|湿疹|皮炎|荨麻疹|抑郁症|焦虑症|偏头痛|失眠|白内障|青光眼|近视|散光|综合征|综合症|功能减退|功能亢进|肾病|肝病|肺病|胃病|眼病|皮肤病|精神病|艾滋病|肠炎|中毒|术后|硬化|衰竭|妊娠)$/
const medicalWords = new Set('A型 B型 O型 AB型 RH阴性 RH阳性 青霉素 头孢 头孢类 磺胺类 花粉 海鲜 尘螨 青霉素过敏 无过敏史 良好 健康 体健 乙肝 甲亢 甲减 高血脂 高血糖'.split(' '))

/** 健康信息: names of illnesses, allergies and blood groups; the header decides the rest. Source: 疾病分类与代码 (GB/T 14396) for how illnesses are named. */
export const medical: Recogniser = {
  type: 'medical', chance: 0.01, isSoft: true, lengths: [2, 24], needs: chars.han, never: chars.at | chars.star, shareAlone: 0.6,
  check: (text) => (medicalEnd.test(text) || medicalWords.has(text.toUpperCase()) ? pass(text) : fail('BAD_FORMAT')),
}
for (const word of medicalWords) listedWords.add(word.toLowerCase())
