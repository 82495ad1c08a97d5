// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import type { Words } from '../kit/failure.ts'
import { steps, type Step } from '../lifecycle/steps.ts'
import { cliFailures } from './cli-failures.ts'
import type { Command } from './command.ts'
import { nearestWord } from './nearest-word.rules.ts'

/** A heading of `handover help` and the commands below it. */
export interface CommandGroup {
  title: Words
  names: readonly string[]
}

const namesByStep: Record<Step, readonly string[]> = {
  discover: ['scan', 'inspect', 'ingest', 'subjects', 'freeze', 'delta request'],
  classify: ['treat', 'quality', 'quality import', 'grade show', 'grade diff', 'grade rules', 'grade override', 'inventory', 'inventory compare', 'inventory keys'],
  assess: ['gate', 'gate override', 'fact add', 'fact list', 'fact names', 'tiers', 'export-check', 'advise', 'privacy add', 'privacy list', 'privacy check', 'impact start', 'impact show', 'impact answer', 'impact risks', 'impact approve', 'impact print', 'audit open', 'audit show', 'audit sample', 'audit finding', 'audit print', 'counsel add', 'counsel list', 'counsel show', 'authority add', 'authority list', 'authority show', 'authority reply', 'authority report'],
  agree: ['paper list', 'paper print', 'paper check'],
  share: ['anonymise'],
  notify: ['notice import', 'notice announce', 'choice import', 'choice list', 'choice decide', 'hold place', 'hold release', 'hold list'],
  'hand-over': ['plan', 'plan request', 'plan approve', 'plan override', 'plan explain', 'plan what-if', 'pack', 'receive'],
  reconcile: ['reconcile'],
  destroy: ['destroy', 'destroy request', 'destroy run', 'destroy list', 'copies', 'copies end', 'key turn', 'key list', 'key slots', 'key backup'],
  prove: ['close request', 'close', 'abandon request', 'abandon', 'receipt seal', 'receipt', 'export proof', 'verify'],
}

/** All commands by heading: the mandate, the steps of the journey, what serves all of them. The command `fact add` is `command` in `commands/fact-add.ts`, so a name leads to its file. */
export const commandGroups: readonly CommandGroup[] = [
  { title: { zh: '立项与当事方', en: 'Matter and parties' }, names: ['init', 'matter show', 'matter list', 'matter set', 'matter use', 'party export', 'party import', 'party list', 'user add', 'user key', 'user list', 'user end', 'policy set', 'policy write'] },
  { title: { zh: '审批', en: 'Approvals' }, names: ['approve', 'approval list', 'approval export', 'approval import', 'approval withdraw'] },
  ...steps.map(({ step, zh, en }) => ({ title: { zh, en }, names: namesByStep[step] })),
  { title: { zh: '法规与义务', en: 'Law and duties' }, names: ['law list', 'law show', 'law diff', 'law pack', 'law import', 'law review', 'duties', 'duties done'] },
  { title: { zh: '账本与见证', en: 'Log and witnesses' }, names: ['log publish', 'log show', 'log verify', 'log proof', 'witness', 'witness add-log'] },
  { title: { zh: '备份与恢复', en: 'Backup and restore' }, names: ['backup create', 'backup verify', 'backup list', 'backup delete', 'backup restore'] },
  { title: { zh: '其他', en: 'Other' }, names: ['demo', 'shell', 'doctor', 'halt clear', 'explain', 'help', 'version'] },
]

/** The names of all commands, journey order. */
export const commandNames: readonly string[] = commandGroups.flatMap((group) => group.names)

/** Whether a command of this name is in the table. */
export function isCommandName(name: string): boolean {
  return commandNames.includes(name)
}

/** Where the command of this name is written. */
export function commandFile(name: string): URL {
  return new URL(`./commands/${name.replaceAll(' ', '-')}.ts`, import.meta.url)
}

/** Whether the command of this name has been written. */
export function isBuilt(name: string): boolean {
  return existsSync(commandFile(name))
}

/** The command of this name; refuses unknown names with the nearest that exists, and names whose file is not there yet. */
export async function loadCommand(words: readonly string[]): Promise<Command> {
  const name = words.join(' ')
  if (!isCommandName(name)) throw unknownCommand(name)
  if (!isBuilt(name)) throw cliFailures.NOT_BUILT({ command: name })
  const loaded: unknown = await import(commandFile(name).href)
  if (!hasCommand(loaded) || loaded.command.name !== name) throw new Error(`assertion failed: commands/${name.replaceAll(' ', '-')}.ts does not export the command of its name`)
  return loaded.command
}

/** All commands that have been written, for help and `explain`. */
export async function loadBuiltCommands(): Promise<Command[]> {
  return Promise.all(commandNames.filter(isBuilt).map((name) => loadCommand([name])))
}

function unknownCommand(given: string): Error {
  const verbs = commandNames.filter((name) => name.startsWith(`${given} `))
  const near = verbs.length > 0 ? verbs.join(', ') : nearestWord(given, [...commandNames, ...commandNames.flatMap((name) => name.split(' ')[0] ?? [])])
  return cliFailures.UNKNOWN_COMMAND({ given: given.slice(0, 40), guess: near === undefined ? '' : ` (${near}?)` })
}

function hasCommand(loaded: unknown): loaded is { command: Command } {
  if (typeof loaded !== 'object' || loaded === null || !('command' in loaded)) return false
  const { command } = loaded
  return typeof command === 'object' && command !== null && 'name' in command && 'run' in command && typeof command.run === 'function'
}
