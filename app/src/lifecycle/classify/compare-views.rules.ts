// SPDX-License-Identifier: Apache-2.0
import type { GradedView } from './graded-view.ts'

/** What a field or data set is under one rule set. */
export interface GradeSide {
  grade: string
  level: string | null
  rule: string
}

/** 定级差异. A field, or a data set as a whole (`index` null), that two rule sets grade differently. */
export interface GradeChange {
  source: string
  dataSet: string
  index: number | null
  name: string
  type: string | null
  from: GradeSide
  to: GradeSide
  /** Records that the data set has. */
  rows: number
}

/** What changes from one view to another of the same fields; a rule that gives the same grade under another name is no change. */
export function compareViews(before: GradedView, after: GradedView): GradeChange[] {
  return after.sets.flatMap((set, at) => {
    const old = before.sets[at]
    if (old === undefined) return []
    const about = { source: set.source, dataSet: set.name, rows: set.rows }
    const whole = changed(old, set) ? [{ ...about, index: null, name: '', type: null, from: sideOf(old), to: sideOf(set) }] : []
    return [...whole, ...set.fields.flatMap((field, place) => {
      const was = old.fields[place]
      return was === undefined || !changed(was, field) ? [] : [{ ...about, index: field.index, name: field.name, type: field.type, from: sideOf(was), to: sideOf(field) }]
    })]
  })
}

function changed(a: GradeSide, b: GradeSide): boolean {
  return a.grade !== b.grade || a.level !== b.level
}

function sideOf({ grade, level, rule }: GradeSide): GradeSide {
  return { grade, level, rule }
}
