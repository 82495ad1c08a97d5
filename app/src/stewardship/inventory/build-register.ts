// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { builtInLaw, lawMark, retentionWords, type LawBook, type RetentionRow } from '../../law/index.ts'
import { inventoryFailures } from './inventory-failures.ts'
import { countMoved, countPersons, loadCopyRows, loadFieldRows, loadPlanLines, loadSetRows, type CopyRow, type FieldRow, type SetRow } from './inventory.store.ts'
import { missingIn, type ProcessingActivity, type ProcessingRegister, type RegisterEntry, type RegisterField } from './register.ts'

/** The matter whose register it is, with its parties' names. */
export interface RegisterMatter {
  id: string
  code: string
  parties: readonly { id: string; role: string; name: string; isSelf: boolean }[]
}

const treatmentShape = z.looseObject({
  collected: z.string().default('unknown'), lawfulSource: z.string().default('unconfirmed'), transferee: z.string().optional(),
  groups: z.array(z.looseObject({
    name: z.string(), purposes: z.array(z.string()).default([]), basis: z.string().default('unknown'), fields: z.array(z.string()), neededForTransfer: z.boolean().default(false), recordsClasses: z.array(z.string()).nullable().default(null),
  })).default([]),
})
const planShape = z.array(z.looseObject({ ds: z.string(), outcome: z.string(), law: z.string(), until: z.string().nullable(), recipient: z.string().optional(), values: z.int() }))

/** 处理活动登记. The register of processing activities of a matter, from what was scanned, recorded and planned (个人信息保护法 第五十一条、第五十六条). What nobody said is listed as missing, never presumed; retention is said in the words of the law in use. Refuses empty books. */
export async function buildRegister(ctx: Context, matter: RegisterMatter, law: LawBook = builtInLaw): Promise<ProcessingRegister> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const sets = await loadSetRows(ctx.db, scope)
  if (sets.length === 0) throw inventoryFailures.REGISTER_EMPTY()
  const fieldsBySet = Map.groupBy(await loadFieldRows(ctx.db, scope), (field) => field.dataSetId)
  const labels = { path: await ctx.vault.openLabels(matter.id, 'source-path'), source: await ctx.vault.openLabels(matter.id, 'source-name'), set: await ctx.vault.openLabels(matter.id, 'data-set-name'), field: await ctx.vault.openLabels(matter.id, 'field-name') }
  const copies = await loadCopyRows(ctx.db, scope)
  const stored = await loadPlanLines(ctx.db, scope)
  const about: About = { matter, retentionRows: law.retentionRows, labels, copies, plan: stored === null ? null : planShape.parse(stored), persons: await countPersons(ctx.db, scope) }
  const entries = sets.map((set, at) => entryOf(set, fieldsBySet.get(set.id) ?? [], at + 1, about))
  const ruleSets = [...new Set([...fieldsBySet.values()].flat().map(({ rule }) => rule.split('/')[0] ?? '').filter((set) => set !== '' && set !== 'override'))].sort()
  return { of: matter.code, writtenAt: ctx.now(), ruleSets, persons: about.persons === 0 ? null : about.persons, moved: await countMoved(ctx.db, scope), entries }
}

interface About {
  matter: RegisterMatter
  /** Those of the law in use. */
  retentionRows: readonly RetentionRow[]
  labels: Record<'path' | 'source' | 'set' | 'field', ReadonlyMap<string, string>>
  copies: readonly CopyRow[]
  plan: z.infer<typeof planShape> | null
  persons: number
}

function entryOf(set: SetRow, rows: readonly FieldRow[], number: number, about: About): RegisterEntry {
  const { labels, plan } = about
  const treatment = treatmentShape.parse(set.treatment ?? {})
  const title = (id: string): string => labels.field.get(id) ?? ''
  const groupOf = new Map(treatment.groups.flatMap((group) => group.fields.map((field) => [field, group.name] as const)))
  const activities = treatment.groups.map((group): ProcessingActivity => ({
    name: group.name, purposes: group.purposes, basis: group.basis, columns: group.fields.map(title), neededForTransfer: group.neededForTransfer,
    retention: group.recordsClasses === null ? null : group.recordsClasses.map((id) => retentionText(id, about.retentionRows, 'zh')),
    retentionEn: group.recordsClasses === null ? null : group.recordsClasses.map((id) => retentionText(id, about.retentionRows, 'en')),
  }))
  const fields = rows.map((row): RegisterField => ({ column: title(row.id), position: row.position, type: row.type, grade: row.grade, rule: row.rule, values: row.values, confidence: row.confidence, activity: groupOf.get(row.id) ?? null }))
  const lines = (plan ?? []).filter((line) => line.ds === set.id)
  const entry = {
    number, source: labels.source.get(set.sourceId) ?? set.sourceId, kind: set.kind, dataSet: labels.set.get(set.id) ?? set.id, hidden: set.hidden, scannedAt: set.scannedAt, location: labels.path.get(set.sourceId) ?? '',
    records: set.records, values: rows.reduce((sum, row) => sum + row.values, 0), persons: about.persons === 0 ? null : set.persons, moved: { records: set.movedRecords, persons: about.persons === 0 ? null : set.movedPersons }, under14: set.under14, collected: treatment.collected, lawfulSource: treatment.lawfulSource,
    activities, fields, recipients: recipientsOf(treatment.transferee, lines, about.matter), endings: endingsOf(lines),
    copies: about.copies.filter((copy) => copy.dataSetId === set.id || (copy.dataSetId === null && copy.sourceId === set.sourceId)).map((copy) => ({ kind: copy.kind, holder: nameOf(copy.holder, about.matter), values: copy.values, ended: copy.ended })),
    notRead: set.notRead,
  }
  return { ...entry, missing: missingIn(entry, plan !== null) }
}

/** An entry of the retention register in words, with its source and how sure it is. */
function retentionText(entry: string, retentionRows: readonly RetentionRow[], lang: 'zh' | 'en'): string {
  const row = retentionRows.find(({ id }) => id === entry)
  if (row === undefined) return entry
  const { records, period } = retentionWords(row)
  return `${entry} ${records[lang]} ${period[lang]} ${lawMark({ law: row.source, conf: row.conf }, lang)}`
}

/** Who receives: the transferee that the treatment or the plan names; with neither, every transferee of the matter once values are planned to be transferred. */
function recipientsOf(named: string | undefined, lines: About['plan'] & object, matter: RegisterMatter): string[] {
  const moving = lines.filter(({ outcome }) => outcome === 'transferred')
  const ids = new Set([...(named === undefined ? [] : [named]), ...moving.flatMap(({ recipient }) => recipient ?? [])])
  if (ids.size > 0) return [...ids].map((id) => nameOf(id, matter))
  return moving.length === 0 ? [] : matter.parties.filter(({ role }) => role === 'transferee').map(({ name }) => name)
}

function endingsOf(lines: About['plan'] & object): RegisterEntry['endings'] {
  const byEnd = Map.groupBy(lines, ({ outcome, until }) => `${outcome}/${until ?? ''}`)
  return [...byEnd.values()].flatMap((same) => {
    const [first] = same
    return first === undefined ? [] : [{ outcome: first.outcome, values: same.reduce((sum, { values }) => sum + values, 0), law: [...new Set(same.map(({ law }) => law))].join(';'), until: first.until }]
  })
}

function nameOf(party: string, matter: RegisterMatter): string {
  return matter.parties.find(({ id }) => id === party)?.name ?? party
}
