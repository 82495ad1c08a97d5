// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomBytes } from 'node:crypto'

/** Kinds of ids: the prefix that stands before the underscore. */
export type IdKind = 'mat' | 'pty' | 'per' | 'src' | 'ds' | 'fld' | 'sub' | 'cpy' | 'fct' | 'pln' | 'pkg' | 'ord' | 'apr' | 'crt' | 'evt' | 'bat' | 'bck' | 'dlt' | 'frz' | 'grd' | 'law' | 'pvn' | 'ovr' | 'opn' | 'ltr' | 'pia' | 'aud'

/** Where new ids come from: randomness in production, a seed in the demo and in tests so that a run can be compared with another. */
export interface IdSource {
  /** 16 new bytes for this kind; with a name, the same bytes for the same name in a seeded source. */
  bytes(kind: IdKind, name?: string): Buffer
}

/** Ids from the system's randomness. */
export const randomIds: IdSource = { bytes: () => randomBytes(16) }

/** Ids that follow from a seed and a name or a running number; only for demo homes and tests. Secrets never come from here. */
export function seededIds(seed: string): IdSource {
  let counter = 0
  return {
    bytes: (kind, name) => createHmac('sha256', `handover-demo-ids/${seed}`).update(`${kind}/${name ?? `#${counter++}`}`).digest().subarray(0, 16),
  }
}

/** The text of an id: kind, underscore, 32 hexadecimal digits. */
export function idText(kind: IdKind, bytes: Uint8Array): string {
  return `${kind}_${Buffer.from(bytes).toString('hex')}`
}

/** The 16 bytes of an id text; refuses another kind or a malformed id. */
export function idBytes(kind: IdKind, text: string): Buffer {
  const match = new RegExp(`^${kind}_([0-9a-f]{32})$`).exec(text)
  if (match?.[1] === undefined) throw new RangeError(`not an id of kind ${kind}`)
  return Buffer.from(match[1], 'hex')
}
