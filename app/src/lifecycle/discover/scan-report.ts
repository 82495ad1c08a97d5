// SPDX-License-Identifier: Apache-2.0
import type { FieldGrade, InformationType } from '../../detection/index.ts'
import type { PlaceUnit, RowCounts } from '../../sources/index.ts'

/** 字段清单. What the scan says about one field (PRODUCT.md §5; fields are added, never renamed). `row` in the evidence is the row in the file. */
export interface ScannedField {
  name: string
  index: number
  /** Databases: the type that the column was declared with, and what its owner wrote about it. */
  declaredType?: string
  comment?: string
  type: InformationType
  grade: FieldGrade
  /** The rule that gave the grade, as `set/rule` (`grade rules SET` explains it), or `override/ID` where a person decided. */
  gradeRule: string
  combination: boolean
  /** Level under rule sets that have levels, e.g. C2, and the rule that gave it. */
  level?: string
  levelRule?: string
  /** A picture of a document, not its number. */
  isImage?: true
  confidence: number
  values: number
  empty: number
  distinct: number
  matched: number
  invalid: number
  masked: number
  damaged: number
  evidence: { row: number; shown: string }[]
  why: string
  whyEn: string
}

/** 文本中的发现. How many spans of a type stand in a text, and where the first are: `row` counts `placeUnit`s of the data set; samples are masked. */
export interface FoundSpans {
  type: InformationType
  count: number
  evidence: { row: number; shown: string }[]
}

/** 数据集清单. `grade` is that of the records as a whole: sensitive also when fields become so together; `gradeWhy` names the fields by position. */
export interface ScannedDataSet extends RowCounts {
  name: string
  hidden: boolean
  headerRow: number | null
  blankHeaders: number
  duplicateHeaders: number
  /** Rows that repeat an earlier one in every cell; null when there are too many rows to remember. */
  duplicateRows: number | null
  grade: FieldGrade
  gradeRule: string
  gradeWhy: string
  level?: string
  /** Births that IDs or birth dates tell, and those of people below fourteen (dates: by year, the cautious side). */
  births?: number
  under14?: number
  /** What `row` in the evidence counts, where it is not a row of a table. */
  placeUnit?: PlaceUnit
  /** Databases: when the rows stood so, by the server's clock in UTC. */
  asOf?: string
  /** Databases: how many rows the server believes there are; `rows` is how many were read. */
  estimatedRows?: number
  /** Databases: columns by which the server tells rows apart, by position. */
  key?: readonly number[]
  /** Databases: what the owner wrote about the table. */
  comment?: string
  /** Text data sets: spans found in the whole text, by type. */
  found?: FoundSpans[]
  /** The text was recognised from a picture: characters may be wrong, and what the picture shows beside text was not read. */
  recognised?: boolean
  fields: ScannedField[]
}

/** One file of the scan. */
export interface ScannedSource {
  source: string
  kind: string
  bytes: number
  sha256: string
  /** The file that this one stands in (archive, mail, document). */
  inside?: string
  encoding: string | null
  delimiter: string | null
  /** Databases: product and version. */
  server?: string
  dataSets: ScannedDataSet[]
}

/** 清查结果. The document of `handover scan --json`. What could not be read is in `notRead`; a file that failed is there as a whole. */
export interface ScanReport {
  sources: ScannedSource[]
  /** The grading rule set that was applied; reports of earlier versions do not say it. */
  ruleSet?: string
  notRead: { where: string; why: string; whyEn: string; code: string }[]
  elapsedMs: number
}
