// SPDX-License-Identifier: Apache-2.0

/** Stops the program when our own reasoning is wrong; never for bad input. The message must not hold a personal value. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`)
}

/** The value, or a stop when it is missing although our own reasoning says it cannot be. */
export function required<T>(value: T | null | undefined, message: string): T {
  assert(value !== null && value !== undefined, message)
  return value
}
