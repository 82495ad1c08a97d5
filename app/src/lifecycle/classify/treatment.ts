// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { purposeStates } from '../../law/index.ts'
import { lawfulBases } from '../../law/nouns.ts'

/** A clear word of ours: purpose, group or class names; personal values have no place in it. */
const word = z.string().trim().min(1).max(60)

/** 分面条件. Records whose facet has one of these values; a treatment names parts of a data set only this way (CONTRACTS §13). */
export const facetConditionSchema = z.strictObject({ facet: word, values: z.array(z.string().max(60)).min(1).max(64) })
/** 分面条件. See `facetConditionSchema`. */
export type FacetCondition = z.infer<typeof facetConditionSchema>

/** Who agreed that the contract may be assigned: nobody (silence is no, 民法典 第五百五十一条), everybody, or those of a facet. */
const assentSchema = z.union([z.enum(['none', 'all']), facetConditionSchema])

const groupShape = {
  name: word,
  /** 处理目的 (个人信息保护法 第六条). */
  purposes: z.array(word).max(20).default([]),
  /** 合法性基础 (个人信息保护法 第十三条; rule B06: exactly one). */
  basis: z.enum([...lawfulBases, 'none', 'unknown']).default('unknown'),
  purposeState: z.enum(purposeStates).default('live'),
  /** Records whose purpose is met although it lives for the others, e.g. closed accounts. */
  purposeMetWhere: z.array(facetConditionSchema).default([]),
  /** 移交所必需 (rule B08); false until somebody says so: what nobody needs is never padded into the package. */
  neededForTransfer: z.boolean().default(false),
  neededForContract: z.boolean().default(false),
  onlyForNewPurpose: z.boolean().default(false),
  contractAssent: assentSchema.default('none'),
  biometric: z.enum(['none', 'other', 'face']).default('none'),
  faceRoute: z.enum(['enrol-anew', 'separate-consent', 'with-device']).default('enrol-anew'),
  majorEffect: z.boolean().default(false),
  /** 档案类别: entries of the retention register (RT01 …) that bind these fields; [] = none binds, null = not yet assigned. */
  recordsClasses: z.array(z.string().regex(/^RT\d{2}$/)).max(8).nullable().default(null),
  /** Facet with the year from whose end the retention runs. */
  yearFacet: word.nullable().default(null),
  designatedBody: z.boolean().default(false),
  removal: z.enum(['destroy', 'anonymise']).default('destroy'),
}

const setShape = {
  /** False only for tables without any natural person (products, branches). */
  holdsPersons: z.boolean().default(true),
  /** 直接收集或间接取得 (rule B05). */
  collected: z.enum(['direct', 'indirect', 'unknown']).default('unknown'),
  lawfulSource: z.enum(['lawful', 'unlawful', 'unconfirmed']).default('unconfirmed'),
  /** Records that belong to the part of the business that is not in the deal. */
  staysWhere: z.array(facetConditionSchema).default([]),
  /** Customers whom the transferor goes on serving (S04). */
  servedWhere: z.array(facetConditionSchema).default([]),
  /** 受让方. Which transferee takes it over where there are several; left out = the only one. */
  transferee: z.string().regex(/^pty_[0-9a-f]{32}$/, 'not a party id').optional(),
}

/** A clear, low-cardinality facet made of a column: its text, or the year of its date. */
const facetShape = { name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), as: z.enum(['text', 'year']).default('text') }

const storedGroup = z.strictObject({ ...groupShape, fields: z.array(z.string().regex(/^fld_[0-9a-f]{32}$/)).min(1) })
const storedSet = z.strictObject({
  ...setShape,
  facets: z.array(z.strictObject({ ...facetShape, field: z.string().regex(/^fld_[0-9a-f]{32}$/) })).max(16).default([]),
  groups: z.array(storedGroup).default([]),
})

/** 数据集处理情况. Facts of a data set and its field groups as stored: fields by id, never by title (CONTRACTS §2). */
export const treatmentSchema = storedSet
/** 数据集处理情况. See `treatmentSchema`. */
export type Treatment = z.infer<typeof storedSet>
/** 字段组. Fields of a data set that share basis, purposes and retention. */
export type FieldGroup = z.infer<typeof storedGroup>

/** What stands in `data_set.treatment`; null while the data set was not treated. */
export function readTreatment(stored: unknown): Treatment | null {
  if (typeof stored !== 'object' || stored === null || Object.keys(stored).length === 0) return null
  return treatmentSchema.parse(stored)
}

/** A data set in the file: by its number in the inventory (1 …), or by its name, `file!sheet` when the name alone is not unique. */
const address = z.union([z.int().min(1), z.string().min(1)])
const fileGroup = z.strictObject({ ...groupShape, columns: z.union([z.literal('*'), z.array(z.string()).min(1)]) })
const fileSet = z.strictObject({
  ...setShape,
  dataSet: address,
  facets: z.array(z.strictObject({ ...facetShape, column: z.string() })).max(16).default([]),
  groups: z.array(fileGroup).default([]),
})

/** 处理情况文件. The file that a party writes on its own machine; columns by their titles, `*` for all that no other group names. Refuses unknown keys. */
export const treatmentFileSchema = z.strictObject({ version: z.literal(1), dataSets: z.array(fileSet).min(1) })
/** 处理情况文件. See `treatmentFileSchema`. */
export type TreatmentFile = z.infer<typeof treatmentFileSchema>
/** One data set of the file. */
export type TreatmentOfFile = z.infer<typeof fileSet>
