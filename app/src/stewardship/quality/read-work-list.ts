// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path'
import { readSource, type Cell } from '../../sources/index.ts'
import { rearmed } from '../../kit/formula-cell.rules.ts'
import { qualityFailures } from './quality-failures.ts'
import { readAddress, workListHead, workListLayout, workListSource, type CellAddress, type WorkListHead, type WorkListSource } from './work-list.ts'

/** A line of a work list that somebody filled in. */
export interface FilledLine {
  /** Row in the list, for messages. */
  row: number
  address: CellAddress
  masked: string
  correction: string
}

/** 填好的更正清单. What came back. */
export interface FilledList {
  head: WorkListHead
  sources: WorkListSource[]
  lines: FilledLine[]
  /** Lines that nobody filled in. */
  empty: number
}

const textOf = (cell: Cell | undefined): string => (typeof cell?.value === 'string' ? cell.value : '')

/** Reads a work list that was filled in. Refuses a file that is none, or whose codes were damaged (WORK_LIST_WRONG_FILE). */
export async function readWorkList(path: string): Promise<FilledList> {
  const wrong = (why: string): Error => qualityFailures.WORK_LIST_WRONG_FILE({ where: basename(path), why })
  const lines: FilledLine[] = []
  const codes: string[] = []
  let sheet = ''
  let empty = 0
  let hasHeader = false
  for await (const event of readSource(path, { header: 'none' })) {
    if (event.kind === 'source' && event.source.kind !== 'xlsx') throw wrong(event.source.kind)
    if (event.kind === 'dataSet') sheet = event.dataSet.name
    if (event.kind !== 'rows') continue
    for (const { cells, place } of event.rows) {
      if (sheet === workListLayout.sheets.code) codes.push(cells.map(textOf).join(''))
      if (sheet !== workListLayout.sheets.list) continue
      if (!hasHeader) {
        if (!isHeader(cells.map(textOf))) throw wrong('表头 / header')
        hasHeader = true
        continue
      }
      const correction = rearmed(textOf(cells[workListLayout.at.correction]).trim())
      const address = readAddress(textOf(cells[workListLayout.at.code]))
      if (correction === '') empty++
      else if (address === null) throw wrong(`第 ${place} 行代码 / code of row ${place}`)
      else lines.push({ row: place, address, masked: textOf(cells[workListLayout.at.masked]), correction })
    }
  }
  if (!hasHeader) throw wrong('更正清单')
  return { ...readCodes(codes, wrong), lines, empty }
}

function isHeader(cells: readonly string[]): boolean {
  return [workListLayout.columns, workListLayout.columnsEn].some((names) => names.every((name, i) => cells[i] === name))
}

function readCodes(codes: readonly string[], wrong: (why: string) => Error): { head: WorkListHead; sources: WorkListSource[] } {
  try {
    const [head, ...sources] = codes.map((line): unknown => JSON.parse(line))
    return { head: workListHead.parse(head), sources: sources.map((source) => workListSource.parse(source)) }
  } catch {
    throw wrong('代码 / codes')
  }
}
