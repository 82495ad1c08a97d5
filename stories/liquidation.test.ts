// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isJsonObject, verifyFile } from '@handover/proof'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDemoSources } from '../app/src/demo/index.ts'
import { dayOf } from '../app/src/kit/time.ts'
import { canaryDetector } from './canary-detector.ts'
import { clearAway, playToGoodEnd, processesBelow, tell, type Ended } from './demo-run.ts'
import { filesBelow } from './files-below.ts'
import { readAcceptedContent, readProofFacts, type ProofFacts } from './read-proof.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-liquidation-'))
const demo = join(folder, 'demo')
const play = { folder, customers: 80, seed: 'liquidation', story: 'liquidation' } as const
let ended: Ended
let proof: ProofFacts

beforeAll(async () => {
  ended = await playToGoodEnd(play)
  tell(`liquidation of ${play.customers} customers in ${ended.seconds.toFixed(1)} s`)
  proof = await readProofFacts(join(demo, '证据包.tar'))
}, 400_000)

afterAll(() => clearAway(folder))

describe('liquidation without a successor', () => {
  test('the books balance: everything is sealed with the custodian or destroyed, nothing transferred or open', () => {
    expect(ended.stdout).toContain('差额 0')
    expect(ended.stdout).toContain('账平')
    const { discovered, dispositions } = proof.closing
    expect(isJsonObject(dispositions)).toBe(true)
    const by = isJsonObject(dispositions) ? dispositions : {}
    expect(by).toMatchObject({ transferred: 0, kept: 0, anonymised: 0 })
    expect(Number(by['sealed'])).toBeGreaterThan(0)
    expect(Number(by['destroyed'])).toBeGreaterThan(Number(by['sealed']))
    expect(Number(by['sealed']) + Number(by['destroyed'])).toBe(discovered)
    tell(`discovered ${Number(discovered)} values: ${JSON.stringify(by)}; events ${JSON.stringify(proof.eventCounts)}`)
  })

  test('the custodian holds the sealed values, readable in its own database', async () => {
    const { records } = await readAcceptedContent(join(demo, 'post', '验收单.tar'))
    expect(records).toBeGreaterThan(0)
    expect(landedRows(join(demo, 'custodian', '封存库.sqlite'))).toBe(records)
  })

  test('the originals of the liquidated company hold nobody any more, and the keys of its vault were turned', async () => {
    const originals = join(demo, 'seller', 'originals')
    const { people } = await makeDemoSources({ folder: originals, seed: play.seed, customers: play.customers, today: dayOf('2026-09-01') })
    const detector = canaryDetector(people.flatMap(({ mobile, address, residentId }) => [mobile, address, residentId]))
    expect(detector.inBytes(Buffer.from(`x${people[0]?.mobile ?? ''}y`), 'planted')).toHaveLength(1)
    expect(filesBelow(originals).flatMap((file) => detector.inFile(file))).toEqual([])
    const shop = rowsOf(join(originals, '商城.sqlite'))
    expect(shop === null || Object.values(shop).every((count) => count === 0), JSON.stringify(shop)).toBe(true)
    expect(proof.eventCounts).toMatchObject({ MatterClosed: 1, RecordsDestroyed: 1 })
    expect(proof.eventCounts['EpochTurned']).toBeGreaterThan(0)
    expect(processesBelow(folder)).toEqual([])
  })

  test('the bundle verifies under its policy', async () => {
    const verdict = await verifyFile(join(demo, '证据包.tar'), { policy: readFileSync(join(demo, 'post', '信任策略.txt'), 'utf8') })
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(verdict).toMatchObject({ ok: true, trust: 'policy' })
  })
})

/** Rows in all landing tables, without those that only describe the landing. */
function landedRows(file: string): number {
  return Object.entries(rowsOf(file) ?? {}).filter(([table]) => !table.startsWith('handover_')).reduce((sum, [, count]) => sum + count, 0)
}

function rowsOf(file: string): Record<string, number> | null {
  let database
  try {
    database = new DatabaseSync(file, { readOnly: true })
  } catch {
    return null // the file itself was destroyed
  }
  try {
    const tables = database.prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`).all().map((row) => String(row['name']))
    return Object.fromEntries(tables.map((table) => [table, Number(database.prepare(`select count(*) as n from "${table.replaceAll('"', '""')}"`).get()?.['n'])]))
  } finally {
    database.close()
  }
}
