// SPDX-License-Identifier: Apache-2.0
// Which law a command is about: the matter's where there is a home with a matter, else the shipped one; a folder of law files, or a pack.
import { expects } from '../kit/failure.ts'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { builtInLaw, lawFileNames, lawFiles, readLawBook, readLawPack, type LawBook } from '../law/index.ts'
import { lawOf } from '../matter/index.ts'
import { matterOf, readTextFile } from './call.ts'
import { textFlag, type CommandCall } from './command.ts'
import { cliFailures } from './cli-failures.ts'

/** The law in use: of the matter when a home with a matter answers, else the shipped one. */
export async function lawInUse(call: CommandCall): Promise<LawBook> {
  if (call.flags['built-in'] === true) return builtInLaw
  try {
    const { ctx, matter } = await matterOf(call)
    return await lawOf(ctx, matter)
  } catch (error) {
    // Looking a law up works without a home; anything else that is wrong with one must be heard.
    if (textFlag(call, 'matter') === undefined && error instanceof Error && 'code' in error && homeless.includes(String(error.code))) return builtInLaw
    throw error
  }
}

const homeless: readonly string[] = ['NO_HOME', 'NO_MATTER', 'MATTER_NOT_CHOSEN']

/** The law that a word names: `built-in`, `matter`, a folder of law files, or a pack (read without judging who signed it). */
export async function lawNamed(call: CommandCall, word: string, command: string): Promise<LawBook> {
  if (word === 'built-in') return builtInLaw
  if (word === 'matter') {
    const { ctx, matter } = await matterOf(call)
    return lawOf(ctx, matter)
  }
  if (!existsSync(word)) throw cliFailures.WRONG_ARGUMENT({ what: word.slice(0, 80), why: expects('built-in | matter | FOLDER | PACK'), command })
  const files = statSync(word).isDirectory() ? lawFilesOf(word) : readLawPack(readTextFile(word))?.files
  try {
    return readLawBook(files, 'pack')
  } catch (error) {
    throw cliFailures.WRONG_ARGUMENT({ what: word.slice(0, 80), why: error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(0, 200) : 'format', command })
  }
}

/** The law files of a folder; the shipped file stands where the folder has none. Refuses a folder without any. */
export function lawFilesOf(folder: string): Record<string, unknown> {
  const present = new Set(readdirSync(folder))
  const own = lawFileNames.filter((name) => present.has(`${name}.json`)).map((name) => [name, jsonOf(readTextFile(join(folder, `${name}.json`)))] as const)
  if (own.length === 0) throw cliFailures.WRONG_ARGUMENT({ what: folder.slice(0, 80), why: expects(lawFileNames.map((name) => `${name}.json`).join(' | ')), command: 'law pack' })
  return { ...lawFiles, ...Object.fromEntries(own) }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
