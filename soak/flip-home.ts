// SPDX-License-Identifier: Apache-2.0
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { z } from 'zod'
import { draws } from '../stories/seeded-draws.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import type { Answer } from './armed-party.ts'
import type { Findings } from './fault-points.ts'
import { anyExit, type Reference, type SoakRun } from './journey.ts'
import { factsOf as matterFacts } from './matter-facts.ts'
import { playParts } from './matter-parts.ts'
import { differencesBetween } from './outcome.ts'
import type { SoakStage } from './soak-stage.ts'

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
  // A refusal as a bug of the program (exit 1), or none within the time, is no proper one.
  if ('refused' in read) return { said: `${said}: ${read.refused}`, wrong: /exit 1 |did not answer|the process ended/.test(read.refused) }
  return { said: `${said}: ${read.differences.length === 0 ? 'harmless' : `ACCEPTED ${read.differences.join(' | ').slice(0, 300)}`}`, wrong: read.differences.length > 0 }
}

/** Reads all books, all events and, by packing and receiving, all values: how it was refused, or what differs from the undamaged matter. */
async function readEverything(stage: SoakStage, expected: Record<string, unknown>): Promise<{ refused: string } | { differences: string[] }> {
  try {
    const books = await stage.asMay('seller', on.packing, anyExit, 'log', 'verify')
    if (books.exit !== 0) return { refused: `log verify exit ${books.exit} ${codeOf(books)}` }
    await playParts(stage, { from: 'pack', to: 'receive' })
  } catch (error) {
    return { refused: (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 300) }
  }
  return { differences: differencesBetween(expected, await matterFacts(stage)) }
}

function codeOf(answer: Answer): string {
  const said = z.looseObject({ error: z.looseObject({ code: z.string() }) }).safeParse(answer.document)
  return said.success ? said.data.error.code : answer.messages.join(' ').slice(0, 120)
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
  return { said: `byte ${where}: ${checked.exit === 0 ? 'ACCEPTED' : `backup verify exit ${checked.exit} ${codeOf(checked)}`}`, wrong: checked.exit === 0 || checked.exit === 1 }
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
