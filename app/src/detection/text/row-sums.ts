// SPDX-License-Identifier: Apache-2.0
// Adding up rows of weights is a third of the time of a search for names. WebAssembly widens and adds the eight bytes of a row at once; JavaScript needs a dozen steps for each row.
import { featureCount } from './features.ts'
import { labelCount } from './labels.ts'

const pageBytes = 65_536
const rowBytes = 4 * featureCount
const sumBytes = 2 * labelCount

/** The sums of the weights of all features at each position of a piece, and memory of its own for them: 26 bytes of at most 255 stay below 65,536. */
export class RowSums {
  /** The rows of all features, position after position, to be written before `add`. */
  readonly rows: Int32Array
  /** A sum for each label, position after position. */
  readonly sums: Uint16Array
  private readonly sumRows: (rows: number, sums: number, end: number) => void

  constructor(weights: Uint8Array, longest: number) {
    const rowsAt = weights.length
    const sumsAt = rowsAt + longest * rowBytes + 8 // the sums begin at a multiple of 16 or not: a store of 16 bytes may stand anywhere
    const memory = new WebAssembly.Memory({ initial: Math.ceil((sumsAt + longest * sumBytes) / pageBytes) })
    new Uint8Array(memory.buffer).set(weights)
    this.rows = new Int32Array(memory.buffer, rowsAt, longest * featureCount)
    this.sums = new Uint16Array(memory.buffer, sumsAt, longest * labelCount)
    const { sumRows } = new WebAssembly.Instance(new WebAssembly.Module(kernel()), { own: { memory } }).exports
    if (!isSum(sumRows)) throw new Error('assertion failed: the kernel has its function')
    this.sumRows = sumRows
  }

  /** Adds up the rows of the first `length` positions. */
  add(length: number): void {
    if (length > 0) this.sumRows(this.rows.byteOffset, this.sums.byteOffset, this.rows.byteOffset + length * rowBytes)
  }
}

const isSum = (value: unknown): value is (rows: number, sums: number, end: number) => void => typeof value === 'function'

// The names of WebAssembly's binary format (Core Specification 2.0, §5).
const type = { i32: 0x7f, function: 0x60 } as const
const section = { types: 1, imports: 2, functions: 3, exports: 7, code: 10 } as const
const op = { loop: 0x03, branchIf: 0x0d, end: 0x0b, get: 0x20, set: 0x21, tee: 0x22, load32: 0x28, constant: 0x41, less: 0x49, add: 0x6a, shiftLeft: 0x74, vector: 0xfd } as const
const vector = { widenBytes: [op.vector, 0x02], store: [op.vector, 0x0b], add16: [op.vector, 0x8e, 0x01] } as const
const kindOf = { function: 0x00, memory: 0x02 } as const
const [rowsLocal, sumsLocal, endLocal] = [0, 1, 2]
const noValue = 0x40

/** A whole number as the format writes it: seven bits a byte, the lowest first. */
const number = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...number(value >>> 7)])
const list = (...items: readonly (readonly number[])[]): number[] => [...number(items.length), ...items.flat()]
const sized = (bytes: readonly number[]): number[] => [...number(bytes.length), ...bytes]
const name = (text: string): number[] => sized([...Buffer.from(text)])
/** Signed numbers have the sign in the seventh bit: below 64 they are as unsigned ones. */
const constant = (value: number): number[] => [op.constant, ...(value < 64 ? [value] : [(value & 0x7f) | 0x80, ...constant(value >>> 7).slice(1)])]

/** A loop over positions: load each feature's row number, fetch its eight bytes as eight numbers of 16 bits, add them, store the sum. */
function kernel(): Uint8Array {
  const rowOf = (feature: number): number[] => [op.get, rowsLocal, op.load32, 2, ...number(4 * feature), ...constant(Math.log2(labelCount)), op.shiftLeft, ...vector.widenBytes, 0, 0]
  const sum = Array.from({ length: featureCount }, (_, feature) => (feature === 0 ? rowOf(0) : [...rowOf(feature), ...vector.add16])).flat()
  const advance = (local: number, by: number): number[] => [op.get, local, ...constant(by), op.add]
  const body = [
    op.loop, noValue, op.get, sumsLocal, ...sum, ...vector.store, 0, 0, ...advance(sumsLocal, sumBytes), op.set, sumsLocal, ...advance(rowsLocal, rowBytes), op.tee, rowsLocal, op.get, endLocal, op.less, op.branchIf, 0, op.end, op.end,
  ]
  const sectionOf = (id: number, ...items: readonly (readonly number[])[]): number[] => [id, ...sized(list(...items))]
  return Uint8Array.from([
    ...Buffer.from('\0asm'), 1, 0, 0, 0,
    ...sectionOf(section.types, [type.function, ...list([type.i32], [type.i32], [type.i32]), ...list()]),
    ...sectionOf(section.imports, [...name('own'), ...name('memory'), kindOf.memory, 0, 1]),
    ...sectionOf(section.functions, [0]),
    ...sectionOf(section.exports, [...name('sumRows'), kindOf.function, 0]),
    ...sectionOf(section.code, sized([...list(), ...body])),
  ])
}
