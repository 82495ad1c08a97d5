// SPDX-License-Identifier: Apache-2.0
import { undeclaredFacets } from './facets.rules.ts'
import type { FieldGroup, Treatment, TreatmentFile, TreatmentOfFile } from './treatment.ts'

/** A data set with its titles, opened on the party's own machine. */
export interface NamedDataSet {
  id: string
  /** Its number in the inventory, from 1. */
  number: number
  name: string
  sourceName: string
  fields: readonly { id: string; position: number; name: string; type: string; grade: string; decided?: { type: string; grade: string; by: string } }[]
}

/** What a file says of one data set, by ids; `unassigned` are the fields that no group names. */
export interface MatchedTreatment {
  dataSet: NamedDataSet
  treatment: Treatment
  unassigned: string[]
}

/** Finds the data sets and columns that a treatment file names; gives every mismatch, not the first one. */
export function matchTreatment(file: TreatmentFile, known: readonly NamedDataSet[]): { matched: MatchedTreatment[]; problems: string[] } {
  const problems: string[] = []
  const matched: MatchedTreatment[] = []
  const taken = new Set<string>()
  for (const entry of file.dataSets) {
    const dataSet = findDataSet(entry.dataSet, known)
    if (typeof dataSet === 'string') problems.push(dataSet)
    else if (taken.has(dataSet.id)) problems.push(`${entry.dataSet}: 数据集出现两次 / named twice`)
    else {
      taken.add(dataSet.id)
      const one = matchOne(entry, dataSet)
      matched.push(one.matched)
      problems.push(...one.problems.map((problem) => `${entry.dataSet}: ${problem}`))
    }
  }
  return { matched, problems }
}

function findDataSet(address: string | number, known: readonly NamedDataSet[]): NamedDataSet | string {
  const text = String(address)
  const byNumber = known.filter((set) => String(set.number) === text)
  const byFullName = known.filter((set) => `${set.sourceName}!${set.name}` === text)
  const byName = known.filter((set) => set.name === text)
  const found = [byFullName, byName, byNumber].find((sets) => sets.length > 0) ?? []
  const [first, ...others] = found
  if (first === undefined) return `${text}: 没有这个数据集 / no such data set`
  return others.length === 0 ? first : `${text}: 有 ${found.length} 个同名数据集,请写 文件!名称 或编号 / ambiguous`
}

function matchOne(entry: TreatmentOfFile, dataSet: NamedDataSet): { matched: MatchedTreatment; problems: string[] } {
  const problems: string[] = []
  const idOf = (title: string): string[] => {
    const found = dataSet.fields.filter((field) => field.name === title || `#${field.position + 1}` === title)
    if (found.length !== 1) problems.push(`${title}: ${found.length === 0 ? '没有这一列 / no such column' : '有重名列,请写 #序号 / ambiguous'}`)
    return found.map((field) => field.id)
  }
  const { dataSet: _address, facets, groups, ...shape } = entry
  const named = new Set(groups.flatMap((group) => (group.columns === '*' ? [] : group.columns.flatMap(idOf))))
  const stored: FieldGroup[] = groups.flatMap(({ columns, ...group }) => {
    const fields = columns === '*' ? dataSet.fields.filter((field) => !named.has(field.id)).map((field) => field.id) : dataSet.fields.filter((field) => columns.includes(field.name) || columns.includes(`#${field.position + 1}`)).map((field) => field.id)
    return fields.length === 0 ? [] : [{ ...group, fields }]
  })
  const treatment: Treatment = { ...shape, facets: facets.flatMap(({ column, ...facet }) => idOf(column).slice(0, 1).map((field) => ({ ...facet, field }))), groups: stored }
  const seen = stored.flatMap((group) => group.fields)
  if (new Set(seen).size !== seen.length) problems.push('一列属于两个字段组 / a column stands in two groups')
  if (new Set(facets.map((facet) => facet.name)).size !== facets.length) problems.push('分面重名 / two facets of one name')
  problems.push(...undeclaredFacets(treatment).map((name) => `${name}: 分面没有声明 / facet not declared`))
  return { matched: { dataSet, treatment, unassigned: dataSet.fields.filter((field) => !seen.includes(field.id)).map((field) => field.id) }, problems }
}
