// SPDX-License-Identifier: Apache-2.0
import { readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { acceptanceEntries, acceptanceLists, contentLeaf, describeLists, MerkleAccumulator, readAll, recordSetRoot, toHex, writeTar, type AcceptedRecord, type Difference } from '@handover/proof'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idBytes, idText, randomIds } from '../../kit/ids.ts'
import { instantOf } from '../../kit/time.ts'
import type { Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { compartments } from '../../vault/index.ts'
import { ingestSources, loadDataSets } from '../discover/index.ts'
import { insertPackage, insertSegment, markIssued, noSentRecords } from '../hand-over/package.store.ts'
import { writeStream } from '../hand-over/index.ts'
import { acceptedRecordsFile } from './accepted-records.ts'
import { compareSent } from './compare-sent.ts'
import { readAcceptanceFile, type AcceptanceFile } from './read-acceptance.ts'
import { sentContentRoot } from './sent-content.ts'

const customers = 3000
const packageId = idText('pkg', randomIds.bytes('pkg'))

let home: TestHome
let matter: Matter
let expectedRoot: string
/** What was sent, in the order of record ids. */
let sent: AcceptedRecord[]

beforeAll(async () => {
  home = await openTestHome()
  matter = await home.openMatter()
  const file = join(dirname(home.path), '客户.csv')
  writeFileSync(file, ['客户编号,手机号,备注', ...Array.from({ length: customers }, (_, at) => `KH${at},1700000${String(1000 + at).padStart(4, '0')},${at % 3 === 0 ? '' : '周末'}`)].join('\r\n'))
  await ingestSources(home.ctx, matter, { paths: [file] })
  home.setTime(undefined) // from here the legal clock runs
  await sendFirstAndThirdField()
}, 60_000)
afterAll(() => home.remove())

/** Notes a package of two fields of every record, and computes its content root from the values as they were ingested. */
async function sendFirstAndThirdField(): Promise<void> {
  const scope = { tenant: home.ctx.tenant, matterId: matter.id }
  const fieldIds = (await loadDataSets(home.ctx.db, scope)).flatMap((dataSet) => dataSet.fields.map((field) => idBytes('fld', field.id)))
  const records: { recordId: Buffer; root: Buffer; values: readonly unknown[] }[] = []
  const grant = { person: home.ctx.signer.vkey.name, purpose: 'reconcile' as const, compartments, until: instantOf('2099-01-01T00:00:00.000Z'), approval: null }
  for await (const batch of home.ctx.vault.read(grant, { matterId: matter.id })) records.push(...batch)
  records.sort((a, b) => Buffer.compare(a.recordId, b.recordId))
  const tree = new MerkleAccumulator()
  for (const { recordId, values } of records) {
    tree.push(contentLeaf({ recordId, fields: [0, 2].map((position) => ({ fieldId: fieldIds[position] ?? expect.fail('a field has an id'), value: String(values[position]) })) }))
  }
  expectedRoot = toHex(tree.root())
  sent = records.map(({ recordId, root }) => ({ recordId, root, seen: 1 }))
  const columns = noSentRecords()
  for (const { recordId, root } of records) {
    columns.recordIds.bytes(recordId)
    columns.roots.bytes(root)
    columns.fields.bytes(Buffer.of(0b101))
  }
  const segment = { position: 0, firstRecord: 0, records: customers, sha256: '00'.repeat(32), bytes: 0, values: 0, contentSealed: Buffer.of() }
  await home.ctx.db.transaction(async (tx) => {
    await insertPackage(tx, scope, { id: packageId, toParty: matter.parties[0]?.id ?? '', purpose: 'transfer', planId: 'pln_test', recipientDigest: Buffer.alloc(32) })
    await insertSegment(tx, scope, packageId, { segment, sent: columns, at: home.ctx.now() })
    await markIssued(tx, scope, { id: packageId, outer: '00'.repeat(32), manifest: '00'.repeat(32), records: customers, values: customers, seq: 1 })
  })
}

/** An acceptance of these records, as a recipient's home writes one. */
async function acceptance(records: readonly AcceptedRecord[], differences: readonly Difference[] = []): Promise<AcceptanceFile> {
  const facts = { package: packageId, matter: matter.id, recipient: 'pty_test', outer: '00'.repeat(32), contentRoot: expectedRoot, values: 1, refused: [], destination: 'sqlite', at: home.ctx.now() }
  const file = join(dirname(home.path), `验收单-${records.length}-${differences.length}.tar`)
  await writeStream(file, writeTar(acceptanceEntries(facts, await describeLists(acceptanceLists({ records, differences })), [home.ctx.signer.noteSigner])))
  return readAcceptanceFile(file, undefined, 'zh')
}

test('the content root of what was sent is computed anew from the vault while the legal clock runs on', async () => {
  const [before, root, after] = [home.ctx.now(), await sentContentRoot(home.ctx, matter, packageId), home.ctx.now()]
  expect(root).toBe(expectedRoot)
  expect(before < after).toBe(true)
})

test('accepted records are told only of a package that both sides concluded', async () => {
  expect(await acceptedRecordsFile(home.ctx, matter.id, packageId)).toBeNull()
})

describe('an acceptance, compared with what was sent', () => {
  test('matches record by record, under one root', async () => {
    const found = await compareSent(home.ctx, matter, await acceptance(sent))
    expect(found).toMatchObject({ records: customers, matched: customers, missing: 0, extra: 0, changed: 0, duplicate: 0, shown: [], sentRoot: toHex(recordSetRoot(sent)) })
    found.list.close()
  })

  test('lists every difference, shows the first thousand, and leaves nothing in the scratch folder', async () => {
    const arrived = sent.filter((_, at) => at % 2 === 0).map((record, at) => (at === 0 ? { ...record, root: Buffer.alloc(32, 7) } : record))
    const first = arrived[0] ?? expect.fail('there is a record')
    const reported: Difference[] = [{ recordId: toHex(first.recordId), kind: 'changed', fields: [2] }]
    const found = await compareSent(home.ctx, matter, await acceptance(arrived, reported))
    expect(found).toMatchObject({ matched: customers / 2 - 1, missing: customers / 2, changed: 1 })
    expect(found.shown).toHaveLength(1000)
    const lines = Buffer.from(await readAll(found.list.open(), found.list.size)).toString().split('\n').slice(0, -1)
    expect(lines).toHaveLength(customers / 2 + 1)
    expect(lines[0]).toBe(`{"fields":[2],"kind":"changed","recordId":"${toHex(first.recordId)}"}`)
    found.list.close()
    expect(readdirSync(home.ctx.home.paths.tmp)).toEqual([])
  })

  test('is refused when its lists were exchanged after they were verified', async () => {
    const [whole, other] = [await acceptance(sent), await acceptance(sent.slice(1))]
    expect(await refusalOf(compareSent(home.ctx, matter, { ...whole, file: other.file }))).toBe('ACCEPTANCE_REFUSED')
  })
})
