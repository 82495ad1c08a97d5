// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from '../detection/index.ts'
import type { Classes, Demands } from './coded-table.ts'
import type { FirstReading, UsedHierarchy } from './code-table.ts'
import { nameOf, type Column, type ColumnRole, type FoundColumn } from './column-roles.ts'
import { gradeEffect, type EffectGrade } from './grade-effect.rules.ts'
import type { HierarchyOrigin } from './infer-hierarchy.ts'
import { columnCosts, intervalCosts, leastWithout, sizeMetrics, type Metrics } from './measure-classes.ts'
import type { CopyFigures } from './verify-copy.ts'

/** What became of a column. Quasi-identifiers: how its hierarchy was had, its NCP, its interval NCP where it is numbers, and the k that would be left with its values as they were. Kept ones: the share of cells with a value of their own. */
export interface ReportedColumn {
  name: string
  index: number
  role: ColumnRole
  type: string
  hierarchy?: HierarchyOrigin
  ncp?: number
  intervalNcp?: number
  kWithout?: number
  distinctShare?: number
}

/** Classes of sizes from `from` to `to`. */
export interface SizeBand {
  from: number
  to: number
  classes: number
  rows: number
}

/** Something a reader of the report must know before giving the copy away. */
export type WarningCode = 'KEPT_COLUMNS' | 'DISTINGUISHING' | 'HOMOGENEOUS' | 'NO_SENSITIVE' | 'ORDER_KEPT' | 'COUNTER_KEPT' | 'COUNTER_DROPPED' | 'NOT_READ' | 'NOT_GENERALISED' | 'BLANK_ROWS'

/** A warning and the columns or the number it is about. */
export interface Warning {
  code: WarningCode
  columns: string[]
  count: number
}

/** 匿名化报告. The document of `handover anonymise --json` (PRODUCT.md §5; fields are added, never renamed). `k` is what was asked for, `reached` what was counted in the written copy. */
export interface AnonymisationReport {
  k: number
  rows: number
  suppressed: number
  classes: number
  metrics: Metrics & { ncpByColumn: Record<string, number> }
  elapsedMs: number
  kernelMs: number
  source: string
  copy: string
  demanded: Demands
  reached: { k: number; l: number | null; entropyL: number | null; t: number | null }
  /** Classes of one single sensitive value: whoever finds a person's class knows that value (GB/T 37964; l-diversity). */
  homogeneous: { classes: number; rows: number } | null
  sizes: SizeBand[]
  /** Chance that a person whose quasi-identifiers are known is found: at most 1 ÷ smallest class, on average classes ÷ rows. */
  risk: { highest: number; average: number }
  effect: EffectGrade
  columns: ReportedColumn[]
  warnings: Warning[]
  /** What the copy is not in law, with its source and mark. */
  inLaw: typeof notAnonymousByK
}

/** What k-anonymity is not (个人信息保护法 第四条、第七十三条第四项); that measuring k does not settle it is our reading, so the mark is J. */
export const notAnonymousByK = {
  law: 'PIPL 4, 73(4)', conf: 'J',
  zh: 'k-匿名本身不等于法律上的匿名化:法律要求既不能识别特定自然人,又不能复原。收到副本的人手里还有什么、原表和对照关系是否还在,要由人判断;达不到时,副本仍是个人信息',
  en: 'k-anonymity alone does not make data anonymous in law: nobody may be identifiable and nothing restorable. What recipients hold besides, and whether the original and any key to it still exist, is for people to judge; until then the copy is personal information',
} as const

/** What a report is made from. */
export interface ReportFacts {
  order: { source: string; copy: string; demands: Demands; found: readonly FoundColumn[]; isReordered: boolean }
  columns: readonly Column[]
  first: FirstReading
  used: readonly UsedHierarchy[]
  classes: Classes
  figures: CopyFigures
  kernelMs: number
  elapsedMs: number
}

