// SPDX-License-Identifier: Apache-2.0
import { ACCEPTANCE_FILES, decodeAcceptedRecords, decodeDifferences, recordSetRoot } from '../acceptance-file.ts'
import type { AcceptedRecord, Difference } from '../acceptance-file.ts'
import { ProofError, sha256, toHex } from '../bytes.ts'
import { readAcceptance } from '../statements.ts'
import type { Acceptance } from '../statements.ts'
import { RECEIVING_ROLES } from './bundle-statements.ts'
import { fileOf, textOf } from './opened-bundle.ts'
import { openStatement, partyKeys } from './trust.ts'
import type { Trust } from './trust.ts'
import type { CheckList } from './verdict.ts'

/** Checks an acceptance: form, recipient's signature, digests, accepted root, differences against status (CONTRACTS §8). */
export async function verifyAcceptance(files: Map<string, Uint8Array>, trust: Trust, checks: CheckList): Promise<void> {
  const acceptance = await checks.need('signature', () => {
    const opened = openStatement(textOf(files, ACCEPTANCE_FILES.statement), trust, (policy) => partyKeys(policy, RECEIVING_ROLES))
    return readAcceptance(opened.statement)
  })
  await checks.need('index', () => checkFiles(files, acceptance))
  const records = await checks.need('records', (say) => {
    const found = decodeAcceptedRecords(fileOf(files, ACCEPTANCE_FILES.records))
    if (toHex(recordSetRoot(found)) !== acceptance.acceptedRoot) throw new ProofError('ROOT', 'accepted records')
    if (found.length !== acceptance.records) throw new ProofError('COUNTS', `${found.length} records, the acceptance says ${acceptance.records}`)
    say({ zh: `${found.length} 条`, en: `${found.length} records` })
    return found
  })
  await checks.also('differences', (say) => {
    const differences = decodeDifferences(fileOf(files, ACCEPTANCE_FILES.differences))
    checkStatus(acceptance, records, differences)
    say({ zh: `${differences.length} 处差异,拒收 ${acceptance.refused.length} 条`, en: `${differences.length} differences, ${acceptance.refused.length} refused` })
  })
  checks.cannot('packages', { zh: '是否与移交包一致,由对账核对', en: 'whether it matches the package is checked by reconciling' })
}

function checkFiles(files: Map<string, Uint8Array>, acceptance: Acceptance): void {
  const { statement, records, differences } = ACCEPTANCE_FILES
  if ([...files.keys()].join(' ') !== [statement, records, differences].join(' ')) throw new ProofError('TAR_FORM', 'files are missing, added or out of order')
  if (toHex(sha256(fileOf(files, records))) !== acceptance.recordsDigest) throw new ProofError('DIGEST', records)
  if (toHex(sha256(fileOf(files, differences))) !== acceptance.differencesDigest) throw new ProofError('DIGEST', differences)
}

/** `complete` means no difference and no refusal; a record seen twice must be among the differences. */
function checkStatus(acceptance: Acceptance, records: readonly AcceptedRecord[], differences: readonly Difference[]): void {
  const isComplete = differences.length === 0 && acceptance.refused.length === 0
  if (isComplete !== (acceptance.status === 'complete')) throw new ProofError('ACCEPTANCE', 'status and differences contradict each other')
  const doubled = new Set(differences.filter(({ kind }) => kind === 'duplicate').map(({ recordId }) => recordId))
  for (const { recordId, seen } of records) {
    if (seen > 1 !== doubled.has(toHex(recordId))) throw new ProofError('ACCEPTANCE', `record ${toHex(recordId)}: rows seen and differences contradict each other`)
  }
}
