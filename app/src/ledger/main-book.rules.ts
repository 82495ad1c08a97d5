// SPDX-License-Identifier: Apache-2.0
import { accounts, type Account } from '../law/nouns.ts'
import type { Posting } from './events.ts'

/** 主账行. One field of one data set: how many values were discovered and where they stand (CONTRACTS §4). */
export interface MainBookLine {
  ds: string
  f: string
  discovered: number
  transferred: number
  kept: number
  sealed: number
  anonymised: number
  destroyed: number
  pending: number
  inTransit: number
}

/** Why postings or a line are refused: the place and the reason, without any value. */
export interface BookProblem {
  ds: string
  f: string
  account: string
  why: string
}

/** The name of an account as a column of a main book line. */
export const columnOf = {
  transferred: 'transferred', kept: 'kept', sealed: 'sealed', anonymised: 'anonymised', destroyed: 'destroyed', pending: 'pending', 'in-transit': 'inTransit',
} as const satisfies Record<Account, keyof MainBookLine>

/** A line with nothing in it. */
export function emptyLine(ds: string, f: string): MainBookLine {
  return { ds, f, discovered: 0, transferred: 0, kept: 0, sealed: 0, anonymised: 0, destroyed: 0, pending: 0, inTransit: 0 }
}

/** The lines after these postings; lines that no posting touches stay as they are. */
export function afterPostings(lines: readonly MainBookLine[], postings: readonly Posting[]): MainBookLine[] {
  const lineByPlace = new Map(lines.map((line) => [placeOf(line), { ...line }]))
  for (const posting of postings) {
    const line = lineByPlace.get(placeOf(posting)) ?? emptyLine(posting.ds, posting.f)
    lineByPlace.set(placeOf(posting), line)
    if (posting.from === 'discovered') line.discovered += posting.n
    else line[columnOf[posting.from]] -= posting.n
    if (posting.to === 'discovered') line.discovered -= posting.n
    else line[columnOf[posting.to]] += posting.n
  }
  return [...lineByPlace.values()]
}

/** What is wrong with each posting alone: a whole positive number between two different accounts of one field, each pair once. Only a revised record's former values leave the books (`mayLeave`). */
export function problemsOfPostings(postings: readonly Posting[], mayDiscover: boolean, mayLeave = false): BookProblem[] {
  const seen = new Set<string>()
  return postings.flatMap((posting) => {
    const { ds, f, from, to, n } = posting
    const pair = `${placeOf(posting)} ${from} ${to}`
    const why = [
      ...(Number.isSafeInteger(n) && n > 0 ? [] : ['the number is not a positive whole number']),
      ...(from === to ? ['the accounts are the same'] : []),
      ...(from === 'discovered' && !mayDiscover ? ['only an inventory discovers values'] : []),
      ...(from === 'discovered' && to !== 'pending' ? ['discovered values start as pending'] : []),
      ...(from !== 'discovered' && !accounts.includes(from) ? ['there is no such account'] : []),
      ...(to === 'discovered' && !mayLeave ? ['only revised values leave the books'] : []),
      ...(to === 'discovered' || accounts.includes(to) ? [] : ['there is no such account']),
      ...(seen.has(pair) ? ['the posting occurs twice'] : []),
    ]
    seen.add(pair)
    return why.map((reason) => ({ ds, f, account: `${from}→${to}`, why: reason }))
  })
}

/** What is wrong with each line: an account below zero, or accounts that do not add up to what was discovered (CONTRACTS §4). */
export function problemsOfLines(lines: readonly MainBookLine[]): BookProblem[] {
  return lines.flatMap((line) => {
    const negative = accounts.filter((account) => line[columnOf[account]] < 0)
    const sum = sumOfAccounts(line)
    return [
      ...negative.map((account) => ({ ds: line.ds, f: line.f, account, why: `${line[columnOf[account]]} would be below zero` })),
      ...(sum === line.discovered ? [] : [{ ds: line.ds, f: line.f, account: 'discovered', why: `${line.discovered} discovered, ${sum} accounted for` }]),
    ]
  })
}

/** Where two views of the same books differ, e.g. postings against recounted vectors. A missing line counts as empty. */
export function differencesOfLines(first: readonly MainBookLine[], second: readonly MainBookLine[], names: readonly [string, string]): BookProblem[] {
  const secondByPlace = new Map(second.map((line) => [placeOf(line), line]))
  const places = new Set(first.map(placeOf))
  const pairs = [
    ...first.map((line) => [line, secondByPlace.get(placeOf(line)) ?? emptyLine(line.ds, line.f)] as const),
    ...second.filter((line) => !places.has(placeOf(line))).map((line) => [emptyLine(line.ds, line.f), line] as const),
  ]
  return pairs.flatMap(([one, other]) =>
    (['discovered', ...Object.values(columnOf)] as const)
      .filter((column) => one[column] !== other[column])
      .map((column) => ({ ds: one.ds, f: one.f, account: column, why: `${names[0]} ${one[column]}, ${names[1]} ${other[column]}` })),
  )
}

/** All lines added up. */
export function totalOfLines(lines: readonly MainBookLine[]): MainBookLine {
  const total = emptyLine('', '')
  for (const line of lines) for (const column of ['discovered', ...Object.values(columnOf)] as const) total[column] += line[column]
  return total
}

/** Values in all seven accounts of a line. */
export function sumOfAccounts(line: MainBookLine): number {
  return accounts.reduce((sum, account) => sum + line[columnOf[account]], 0)
}

/** The key of a line or posting: data set and field. */
export function placeOf(line: { ds: string; f: string }): string {
  return `${line.ds} ${line.f}`
}
