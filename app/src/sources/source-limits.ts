// SPDX-License-Identifier: Apache-2.0
import type { TextEncoding } from './source-events.ts'

/** Limits that a foreign file may not exceed (UX.md §7, SECURITY.md P23). */
export interface SourceLimits {
  fieldsMax: number
  rowsMax: number
  /** The longest CSV record; what is longer is most likely an unclosed quote. */
  recordBytesMax: number
  cellCharsMax: number
  zipEntriesMax: number
  zipRatioMax: number
  unzippedBytesMax: number
  filesMax: number
  /** How deep archives, mails and documents may stand in one another. 0: what stands inside is listed and not read. */
  nestingMax: number
  /** A file that a reader must hold in memory as a whole (XLS, PDF, EML). */
  wholeFileBytesMax: number
  /** Width times height of a picture. */
  pixelsMax: number
  /** Heap of the worker. */
  heapMegabytesMax: number
  /** The worker is ended when it says nothing for so long. */
  silenceMsMax: number
}

/** The limits that apply when nothing else is said. */
export const usualLimits: SourceLimits = {
  fieldsMax: 16_384, // as many as a sheet of Excel
  rowsMax: 50_000_000,
  recordBytesMax: 8 * 1024 * 1024,
  cellCharsMax: 4 * 1024 * 1024,
  zipEntriesMax: 10_000,
  zipRatioMax: 100,
  unzippedBytesMax: 4 * 1024 * 1024 * 1024,
  filesMax: 10_000,
  nestingMax: 3,
  wholeFileBytesMax: 64 * 1024 * 1024,
  pixelsMax: 40_000_000,
  heapMegabytesMax: 320,
  silenceMsMax: 10_000,
}

/** How the caller wants a source to be read; what is not said is detected. */
export interface ReadOptions {
  limits?: Partial<SourceLimits>
  encoding?: TextEncoding
  delimiter?: string
  header?: 'detect' | 'none'
  /** `whole`: the text of a document is one record with the labelled values it holds (入账); else one row a paragraph or page. */
  documents?: 'parts' | 'whole'
  /** What to call the file in results and messages instead of its name. */
  shownAs?: string
}

/** What a reader is given beside its file. `alive` tells a watching parent that work goes on. */
export interface ReadSetting {
  limits: SourceLimits
  encoding: TextEncoding | null
  delimiter: string | null
  header: 'detect' | 'none'
  documents: 'parts' | 'whole'
  alive: (msNeeded?: number) => void
}

/** Fills what the caller left open. */
export function readSetting(options: ReadOptions, alive: (msNeeded?: number) => void = () => {}): ReadSetting {
  return {
    limits: { ...usualLimits, ...options.limits },
    encoding: options.encoding ?? null,
    delimiter: options.delimiter ?? null,
    header: options.header ?? 'detect',
    documents: options.documents ?? 'parts',
    alive,
  }
}
