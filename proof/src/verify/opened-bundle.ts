// SPDX-License-Identifier: Apache-2.0
import type { BundleIndex } from '../bundle-file.ts'
import { decodeUtf8Strict, ProofError } from '../bytes.ts'
import type { Policy } from '../policy.ts'
import type { MatterEvent } from './matter-events.ts'

/** A bundle whose form, seal, log and events held: what the checks of books and flows work on. */
export type OpenedBundle = { index: BundleIndex; files: Map<string, Uint8Array>; events: MatterEvent[]; policy: Policy; isGiven: boolean }

/** A file of the bundle; refuses a bundle without it. */
export function fileOf(files: Map<string, Uint8Array>, name: string): Uint8Array {
  const bytes = files.get(name)
  if (bytes === undefined) throw new ProofError('FILE_MISSING', name)
  return bytes
}

/** A file of the bundle as text. */
export function textOf(files: Map<string, Uint8Array>, name: string): string {
  return decodeUtf8Strict(fileOf(files, name))
}
