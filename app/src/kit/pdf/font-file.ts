// SPDX-License-Identifier: Apache-2.0

/** A font that has a name of its own in this process, and the characters it can show. */
export interface PdfFont {
  bytes: Buffer
  family: string
  covers(codePoint: number): boolean
}

const familyName = 1

/**
 * Reads a TrueType font and renames its family in memory, so that a font of the same name that a machine happens to have installed can never take its place: the same document has the same bytes everywhere.
 * Throws when the file is no TrueType font with a Unicode character map (OpenType specification, tables `name` and `cmap`).
 */
export function readFont(file: Buffer, letter: string): PdfFont {
  const bytes = Buffer.from(file)
  const tables = tablesOf(bytes)
  return { bytes, family: renamed(bytes, needed(tables, 'name'), letter), covers: coverageOf(bytes, needed(tables, 'cmap')) }
}

function tablesOf(bytes: Buffer): Map<string, number> {
  const count = bytes.readUInt16BE(4)
  return new Map(Array.from({ length: count }, (_, i) => [bytes.toString('latin1', 12 + i * 16, 16 + i * 16), bytes.readUInt32BE(20 + i * 16)]))
}

function needed(tables: Map<string, number>, name: string): number {
  const at = tables.get(name)
  if (at === undefined) throw new Error(`not a usable font: no table ${name}`)
  return at
}

/** Puts a name of the same length over every family name; the first one in Unicode is what the compiler goes by. */
function renamed(bytes: Buffer, table: number, letter: string): string {
  const strings = table + bytes.readUInt16BE(table + 4)
  let family: string | null = null
  for (let i = 0; i < bytes.readUInt16BE(table + 2); i++) {
    const at = table + 6 + i * 12
    if (bytes.readUInt16BE(at + 6) !== familyName) continue
    const isUnicode = bytes.readUInt16BE(at) !== 1
    const length = bytes.readUInt16BE(at + 8)
    const name = `Handover${letter}`.padEnd(isUnicode ? length / 2 : length, 'x').slice(0, isUnicode ? length / 2 : length)
    bytes.set(isUnicode ? Buffer.from(name, 'utf16le').swap16() : Buffer.from(name, 'latin1'), strings + bytes.readUInt16BE(at + 10))
    if (isUnicode) family ??= name
  }
  if (family === null || family.length < 9) throw new Error('not a usable font: no family name of nine letters')
  return family
}

function coverageOf(bytes: Buffer, table: number): (codePoint: number) => boolean {
  const subtables = Array.from({ length: bytes.readUInt16BE(table + 2) }, (_, i) => table + bytes.readUInt32BE(table + 8 + i * 8))
  const bits = new Uint8Array(0x110000 / 8)
  let isRead = false
  for (const at of subtables) {
    const format = bytes.readUInt16BE(at)
    if (format === 12) takeGroups(bytes, at, bits)
    else if (format === 4) takeSegments(bytes, at, bits)
    else continue
    isRead = true
  }
  if (!isRead) throw new Error('not a usable font: no Unicode character map')
  return (codePoint) => ((bits[codePoint >> 3] ?? 0) & (1 << (codePoint & 7))) !== 0
}

const mark = (bits: Uint8Array, codePoint: number): void => {
  bits[codePoint >> 3] = (bits[codePoint >> 3] ?? 0) | (1 << (codePoint & 7))
}

function takeGroups(bytes: Buffer, at: number, bits: Uint8Array): void {
  for (let i = 0; i < bytes.readUInt32BE(at + 12); i++) {
    const group = at + 16 + i * 12
    const [first, last, glyph] = [bytes.readUInt32BE(group), bytes.readUInt32BE(group + 4), bytes.readUInt32BE(group + 8)]
    for (let code = first; code <= last && code < 0x110000; code++) if (glyph + code - first !== 0) mark(bits, code)
  }
}

function takeSegments(bytes: Buffer, at: number, bits: Uint8Array): void {
  const doubled = bytes.readUInt16BE(at + 6)
  for (let i = 0; i < doubled; i += 2) {
    const last = bytes.readUInt16BE(at + 14 + i)
    const first = bytes.readUInt16BE(at + 16 + doubled + i)
    const delta = bytes.readUInt16BE(at + 16 + doubled * 2 + i)
    const offsetAt = at + 16 + doubled * 3 + i
    const offset = bytes.readUInt16BE(offsetAt)
    for (let code = first; code <= last && code !== 0xffff; code++) {
      const glyph = offset === 0 ? (code + delta) & 0xffff : bytes.readUInt16BE(offsetAt + offset + (code - first) * 2)
      if (glyph !== 0) mark(bits, code)
    }
  }
}
