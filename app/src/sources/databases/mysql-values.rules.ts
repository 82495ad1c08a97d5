// SPDX-License-Identifier: Apache-2.0

/** A BIT value as its binary digits, as many as the column has (CONTRACTS §1: nothing is interpreted as a number). */
export function bitsText(bytes: Uint8Array, declaredType: string | undefined): string {
  const width = Number(/^bit\((\d+)\)/.exec(declaredType ?? '')?.[1] ?? bytes.length * 8)
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('').slice(-width).padStart(width, '0')
}

/** The shortest text that gives a DOUBLE back. */
export function doubleText(text: string): string {
  const value = Number(text)
  return Object.is(value, -0) ? '-0' : String(value)
}

/** The shortest text that gives a single-precision FLOAT back; the server would show six digits of it. */
export function floatText(text: string): string {
  const value = Math.fround(Number(text))
  if (!Number.isFinite(value) || value === 0) return Object.is(value, -0) ? '-0' : String(value)
  for (let digits = 1; digits <= 9; digits++) {
    const shorter = Number(value.toPrecision(digits))
    if (Math.fround(shorter) === value) return String(shorter)
  }
  return String(value)
}
