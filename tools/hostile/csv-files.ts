// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { draws, secret, type Expected, type HostileFile } from './hostile-file.ts'

const head = '姓名,备注\r\n'
const tableText = `${head}张三,${secret}\r\n李四,无\r\n`
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

function csv(kind: string, name: string, expect: Expected, content: () => Buffer | string, isHeavy = false): HostileFile {
  return {
    kind, name, expect, isHeavy,
    make: (folder) => {
      const path = join(folder, `${name}.csv`)
      writeFileSync(path, content())
      return path
    },
  }
}

const gbk = Buffer.from('d5c5c8fd', 'hex') // 张三

function encodings(): HostileFile[] {
  const bytes = (...parts: (string | number[] | Buffer)[]): (() => Buffer) => () => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))
  const unknown: Expected = { codes: ['ENCODING_UNKNOWN'] }
  return [
    csv('csv-encoding', 'utf8-then-broken', unknown, bytes(tableText, [0xff, 0xff, 0x0a])),
    csv('csv-encoding', 'utf8-then-gb18030', { ...unknown, rows: [3] }, bytes(tableText, gbk, ',x\r\n')),
    csv('csv-encoding', 'utf8-then-utf16', { ...unknown, rows: [3] }, bytes(tableText, Buffer.from('王五,x\n', 'utf16le'))),
    csv('csv-encoding', 'gb18030-cut-tail', unknown, bytes(gbk, ',x\n', gbk, [0x2c, 0xd5])),
    csv('csv-encoding', 'gb18030-four-byte-cut', unknown, bytes(gbk, ',x\n', [0x81, 0x30, 0x81])),
    csv('csv-encoding', 'gb18030-undefined', unknown, bytes(gbk, ',x\n', [0xfe, 0x39, 0xfe, 0x39], '\n')),
    csv('csv-encoding', 'overlong', { ...unknown, rows: [3, 4] }, bytes(tableText, [0xc0, 0xaf, 0xe0, 0x80, 0xaf], '\n')),
    csv('csv-encoding', 'surrogates-in-utf8', { ...unknown, rows: [3, 4] }, bytes(tableText, [0xed, 0xa0, 0x80], '\n')),
    csv('csv-encoding', 'utf16-lone-surrogate', { rows: [3] }, () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${tableText}\ud800,x\r\n`, 'utf16le')])),
    csv('csv-encoding', 'utf16be-lone-surrogate', { rows: [3] }, () => Buffer.concat([Buffer.from([0xfe, 0xff]), utf16be(`${tableText}\udc00,x\r\n`)])),
    csv('csv-encoding', 'utf16-odd', unknown, () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(tableText, 'utf16le'), Buffer.from([0x41])])),
    csv('csv-encoding', 'mark-of-utf16-over-utf8', { ...unknown, rows: [0, 1, 2, 3] }, bytes([0xff, 0xfe], tableText)),
    csv('csv-encoding', 'mark-in-the-middle', { rows: [3] }, () => `${tableText}\ufeff王五,\ufeff\r\n`),
    csv('csv-encoding', 'mark-twice', { rows: [2] }, () => `\ufeff\ufeff${tableText}`),
    csv('csv-encoding', 'only-mark', { rows: [0] }, bytes([0xef, 0xbb, 0xbf])),
    csv('csv-encoding', 'nul-bytes', { rows: [3] }, () => `${tableText}王\0五,\0\r\n`),
    csv('csv-encoding', 'only-nul', { rows: [0, 1], codes: ['ENCODING_UNKNOWN', 'RECORD_TOO_LONG'] }, () => Buffer.alloc(50_000)),
    csv('csv-encoding', 'utf32', unknown, () => Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), Buffer.from([...tableText].flatMap((char) => { const code = char.codePointAt(0) ?? 0; return [code & 255, (code >> 8) & 255, code >> 16, 0] }))])),
  ]
}

function shapes(): HostileFile[] {
  const unclosed: Expected = { codes: ['UNCLOSED_QUOTE', 'RECORD_TOO_LONG'] }
  return [
    csv('csv-shape', 'empty', { rows: [0] }, () => ''),
    csv('csv-shape', 'one-line-end', { rows: [0] }, () => '\n'),
    csv('csv-shape', 'only-header', { rows: [0] }, () => head),
    csv('csv-shape', 'cr-only', { rows: [2] }, () => tableText.replaceAll('\r\n', '\r')),
    csv('csv-shape', 'lf-cr', { rows: [2] }, () => tableText.replaceAll('\r\n', '\n\r')),
    csv('csv-shape', 'no-last-line-end', { rows: [2] }, () => tableText.trimEnd()),
    csv('csv-shape', 'unclosed-at-start', unclosed, () => `"${tableText}`),
    csv('csv-shape', 'unclosed-in-row', unclosed, () => `${tableText}王五,"${secret}\r\n${'赵六,x\r\n'.repeat(1000)}`),
    csv('csv-shape', 'unclosed-9-mb', unclosed, () => `${tableText}"${'a\n'.repeat(4_800_000)}`),
    csv('csv-shape', 'only-quotes', { ...unclosed, rows: [1] }, () => '"'.repeat(3_000_001)),
    csv('csv-shape', 'quotes-even', { rows: [0, 1] }, () => '"'.repeat(3_000_000)),
    csv('csv-shape', 'cell-9-mb', { codes: ['RECORD_TOO_LONG'] }, () => `${head}张三,${secret.repeat(700_000)}`),
    csv('csv-shape', 'quoted-cell-9-mb', { codes: ['RECORD_TOO_LONG'] }, () => `${head}张三,"${secret.repeat(700_000)}"`),
    csv('csv-shape', 'columns-20-k', { codes: ['TOO_MANY_FIELDS'] }, () => `${head}${','.repeat(20_000)}\n`),
    csv('csv-shape', 'header-16-k-wide', { rows: [50] }, () => `${Array.from({ length: 16_384 }, (_, i) => `col_${i}`).join(',')}\n${'1,2\n'.repeat(50)}`),
    csv('csv-shape', 'empty-lines', { rows: [2] }, () => `${tableText}${'\n'.repeat(300_000)}`),
    csv('csv-shape', 'delimiters-only', { rows: [0] }, () => ',,,,\n'.repeat(50_000)),
    csv('csv-shape', 'text-after-quote', { rows: [3] }, () => `${tableText}"王"五,"x" y\r\n`),
    csv('csv-shape', 'sep-line', { rows: [2] }, () => `sep=;\n${tableText.replaceAll(',', ';')}`),
    csv('csv-shape', 'sep-quote', { rows: [1, 2, 3], codes: ['UNCLOSED_QUOTE'] }, () => `sep="\n${tableText}`),
    csv('csv-shape', 'prototype-header', { rows: [1] }, () => '__proto__,constructor,__proto__,toString,姓名\n1,2,3,4,张三\n'),
    csv('csv-shape', 'escapes-in-header', { rows: [1] }, () => '姓名,\u001b[2J备注,\u202e号\n张三,2,3\n'),
    csv('csv-shape', 'formula-cells', { rows: [2] }, () => '姓名,备注\n=cmd|x,+1\n@x,-1\n'),
    ...['"', '""', '","', '",",', '"\n"', 'a"b"c', '"a"b', ',"', '\r', '\r\n\r', '\n"\r'].map((content, i) => csv('csv-shape', `tiny-${i}`, { rows: [0, 1, 2], codes: ['UNCLOSED_QUOTE'] }, () => content)),
  ]
}

