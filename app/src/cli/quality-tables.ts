// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Context } from '../context.ts'
import { isInformationType } from '../detection/index.ts'
import { idBytes } from '../kit/ids.ts'
import { labelKinds, loadDataSets, loadSources, recordIdOf, scanSources, type ScanProgress } from '../lifecycle/discover/index.ts'
import type { Matter } from '../matter/index.ts'
import type { ReadOptions } from '../sources/index.ts'
import { qualityFailures, type KnownTable } from '../stewardship/quality/index.ts'

/** What a check of quality needs to know before it begins: which files, and the types of their columns. */
export interface QualityScope {
  paths: string[]
  tables: KnownTable[]
  rows: number
  /** What the scan could not read, so that its columns have no types. */
  notTyped: { where: string; zh: string; en: string }[]
}

/** Types of the columns of files, by a scan of all their rows. Refuses what the scan refuses. */
export async function tablesOfFiles(paths: readonly string[], options: ReadOptions, progress: (seen: ScanProgress) => void): Promise<QualityScope> {
  // As `readSource` reads: documents whole, files inside files listed.
  const report = await scanSources(paths, { ...options, documents: 'whole', limits: { ...options.limits, nestingMax: 0 } }, progress)
  const tables = report.sources.flatMap((source) => source.dataSets.map((set): KnownTable => ({ source: source.source, name: set.name, types: set.fields.map((field) => field.type) })))
  return { paths: [...paths], tables, rows: report.sources.reduce((sum, source) => sum + source.dataSets.reduce((rows, set) => rows + set.rows, 0), 0), notTyped: report.notRead.map(({ where, why, whyEn }) => ({ where, zh: why, en: whyEn })) }
}

/** Types of the columns of a matter's sources as the books have them, with the ids of their records. Refuses a matter without sources, and a source whose content is not the one in the books. */
export async function tablesOfMatter(ctx: Context, matter: Matter): Promise<QualityScope> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const sources = (await loadSources(ctx.db, scope)).filter((source) => source.isBooked)
  if (sources.length === 0) throw qualityFailures.QUALITY_NOTHING()
  const [paths, names, setNames, sets] = [await ctx.vault.openLabels(matter.id, labelKinds.sourcePath), await ctx.vault.openLabels(matter.id, labelKinds.sourceName), await ctx.vault.openLabels(matter.id, labelKinds.dataSetName), await loadDataSets(ctx.db, scope)]
  const idsKey = await ctx.vault.matterKey(matter.id, 'ids')
  // After a delta the rows of the file are no longer those of the first scan, so their numbers name no records.
  const rescanned = (await ctx.ledger.eventsOfType(matter.id, 'SourceRescanned')).map((event) => event.json)
  const found: QualityScope = { paths: [], tables: [], rows: 0, notTyped: [] }
  for (const source of sources) {
    const path = paths.get(source.id) ?? ''
    const name = names.get(source.id) ?? source.id
    if ((await digestOf(path)) !== source.sha256.toString('hex')) throw qualityFailures.QUALITY_SOURCE_DIFFERS({ where: name })
    found.paths.push(path)
    const isFirst = !rescanned.some((json) => json.includes(source.id))
    for (const set of sets.filter(({ sourceId }) => sourceId === source.id)) {
      const id = idBytes('ds', set.id)
      const types = set.fields.map(({ type }) => (isInformationType(type) ? type : 'none'))
      found.rows += set.rows
      found.tables.push({ source: name, name: setNames.get(set.id) ?? '', types, id: set.id, ...(isFirst ? { recordId: (ordinal: number) => recordIdOf(idsKey, id, ordinal).toString('hex') } : {}) })
    }
  }
  return found
}

async function digestOf(path: string): Promise<string | null> {
  try {
    const digest = createHash('sha256')
    for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) if (piece instanceof Uint8Array) digest.update(piece)
    return digest.digest('hex')
  } catch {
    return null // gone or unreadable: not what is in the books
  }
}
