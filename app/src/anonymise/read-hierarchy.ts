// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { anonymiseFailures } from './anonymise-failures.ts'
import { anything, treeOf, type TreeHierarchy } from './hierarchy.ts'

/** A hierarchy from a file, with the leaf of each of its values. */
export interface ReadHierarchy {
  file: string
  hierarchy: TreeHierarchy
  leafOf: Map<string, number>
}

/** The hierarchies of a folder by column: `COLUMN.csv` or `PREFIX_hierarchy_COLUMN.csv`. Refuses a folder in which no file belongs to one of these columns. */
export function readHierarchies(folder: string, columns: readonly string[]): Map<string, ReadHierarchy> {
  const files = readdirSync(folder)
  const found = new Map<string, ReadHierarchy>()
  for (const column of columns) {
    const file = files.find((name) => name === `${column}.csv`) ?? files.find((name) => name.endsWith(`hierarchy_${column}.csv`))
    if (file !== undefined) found.set(column, readHierarchy(join(folder, file)))
  }
  if (found.size === 0) throw anonymiseFailures.HIERARCHIES_UNUSED({ where: folder })
  return found
}

/** One hierarchy file: a value a line with the steps above it, separated by `;`. Refuses uneven lines and a value that stands twice with different steps. */
export function readHierarchy(path: string): ReadHierarchy {
  const where = basename(path)
  const chains: string[][] = []
  const seen = new Map<string, string>()
  for (const { cells, place } of linesOf(path, where)) {
    const first = chains[0]
    if (first !== undefined && cells.length !== first.length) throw anonymiseFailures.HIERARCHY_UNEVEN({ where, row: place, found: cells.length, expected: first.length })
    const value = cells[0] ?? ''
    const steps = cells.slice(1).join('\u0000')
    const known = seen.get(value)
    if (known !== undefined && known !== steps) throw anonymiseFailures.HIERARCHY_TWICE({ where, row: place })
    seen.set(value, steps)
    chains.push(cells)
  }
  if (chains.length === 0) throw anonymiseFailures.HIERARCHY_UNREADABLE({ where })
  // The last step is `*` as a rule; a file that ends below it gets one.
  const isClosed = chains.every((chain) => chain.length > 1 && chain.at(-1) === anything)
  return { file: where, ...treeOf(isClosed ? chains.map((chain) => chain.slice(0, -1)) : chains) }
}

/** The lines of a file by their cells. Every line counts, so this is no table reader: that would take a first line of another width for a title. */
function linesOf(path: string, where: string): { cells: string[]; place: number }[] {
  return textOf(readFileSync(path), where).split(/\r\n|\n|\r/).flatMap((line, at) => (line.trim() === '' ? [] : [{ cells: cellsOf(line), place: at + 1 }]))
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|;)(?:"((?:[^"]|"")*)"(?=;|$)|([^;]*))/g)].map(([, quoted, plain = '']) => (quoted === undefined ? plain : quoted.replaceAll('""', '"')).trim())
}

/** UTF-8, else GB18030, both strictly; refuses what is neither. */
function textOf(bytes: Uint8Array, where: string): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
      if (!text.includes('\u0000')) return text
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
  throw anonymiseFailures.HIERARCHY_UNREADABLE({ where })
}
