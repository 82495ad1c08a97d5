// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { informationTypes, isInformationType } from '../information-types.ts'
import type { InformationType } from '../information-types.ts'

/** 级别. How sensitive a field is (个人信息保护法 第二十八条); organisations' numbers and the rest are no personal information. */
export const fieldGrades = ['sensitive', 'general', 'organisation', 'none'] as const
export type FieldGrade = (typeof fieldGrades)[number]

const type = z.custom<InformationType>((given) => typeof given === 'string' && isInformationType(given), { error: `one of: ${informationTypes.join(' ')}` })
const types = z.array(type).min(1)
const grade = z.enum(fieldGrades)
const word = z.string().min(1).max(40).regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/)
const sentence = z.string().min(1).max(300)
/** How sure a line is: the marks of the law register §0 (P read, S second hand, K from memory, J our judgement). */
const conf = z.enum(['P', 'P(quoted)', 'P(draft)', 'S(draft)', 'S', 'K', 'J'])
/** A set of somebody's own may say its sources in one language only; the shipped ones say them in both (tested). */
const shape = { id: word, source: sentence, sourceEn: sentence.optional(), conf, note: sentence.optional(), noteEn: sentence.optional(), level: word.optional() }

const rule = z.discriminatedUnion('kind', [
  /** What a type is by itself; without a grade it only sets a level. */
  z.strictObject({ ...shape, kind: z.literal('type'), types, grade: grade.optional() }),
  /** A picture of the document, whatever its number is alone. */
  z.strictObject({ ...shape, kind: z.literal('image'), types, grade }),
  /** 组合. One type of each group in one record set makes the set so, and the raised types in it (DETECTION.md §2, column C). */
  z.strictObject({ ...shape, kind: z.literal('together'), groups: z.array(types).min(2).max(5), raises: z.array(type), grade }),
  /** 未成年人. Personal information of people below an age; fields rise as a whole when at least this share of the people is. */
  z.strictObject({ ...shape, kind: z.literal('minors'), under: z.literal(14), raiseFieldsFrom: z.number().min(0).max(1), grade }),
  /** 规模. From so many persons on, the number itself included (law register §0.6). */
  z.strictObject({ ...shape, kind: z.literal('scale'), subjects: z.int().positive(), of: z.enum(['personal', 'sensitive']), level: word }),
  /** 数据级别. The level of everything that has one of these grades and no level of its own. */
  z.strictObject({ ...shape, kind: z.literal('level'), grades: z.array(grade).min(1), level: word }),
])

/** 分级规则. One line of a rule set with its source and how sure it is. */
export type GradingRule = z.infer<typeof rule>

const words = z.strictObject({ zh: sentence, en: sentence })

/** 分级规则集. A versioned set of grading rules as data; `basedOn` takes over what the set does not say itself. Refuses unknown types, keys and rule ids given twice. */
export const ruleSetSchema = z.strictObject({
  id: word, version: word, basedOn: word.optional(), title: words, source: sentence, sourceEn: sentence.optional(), effectiveFrom: z.iso.date(), effectiveTo: z.iso.date().optional(),
  rules: z.array(rule).max(500), levels: z.record(word, words),
}).check((context) => {
  const seen = new Set<string>()
  for (const { id } of context.value.rules) {
    if (seen.has(id)) context.issues.push({ code: 'custom', message: `rule ${id} stands twice`, input: id, path: ['rules'] })
    seen.add(id)
  }
})
/** 分级规则集. See `ruleSetSchema`. */
export type GradingRuleSet = z.infer<typeof ruleSetSchema>
