// SPDX-License-Identifier: Apache-2.0
import { ProofError } from './bytes.ts'
import type { JsonObject } from './jcs.ts'

/** Tells whether an unknown JSON value has a form; the door where signed JSON becomes a type (STYLE maxim 8). */
export type Shape<T> = (value: unknown) => value is T
/** The type that a shape lets through. */
export type Shaped<S> = S extends Shape<infer T> ? T : never

/** The value, if it has the shape; throws BAD_SHAPE and names what was read otherwise. */
export function readShape<T>(shape: Shape<T>, value: unknown, what: string): T {
  if (!shape(value)) throw new ProofError('BAD_SHAPE', `${what} lacks a member or has one of another form`)
  return value
}

/** A text. */
export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** A whole number from 0 to 2^53−1. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** True or false. */
export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

/** SHA-256 or tree root: 64 lower-case hexadecimal digits. */
export function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

/** 16 bytes as 32 lower-case hexadecimal digits. */
export function isHexId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
}

/** RFC 3339 time in UTC with milliseconds, as all our documents write it. */
export function isInstant(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)
}

/** An object with any members, as JSON.parse and our own reader give them. */
export function isJsonMembers(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

/** A list of anything. */
export function isList(value: unknown): value is unknown[] {
  return Array.isArray(value)
}

/** One of these texts. */
export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  return (value): value is T => words.some((word) => word === value)
}

/** The shape or null. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value): value is T | null => value === null || shape(value)
}

/** A list whose items all have the shape. */
export function listOf<T>(shape: Shape<T>): Shape<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every((item) => shape(item))
}

/** An object whose named members have these shapes; further members are let through. */
export function objectOf<S extends Record<string, Shape<unknown>>>(members: S): Shape<{ [K in keyof S]: Shaped<S[K]> }> {
  return (value): value is { [K in keyof S]: Shaped<S[K]> } =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(members).every(([name, shape]) => Object.hasOwn(value, name) && shape(Reflect.get(value, name)))
}
