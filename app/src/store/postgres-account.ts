// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { lchownSync, lstatSync, readdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { storeFailures } from './store-failures.ts'

/** Under whose name PostgreSQL runs, since it refuses to run as root, and who then owns its files. */
export interface PostgresAccount {
  name: 'self' | 'user namespace' | 'nobody with file access' | 'nobody'
  /** The user id that owns the files, as this process sees it. */
  ownerId: number
  command(program: string, args: string[]): AccountCommand
}

/** A program call for `spawn`, with the user it needs. */
export interface AccountCommand {
  file: string
  args: string[]
  uid?: number
  gid?: number
}

const nobody = 65534

const self: PostgresAccount = { name: 'self', ownerId: process.getuid?.() ?? 0, command: (file, args) => ({ file, args }) }

/** Mapped to nobody inside a user namespace; outside, the files stay ours. */
const namespace: PostgresAccount = {
  name: 'user namespace',
  ownerId: self.ownerId,
  command: (program, args) => ({ file: 'unshare', args: ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--', program, ...args] }),
}

/** For root, in this order. The second one keeps the right to reach files: for containers that refuse namespaces while the home lies below /root. */
const accountsForRoot: PostgresAccount[] = [
  namespace,
  {
    name: 'nobody with file access',
    ownerId: nobody,
    command: (program, args) => ({
      file: 'setpriv',
      args: [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--', program, ...args],
    }),
  },
  { name: 'nobody', ownerId: nobody, command: (file, args) => ({ file, args, uid: nobody, gid: nobody }) },
]

/** The first account that can write the folder and run the program; refuses when none can. Hands the folder to that account. */
export function postgresAccount(folder: string, program: string): PostgresAccount {
  if (process.platform === 'win32') return self
  // initdb insists on a name for its user; `docker run --user 4321` has none.
  const candidates = process.getuid?.() === 0 ? accountsForRoot : hasName() ? [self] : [namespace, self]
  const account = candidates.find((candidate) => mayUse(candidate, folder, program))
  if (account === undefined) throw storeFailures.PG_FOLDER_DENIED({ folder, why: 'unshare, setpriv, uid 65534' })
  return account
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

function mayUse(account: PostgresAccount, folder: string, program: string): boolean {
  handTo(account, folder)
  const probe = account.command('/bin/sh', ['-c', 'test -w "$1" && test -x "$2"', 'sh', folder, program])
  const { status } = spawnSync(probe.file, probe.args, { stdio: 'ignore', cwd: dirname(program), ...idsOf(probe) })
  return status === 0
}

/** The ids for `spawn`; absent ones must not be given at all. */
export function idsOf(command: AccountCommand): { uid?: number; gid?: number } {
  return command.uid === undefined || command.gid === undefined ? {} : { uid: command.uid, gid: command.gid }
}

/** Gives a folder with all in it to the account, when root runs and it belongs to another one of ours; looks no deeper when the top is right. */
export function handTo(account: PostgresAccount, path: string): void {
  if (process.getuid?.() !== 0) return
  const stat = lstatSync(path)
  if (stat.uid === account.ownerId) return
  if (stat.isDirectory()) for (const name of readdirSync(path)) handTo(account, join(path, name))
  lchownSync(path, account.ownerId, account.ownerId) // the top last: an interruption is taken up again
}
