// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { scanOneSource } from './scan-one-source.ts'
import { scanSources } from './scan-sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-scan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const handover = fileURLToPath(new URL('../../../bin/handover.mjs', import.meta.url))
const shared = process.env['HANDOVER_SHARED'] ?? fileURLToPath(new URL('../../../../../shared', import.meta.url))

const labelled = z.object({ file: z.string(), column: z.string(), label: z.string() })
const printed = z.object({ notRead: z.array(z.unknown()), sources: z.array(z.object({ source: z.string(), dataSets: z.array(z.object({ rows: z.number() })) })) })

const csv = '姓名,手机号,身份证号,备注\n张三,13800001111,110199199001011217,周末上门\n张三,13800001111,110199199001011217,周末上门\n李四,13900002222,,\n'
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe('scanning', () => {
  it('reports what PRODUCT.md §5 promises, masked, with digest and duplicates', async () => {
    const report = await scanSources([file('客户.csv', csv)])
    const dataSet = report.sources[0]?.dataSets[0]
    expect(report.sources[0]).toMatchObject({ source: '客户.csv', kind: 'csv', bytes: Buffer.byteLength(csv), encoding: 'utf-8', delimiter: ',' })
    expect(dataSet).toMatchObject({ rows: 3, hidden: false, duplicateRows: 1, grade: 'sensitive' })
    expect(dataSet?.fields.map((field) => [field.name, field.index, field.type, field.grade, field.values])).toEqual([['姓名', 0, 'person-name', 'general', 3], ['手机号', 1, 'mobile', 'general', 3], ['身份证号', 2, 'resident-id', 'sensitive', 2], ['备注', 3, 'free-text-personal', 'general', 2]])
    expect(JSON.stringify(report)).not.toMatch(/张三|13800001111|110199199001011217/)
  })

  it('gives the same whichever thread classifies: few columns, many, long names, text beside the table, titles, no rows', async () => {
    const wide = Array.from({ length: 300 }, (_, i) => `列名${i}`)
    const paths = [
      file('few.csv', csv), file('wide.csv', `${wide.join(',')}\n${wide.map((_, i) => 13_800_000_000 + i).join(',')}\n`), file('long.csv', csv.replace('备注', `备注${'很长'.repeat(400)}`)), file('text.txt', '联系人:张三,电话 13800001111\n'), file('titled.csv', `客户资料表\n制表:王小明 13900001111\n${csv}`),
      file('empty.csv', ''), file('headers.csv', '姓名,手机号\n'),
    ]
    for (const path of paths) {
      const here: unknown[] = []
      for await (const event of scanOneSource(path, {}, () => {})) if (event.kind === 'source') here.push(event.source)
      expect((await scanSources([path])).sources, path).toEqual(here)
    }
  })

  it('lists a file that failed and goes on with the others', async () => {
    const report = await scanSources([file('a.csv', csv), file('b.csv', 'a,b\n"')])
    expect(report.sources.map((source) => source.source)).toEqual(['a.csv'])
    expect(report.notRead.map((one) => one.code)).toEqual(['UNCLOSED_QUOTE'])
  })

  it.skipIf(!existsSync(`${shared}/data/tables`))('types the columns of the public tables as their labels say', async () => {
    const expected = readFileSync(`${shared}/data/tables/columns.jsonl`, 'utf8').trim().split('\n').map((line) => labelled.parse(JSON.parse(line)))
    const same = new Map([['PHONE', ['mobile', 'landline']], ['ORG_NAME', ['organisation-name']], ['BIRTHDATE', ['birth-date']]])
    const report = await scanSources([`${shared}/data/tables/chinook`])
    const typeByColumn = new Map<string, string>(report.sources.flatMap((source) => source.dataSets.flatMap((dataSet) => dataSet.fields.map((field) => [`chinook/${source.source}/${field.name}`, field.type] satisfies [string, string]))))
    const wrong = expected.filter((one) => !(same.get(one.label) ?? [one.label.toLowerCase().replaceAll('_', '-')]).includes(typeByColumn.get(`${one.file}/${one.column}`) ?? ''))
    process.stderr.write(`chinook: ${expected.length - wrong.length} of ${expected.length} columns right\n`)
    expect(wrong).toEqual([])
  })
})

describe('the commands', () => {
  it('scan ends with 3 when something was not read or a wanted grade was found, else 0', () => {
    const run = (...args: string[]) => spawnSync(process.execPath, [handover, 'scan', ...args], { encoding: 'utf8' })
    const good = run(file('good.csv', csv), '--json')
    expect([good.status, printed.parse(JSON.parse(good.stdout)).notRead]).toEqual([0, []])
    expect(run(file('good.csv', csv), '--fail-on', 'sensitive').status).toBe(3)
    file('folder.jpg', 'x')
    expect(run(folder, '--json').status).toBe(3)
    const bad = run(file('bad.csv', 'a,b\n"秘密'))
    expect([bad.status, bad.stdout.includes('秘密') || bad.stderr.includes('秘密')]).toEqual([65, false])
    expect(run(join(folder, 'nowhere')).status).toBe(74)
  })

  it('scan reads standard input', () => {
    const report = printed.parse(JSON.parse(execFileSync(process.execPath, [handover, 'scan', '-', '--json'], { input: csv, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })))
    expect([report.sources[0]?.source, report.sources[0]?.dataSets[0]?.rows]).toEqual(['-', 3])
  })

  it('inspect answers line by line', () => {
    const ask = (what: string, ...lines: unknown[]) => spawnSync(process.execPath, [handover, 'inspect', what], { input: lines.map((line) => JSON.stringify(line)).join('\n'), encoding: 'utf8' })
    expect(ask('text', { text: '电话 13800138001' }, { text: '' }).stdout).toBe('{"spans":[[3,14,"mobile"]]}\n{"spans":[]}\n')
    expect(ask('value', { type: 'mobile', value: '138 0013 8001' }, { type: 'resident-id', value: '110101199003078671' }).stdout).toBe('{"valid":true,"normalised":"13800138001"}\n{"valid":false,"code":"BAD_CHECKSUM"}\n')
    expect(ask('value', { value: 1 }).status).toBe(65)
  })
})
