// SPDX-License-Identifier: Apache-2.0
import { ageDecrypt } from '../age.ts'
import { readAll } from '../byte-reader.ts'
import { ProofError, toHex } from '../bytes.ts'
import { MerkleAccumulator } from '../merkle.ts'
import { compareRecords, decodeSegment, segmentContentLeaf, verifySegmentRecord } from '../segment.ts'
import type { SegmentRecord } from '../segment.ts'
import type { ManifestDataSet, PackageManifest } from '../statements.ts'
import { readTar } from '../tar.ts'
import { isValue } from '../values.ts'
import type { BodyOf } from './matter-events.ts'
import type { PackageSource } from './verify-package.ts'
import type { CheckList } from './verdict.ts'

type Expected = { manifest: PackageManifest; issued: BodyOf<'PackageIssued'> }
type Sums = Map<string, { records: number; values: number }>

/** A segment is at most 64 MiB unpacked; padded and encrypted it is hardly more. */
const SEGMENT_BYTES_MAX = 128 * 1024 * 1024

/** Opens every segment and checks every record: order, fields, root; then the content root and the counts (CONTRACTS §7). */
export async function verifySegments(source: PackageSource, expected: Expected, checks: CheckList): Promise<void> {
  const walk = await checks.begin('manifest', () => new ContentWalk(expected.manifest))
  await checks.need('segments', async (say) => {
    let index = 0
    for await (const { name, content } of readTar(source.open())) {
      if (!name.startsWith('segments/')) continue
      const plain = await readAll(ageDecrypt(content, { identities: source.identities }), SEGMENT_BYTES_MAX)
      walk.take(plain, index)
      index += 1
    }
    say({ zh: `${walk.records} 条记录逐字段核对`, en: `${walk.records} records checked field by field` })
  })
  await checks.also('content', (say) => {
    walk.finish()
    say({ zh: `${expected.manifest.records} 条记录,${expected.manifest.values} 个值,内容根一致`, en: `${expected.manifest.records} records, ${expected.manifest.values} values, same content root` })
  })
}

/** Walks the records of a package in order; memory does not grow with their number. */
class ContentWalk {
  readonly #manifest: PackageManifest
  readonly #dataSets: Map<string, ManifestDataSet>
  readonly #tree = new MerkleAccumulator()
  readonly #sums: Sums = new Map()
  #last: SegmentRecord | null = null

  constructor(manifest: PackageManifest) {
    this.#manifest = manifest
    this.#dataSets = new Map(manifest.dataSets.map((dataSet) => [dataSet.id, dataSet]))
    const isInOrder = manifest.dataSets.every(({ fields }) => fields.every(({ index }, at) => index === at) && new Set(fields.map(({ id }) => id)).size === fields.length)
    if (!isInOrder || this.#dataSets.size !== manifest.dataSets.length) throw new ProofError('ORDER', 'the manifest names a data set or a field twice, or fields out of order')
  }

  get records(): bigint {
    return this.#tree.size
  }

  take(plain: Uint8Array, index: number): void {
    const { header, records } = decodeSegment(plain)
    if (header.package !== this.#manifest.package || header.index !== index) throw new ProofError('BAD_SEGMENT', `segment ${index} is of another package or place`)
    if (this.#manifest.segments[index]?.records !== records.length) throw new ProofError('COUNTS', `segment ${index} has another number of records`)
    for (const record of records) this.#record(record)
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

  #record(record: SegmentRecord): void {
    if (this.#last !== null && compareRecords(this.#last, record) >= 0) throw new ProofError('ORDER', `record ${toHex(record.recordId)} is out of order or there twice`)
    this.#last = record
    const id = toHex(record.dataSetId)
    const dataSet = this.#dataSets.get(id)
    if (dataSet === undefined) throw new ProofError('COUNTS', `data set ${id} is not in the manifest`)
    verifySegmentRecord(record, dataSet)
    this.#tree.push(segmentContentLeaf(record, dataSet))
    const sum = this.#sums.get(id) ?? { records: 0, values: 0 }
    this.#sums.set(id, { records: sum.records + 1, values: sum.values + record.fields.filter(({ value }) => isValue(value)).length })
  }
}
