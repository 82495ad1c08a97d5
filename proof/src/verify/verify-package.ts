// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { ageDecrypt } from '../age.ts'
import { once, readAll } from '../byte-reader.ts'
import { decodeUtf8Strict, ProofError, sha256, toHex, utf8 } from '../bytes.ts'
import { openNote } from '../note.ts'
import { PACKAGE_FILES, parseOpenedEvent, segmentName } from '../package-file.ts'
import { parseSeal } from '../seal.ts'
import { hasZstd, noZstd } from '../segment.ts'
import { readPackageManifest, readPackageOuter } from '../statements.ts'
import type { PackageManifest, PackageOuter } from '../statements.ts'
import { readTar } from '../tar.ts'
import { GIVING_ROLES, RECEIVING_ROLES } from './bundle-statements.ts'
import { bodyOf } from './matter-events.ts'
import type { BodyOf } from './matter-events.ts'
import { openStatement, partyKeys } from './trust.ts'
import type { OpenedStatement, Trust } from './trust.ts'
import { noteUncosigned, verifyIncludedEvent } from './verify-inclusion-of-event.ts'
import type { CheckList } from './verdict.ts'
import { verifySegments } from './verify-segments.ts'

/** A package as a file that can be read more than once: the manifest comes last and is needed first. */
export type PackageSource = { open: () => AsyncIterable<Uint8Array>; identities: readonly string[] }

/** What was found in the tar: small files whole, segments by size and digest only. */
type Found = { small: Map<string, Uint8Array>; sizes: Map<string, { bytes: number; sha256: string }> }

const SMALL_BYTES_MAX = 64 * 1024 * 1024

/** Checks a package: form, digests, sender's signature and seal, inclusion of its event; with an identity every value in it (CONTRACTS §7). */
export async function verifyPackage(source: PackageSource, trust: Trust, checks: CheckList): Promise<void> {
  const found = await checks.need('form', () => readPackage(source))
  const sender = await checks.need('signature', () => openStatement(textOf(found, PACKAGE_FILES.outer), trust, (policy) => partyKeys(policy, GIVING_ROLES)))
  const outer = await checks.need('index', (say) => {
    const read = readPackageOuter(sender.statement)
    checkFiles(found, read)
    say({ zh: `${read.segments.length} 个分段`, en: `${read.segments.length} segments` })
    return read
  })
  await checks.need('seal', () => checkSeal(found, sender))
  const issued = await checks.need('inclusion', () => checkIssued(found, { outer, sender }, trust))
  noteUncosigned(trust, checks)
  if (source.identities.length === 0) {
    checks.cannot('content', { zh: '没有给出收件私钥(--identity),内容未打开', en: 'no identity was given (--identity), the content was not opened' })
    return
  }
  // A limit of this computer, not of the file: neither accepted nor refused.
  if (!hasZstd()) throw noZstd()
  const manifest = await checks.need('manifest', () => openManifest({ found, outer, sender, issued }, source.identities, trust))
  await verifySegments(source, { manifest, issued }, checks)
}

async function readPackage(source: PackageSource): Promise<Found> {
  const found: Found = { small: new Map(), sizes: new Map() }
  for await (const { name, size, content } of readTar(source.open())) {
    if (!name.startsWith('segments/')) {
      found.small.set(name, await readAll(content, SMALL_BYTES_MAX))
      continue
    }
    const digest = createHash('sha256')
    for await (const part of content) digest.update(part)
    found.sizes.set(name, { bytes: size, sha256: digest.digest('hex') })
  }
  const { outer, issued, proof, seal, manifest } = PACKAGE_FILES
  const wanted = [outer, issued, proof, seal, manifest]
  if ([...found.small.keys()].join(' ') !== wanted.join(' ')) throw new ProofError('TAR_FORM', 'files are missing, added or out of order')
  return found
}

/** The signed list names exactly the segments and the manifest, in order, with size and digest. */
function checkFiles(found: Found, outer: PackageOuter): void {
  const names = [...found.sizes.keys()]
  if (names.length !== outer.segments.length) throw new ProofError('TAR_FORM', 'segments are missing or added')
  outer.segments.forEach((segment, at) => {
    const seen = found.sizes.get(segment.name)
    if (segment.name !== segmentName(at) || names[at] !== segment.name || seen === undefined) throw new ProofError('TAR_FORM', `${segment.name} is missing or out of order`)
    if (seen.bytes !== segment.bytes || seen.sha256 !== segment.sha256) throw new ProofError('DIGEST', segment.name)
  })
  const manifest = bytesOf(found, PACKAGE_FILES.manifest)
  if (outer.manifest.name !== PACKAGE_FILES.manifest || outer.manifest.bytes !== manifest.length || outer.manifest.sha256 !== toHex(sha256(manifest))) throw new ProofError('DIGEST', PACKAGE_FILES.manifest)
}

