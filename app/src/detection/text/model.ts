// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { wordBytes, type Characters } from './characters.ts'
import { rowCount } from './features.ts'
import { labelCount } from './labels.ts'

/** The tagger's model: what it knows of characters, and a row of weights (one byte a label, 128 is nothing) for every hash of a feature. */
export interface Model {
  characters: Characters
  weights: Uint8Array
}

const magic = 'handover/tagger/3'
const headBytes = 32
const classBytes = 65_536
const weightBytes = rowCount * labelCount

/** The model as a file: a line that names it, classes, filters of words, weights. */
export function encodeModel(model: Model): Uint8Array {
  const { classes, words, frequent, long } = model.characters
  const bytes = new Uint8Array(headBytes + classBytes + 3 * wordBytes + weightBytes)
  bytes.set(Buffer.from(`${magic}\n`))
  let at = headBytes
  for (const part of [classes, words, frequent, long, model.weights]) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Reads a model. Refuses bytes of another kind or length: our own file is damaged. */
export function decodeModel(bytes: Uint8Array): Model {
  if (bytes.length !== headBytes + classBytes + 3 * wordBytes + weightBytes || Buffer.from(bytes.subarray(0, magic.length)).toString('latin1') !== magic) throw new Error('the model of the text tagger is damaged: install the program anew')
  let at = headBytes
  const next = (length: number): Uint8Array => bytes.subarray(at, (at += length))
  return { characters: { classes: next(classBytes), words: next(wordBytes), frequent: next(wordBytes), long: next(wordBytes) }, weights: next(weightBytes) }
}

let loaded: Model | null = null

/** The built-in model, read once a thread when a text is first searched for names. */
export function builtInModel(): Model {
  loaded ??= decodeModel(readFileSync(new URL('./model.bin', import.meta.url)))
  return loaded
}

/** The SHA-256 of the built-in model: what another model found may differ. */
export function builtInModelDigest(): string {
  return createHash('sha256').update(readFileSync(new URL('./model.bin', import.meta.url))).digest('hex')
}
