// SPDX-License-Identifier: Apache-2.0
// A small encoder of QR codes (ISO/IEC 18004): alphanumeric mode, error correction M, versions 1 to 6.

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
/** Blocks and data bytes of each block at level M, check bytes of each block, by version. */
const versions = [
  { blocks: 1, data: 16, check: 10, align: null }, { blocks: 1, data: 28, check: 16, align: 18 }, { blocks: 1, data: 44, check: 26, align: 22 },
  { blocks: 2, data: 32, check: 18, align: 26 }, { blocks: 2, data: 43, check: 24, align: 30 }, { blocks: 4, data: 27, check: 16, align: 34 },
] as const
type Version = (typeof versions)[number]

/** 二维码. The modules of a QR code, row by row, true = dark; without the quiet zone of four. Refuses characters outside the alphanumeric set and texts of more than 154. */
export function encodeQr(text: string): boolean[][] {
  const at = versions.findIndex(({ blocks, data }) => bitsNeeded(text.length) <= blocks * data * 8)
  const version = versions[at]
  if (version === undefined) throw new RangeError('too long for a QR code of version 6')
  const grid = newGrid(17 + 4 * (at + 1), version.align)
  place(grid, interleaved(dataBytes(text, version), version))
  return best(grid)
}

const bitsNeeded = (length: number): number => 4 + 9 + Math.floor(length / 2) * 11 + (length % 2) * 6

function dataBytes(text: string, { blocks, data }: Version): number[] {
  const codes = [...text].map((letter) => alphabet.indexOf(letter))
  if (codes.includes(-1)) throw new RangeError('a character outside the alphanumeric set')
  const bits: number[] = []
  const push = (value: number, count: number): void => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((value >> bit) & 1)
  }
  push(0b0010, 4)
  push(codes.length, 9)
  for (let i = 0; i + 1 < codes.length; i += 2) push((codes[i] ?? 0) * 45 + (codes[i + 1] ?? 0), 11)
  if (codes.length % 2 === 1) push(codes.at(-1) ?? 0, 6)
  const room = blocks * data * 8
  push(0, Math.min(4, room - bits.length))
  push(0, (8 - (bits.length % 8)) % 8)
  const bytes = Array.from({ length: bits.length / 8 }, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0))
  for (let pad = 0; bytes.length < room / 8; pad++) bytes.push(pad % 2 === 0 ? 0xec : 0x11)
  return bytes
}

const powers: number[] = []
const logs: number[] = Array.from({ length: 256 }, () => 0)
for (let i = 0, value = 1; i < 255; i++) {
  powers.push(value)
  logs[value] = i
  value = value < 128 ? value * 2 : (value * 2) ^ 0x11d
}
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : (powers[((logs[a] ?? 0) + (logs[b] ?? 0)) % 255] ?? 0))

/** Reed–Solomon check bytes over GF(256). */
function checkBytes(data: readonly number[], count: number): number[] {
  let generator = [1]
  for (let i = 0; i < count; i++) {
    const next = [...generator, 0]
    for (const [at, coefficient] of generator.entries()) next[at + 1] = (next[at + 1] ?? 0) ^ times(coefficient, powers[i] ?? 0)
    generator = next
  }
  const rest = [...data, ...Array.from({ length: count }, () => 0)]
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i] ?? 0
    for (const [at, coefficient] of generator.entries()) rest[i + at] = (rest[i + at] ?? 0) ^ times(coefficient, factor)
  }
  return rest.slice(data.length)
}

function interleaved(bytes: readonly number[], { blocks, data, check }: Version): number[] {
  const parts = Array.from({ length: blocks }, (_, i) => bytes.slice(i * data, (i + 1) * data))
  const checks = parts.map((part) => checkBytes(part, check))
  const across = (lists: readonly (readonly number[])[], length: number): number[] => Array.from({ length }, (_, i) => lists.map((list) => list[i] ?? 0)).flat()
  return [...across(parts, data), ...across(checks, check)]
}

/** Dark or light, and which modules are not data. */
interface Grid {
  size: number
  dark: Uint8Array
  fixed: Uint8Array
}

