// SPDX-License-Identifier: Apache-2.0
// The one place where real things are plugged in: database, keys, ledger, clock (STYLE §2).
import { createHmac } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from './context.ts'
import { legalClock, openHome, type Home } from './home.ts'
import type { Words } from './kit/failure.ts'
import { randomIds, seededIds, type IdSource } from './kit/ids.ts'
import { dayInChina } from './kit/time.ts'
import { openLedger } from './ledger/index.ts'
import { openPartyKeys, readPrivateFile } from './matter/index.ts'
import { openDatabases } from './store/index.ts'
import { openVault } from './vault/index.ts'

/** Where a context's progress goes. */
export type ProgressSink = Context['progress']

/** An open home; a process that runs many commands changes clock and progress between them. */
export interface OpenedContext {
  context: Context
  /** What the user should hear once, e.g. a password in the environment. */
  warnings: readonly Words[]
  /** The legal time from now on: declared (demo homes only), or real when undefined. */
  declareTime(declared: string | undefined): void
  reportTo(progress: ProgressSink): void
}

/** Opens a party's home: its database, vault, ledger and own keys. Refuses a missing or damaged home; what was opened is closed again when a later part fails. */
export async function openContext(path: string, options: { isRestoring?: boolean } = {}): Promise<OpenedContext> {
  const home = openHome(path, options)
  emptyScratch(home)
  const signer = await openPartyKeys(home)
  const databases = await openDatabases({ homeDir: home.path, tenant: home.settings.tenant })
  try {
    let clock = legalClock(home, undefined)
    let report: ProgressSink = () => undefined
    const now = () => clock()
    const vault = await openVault({ keysDirectory: home.paths.keys, tenant: home.settings.tenant, databases, now, passphrase: passphraseOf(), ...demoIdsKey(home) })
    const ledger = openLedger({ db: databases.main, home, now })
    const context: Context = {
      home, tenant: home.settings.tenant, db: databases.main, vault, ledger, signer, ids: idsOf(home), now,
      today: () => dayInChina(clock()),
      progress: (label, done, total) => report(label, done, total),
      close: async () => {
        vault.lock()
        await databases.close()
      },
    }
    const unheard = await forgetDestroyed(context)
    return {
      context,
      warnings: [...databases.warnings, ...unheard],
      declareTime: (declared) => (clock = legalClock(home, declared)),
      reportTo: (progress) => (report = progress),
    }
  } catch (error) {
    await databases.close()
    throw error
  }
}

/** A database that was restored must not be read before it has forgotten again what was destroyed (CONTRACTS §10), and each publication signs how far the list of it goes. Says which witnesses could not be asked. */
async function forgetDestroyed(context: Context): Promise<Words[]> {
  const { cleanLeftovers, notingLedger, replayAllTombstones } = await import('./lifecycle/destroy/index.ts')
  const compared = await replayAllTombstones(context)
  const { removed } = await cleanLeftovers(context)
  context.ledger = { ...context.ledger, ...notingLedger(context) }
  const unheard = compared.filter((one) => one.tombstones > 0 && one.comparedWith === 'own-checkpoint').flatMap((one) => one.silent)
  return [
    ...(removed === 0 ? [] : [{ zh: `清除了被中断的改写留下的副本 ${removed} 份;用 handover destroy run 继续`, en: `${removed} copies left by an interrupted rewriting were written over and removed; go on with handover destroy run` }]),
    ...(unheard.length === 0 ? [] : [{ zh: `见证方未应答,销毁名单只与本方最近的检查点核对:${unheard.join('; ')}`, en: `No witness answered; the tombstone list was compared with our own newest checkpoint only: ${unheard.join('; ')}` }]),
  ]
}

/** The passphrase of the key-encryption key, from a file that only its owner can read (secrets never stand in flags or the environment itself, CONTRACTS §18). */
function passphraseOf(): string | null {
  const file = process.env['HANDOVER_PASSPHRASE_FILE']
  return file === undefined || file === '' ? null : readPrivateFile(file).replace(/\r?\n$/, '')
}

/** Named ids of a demo home follow from its seed, so that two runs can be compared; unnamed ones are always random, since a running number would start again in each process. */
function idsOf(home: Home): IdSource {
  if (home.settings.demo === null) return randomIds
  const seeded = seededIds(home.settings.demo.seed)
  return { bytes: (kind, name) => (name === undefined ? randomIds.bytes(kind) : seeded.bytes(kind, name)) }
}

/** The key of record ids follows from the seed too; all other keys of a demo home are as random as anywhere. */
function demoIdsKey(home: Home): { idsKey?: (matterId: string) => Buffer } {
  const { demo } = home.settings
  return demo === null ? {} : { idsKey: (matterId) => createHmac('sha256', `handover-demo-ids/${demo.seed}`).update(`record-ids/${matterId}`).digest() }
}

const dayMs = 86_400_000

/** Removes scratch of processes that are gone (names begin with the process id), and other scratch that is a day old: another process of the party may be at work. */
function emptyScratch(home: Home): void {
  for (const name of readdirSync(home.paths.tmp)) {
    const path = join(home.paths.tmp, name)
    const pid = /^(\d+)(?!\d)/.exec(name)?.[1]
    const isStale = pid === undefined ? Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > dayMs : !isRunning(Number(pid))
    if (isStale) rmSync(path, { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
