// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { differencesOf, playSmallHandover, type SmallHandover } from './small-handover.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-receive-'))
const binary = join(import.meta.dirname, '..', 'app', 'bin', 'handover.mjs')
let small: SmallHandover

beforeAll(async () => {
  small = await playSmallHandover(folder)
}, 180_000)

afterAll(async () => {
  await small.stage.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const receive = (file: string, into: string, ...more: string[]) => small.run('buyer', 'receive', file, '--into', into, '-o', small.file('acceptance.tar'), ...more)
const refused = (code: string, exit = 65) => ({ exit, document: { error: { code } } })
const landing = (name: string): string => `sqlite:${small.file(name)}`

function rowsIn(name: string): number {
  const database = new DatabaseSync(small.file(name), { readOnly: true })
  const tables = database.prepare(`select name from sqlite_master where type = 'table' and name like 'ds\\_%' escape '\\'`).all().map((row) => String(row['name']))
  const counts = tables.map((table) => Number(database.prepare(`select count(*) as n from ${table}`).get()?.['n']))
  database.close()
  return counts.reduce((sum, n) => sum + n, 0)
}

describe('a recipient reads nothing in that does not verify', () => {
  test('without a policy, and with one that names another log', async () => {
    expect(await receive(small.packageFile, landing('refused.sqlite'))).toMatchObject(refused('POLICY_NEEDED', 2))
    const policy = readFileSync(small.policy, 'utf8')
    const keyOfLog = /^log (\S+)$/m.exec(policy)?.[1] ?? ''
    const keyOfSeller = /^party transferor (\S+)$/m.exec(policy)?.[1] ?? ''
    writeFileSync(small.file('other-log.txt'), policy.replace(`log ${keyOfLog}\n`, `log ${keyOfSeller}\n`).replace(`party transferor ${keyOfSeller}\n`, ''))
    expect(await receive(small.packageFile, landing('refused.sqlite'), '--policy', small.file('other-log.txt'))).toMatchObject(refused('POLICY_DIFFERS'))
    writeFileSync(small.file('no-sender.txt'), policy.replace(/^party transferor .*\n/m, ''))
    expect(await receive(small.packageFile, landing('refused.sqlite'), '--policy', small.file('no-sender.txt'))).toMatchObject(refused('POLICY_DIFFERS'))
  })

  test('with a bit changed anywhere in the package', async () => {
    const whole = readFileSync(small.packageFile)
    for (const part of [0.02, 0.1, 0.3, 0.5, 0.7, 0.9]) {
      const changed = Buffer.from(whole)
      const at = Math.floor(whole.length * part)
      changed[at] = (changed[at] ?? 0) ^ 4
      writeFileSync(small.file('changed.tar'), changed)
      const { exit } = await receive(small.file('changed.tar'), landing('refused.sqlite'), '--policy', small.policy)
      expect({ part, exit }).toEqual({ part, exit: 65 })
    }
    expect(await receive(small.policy, landing('refused.sqlite'), '--policy', small.policy)).toMatchObject(refused('NOT_A_PACKAGE'))
  })

  test('by a party to whom it is not addressed', async () => {
    expect(await small.stage.asMay('broker', small.now(), [65], 'receive', small.packageFile, '--into', landing('refused.sqlite'), '-o', small.file('broker.tar'), '--policy', small.policy)).toMatchObject(refused('NOT_FOR_US'))
  })

  test('and a destination of another kind, or with its password in the address, is refused', async () => {
    expect(await receive(small.packageFile, 'mysql:customers', '--policy', small.policy)).toMatchObject(refused('DESTINATION_KIND', 2))
    expect(await receive(small.packageFile, 'postgres://me:secret@localhost/db', '--policy', small.policy)).toMatchObject(refused('PASSWORD_ON_COMMAND_LINE', 2))
    expect(existsSync(small.file('refused.sqlite'))).toBe(false)
  })
})

describe('a receiving that is killed', () => {
  test('at any moment goes on from there: every record once', async () => {
    const argv = [binary, 'receive', small.packageFile, '--into', landing('killed.sqlite'), '-o', small.file('killed.tar'), '--policy', small.policy, '--home', join(folder, 'buyer', 'home')]
    for (const wait of [400, 700, 1000, 1300, 1700]) {
      const child = spawn(process.execPath, [...argv, '--clock', small.now()], { stdio: 'ignore' })
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await sleep(wait)
      child.kill('SIGKILL')
      await ended
    }
    const after = await small.run('buyer', 'receive', small.packageFile, '--into', landing('killed.sqlite'), '-o', small.file('killed.tar'), '--policy', small.policy)
    expect(after, after.messages.join('\n')).toMatchObject({ exit: 0, document: { status: 'complete', records: 60 } })
    expect(rowsIn('killed.sqlite')).toBe(60)
  }, 60_000)
})

describe('a package with differences', () => {
  test('is withdrawn, its values are pending again, and a new package with another number takes its place', async () => {
    await receive(small.packageFile, landing('first.sqlite'), '--policy', small.policy)
    const database = new DatabaseSync(small.file('first.sqlite'))
    const [table = ''] = database.prepare('select distinct table_name as t from handover_columns order by 1').all().map((row) => String(row['t']))
    database.exec(`delete from ${table} where rowid = 1`)
    database.close()
    const received = await receive(small.packageFile, landing('first.sqlite'))
    expect(differencesOf(received.document)).toMatchObject([{ kind: 'missing' }])
    expect(await small.run('seller', 'reconcile', small.file('acceptance.tar'))).toMatchObject({ exit: 3, document: { missing: 1, matched: 59, statement: null } })
    expect(await small.run('seller', 'reconcile', small.file('acceptance.tar'), '--withdraw')).toMatchObject({ exit: 0, document: { repeated: false } })
    expect(await small.run('seller', 'reconcile', small.file('acceptance.tar'), '--withdraw')).toMatchObject({ exit: 0, document: { repeated: true } })
    expect(await small.run('seller', 'reconcile', small.file('acceptance.tar'))).toMatchObject(refused('PACKAGE_WITHDRAWN'))
    expect((await small.run('seller', 'log', 'verify')).exit).toBe(0)
  })

  test('has a successor; one that was lost on the way is withdrawn by its number, and is refused as a replay when it turns up late', async () => {
    const lost = await small.run('seller', 'pack', '--to', 'transferee', '-o', small.file('lost.tar'))
    expect(lost, lost.messages.join('\n')).toMatchObject({ exit: 0, document: { sequence: 2, records: 60, repeated: false } })
    expect((await small.run('seller', 'reconcile', z.object({ package: z.string() }).parse(lost.document).package, '--withdraw')).exit).toBe(0)
    expect(await small.run('seller', 'pack', '--to', 'transferee', '-o', small.packageFile)).toMatchObject({ exit: 0, document: { sequence: 3, records: 60, repeated: false } })
    const received = await receive(small.packageFile, landing('first.sqlite'))
    expect(received, received.messages.join('\n')).toMatchObject({ exit: 0, document: { status: 'complete', sequence: 3, loaded: 1 } })
    expect(rowsIn('first.sqlite')).toBe(119)
    expect((await small.run('seller', 'reconcile', small.file('acceptance.tar'), '-o', small.file('proposal.json'))).exit).toBe(0)
    expect((await small.run('buyer', 'reconcile', '--countersign', small.file('proposal.json'), '-o', small.file('signed.json'))).exit).toBe(0)
    expect(await small.run('seller', 'reconcile', '--conclude', small.file('signed.json'))).toMatchObject({ exit: 0, document: { matched: 60, outcome: 'transferred' } })
    expect(await receive(small.file('lost.tar'), landing('first.sqlite'))).toMatchObject(refused('PACKAGE_OLD'))
    expect((await small.run('seller', 'log', 'verify')).exit).toBe(0)
  })
})