function newGrid(size: number, align: number | null): Grid {
  const grid: Grid = { size, dark: new Uint8Array(size * size), fixed: new Uint8Array(size * size) }
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]] as const) square(grid, [row, column], 4, (ring) => ring !== 2 && ring !== 4)
  if (align !== null) square(grid, [align, align], 2, (ring) => ring !== 1)
  for (let i = 8; i < size - 8; i++) {
    put(grid, 6, i, i % 2 === 0)
    put(grid, i, 6, i % 2 === 0)
  }
  for (let i = 0; i < 9; i++) {
    if (i !== 6) {
      put(grid, 8, i, false)
      put(grid, i, 8, false)
    }
    if (i < 8) {
      put(grid, 8, size - 1 - i, false)
      put(grid, size - 1 - i, 8, false)
    }
  }
  put(grid, size - 8, 8, true)
  return grid
}

function square(grid: Grid, [row, column]: readonly [number, number], radius: number, isDark: (ring: number) => boolean): void {
  for (let dy = -radius; dy <= radius; dy++) for (let dx = -radius; dx <= radius; dx++) put(grid, row + dy, column + dx, isDark(Math.max(Math.abs(dy), Math.abs(dx))))
}

function put(grid: Grid, row: number, column: number, isDark: boolean): void {
  if (row < 0 || column < 0 || row >= grid.size || column >= grid.size) return
  grid.dark[row * grid.size + column] = isDark ? 1 : 0
  grid.fixed[row * grid.size + column] = 1
}

/** Data goes up and down in pairs of columns from the right, past the column of the timing pattern. */
function place(grid: Grid, bytes: readonly number[]): void {
  const { size } = grid
  let bit = 0
  let isUp = true
  for (let right = size - 1; right > 0; right -= 2, isUp = !isUp) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step++) {
      for (const column of [right, right - 1]) {
        const at = (isUp ? size - 1 - step : step) * size + column
        if (grid.fixed[at] === 1) continue
        grid.dark[at] = ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1
        bit++
      }
    }
  }
}

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0, (r) => r % 2 === 0, (_, c) => c % 3 === 0, (r, c) => (r + c) % 3 === 0, (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0, (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
]

function best(grid: Grid): boolean[][] {
  const tried = masks.map((_, mask) => masked(grid, mask))
  const worth = tried.map(penalty)
  return tried[worth.indexOf(Math.min(...worth))] ?? []
}

function masked(grid: Grid, mask: number): boolean[][] {
  const { size } = grid
  const rows = Array.from({ length: size }, (_, r) => Array.from({ length: size }, (__, c) => (grid.dark[r * size + c] === 1) !== (grid.fixed[r * size + c] === 0 && masks[mask]?.(r, c) === true)))
  for (const [at, isDark] of formatBits(mask).entries()) {
    const [first, second] = formatPlaces(at, size)
    for (const [r, c] of [first, second]) if (rows[r] !== undefined) rows[r][c] = isDark
  }
  return rows
}

/** Level M and the mask with their BCH check, the highest bit first. */
function formatBits(mask: number): boolean[] {
  const data = mask // level M is 00
  let rest = data << 10
  for (let bit = 14; bit >= 10; bit--) if (((rest >> bit) & 1) === 1) rest ^= 0x537 << (bit - 10)
  const bits = ((data << 10) | rest) ^ 0x5412
  return Array.from({ length: 15 }, (_, i) => ((bits >> (14 - i)) & 1) === 1)
}

function formatPlaces(at: number, size: number): readonly [readonly [number, number], readonly [number, number]] {
  const first: readonly [number, number] = at < 6 ? [8, at] : at === 6 ? [8, 7] : at === 7 ? [8, 8] : at === 8 ? [7, 8] : [14 - at, 8]
  return [first, at < 7 ? [size - 1 - at, 8] : [8, size - 15 + at]]
}

/** The four rules by which a reader finds a code hard to read. */
function penalty(rows: readonly boolean[][]): number {
  const size = rows.length
  const columns = Array.from({ length: size }, (_, c) => rows.map((row) => row[c] === true))
  let sum = 0
  for (const line of [...rows, ...columns]) {
    const text = line.map((isDark) => (isDark ? '1' : '0')).join('')
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2
    sum += 40 * ((text.match(/(?=10111010000)/g)?.length ?? 0) + (text.match(/(?=00001011101)/g)?.length ?? 0))
  }
  for (let r = 0; r + 1 < size; r++) for (let c = 0; c + 1 < size; c++) if (rows[r]?.[c] === rows[r]?.[c + 1] && rows[r]?.[c] === rows[r + 1]?.[c] && rows[r]?.[c] === rows[r + 1]?.[c + 1]) sum += 3
  const share = rows.flat().filter(Boolean).length / (size * size)
  return sum + 10 * Math.floor(Math.abs(share * 100 - 50) / 5)
}
