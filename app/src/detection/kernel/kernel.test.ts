// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { byteClasses } from '../byte-classes.ts'
import { compileKernel } from './compile-kernel.ts'
import { kernelBytes } from './kernel-bytes.ts'
import { classByHalves, writeTables } from './kernel-tables.ts'
import { at } from './kernel-layout.ts'

const numeric = (value: unknown): value is (...given: number[]) => number => typeof value === 'function'

function run(source: string, ...given: number[]): number {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(compileKernel(source)), { own: { memory } }).exports
  if (!numeric(f)) throw new TypeError('no function')
  return f(...given)
}

describe('the counting kernel', () => {
  it('is what its sources compile to; else: node app/src/detection/kernel/write-kernel.ts', () => {
    expect(Buffer.from(kernelBytes()).equals(readFileSync(join(import.meta.dirname, 'kernel.wasm')))).toBe(true)
  })

  it('classes every byte as the table does', () => {
    const memory = new Uint8Array(at.window)
    writeTables(memory)
    for (let byte = 0; byte < 256; byte++) expect(classByHalves(memory, byte), String(byte)).toBe(byteClasses[byte])
  })

  it('compiles loops, conditions, calls and what is written out', () => {
    const source = `
      fn twice(x): i32 { return x + x }
      fn gcd(a, b): i32 {
        while (b) {
          let rest = a % b
          a = b
          b = rest
        }
        return a
      }
      fn f(a, b): i32 {
        let sum = 0
        let i = 0
        while (1) {
          i = i + 1
          if (i > b) { break }
          if ((i & 1) == 0 && i != 6 || i == 3) { continue } else if (i == 5) { sum = sum + 100 }
          sum = sum + twice(twice(i) + a)
        }
        return sum + gcd(a * 12, 18) + low(wide(a) * 3L)
      }`
    const expected = (a: number, b: number): number => {
      let sum = 0
      for (let i = 1; i <= b; i++) if (!((i % 2 === 0 && i !== 6) || i === 3)) sum += (i === 5 ? 100 : 0) + 2 * (2 * i + a)
      const gcd = (x: number, y: number): number => (y === 0 ? x : gcd(y, x % y))
      return sum + gcd(a * 12, 18) + a * 3
    }
    for (const [a, b] of [[1, 0], [2, 4], [3, 9], [7, 12]] as const) expect(run(source, a, b)).toBe(expected(a, b))
  })

  it('refuses a source that is not well-formed', () => {
    for (const source of ['fn f(a): i32 { return b }', 'fn f(a): i32 { return a', 'fn f(a): i32 { return a + 1L }', 'fn f(a): i32 { break return a }', 'fn f(a) { g(a) }']) expect(() => compileKernel(source), source).toThrow(SyntaxError)
  })
})