function foreign(): HostileFile[] {
  const other: Expected = { codes: ['SOURCE_UNSUPPORTED', 'DOCUMENT_CORRUPT', 'IMAGE_REFUSED'] }
  return [
    ...Object.entries({ pdf: '25504446', png: '89504e470d0a1a0a', jpeg: 'ffd8ffe0', rar: '526172211a07', seven: '377abcaf271c', ole: 'd0cf11e0a1b11ae1' })
      .map(([name, hex]) => csv('lying-ending', `is-${name}`, other, () => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.from(tableText)]))),
    csv('lying-ending', 'is-gzip', { rows: [], notRead: ['ARCHIVE_REFUSED'] }, () => Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.from(tableText)])),
    csv('lying-ending', 'is-zip', { codes: ['ZIP_REFUSED'] }, () => Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.from(tableText)])),
    csv('lying-ending', 'is-sqlite', { codes: ['SQLITE_CORRUPT'] }, () => Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.from(tableText)])),
  ]
}

// Random bytes in the alphabet that readers of delimited text stumble over; right is whatever both ways of reading agree on, without a crash.
function noise(seed: number, count: number): HostileFile[] {
  const draw = draws(seed ^ 0xc5f)
  const pieces = ['"', '""', ',', ';', '\t', '|', '\n', '\r', '\r\n', 'a', '张三', '\0', '\ufeff', '=1', '13800138001', ' ', '\u{2B820}'].map((text) => Buffer.from(text)).concat([gbk, Buffer.from([0x81, 0x30, 0x81, 0x30]), Buffer.from([0xff]), Buffer.from([0xd5, 0x7c])])
  const any: Expected = { codes: ['UNCLOSED_QUOTE', 'ENCODING_UNKNOWN', 'RECORD_TOO_LONG', 'TOO_MANY_FIELDS', 'SOURCE_UNSUPPORTED'], rows: Array.from({ length: 4001 }, (_, i) => i) }
  return Array.from({ length: count }, (_, i) => {
    const content = Buffer.concat(Array.from({ length: 20 + Math.floor(draw() * 2000) }, () => pieces[Math.floor(draw() * (draw() < 0.5 ? pieces.length : pieces.length - 4))] ?? gbk))
    return csv('csv-noise', `noise-${i}`, any, () => content)
  })
}

function heavy(): HostileFile[] {
  return [
    csv('csv-large', 'cell-100-mb', { codes: ['RECORD_TOO_LONG'] }, () => Buffer.concat([Buffer.from(head), Buffer.alloc(100_000_000, 0x61)]), true),
    csv('csv-large', 'million-empty-lines', { rows: [2] }, () => `${tableText}${'\r\n'.repeat(1_000_000)}`, true),
    csv('csv-large', 'long-rows', { rows: [30], codes: ['READER_OUT_OF_MEMORY'] }, () => `${head}${`x,${'好'.repeat(1_000_000)}\n`.repeat(30)}`, true),
    csv('csv-large', 'wide-and-ragged', { rows: [20_000] }, () => `${Array.from({ length: 16_384 }, (_, i) => `col_${i}`).join(',')}\n${'1,2\n'.repeat(20_000)}`, true),
  ]
}

/** Hostile delimited text. */
export function csvFiles(seed: number, count: number): HostileFile[] {
  return [...encodings(), ...shapes(), ...foreign(), ...noise(seed, count), ...heavy()]
}
