// SPDX-License-Identifier: Apache-2.0
import { fieldLeaf, recordRoot } from '@handover/proof'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idBytes } from '../../kit/ids.ts'
import { addHours } from '../../kit/time.ts'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from './fixture.ts'
import { discardUnfinished, ingestSources, labelKinds, loadDataSets } from './index.ts'
import { refuseTooManyFields } from './register-source.ts'
import { refuseTooWide } from './source-plans.ts'

let at: TestHome
let register: string
const people = inventTestPeople(300)
const scope = () => ({ tenant: at.ctx.tenant, matterId: at.matter.id })
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))

beforeAll(async () => {
  at = await openTestHome('ingest')
  register = at.write('客户登记.csv', registerLines(people))
})
afterAll(async () => { await at.remove() })

describe('entering a source in the books', () => {
  test('books every value once, as pending, with an original and a vault copy', async () => {
    const done = await ingestSources(at.ctx, at.matter, { paths: [register] })
    const [set] = done.sources[0]?.dataSets ?? []
    const values = registerLines(people).slice(1).flatMap((line) => line.split(',')).filter((cell) => cell !== '').length
    expect(set).toMatchObject({ name: '客户登记.csv', records: 300, values })
    const book = await at.ctx.ledger.mainBook(at.matter.id)
    expect(book.reduce((sum, line) => sum + line.discovered, 0)).toBe(values)
    expect(book.reduce((sum, line) => sum + line.pending, 0)).toBe(values)
    expect((await at.ctx.ledger.copies(at.matter.id)).map((copy) => copy.kind).sort()).toEqual(['original', 'vault'])
    expect(await at.ctx.ledger.verifyBooks(at.matter.id)).toMatchObject({ problems: [] })
  })

  test('the same file again gives the first result and books nothing', async () => {
    const before = await Array.fromAsync(at.ctx.ledger.events(at.matter.id))
    const again = await ingestSources(at.ctx, at.matter, { paths: [register] })
    expect(again.sources[0]).toMatchObject({ repeated: true, dataSets: [{ records: 300 }] })
    expect((await Array.fromAsync(at.ctx.ledger.events(at.matter.id))).length).toBe(before.length)
  })

  test('refuses the file when its bytes have changed', async () => {
    const bytes = readFileSync(register)
    appendFileSync(register, 'KH99999,周新来,,,,,浦东门店,\r\n')
    expect(await codeOf(ingestSources(at.ctx, at.matter, { paths: [register] }))).toBe('INGEST_CHANGED')
    writeFileSync(register, bytes)
  })

  test('the vault gives back the values of the file, and they lead to the committed root', async () => {
    const [set] = await loadDataSets(at.ctx.db, scope())
    if (set === undefined) throw new Error('no data set')
    const grant = { person: 'test', purpose: 'backup-check' as const, compartments: ['general', 'sensitive', 'text'] as const, until: addHours(at.ctx.now(), 1), approval: null }
    const lines = registerLines(people).slice(1)
    let seen = 0
    for await (const records of at.ctx.vault.read(grant, { matterId: at.matter.id, dataSetId: set.id })) {
      for (const record of records) {
        expect(record.values).toEqual(lines[record.ordinal]?.split(','))
        const leaves = record.values.map((value, i) => fieldLeaf({ salt: record.salts[i] ?? Buffer.alloc(0), recordId: record.recordId, fieldId: idBytes('fld', set.fields[i]?.id ?? ''), value: value ?? null }))
        expect(Buffer.from(recordRoot(leaves))).toEqual(record.root)
        seen += 1
      }
    }
    expect(seen).toBe(300)
  })

  test('titles and paths stand in the database encrypted only, and age comes from ID and birth date', async () => {
    const names = await at.ctx.vault.openLabels(at.matter.id, labelKinds.fieldName)
    expect([...names.values()]).toEqual(expect.arrayContaining(['客户编号', '身份证号', '服务门店']))
    const rows = await at.ctx.db.query<{ text: string }>(`select row_to_json(s)::text as text from source s union all select row_to_json(d)::text from data_set d union all select row_to_json(f)::text from field f union all select body from event union all select result::text from step_done`)
    expect(rows.filter((row) => /客户|手机|身份证|服务门店|周末/.test(row.text))).toEqual([])
    const ages = await at.ctx.db.query<{ age_group: string; n: number }>('select age_group, count(*)::bigint as n from record group by 1 order by 1')
    expect(ages).toEqual([{ age_group: 'adult', n: 288 }, { age_group: 'under14', n: 12 }])
  })

  test('nothing is left to discard when all is booked', async () => {
    expect(await codeOf(discardUnfinished(at.ctx, at.matter))).toBe('INGEST_NOTHING_UNFINISHED')
  })

  test('refuses a table with more columns than an event of the books can hold, before anything is written', () => {
    const field = { name: 'c', type: 'other', grade: 'general' as const, gradeRule: '', confidence: 1 }
    const wide = (fields: number) => ({ path: '宽.csv', name: '宽.csv', kind: 'csv', bytes: 1, sha256: '', notRead: [], dataSets: [{ name: '宽', rows: 1, hidden: false, kind: 'csv', fields: Array.from({ length: fields }, () => field) }] })
    expect(() => refuseTooWide(wide(5000))).not.toThrow()
    expect(() => refuseTooWide(wide(5001))).toThrow(/INGEST_TOO_WIDE/)
  })

  test('refuses tables with which no later event of the matter would hold all postings, before anything is written', () => {
    const field = { name: 'c', type: 'other', grade: 'general' as const, gradeRule: '', confidence: 1 }
    const tables = { name: '库.sqlite', dataSets: Array.from({ length: 10 }, (_, at) => ({ name: `t${at}`, rows: 1, hidden: false, kind: 'sqlite', fields: Array.from({ length: 900 }, () => field) })) }
    expect(() => refuseTooManyFields(tables, 1000)).not.toThrow()
    expect(() => refuseTooManyFields(tables, 1001)).toThrow(/INGEST_TOO_MANY_FIELDS/)
  })

  test('says plainly that standard input cannot be read twice', async () => {
    expect(await codeOf(ingestSources(at.ctx, at.matter, { paths: ['-'] }))).toBe('INGEST_NEEDS_FILE')
  })
})
