// SPDX-License-Identifier: Apache-2.0
import type { ScannedDataSet, ScannedField, ScannedSource, ScanReport } from '../discover/index.ts'

/** What became of something between two scans. */
export type ScanStatus = 'new' | 'gone' | 'changed' | 'same'

/** A property before and after. */
export type Changes = Record<string, { from: string | number | null; to: string | number | null }>

/** A field in two scans. */
export interface FieldDifference {
  name: string
  index: number
  status: ScanStatus
  changes: Changes
}

/** A data set in two scans; `changes` are those of the data set itself. */
export interface DataSetDifference {
  name: string
  status: ScanStatus
  rows: { from: number | null; to: number | null }
  changes: Changes
  fields: FieldDifference[]
}

/** A source in two scans; `was` when the same bytes stood under another name. */
export interface SourceDifference {
  source: string
  was: string | null
  status: ScanStatus
  sameBytes: boolean
  dataSets: DataSetDifference[]
}

/** 清查差异. What two scans have that differs; what is the same is counted, not listed. */
export interface ScanDifference {
  sources: SourceDifference[]
  notRead: { new: { where: string; code: string }[]; gone: { where: string; code: string }[] }
  /** Rule sets, when the two scans were graded by different ones: grades then differ for that reason too. */
  ruleSets: { from: string[]; to: string[] } | null
  counts: { sources: Counts; dataSets: Counts; fields: Counts }
}

/** How many are new, gone, changed and the same. */
export type Counts = Record<ScanStatus, number>

/** 清查比对. Compares two scan reports: sources by name or, when renamed, by their bytes; data sets by name; columns by title, blank and repeated titles by their place. */
export function compareScans(before: ScanReport, after: ScanReport): ScanDifference {
  const pairs = pairSources(before.sources, after.sources)
  const all = pairs.map(compareSources)
  const sets = all.flatMap(({ dataSets }) => dataSets)
  const ruleSets = { from: ruleSetsOf(before), to: ruleSetsOf(after) }
  return {
    sources: all.filter(({ status, was }) => status !== 'same' || was !== null).map((source) => ({ ...source, dataSets: source.dataSets.filter(({ status }) => status !== 'same').map((set) => ({ ...set, fields: set.fields.filter(({ status }) => status !== 'same') })) })),
    notRead: { new: notIn(after.notRead, before.notRead), gone: notIn(before.notRead, after.notRead) },
    ruleSets: ruleSets.from.join() === ruleSets.to.join() ? null : ruleSets,
    counts: { sources: countOf(all), dataSets: countOf(sets), fields: countOf(sets.flatMap(({ fields }) => fields)) },
  }
}

interface Pair<T> {
  from: T | null
  to: T | null
}

function pairSources(before: readonly ScannedSource[], after: readonly ScannedSource[]): Pair<ScannedSource>[] {
  const left = [...before]
  const take = (found: (source: ScannedSource) => boolean): ScannedSource | null => {
    const at = left.findIndex(found)
    return at < 0 ? null : (left.splice(at, 1)[0] ?? null)
  }
  const byName = after.map((to) => ({ to, from: take(({ source }) => source === to.source) }))
  // Only what kept no namesake can have been renamed, so names are settled first.
  const pairs = byName.map(({ to, from }) => ({ to, from: from ?? take(({ sha256 }) => sha256 === to.sha256) }))
  return [...pairs, ...left.map((from) => ({ from, to: null }))]
}

function compareSources({ from, to }: Pair<ScannedSource>): SourceDifference {
  const sets = pairByName(from?.dataSets ?? [], to?.dataSets ?? [], ({ name }) => name).map(compareDataSets)
  const status = statusOf(from, to, sets.some((set) => set.status !== 'same'))
  return { source: to?.source ?? from?.source ?? '', was: from !== null && to !== null && from.source !== to.source ? from.source : null, status, sameBytes: from !== null && to !== null && from.sha256 === to.sha256, dataSets: sets }
}

function compareDataSets({ from, to }: Pair<ScannedDataSet>): DataSetDifference {
  const titles = (set: ScannedDataSet | null): ScannedField[] => set?.fields ?? []
  const fields = pairByName(titles(from), titles(to), ({ name, index }) => (name.trim() === '' ? `#${index}` : name.trim())).map(compareFields)
  const changes = from === null || to === null ? {} : changesOf(from, to, ['rows', 'grade', 'level', 'hidden', 'headerRow', 'blankRows', 'shortRows', 'longRows', 'oddCells', 'duplicateRows', 'under14', 'hiddenRows', 'hiddenColumns'])
  const status = statusOf(from, to, Object.keys(changes).length > 0 || fields.some((field) => field.status !== 'same'))
  return { name: to?.name ?? from?.name ?? '', status, rows: { from: from?.rows ?? null, to: to?.rows ?? null }, changes, fields }
}

function compareFields({ from, to }: Pair<ScannedField>): FieldDifference {
  const changes = from === null || to === null ? {} : changesOf(from, to, ['type', 'grade', 'level', 'index', 'values', 'empty', 'matched', 'invalid', 'masked', 'damaged', 'declaredType'])
  return { name: to?.name ?? from?.name ?? '', index: to?.index ?? from?.index ?? 0, status: statusOf(from, to, Object.keys(changes).length > 0), changes }
}

function statusOf(from: unknown, to: unknown, isChanged: boolean): ScanStatus {
  if (from === null) return 'new'
  if (to === null) return 'gone'
  return isChanged ? 'changed' : 'same'
}

/** Pairs by name; the second of a repeated name goes with the second of the other side. */
function pairByName<T>(before: readonly T[], after: readonly T[], nameOf: (one: T) => string): Pair<T>[] {
  const left = Map.groupBy(before, nameOf)
  const pairs = after.map((to): Pair<T> => ({ from: left.get(nameOf(to))?.shift() ?? null, to }))
  return [...pairs, ...[...left.values()].flat().map((from): Pair<T> => ({ from, to: null }))]
}

function changesOf<T extends object>(from: T, to: T, keys: readonly (keyof T & string)[]): Changes {
  return Object.fromEntries(keys.flatMap((key) => {
    const [was, is] = [plain(from[key]), plain(to[key])]
    return was === is ? [] : [[key, { from: was, to: is }]]
  }))
}

function plain(value: unknown): string | number | null {
  if (typeof value === 'string' || typeof value === 'number') return value
  return typeof value === 'boolean' ? String(value) : null
}

function notIn(these: ScanReport['notRead'], those: ScanReport['notRead']): { where: string; code: string }[] {
  const known = new Set(those.map(({ where, code }) => `${code}\0${where}`))
  return these.filter(({ where, code }) => !known.has(`${code}\0${where}`)).map(({ where, code }) => ({ where, code }))
}

function ruleSetsOf(report: ScanReport): string[] {
  const rules = report.sources.flatMap(({ dataSets }) => dataSets.flatMap(({ fields }) => fields.map(({ gradeRule }) => gradeRule.split('/')[0] ?? '')))
  return [...new Set(rules)].filter((set) => set !== '' && set !== 'override').sort()
}

function countOf(all: readonly { status: ScanStatus }[]): Counts {
  const of = (status: ScanStatus): number => all.filter((one) => one.status === status).length
  return { new: of('new'), gone: of('gone'), changed: of('changed'), same: of('same') }
}
