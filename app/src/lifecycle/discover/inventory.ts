// SPDX-License-Identifier: Apache-2.0
import { createHmac, type KeyObject } from 'node:crypto'
import { u32be, u64be } from '@handover/proof'
import { idText } from '../../kit/ids.ts'
import type { Grade } from '../../law/nouns.ts'
import type { Compartment } from '../../vault/index.ts'

/** 字段. A field of a data set in the inventory; its title is a label (`labelKinds.fieldName`), never here. */
export interface InventoryField {
  id: string
  position: number
  type: string
  grade: Grade
  gradeRule: string
  confidence: number
  /** Purposes that need this field; empty until it was treated. */
  neededFor: string[]
  /** What a person decided later (`grade override`): it counts in every decision, while the values stay sealed as they were booked. */
  decided?: { type: string; grade: Grade; by: string }
}

/** 数据集. A data set in the inventory; `treatment` is what `classify` recorded, raw. */
export interface InventoryDataSet {
  id: string
  sourceId: string
  position: number
  rows: number
  hidden: boolean
  kind: string
  /** Place of its first record among all inventory leaves of the matter. */
  firstIndex: number
  /** Booked: its `InventoryCommitted` event is written. */
  isBooked: boolean
  treatment: unknown
  fields: InventoryField[]
}

/** 标签. Kinds of encrypted words that the inventory leaves with the vault; the owner is the id of the source, data set or field (CONTRACTS §2). */
export const labelKinds = {
  /** Full path of a source on the party's own machine. */
  sourcePath: 'source-path',
  /** Name of a source as people are shown it. */
  sourceName: 'source-name',
  dataSetName: 'data-set-name',
  fieldName: 'field-name',
  /** JSON list of {where, why} of what could not be read in a source. */
  notRead: 'not-read',
} as const

/** 现行级别. The grade that counts: a person's decision, else that of the booking. */
export function gradeInForce(field: { grade: Grade; decided?: { grade: Grade } }): Grade {
  return field.decided?.grade ?? field.grade
}

/** Where a field's values are sealed: the compartment follows from type and grade of the booking alone, so that a reader can tell what a grant opens (CONTRACTS §3). */
export function compartmentOf(field: { type: string; grade: string }): Compartment {
  if (field.grade === 'sensitive') return 'sensitive'
  return field.type === 'free-text-personal' ? 'text' : 'general'
}

/** Record id = HMAC(matter id key, data set id ‖ ordinal at first scan), 16 bytes (CONTRACTS §2). */
export function recordIdOf(idsKey: KeyObject, dataSetId: Uint8Array, ordinal: number): Buffer {
  return createHmac('sha256', idsKey).update(dataSetId).update(u64be(ordinal)).digest().subarray(0, 16)
}

/** Field id = HMAC(matter id key, data set id ‖ 'field' ‖ position), as text. */
export function fieldIdOf(idsKey: KeyObject, dataSetId: Uint8Array, position: number): string {
  return idText('fld', createHmac('sha256', idsKey).update(dataSetId).update('field').update(u32be(position)).digest().subarray(0, 16))
}
