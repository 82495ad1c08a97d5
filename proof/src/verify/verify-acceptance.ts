// SPDX-License-Identifier: Apache-2.0
import { ACCEPTANCE_FILES, AcceptedRecordsWalk, DifferencesWalk } from '../acceptance-file.ts'
import { readAll } from '../byte-reader.ts'
import { decodeUtf8Strict, ProofError, toHex } from '../bytes.ts'
import { readAcceptance } from '../statements.ts'
import type { Acceptance } from '../statements.ts'
import { readTar } from '../tar.ts'
import { RECEIVING_ROLES } from './bundle-statements.ts'
import { openStatement, partyKeys } from './trust.ts'
import type { Trust } from './trust.ts'
import type { CheckList } from './verdict.ts'

const STATEMENT_BYTES_MAX = 64 * 1024 * 1024
const ID_BYTES = 16

/** What one pass over an acceptance finds; memory grows only with the records that were seen twice. */
class AcceptancePass {
  readonly names: string[] = []
  readonly seenTwice = new IdList()
  readonly saidTwice = new IdList()
  readonly records = new AcceptedRecordsWalk((row) => {
    if (row.readUInt16BE(48) > 1) this.seenTwice.add(row.subarray(0, ID_BYTES))
  })
  readonly differences = new DifferencesWalk(({ kind, recordId }) => {
    if (kind === 'duplicate') this.saidTwice.add(Buffer.from(recordId, 'hex'))
  })
  statement: Uint8Array | null = null

  async read(source: AsyncIterable<Uint8Array>): Promise<this> {
    for await (const { name, content } of readTar(source)) {
      this.names.push(name)
      if (name === ACCEPTANCE_FILES.statement) this.statement = await readAll(content, STATEMENT_BYTES_MAX)
      if (name === ACCEPTANCE_FILES.records) for await (const part of content) this.records.take(part)
      if (name === ACCEPTANCE_FILES.differences) for await (const part of content) this.differences.take(part)
    }
    return this
  }
}

/** Checks an acceptance in one pass with flat memory: form, recipient's signature, digests, accepted root, differences against status (CONTRACTS §8). */
export async function verifyAcceptance(open: () => AsyncIterable<Uint8Array>, trust: Trust, checks: CheckList): Promise<void> {
  const pass = await checks.need('form', () => new AcceptancePass().read(open()))
  const acceptance = await checks.need('signature', () => {
    if (pass.statement === null) throw new ProofError('FILE_MISSING', ACCEPTANCE_FILES.statement)
    return readAcceptance(openStatement(decodeUtf8Strict(pass.statement), trust, (policy) => partyKeys(policy, RECEIVING_ROLES)).statement)
  })
  await checks.need('index', () => checkFiles(pass, acceptance))
  await checks.need('records', (say) => {
    const { count, root } = pass.records.finish()
    if (toHex(root) !== acceptance.acceptedRoot) throw new ProofError('ROOT', 'accepted records')
    if (count !== acceptance.records) throw new ProofError('COUNTS', `${count} records, the acceptance says ${acceptance.records}`)
    say({ zh: `${count} 条`, en: `${count} records` })
  })
  await checks.also('differences', (say) => {
    const { count } = pass.differences.finish()
    checkStatus(acceptance, pass, count)
    say({ zh: `${count} 处差异,拒收 ${acceptance.refused.length} 条`, en: `${count} differences, ${acceptance.refused.length} refused` })
  })
  checks.cannot('packages', { zh: '是否与移交包一致,由对账核对', en: 'whether it matches the package is checked by reconciling' })
}

function checkFiles(pass: AcceptancePass, acceptance: Acceptance): void {
  const { statement, records, differences } = ACCEPTANCE_FILES
  if (pass.names.join(' ') !== [statement, records, differences].join(' ')) throw new ProofError('TAR_FORM', 'files are missing, added or out of order')
  if (toHex(pass.records.digest()) !== acceptance.recordsDigest) throw new ProofError('DIGEST', records)
  if (toHex(pass.differences.digest()) !== acceptance.differencesDigest) throw new ProofError('DIGEST', differences)
}

/** `complete` means no difference and no refusal; the records seen twice are those that the differences name, both in the order of ids. */
function checkStatus(acceptance: Acceptance, { seenTwice, saidTwice }: AcceptancePass, differences: number): void {
  const isComplete = differences === 0 && acceptance.refused.length === 0
  if (isComplete !== (acceptance.status === 'complete')) throw new ProofError('ACCEPTANCE', 'status and differences contradict each other')
  const at = seenTwice.firstOther(saidTwice)
  if (at !== null) throw new ProofError('ACCEPTANCE', `record ${at}: rows seen and differences contradict each other`)
}

/** Record ids one after the other in one growing array: a million of them take 16 MB. */
class IdList {
  #bytes = Buffer.alloc(1024)
  #size = 0

  add(id: Uint8Array): void {
    if (this.#size + ID_BYTES > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)])
    this.#bytes.set(id, this.#size)
    this.#size += ID_BYTES
  }

  /** The first id at which two lists differ, or null. */
  firstOther(other: IdList): string | null {
    for (let at = 0; at < Math.max(this.#size, other.#size); at += ID_BYTES) {
      const [own, its] = [this.#at(at), other.#at(at)]
      if (own !== its) return own === '' || (its !== '' && its < own) ? its : own
    }
    return null
  }

  #at(at: number): string {
    return at < this.#size ? toHex(this.#bytes.subarray(at, at + ID_BYTES)) : ''
  }
}
