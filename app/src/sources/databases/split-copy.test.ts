// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import type { ForeignTable } from './foreign-table.ts'
import { CopySplitter } from './split-copy.ts'
import { rowsOfBlock } from './table-block.ts'

const classes = new Uint8Array(256).fill(1)
const table: ForeignTable = {
  schema: 'public', bare: 't', name: 't', comment: '', key: [0], isNumberKey: true, estimatedRows: 0, estimatedBytes: 0, changes: '',
  fields: [{ name: 'id', index: 0, form: 'text' }, { name: 'note', index: 1, form: 'text' }, { name: 'raw', index: 2, form: 'bytes' }],
}

/** As PostgreSQL writes it (COPY, text format). */
const escape = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r').replaceAll('\b', '\\b').replaceAll('\f', '\\f').replaceAll('\v', '\\v')

function split(bytes: Buffer, piece: number): [number, ...unknown[]][] {
  const splitter = new CopySplitter(table, 'x!t', classes)
  const rows: [number, ...unknown[]][] = []
  const take = (blocks: Iterable<Parameters<typeof rowsOfBlock>[0]>): void => {
    for (const block of blocks) for (const row of rowsOfBlock(block, table, { ordinal: rows.length, where: 'x!t' })) rows.push([row.place, ...row.cells.map(({ value }) => (value instanceof Uint8Array ? `x${Buffer.from(value).toString('hex')}` : value))])
  }
  for (let at = 0; at < bytes.length; at += piece) take(splitter.push(bytes.subarray(at, at + piece)))
  take(splitter.end())
  return rows
}

const notes = ['', 'plain', '张三\t李四', 'a\\nb', 'line\nbreak', '\\N', '\\', '\\\\', 'end\\', '\r', '\b\f\v', '𠮷', '\\.', 'x'.repeat(5000)]

test.each([[1], [7], [1000], [1_000_000]])('rows come out of COPY as they stand in the table, in pieces of %i bytes', (piece) => {
  const expected = notes.map((note, i): [number, ...unknown[]] => [i * 10, String(i * 10), note, `x${Buffer.from(note.slice(0, 50)).toString('hex')}`])
  const lines = notes.map((note, i) => `${i * 10}\t${escape(note)}\t\\\\x${Buffer.from(note.slice(0, 50)).toString('hex')}\n`).join('')
  expect(split(Buffer.from(lines), piece)).toEqual(expected)
})

test('null is no text, and a key that is no number leaves the ordinal as the place', () => {
  expect(split(Buffer.from('\\N\t\\N\t\\N\nabc\t\\\\N\t\\\\x\n'), 3)).toEqual([[1, null, null, null], [2, 'abc', '\\N', 'x']])
})

test('thousands of rows come in several blocks and none is lost', () => {
  const rows = split(Buffer.from(Array.from({ length: 5000 }, (_, i) => `${i}\tn${i}\t\\\\x00\n`).join('')), 65_536)
  expect(rows).toHaveLength(5000)
  expect(rows.every(([place, id, note], i) => place === i && id === String(i) && note === `n${i}`)).toBe(true)
})

test('a stream that ends within a row, or has other columns, is refused', () => {
  expect(() => split(Buffer.from('1\ta\t\\\\x00\n2\tb'), 100)).toThrow('CONNECTOR_TROUBLE')
  expect(() => split(Buffer.from('1\ta\n'), 100)).toThrow('CONNECTOR_TROUBLE')
  expect(() => split(Buffer.from('1\ta\tb\tc\n'), 100)).toThrow('CONNECTOR_TROUBLE')
})

test('bytes that are no UTF-8 stay bytes', () => {
  expect(split(Buffer.concat([Buffer.from('1\t'), Buffer.from([0xc4, 0xe3]), Buffer.from('\t\\\\xff\n')]), 2)).toEqual([[1, '1', 'xc4e3', 'xff']])
})
