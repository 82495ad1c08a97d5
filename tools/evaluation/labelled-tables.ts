// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from '../../app/src/demo/index.ts'
import { makers, usualMaker } from './sample-values.ts'

/** A column whose type is known: the label, and what may be said as well where the definition leaves both open. */
export interface LabelledColumn {
  name: string
  comment: string
  labels: readonly string[]
  values: readonly string[]
  /** The word that made the values. */
  maker: string
}

/** A table of labelled columns. */
export interface LabelledTable {
  name: string
  comment: string
  columns: readonly LabelledColumn[]
}

/** The set that was looked at, the one that was not, the third one, the two halves of the fourth to the eighth, and what came to the seventh later. */
export type Half = 'dev' | 'held-out' | 'fresh' | 'fourth' | 'fourth-held' | 'fifth' | 'fifth-held' | 'sixth' | 'sixth-held' | 'seventh' | 'seventh-held' | 'seventh-third-held' | 'eighth' | 'eighth-second'

/** Reads one part of the evaluation's schemas and fills it with invented values, the same ones for the same seed; refuses an unknown word for values. */
export function labelledTables(half: Half, seed = 'evaluation'): LabelledTable[] {
  const tables: LabelledTable[] = []
  let head: string[] = []
  for (const line of readFileSync(join(import.meta.dirname, 'schemas', `${half}.txt`), 'utf8').split('\n')) {
    if (line.startsWith('==')) head = line.slice(2).split('|').map((part) => part.trim())
    else if (line !== '' && !line.startsWith('#')) tables.push(tableOf(head, line, seed))
  }
  return tables
}

function tableOf(head: readonly string[], line: string, seed: string): LabelledTable {
  const [name = '', comment = '', rows = '100'] = head
  const columns = line.split(';').map((part): LabelledColumn => {
    const [definition = '', columnComment = ''] = part.trim().split('#')
    const [column = '', rest = ''] = definition.split('=')
    const [labelText = '', word] = rest.split(':')
    const labels = labelText.split('/')
    const kind = word ?? usualMaker[labels[0] ?? ''] ?? ''
    const make = makers[kind]
    if (make === undefined) throw new RangeError(`${name}.${column}: no values ${kind}`)
    const random = seededRandom(`${seed}/${name}/${column}`)
    return { name: column, comment: columnComment, labels, maker: kind, values: Array.from({ length: Number(rows) }, (_, row) => make(random, row)) }
  })
  return { name, comment, columns }
}
