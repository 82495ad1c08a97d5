// SPDX-License-Identifier: Apache-2.0
import { readAll } from '../byte-reader.ts'
import { ProofError, toHex } from '../bytes.ts'
import { MerkleAccumulator } from '../merkle.ts'
import type { ManifestDataSet, PackageManifest } from '../statements.ts'
import { readTar } from '../tar.ts'
import { outOfOrder, SEGMENT_BYTES_MAX, segmentsOf } from './check-segment.ts'
import type { CheckedSegment } from './check-segment.ts'
import type { BodyOf } from './matter-events.ts'
import { segmentPool } from './segment-threads.ts'
import type { PackageSource } from './verify-package.ts'
import type { CheckList } from './verdict.ts'

type Expected = { manifest: PackageManifest; issued: BodyOf<'PackageIssued'> }

const HASH_BYTES = 32
const RECORD_ID_AT = 32

/** Opens every segment and checks every record: order, fields, root; then the content root and the counts (CONTRACTS §7). */
export async function verifySegments(source: PackageSource, expected: Expected, checks: CheckList): Promise<void> {
  const walk = await checks.begin('manifest', () => new ContentWalk(expected.manifest))
  await checks.need('segments', async (say) => {
    await checkSegments(source, expected.manifest, walk)
    say({ zh: `${walk.records} 条记录逐字段核对`, en: `${walk.records} records checked field by field` })
  })
  await checks.also('content', (say) => {
    walk.finish()
    say({ zh: `${expected.manifest.records} 条记录,${expected.manifest.values} 个值,内容根一致`, en: `${expected.manifest.records} records, ${expected.manifest.values} values, same content root` })
  })
}

/** Segments are checked several at a time and taken in their order; only a few are in memory. */
async function checkSegments(source: PackageSource, manifest: PackageManifest, walk: ContentWalk): Promise<void> {
  const pool = segmentPool(segmentsOf(manifest, source.identities))
  const underWay: Promise<CheckedSegment>[] = []
  try {
    let index = 0
    for await (const { name, content } of readTar(source.open())) {
      if (!name.startsWith('segments/')) continue
      underWay.push(pool.check(await readAll(content, SEGMENT_BYTES_MAX), index))
      index += 1
      while (underWay.length >= pool.atOnce) walk.take(await oldest(underWay))
    }
    while (underWay.length > 0) walk.take(await oldest(underWay))
  } finally {
    await pool.close()
  }
}

async function oldest(underWay: Promise<CheckedSegment>[]): Promise<CheckedSegment> {
  const first = underWay.shift()
  if (first === undefined) throw new Error('assertion failed: a segment is under way')
  return first
}

/** Walks the checked segments of a package in order; memory does not grow with their number. */
class ContentWalk {
  readonly #manifest: PackageManifest
  readonly #dataSets: Map<string, ManifestDataSet>
  readonly #tree = new MerkleAccumulator()
  readonly #sums = new Map<string, { records: number; values: number }>()
  #last = ''

  constructor(manifest: PackageManifest) {
    this.#manifest = manifest
    this.#dataSets = new Map(manifest.dataSets.map((dataSet) => [dataSet.id, dataSet]))
    const isInOrder = manifest.dataSets.every(({ fields }) => fields.every(({ index }, at) => index === at) && new Set(fields.map(({ id }) => id)).size === fields.length)
    if (!isInOrder || this.#dataSets.size !== manifest.dataSets.length) throw new ProofError('ORDER', 'the manifest names a data set or a field twice, or fields out of order')
  }

  get records(): bigint {
    return this.#tree.size
  }

  take({ leaves, first, last, sums }: CheckedSegment): void {
    if (first !== '' && first <= this.#last) throw outOfOrder(first.slice(RECORD_ID_AT))
    if (last !== '') this.#last = last
    for (let at = 0; at < leaves.length; at += HASH_BYTES) this.#tree.push(leaves.subarray(at, at + HASH_BYTES))
    for (const [id, more] of sums) {
      const sum = this.#sums.get(id) ?? { records: 0, values: 0 }
      this.#sums.set(id, { records: sum.records + more.records, values: sum.values + more.values })
    }
  }

  finish(): void {
    const { contentRoot, records, values, dataSets } = this.#manifest
    if (toHex(this.#tree.root()) !== contentRoot) throw new ProofError('CONTENT_ROOT', 'the values lead to another root')
    for (const dataSet of dataSets) {
      const sum = this.#sums.get(dataSet.id) ?? { records: 0, values: 0 }
      if (sum.records !== dataSet.records || sum.values !== dataSet.values) throw new ProofError('COUNTS', `data set ${dataSet.id}`)
    }
    const total = [...this.#sums.values()].reduce((all, sum) => all + sum.values, 0)
    if (this.#tree.size !== BigInt(records) || total !== values) throw new ProofError('COUNTS', 'records or values of the package')
  }
}
