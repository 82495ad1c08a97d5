// SPDX-License-Identifier: Apache-2.0
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { draws } from '../stories/seeded-draws.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import { endOf, errorOf, isRefusal } from './answer-code.ts'
import type { Answer } from './armed-party.ts'
import type { Findings } from './fault-points.ts'
import { anyExit, type Reference, type SoakRun } from './journey.ts'
import { factsOf as matterFacts } from './matter-facts.ts'
import { playParts } from './matter-parts.ts'
import { differencesBetween } from './outcome.ts'
import { WrongEnd, type SoakStage } from './soak-stage.ts'

/** Where a byte of the transferor's own files may go wrong, by turns. */
const places = ['pages', 'keys', 'pages', 'cluster', 'pages', 'objects', 'backup'] as const
type Place = (typeof places)[number]

/** One bit of one byte in the database's files, the key files, the log's files of a home at rest, or in a backup: commands that read everything must refuse it, or give the same (SECURITY P03). */
export async function flipHome(run: SoakRun, { stage }: { reference: Reference; stage: SoakStage }, count: number, point?: number): Promise<Findings> {
  const findings: Findings = { points: 0, unreached: 0, found: [] }
  const home = join(stage.folder, 'seller', 'home')
  const backup = await makeBackup(run, stage)
  await stage.takeBack('reconcile')
  const expected = await matterFacts(stage)
  const draw = draws(`${run.seed}/flip-home`)
  for (let number = 1; number <= count; number += 1) {
    const place = places[(number - 1) % places.length] ?? 'pages'
    const chances: [number, number, number] = [draw(), draw(), draw()]
    if (point !== undefined && point !== number) continue
    const { said, wrong } = place === 'backup' ? await flipBackup(stage, backup, chances) : await flipFile(stage, () => filesOf(home, place), chances, expected)
    findings.points += 1
    run.say(`    point ${number}: ${place} ${said}`)
    if (wrong) findings.found.push(`point ${number}: ${place} ${said}`)
  }
  return findings
}

async function flipFile(stage: SoakStage, files: () => string[], [pick, at, bit]: readonly [number, number, number], expected: Record<string, unknown>): Promise<{ said: string; wrong: boolean }> {
  await stage.takeBack('pack')
  const file = chosen(files(), pick)
  const where = flip(file, at, bit)
  const read = await readEverything(stage, expected)
  const said = `${relative(join(stage.folder, 'seller', 'home'), file).replace(/mat_[0-9a-f]+/g, 'mat_…')} byte ${where}`
  if ('refused' in read) return { said: `${said}: ${isProper(read.refused) ? '' : 'NO PROPER REFUSAL '}${read.refused === null ? 'a process ended or never answered' : endOf(read.refused)}`, wrong: !isProper(read.refused) }
  return { said: `${said}: ${read.differences.length === 0 ? 'harmless' : `ACCEPTED ${read.differences.join(' | ').slice(0, 300)}`}`, wrong: read.differences.length > 0 }
}

/** Exits by which damage is refused: keys that do not open (12), books that do not balance (14), damaged data (65), files that cannot be read (74), a home that cannot be used as it is (78). */
const properExits = new Set([12, 14, 65, 74, 78])

/** Books that do not balance are a finding of `log verify`, not a failure with a code; every other refusal has one. */
function isProper(answer: Answer | null): boolean {
  return answer !== null && properExits.has(answer.exit) && (answer.exit === 14 || errorOf(answer).code !== '?')
}

/** Reads all books, all events and, by packing and receiving, all values: how it was refused, or what differs from the undamaged matter. */
async function readEverything(stage: SoakStage, expected: Record<string, unknown>): Promise<{ refused: Answer | null } | { differences: string[] }> {
  try {
    const books = await stage.asMay('seller', on.packing, anyExit, 'log', 'verify')
    if (books.exit !== 0) return { refused: books }
    await playParts(stage, { from: 'pack', to: 'receive' })
  } catch (error) {
    if (error instanceof WrongEnd) return { refused: error.answer }
    throw error
  }
  return { differences: differencesBetween(expected, await matterFacts(stage)) }
}

interface Backup {
  file: string
  recovery: string
  whole: Buffer
}

async function makeBackup(run: SoakRun, stage: SoakStage): Promise<Backup> {
  await stage.takeBack('pack')
  const [file, recovery] = [join(run.folder, 'backup.tar'), join(run.folder, 'backup-recovery.txt')]
  for (const old of [file, recovery]) rmSync(old, { force: true })
  await stage.as('seller', on.packing, 'backup', 'create', '-o', file, '--new-recovery', recovery)
  return { file, recovery, whole: readFileSync(file) }
}

async function flipBackup(stage: SoakStage, { file, recovery, whole }: Backup, [, at, bit]: readonly [number, number, number]): Promise<{ said: string; wrong: boolean }> {
  writeFileSync(file, whole)
  const where = flip(file, at, bit)
  const checked = await stage.asMay('seller', on.packing, anyExit, 'backup', 'verify', file, '--read-data', '--recovery', recovery)
  writeFileSync(file, whole)
  return { said: `byte ${where}: ${checked.exit === 0 ? 'ACCEPTED' : `backup verify ${endOf(checked)}`}`, wrong: !isRefusal(checked, /^BACKUP_(DAMAGED|FOREIGN)$/) }
}

function flip(file: string, at: number, bit: number): number {
  const bytes = readFileSync(file)
  const where = Math.floor(at * bytes.length)
  bytes[where] = (bytes[where] ?? 0) ^ (1 << Math.floor(bit * 8))
  writeFileSync(file, bytes)
  return where
}

/** One file, more likely the larger it is: a page is as likely to go wrong as any other. */
function chosen(files: readonly string[], pick: number): string {
  const sizes = files.map((file) => statSync(file).size)
  let left = pick * sizes.reduce((sum, size) => sum + size, 0)
  const at = sizes.findIndex((size) => (left -= size) < 0)
  const file = files[at < 0 ? files.length - 1 : at]
  if (file === undefined) throw new Error('there is no file to damage')
  return file
}

function filesOf(home: string, place: Exclude<Place, 'backup'>): string[] {
  const all = filesBelow(home)
  const name = (file: string): string => relative(home, file)
  // Files of our own tables and indexes; the lower numbers are PostgreSQL's catalogues.
  const isPage = (file: string): boolean => Number(/^pg\/data\/base\/\d+\/(\d+)/.exec(name(file))?.[1] ?? 0) >= 16384
  if (place === 'pages') return all.filter(isPage)
  if (place === 'keys') return all.filter((file) => name(file).startsWith('keys/'))
  if (place === 'objects') return all.filter((file) => /^(objects|evidence|tombstones)/.test(name(file)))
  // What PostgreSQL needs beside its tables: transaction states, control file, catalogues common to all databases; the write-ahead log of a server that was shut down is not read again.
  return all.filter((file) => /^(pg\/data\/(global|pg_xact|pg_multixact|pg_subtrans)\/|home\.json$|pg\/(credentials|server)\.json$)/.test(name(file)))
}

function filesBelow(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((file) => lstatSync(file).isFile() && statSync(file).size > 0) : []
}