/** The sender's seal covers what the signed list does not: the event and its proof. */
function checkSeal(found: Found, sender: OpenedStatement): void {
  const { body, lines, verifiedBy } = openNote(textOf(found, PACKAGE_FILES.seal), sender.signedBy)
  if (lines.length !== verifiedBy.length) throw new ProofError('UNKNOWN_SIGNER', 'a signature of the seal is not by the sender')
  const sealed = parseSeal(body).map(({ name, sha256: digest }) => `${digest} ${name}`)
  const wanted = [PACKAGE_FILES.outer, PACKAGE_FILES.issued, PACKAGE_FILES.proof].map((name) => `${toHex(sha256(bytesOf(found, name)))} ${name}`)
  if (sealed.join('\n') !== wanted.join('\n')) throw new ProofError('DIGEST', PACKAGE_FILES.seal)
}

function checkIssued(found: Found, { outer, sender }: { outer: PackageOuter; sender: OpenedStatement }, trust: Trust): BodyOf<'PackageIssued'> {
  const included = verifyIncludedEvent(parseOpenedEvent(textOf(found, PACKAGE_FILES.issued)), textOf(found, PACKAGE_FILES.proof), trust)
  const issued = bodyOf(included.event, 'PackageIssued')
  const isSame = issued.package === outer.package && issued.outer === sender.digest && included.event.matter === outer.matter && included.origin === outer.origin
  if (!isSame) throw new ProofError('INCLUSION', 'the event in the log is about another package')
  return issued
}

type Opening = { found: Found; outer: PackageOuter; sender: OpenedStatement; issued: BodyOf<'PackageIssued'> }

/** The inner manifest: by the same sender, about the same package, the one that the log knows, for the key it was encrypted to. */
async function openManifest({ found, outer, sender, issued }: Opening, identities: readonly string[], trust: Trust): Promise<PackageManifest> {
  const text = await decryptManifest(bytesOf(found, PACKAGE_FILES.manifest), identities)
  const opened = openStatement(text, trust, () => sender.signedBy)
  const manifest = readPackageManifest(opened.statement)
  const isSame = manifest.package === outer.package && manifest.matter === outer.matter && manifest.origin === outer.origin && opened.digest === issued.manifest
  if (!isSame) throw new ProofError('CONTENT_ROOT', 'the manifest is of another package than the log knows')
  if (!sender.signedBy.some((vkey) => vkey.text === manifest.sender.vkey)) throw new ProofError('UNKNOWN_SIGNER', 'the manifest names another sender than the one who signed')
  refuseOtherRecipient(manifest, issued, trust)
  if (toHex(sha256(utf8(manifest.recipient.ageRecipient))) !== outer.recipientKey) throw new ProofError('CONTENT_ROOT', 'the package is encrypted to another key than the manifest names')
  const segments = manifest.segments.map((segment) => segment.sha256).join(' ')
  if (segments !== outer.segments.map((segment) => segment.sha256).join(' ')) throw new ProofError('CONTENT_ROOT', 'the manifest lists other segments')
  if (manifest.sequence !== issued.sequence || manifest.purpose !== issued.purpose || manifest.records !== issued.records || manifest.values !== issued.values) throw new ProofError('COUNTS', 'the manifest counts otherwise than the log')
  return manifest
}

/** To whom the values go is in the log for good: the manifest may not name another, nor one whom the policy does not know as a recipient. */
function refuseOtherRecipient({ recipient }: PackageManifest, issued: BodyOf<'PackageIssued'>, { policy }: Trust): void {
  if (recipient.party !== issued.to) throw new ProofError('PARTY', 'the manifest names another recipient than the log')
  if (policy !== null && !partyKeys(policy, RECEIVING_ROLES).some((vkey) => vkey.text === recipient.vkey)) throw new ProofError('PARTY', 'the policy does not name the recipient')
}

/** The ciphertext is the one that the sender signed, so a header that does not open means another key, not damage. */
async function decryptManifest(file: Uint8Array, identities: readonly string[]): Promise<string> {
  try {
    return decodeUtf8Strict(await readAll(ageDecrypt(once(file), { identities }), SMALL_BYTES_MAX))
  } catch (error) {
    if (error instanceof ProofError && error.code === 'AGE_HEADER') throw new ProofError('NO_IDENTITY', 'none of the identities opens it; the package may be for another party')
    throw error
  }
}

function bytesOf(found: Found, name: string): Uint8Array {
  const bytes = found.small.get(name)
  if (bytes === undefined) throw new ProofError('FILE_MISSING', name)
  return bytes
}

function textOf(found: Found, name: string): string {
  return decodeUtf8Strict(bytesOf(found, name))
}
