// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CanonicalValue, ManifestDataSet } from '@handover/proof'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openLanding } from '../app/src/lifecycle/hand-over/open-landing.ts'
import { landingTables } from '../app/src/lifecycle/hand-over/landing.ts'
import { ErrorFile } from '../app/src/lifecycle/notify/error-file.ts'
import { rearmed } from '../app/src/kit/formula-cell.rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-exports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const signs = ['=', '+', '-', '@', '\t', '\r', '\n', '\uff1d', '\uff0b', '\uff0d', '\uff20', '\ufe66', '\ufe62', '\ufe63', '\ufe6b']
const before = ['', ' ', '\u00a0', '\u3000', '\t', '\r\n', '\ufeff', '\u200b', '\u202e', '\u0000', '\u0001', '\u007f', '\u00ad', '"', "'", ',', ';', '\ud83d\ude00']
const after = ['1+1', 'cmd|\'/C calc\'!A0', 'HYPERLINK("http://x","y")', '8613800000000', '', '\u0000', '_x000D_', '<v>', '"', '",=1+1', '\r\n=1', '\n"']
const hostile = [...signs.flatMap((sign) => before.flatMap((lead) => [lead + sign + (after[(sign.length + lead.length * 7 + sign.charCodeAt(0)) % after.length] ?? '')])), ...after, 'x'.repeat(31_999) + '\u{20BB7}=', '正常', '']
const values: CanonicalValue[] = [...hostile, null, Buffer.from('=1+1'), new Uint8Array()]
const width = 7

const id = (number: number): Uint8Array => Buffer.from(number.toString(16).padStart(32, '0'), 'hex')
const dataSet: ManifestDataSet = {
  id: Buffer.from(id(9)).toString('hex'), name: '=HYPERLINK("x")', kind: 'csv', records: Math.ceil(values.length / width), values: values.length,
  fields: Array.from({ length: width }, (_, index) => ({ id: Buffer.from(id(100 + index)).toString('hex'), index, name: `${signs[index] ?? ''}列`, type: 'text', grade: 'general' })),
}

// Nobody else's reader: Python's own csv, zipfile and ElementTree say what stands in the files.
const reader = `
import csv, io, json, re, sys, zipfile
import xml.etree.ElementTree as tree
n = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
out = []
for path in sys.argv[1:]:
  if path.endswith('.csv'):
    cells = [c for row in csv.reader(io.StringIO(open(path, encoding='utf-8-sig', newline='').read(), newline='')) for c in row]
    out.append({'path': path, 'cells': cells, 'formulas': 0})
  else:
    book = zipfile.ZipFile(path)
    assert book.testzip() is None
    sheet = tree.fromstring(book.read('xl/worksheets/sheet1.xml'))
    undo = lambda t: re.sub('_x([0-9A-Fa-f]{4})_', lambda m: chr(int(m.group(1), 16)), t)
    cells = [undo(''.join(t.text or '' for t in c.iter(n + 't'))) for c in sheet.iter(n + 'c')]
    other = [c for c in sheet.iter(n + 'c') if c.get('t') != 'inlineStr' or c.find(n + 'v') is not None]
    out.append({'path': path, 'cells': cells, 'formulas': len(list(sheet.iter(n + 'f'))) + len(other)})
print(json.dumps(out))
`
const opened = (paths: string[]): { path: string; cells: string[]; formulas: number }[] =>
  z.array(z.object({ path: z.string(), cells: z.array(z.string()), formulas: z.number() })).parse(JSON.parse(execFileSync('python3', ['-c', reader, ...paths], { encoding: 'utf8', maxBuffer: 50_000_000 })))

const dangerous = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]|^[\s\p{C}]+[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]/u

/** The stranger who reads our files; where there is none, CI says that these did not run. */
const hasPython = spawnSync('python3', ['--version']).status === 0

beforeAll(async () => {
  const landing = await openLanding(`folder:${join(folder, 'landed')}`, undefined)
  const tables = landingTables([dataSet])
  await landing.prepare([...tables.values()])
  const records = Array.from({ length: dataSet.records }, (_, row) => ({
    dataSetId: id(9), recordId: id(1000 + row), version: 1, root: id(1), leaves: [],
    fields: values.slice(row * width, row * width + width).map((value, index) => ({ index, value, salt: id(2) })),
  }))
  await landing.load(`pkg_${'a'.repeat(32)}`, { position: 0, sha256: '0'.repeat(64), count: records.length, records }, tables)
  const unfinished = await landing.finish(`pkg_${'a'.repeat(32)}`, [...tables.values()])
  if (unfinished.length > 0) throw new Error('the landed folder is not whole')
  await landing.close()
}, 120_000)

test.skipIf(!hasPython)('what people open of a landed folder holds no formula, in any cell or title', () => {
  const files = readdirSync(join(folder, 'landed', 'tables')).map((name) => join(folder, 'landed', 'tables', name))
  expect(files.map((path) => path.split('.').at(-1)).toSorted((a, b) => (a ?? '').localeCompare(b ?? ''))).toEqual(['csv', 'csv', 'xlsx'])
  for (const { path, cells, formulas } of opened(files)) {
    expect({ path, formulas, dangerous: cells.filter((cell) => dangerous.test(cell)) }).toEqual({ path, formulas: 0, dangerous: [] })
    if (!path.endsWith('index.csv')) expect(cells.length).toBeGreaterThan(250)
  }
})

test.skipIf(!hasPython)('the exact file beside it holds every value as it was sent', () => {
  const place = join(folder, 'landed', 'exact', `pkg_${'a'.repeat(32)}`)
  const lines = readdirSync(place).flatMap((name) => readFileSync(join(place, name), 'utf8').trimEnd().split('\n').slice(1))
  const landed = lines.flatMap((line) => {
    const { kinds, cells } = z.object({ kinds: z.string(), cells: z.array(z.string().nullable()) }).parse(JSON.parse(line))
    return cells.map((cell, i): CanonicalValue | undefined => ({ n: null, t: cell, x: cell === null ? null : Buffer.from(cell, 'hex').toString('utf8'), b: cell === null ? null : Buffer.from(cell, 'hex') })[kinds[i] ?? ''])
  })
  const plain = (value: CanonicalValue | undefined): unknown => (value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('hex') } : value)
  expect(landed.slice(0, values.length).map(plain)).toEqual(values.map(plain))
})

test.skipIf(!hasPython)('the error file of an import holds no formula, and gives the clerk the same keys back when it is imported again', () => {
  const file = new ErrorFile(join(folder, '送达.csv'), undefined)
  const cells = hostile.filter((text) => text !== '')
  for (const text of cells) file.add(['手机号', '=备注'], { cells: [text, '+8613800000000'], key: null, error: 'BAD_KEY', cell: () => text }, 'BAD_KEY')
  const [found] = opened([file.finish() ?? ''])
  expect(found?.cells.filter((cell) => dangerous.test(cell))).toEqual([])
  const firsts = found?.cells.filter((_, i) => i % 3 === 0).slice(1) ?? []
  expect(firsts.map((cell) => rearmed(cell))).toEqual(cells.map((text) => rearmed(text)))
  expect(found?.cells.filter((_, i) => i % 3 === 1).slice(1).map((cell) => rearmed(cell))).toEqual(cells.map(() => '+8613800000000'))
})