/** The report of a copy that was read again; sizes and diversity are those of the written file, the loss is that of the classes behind it. */
export function makeReport(facts: ReportFacts): AnonymisationReport {
  const { order, first, figures, classes } = facts
  const { demands } = order
  const columns = reportedColumns(facts)
  const costs = columns.flatMap(({ ncp }) => ncp ?? [])
  const k = figures.sizes.reduce((low, size) => Math.min(low, size), Number.POSITIVE_INFINITY)
  const { diversity } = figures
  return {
    k: demands.k, rows: figures.rows, suppressed: 0, classes: figures.sizes.length,
    metrics: { ...sizeMetrics(figures.sizes, demands.k), ncp: costs.reduce((sum, cost) => sum + cost, 0) / Math.max(1, classes.table.hierarchies.length), ncpByColumn: Object.fromEntries(columns.flatMap((column) => (column.ncp === undefined ? [] : [[nameOf(column), column.ncp]]))) },
    elapsedMs: Math.round(facts.elapsedMs), kernelMs: Math.round(facts.kernelMs),
    source: order.source, copy: order.copy, demanded: demands,
    reached: { k, l: diversity?.l ?? null, entropyL: diversity?.entropyL ?? null, t: diversity?.t ?? null },
    homogeneous: diversity === null ? null : { classes: diversity.homogeneousClasses, rows: diversity.homogeneousRows },
    sizes: bandsOf(figures.sizes, demands.k),
    risk: { highest: 1 / k, average: figures.sizes.length / figures.rows },
    effect: gradeEffect(figures.sizes),
    columns, warnings: warningsOf(facts, columns, first), inLaw: notAnonymousByK,
  }
}

function reportedColumns({ order, columns, used, classes, first }: ReportFacts): ReportedColumn[] {
  const costs = columnCosts(classes)
  const intervals = intervalCosts(classes)
  const without = leastWithout(classes)
  const quasiAt = new Map(columns.filter(({ role }) => role === 'quasi').map(({ index }, at) => [index, at]))
  return columns.map(({ name, index, role, type }) => {
    const at = quasiAt.get(index)
    const interval = at === undefined ? null : intervals[at] ?? null
    const found = order.found[index]
    return {
      name, index, role, type,
      ...(at === undefined ? {} : { hierarchy: used[at]?.origin ?? 'words', ncp: costs[at] ?? 0, kWithout: without[at] ?? 0 }),
      ...(interval === null ? {} : { intervalNcp: interval }),
      ...(role === 'kept' && found !== undefined ? { distinctShare: Math.min(1, found.distinct / Math.max(1, first.rows)) } : {}),
    }
  })
}

/** Sizes in bands of k: from k to just below 2k, and so on, each twice as wide as the one before. */
function bandsOf(sizes: readonly number[], k: number): SizeBand[] {
  const bands: SizeBand[] = []
  for (const size of sizes) {
    const at = Math.max(0, Math.floor(Math.log2(size / k) + 1e-9))
    for (let next = bands.length; next <= at; next++) bands.push({ from: k * 2 ** next, to: k * 2 ** (next + 1) - 1, classes: 0, rows: 0 })
    const band = bands[at]
    if (band === undefined) continue
    band.classes++
    band.rows += size
  }
  return bands.filter(({ classes }) => classes > 0)
}

/** Types of values that people mind others to know: candidates for a sensitive column that was not named. */
const worthHiding: ReadonlySet<string> = new Set<InformationType>(['medical', 'income', 'religion', 'credit-information', 'transaction', 'biometric', 'preference'])

/** From this share of different values on, a kept column tells people apart. */
const distinguishingShare = 0.1

function warningsOf({ order, columns, figures }: ReportFacts, reported: readonly ReportedColumn[], first: FirstReading): Warning[] {
  const named = (code: WarningCode, found: readonly { name: string; index: number }[]): Warning[] => (found.length === 0 ? [] : [{ code, columns: found.map(nameOf), count: found.length }])
  const counted = (code: WarningCode, count: number): Warning[] => (count > 0 ? [{ code, columns: [], count }] : [])
  return [
    ...named('KEPT_COLUMNS', reported.filter(({ role }) => role === 'kept')),
    ...named('DISTINGUISHING', reported.filter(({ role, distinctShare = 0 }) => role === 'kept' && distinctShare >= distinguishingShare && first.rows >= 20)),
    ...counted('HOMOGENEOUS', figures.diversity?.homogeneousClasses ?? 0),
    ...(figures.diversity === null ? [{ code: 'NO_SENSITIVE' as const, columns: reported.filter(({ role, type }) => role === 'kept' && worthHiding.has(type)).map(nameOf), count: 0 }] : []),
    ...(order.isReordered ? [] : [{ code: 'ORDER_KEPT' as const, columns: [], count: 0 }]),
    ...named('COUNTER_KEPT', columns.filter(({ role }) => role === 'counter')),
    ...named('COUNTER_DROPPED', order.isReordered ? columns.filter(({ index }) => first.counterFrom.has(index)) : []),
    ...named('NOT_GENERALISED', reported.filter(({ hierarchy, ncp }) => hierarchy === 'words' && (ncp ?? 0) > 0)),
    ...counted('NOT_READ', first.notRead.length),
    ...counted('BLANK_ROWS', first.blankRows),
  ]
}
