// SPDX-License-Identifier: Apache-2.0
import { readSync } from 'node:fs'
import { extname } from 'node:path'
import { looksTabular } from './read-csv.ts'
import type { ReadPlace } from './read-csv.ts'
import type { SourceKind } from './source-events.ts'
import type { ReadSetting } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

/** What a file may be by its first bytes: `zip` and `ole` hold kinds that only their content tells. */
export type FoundKind = Exclude<SourceKind, 'xlsx' | 'docx' | 'xls' | 'mysql' | 'postgresql' | 'sqlserver'> | 'ole'

const signatures: readonly (readonly [string, FoundKind])[] = [
  ['504b0304', 'zip'], ['504b0506', 'zip'], ['d0cf11e0a1b11ae1', 'ole'], ['25504446', 'pdf'], ['89504e470d0a1a0a', 'image'], ['ffd8ff', 'image'], ['1f8b', 'gzip'],
]
/** Kinds that no reader knows; the words are shown. */
const unknown: readonly (readonly [string, string])[] = [
  ['47494638', 'GIF'], ['52617221', 'RAR'], ['377abcaf', '7-Zip'], ['49492a00', 'TIFF'], ['4d4d002a', 'TIFF'], ['424d', 'BMP'], ['52494646', 'WEBP/AVI/WAV'], ['425a68', 'BZIP2'], ['fd377a585a00', 'XZ'], ['28b52ffd', 'ZSTD'], ['7b5c727466', 'RTF'],
]
const byEnding = new Map<string, FoundKind>([
  ['.xlsx', 'zip'], ['.xlsm', 'zip'], ['.xltx', 'zip'], ['.docx', 'zip'], ['.docm', 'zip'], ['.zip', 'zip'], ['.xls', 'ole'], ['.et', 'ole'], ['.pdf', 'pdf'], ['.png', 'image'], ['.jpg', 'image'], ['.jpeg', 'image'],
  ['.json', 'json'], ['.ndjson', 'json'], ['.jsonl', 'json'], ['.eml', 'eml'], ['.tar', 'tar'], ['.gz', 'gzip'], ['.tgz', 'gzip'],
  ['.csv', 'csv'], ['.tsv', 'csv'], ['.tab', 'csv'], ['.psv', 'csv'], ['.dat', 'csv'],
])
/** Text that may be a table or may be prose: the first records decide. */
const openEndings = new Set(['.txt', '.md', '.log', '.text', ''])
const HEAD = 512

/** The kind of a file by its first bytes, then by its ending (a broken file is then refused by the reader of its kind, which says why). Refuses kinds that no reader knows, rather than reading them as text. */
export function kindOf(at: ReadPlace, setting: ReadSetting): FoundKind {
  const head = Buffer.alloc(HEAD)
  const bytes = head.subarray(0, readSync(at.fd, head, 0, HEAD, 0))
  const hex = bytes.toString('hex', 0, 8)
  const ending = extname(at.name).toLowerCase()
  if (bytes.toString('latin1', 0, 15) === 'SQLite format 3') return 'sqlite'
  const known = signatures.find(([signature]) => hex.startsWith(signature))
  if (known !== undefined) return known[1]
  if (bytes.subarray(0, 1024).includes('%PDF-') && ending === '.pdf') return 'pdf'
  if (/^ustar[\0 ]/.test(bytes.toString('latin1', 257, 263))) return 'tar'
  const named = byEnding.get(ending)
  const foreign = unknown.find(([signature]) => hex.startsWith(signature))
  if (foreign !== undefined && (named !== 'csv' || foreign[0].length > 4) && !(openEndings.has(ending) && foreign[0].length <= 6)) throw sourceFailures.SOURCE_UNSUPPORTED({ where: at.place, what: foreign[1] })
  if (named !== undefined) return named
  if (!openEndings.has(ending)) throw sourceFailures.SOURCE_UNSUPPORTED({ where: at.place, what: ending })
  const isCalledTable = setting.delimiter !== null || setting.header === 'none' // whoever says how its columns are means a table
  return isCalledTable || looksTabular(at, setting) ? 'csv' : 'text'
}
