// SPDX-License-Identifier: Apache-2.0
import { ByteReader, readAll } from '../byte-reader.ts'
import { decodeUtf8Strict, ProofError } from '../bytes.ts'
import { unverifiedStatement } from '../dsse.ts'
import { isJsonObject, parseJsonStrict } from '../jcs.ts'
import { isEquivocationText } from '../equivocation.ts'
import { parsePolicy } from '../policy.ts'
import { isSealedReceiptFile } from '../sealed-receipt-file.ts'
import type { Policy } from '../policy.ts'
import type { FileSource } from './opened-bundle.ts'
import type { Trust } from './trust.ts'
import { CheckList, Stopped } from './verdict.ts'
import type { FileKind, Language, Verdict } from './verdict.ts'
import { verifyAcceptance } from './verify-acceptance.ts'
import { verifyBundle } from './verify-bundle.ts'
import { verifyEquivocation } from './verify-equivocation.ts'
import { verifyCheckpoint, verifyTlogProofFile } from './verify-log-head.ts'
import { verifyPackage } from './verify-package.ts'
import type { PackageSource } from './verify-package.ts'
import { verifyReceipt } from './verify-receipt.ts'
import { isCertificate, verifyStatement } from './verify-statement.ts'

/** What the verifier brings along: its policy's text, age identities for packages, the language of details. */
export type VerifyOptions = { policy?: string; identities?: readonly string[]; language?: Language }

/** Opens the file from its beginning. */
type Open = () => AsyncIterable<Uint8Array>

const TEXT_BYTES_MAX = 64 * 1024 * 1024
const TAR_KINDS: Record<string, FileKind> = { 'bundle.json': 'bundle', 'outer.json': 'package', 'acceptance.json': 'acceptance' }
/** First bytes of gzip, zip, zstd, xz and 7z files, as latin1. */
const PACKED = ['\u001f\u008b', 'PK\u0003\u0004', '\u0028\u00b5\u002f\u00fd', '\u00fd7zXZ', '7z\u00bc\u00af']

/**
 * Finds out what a file is by its content and checks it offline, trusting only the policy that is given (CONTRACTS §11); it is read from its
 * beginning more than once. Throws for a malformed policy (BAD_POLICY, BAD_VKEY) and a package that this Node cannot unpack (NO_ZSTD); everything else becomes a verdict.
 */
export async function verifySource(source: Open | FileSource, options: VerifyOptions = {}): Promise<Verdict> {
  const from = typeof source === 'function' ? { open: source } : source
  const trust: Trust = { policy: options.policy === undefined ? null : policyOf(options.policy), isGiven: options.policy !== undefined }
  const checks = new CheckList(options.language ?? 'zh')
  let what: FileKind = 'unknown'
  try {
    what = await checks.begin('form', () => detectKind(from.open))
    await dispatch(what, { ...from, identities: options.identities ?? [] }, trust, checks)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
  }
  return { ok: checks.ok, what, trust: trust.isGiven ? 'policy' : 'self-declared', partial: checks.partial, checks: checks.checks, unchecked: checks.unchecked }
}

let lastPolicy: { text: string; policy: Policy } | null = null

/** Many files are verified under one policy, one after the other. */
function policyOf(text: string): Policy {
  if (lastPolicy?.text !== text) lastPolicy = { text, policy: parsePolicy(text) }
  return lastPolicy.policy
}

/** Process exit code of a verdict: 0 holds under the policy, 3 holds but self-declared, lacking what such a file proves today, or a proof that a log cheated (nobody may go on as if all were well), 65 refused (PRODUCT §5). */
export function exitCodeOf(verdict: Verdict): 0 | 3 | 65 {
  if (!verdict.ok) return 65
  return verdict.trust === 'policy' && !verdict.partial && verdict.what !== 'equivocation' ? 0 : 3
}

async function dispatch(what: FileKind, source: PackageSource & FileSource, trust: Trust, checks: CheckList): Promise<void> {
  if (what === 'package') return verifyPackage(source, trust, checks)
  if (what === 'bundle') return verifyBundle(source, trust, checks)
  if (what === 'acceptance') return verifyAcceptance(source.open, trust, checks)
  const text = await checks.begin('form', () => textOf(source.open))
  if (what === 'receipt') return verifyReceipt(text, trust, checks)
  if (what === 'checkpoint') return verifyCheckpoint(text, trust, checks)
  if (what === 'equivocation') return verifyEquivocation(text, trust, checks)
  if (what === 'tlog-proof') return verifyTlogProofFile(text, trust, checks)
  return verifyStatement(text, trust, checks)
}

async function detectKind(open: Open): Promise<FileKind> {
  const reader = new ByteReader(open())
  const head = Buffer.from(await reader.upTo(512)).toString('latin1')
  await reader.close()
  if (head.slice(257, 262) === 'ustar') return tarKind(head)
  if (head.startsWith('c2sp.org/tlog-proof@v1\n')) return 'tlog-proof'
  if (PACKED.some((mark) => head.startsWith(mark))) throw new ProofError('FILE_PACKED', 'a compressed file or archive; unpack it and verify what is inside')
  const text = await plainTextOf(open)
  if (text.startsWith('{')) return jsonKind(text)
  if (isEquivocationText(text)) return 'equivocation'
  if (text.includes('\n\n— ')) return 'checkpoint'
  throw new ProofError('FILE_KIND', 'neither a bundle, package, acceptance, receipt, certificate, checkpoint nor proof')
}

/** Something that is no text at all is no file of ours, which tells more than where its first bad byte is. */
async function plainTextOf(open: Open): Promise<string> {
  try {
    return await textOf(open)
  } catch (error) {
    if (error instanceof ProofError && error.code === 'BAD_UTF8') throw new ProofError('FILE_KIND', 'neither a tar nor a text of ours')
    throw error
  }
}

function tarKind(head: string): FileKind {
  const kind = TAR_KINDS[head.slice(0, 100).replace(/\0+$/, '')]
  if (kind === undefined) throw new ProofError('FILE_KIND', 'a tar that is neither bundle, package nor acceptance')
  return kind
}

function jsonKind(text: string): FileKind {
  const value = parseJsonStrict(text)
  if (!isJsonObject(value)) throw new ProofError('FILE_KIND', 'JSON of another kind')
  if (value['format'] === 'handover-receipt/v1') return 'receipt'
  if (isSealedReceiptFile(text)) throw new ProofError('SEALED_RECEIPT', 'a sealed receipt; only its holder can open it, with its code, in verify.html')
  if (typeof value['payloadType'] !== 'string') throw new ProofError('FILE_KIND', 'JSON of another kind')
  return isCertificate(unverifiedStatement(value)) ? 'certificate' : 'statement'
}

async function textOf(open: Open): Promise<string> {
  return decodeUtf8Strict(await readAll(open(), TEXT_BYTES_MAX))
}
