// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { MerkleAccumulator } from '@handover/proof'
import type { Context } from '../../context.ts'
import type { ReadGrant } from '../../vault/index.ts'
import type { InventoryDataSet } from '../discover/index.ts'
import type { PackageRow, SegmentRow } from './package.store.ts'
import type { SendingRecord } from './sending-records.ts'

/** What a package is built from. */
export interface SegmentOrder {
  row: Pick<PackageRow, 'id'>
  purpose: 'transfer' | 'custody'
  recipientKey: string
  /** The records in the order of a package; asked for once more when an interrupted attempt left something. */
  records(): AsyncGenerator<SendingRecord[], void, undefined>
  /** About how many there are. */
  total: number
  dataSets: readonly InventoryDataSet[]
  grant: Pick<ReadGrant, 'person' | 'approval'>
}

/** Segments on disk, and what the manifest and the books say of them. */
export interface BuiltSegments {
  segments: SegmentRow[]
  contentRoot: Uint8Array
  records: number
  values: number
  /** By data set. */
  counts: Map<string, { records: number; values: number }>
}

/** A package in the making. */
export interface Building extends Omit<BuiltSegments, 'contentRoot'> {
  content: MerkleAccumulator
}

/** Where the ciphertext of a package lies until it is reconciled. */
export function packageFolder(ctx: Context, packageId: string): string {
  return join(ctx.home.paths.objects, 'packages', packageId)
}

/** What binds the sealed leaves of a segment to their place. */
export function contentPlace(packageId: string, position: number): string {
  return `package-content/${packageId}/${position}`
}

/** Takes away everything that was made of a package on the disk. */
export function dropSegments(ctx: Context, packageId: string): void {
  rmSync(packageFolder(ctx, packageId), { recursive: true, force: true })
}
