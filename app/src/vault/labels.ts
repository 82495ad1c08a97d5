// SPDX-License-Identifier: Apache-2.0
import type { Tx } from '../store/index.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import { matterKey } from './matter-keys.ts'
import { labelRows, putLabels } from './record-cipher.store.ts'
import { boundTo, openBytes, sealBytes } from './seal-bytes.ts'
import { vaultFailures } from './vault-failures.ts'
import type { Label } from './vault.ts'

/** Seals words under the matter's label key (CONTRACTS §2), each bound to its owner and kind; a newer word takes the place of the older. */
export async function sealLabels(room: KeyRoom, matterId: string, labels: readonly Label[], tx: Tx): Promise<void> {
  const scope = scopeOf(room, matterId)
  const key = await matterKey(room, matterId, 'labels')
  // One statement cannot write a row twice: of equal places the last word counts.
  const last = new Map(labels.map((label) => [JSON.stringify([label.owner, label.kind]), label]))
  const rows = [...last.values()].map(({ owner, kind, text }) => ({ owner, kind, sealed: sealBytes(key, boundTo('label', room.tenant, matterId, kind, owner), Buffer.from(text, 'utf8')) }))
  if (rows.length > 0) await putLabels(tx, scope, rows)
}

/** The words of one kind, by owner; of one owner when given. Refuses what does not open. */
export async function openLabels(room: KeyRoom, matterId: string, kind: string, owner: string | null): Promise<Map<string, string>> {
  const rows = await labelRows(room.main, scopeOf(room, matterId), kind, owner)
  if (rows.length === 0) return new Map()
  const key = await matterKey(room, matterId, 'labels')
  return new Map(rows.map((row) => [row.owner, textOf(openBytes(key, boundTo('label', room.tenant, matterId, kind, row.owner), row.sealed), `label ${kind} ${row.owner}`)]))
}

/** Seals a text that stands in a column of another room, bound to what and where it is. */
export async function sealText(room: KeyRoom, matterId: string, bound: string, text: string): Promise<Buffer> {
  return sealBytes(await matterKey(room, matterId, 'labels'), boundTo('text', room.tenant, matterId, bound), Buffer.from(text, 'utf8'))
}

/** Opens a text sealed by `sealText`; refuses another place. */
export async function openText(room: KeyRoom, matterId: string, bound: string, sealed: Uint8Array): Promise<string> {
  return textOf(openBytes(await matterKey(room, matterId, 'labels'), boundTo('text', room.tenant, matterId, bound), sealed), `text ${bound}`)
}

function textOf(bytes: Buffer | null, place: string): string {
  if (bytes === null) throw vaultFailures.KEY_STORE_DAMAGED({ place })
  return bytes.toString('utf8')
}
