// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import {
  ageDecrypt, decodeUtf8Strict, once, openSegment, PACKAGE_FILES, parseEnvelope, parsePolicy, parseRecordLine, parseVkey, ProofError, readAll, readPackageManifest, readPackageOuter, readTar, statementDigest, unverifiedStatement,
  verifyEnvelope, verifyFile, type PackageManifest, type PackageOuter, type Policy, type SegmentRecord,
} from '@handover/proof'
import type { Context } from '../../context.ts'
import { readIfThere, writeDurable } from '../../ledger/index.ts'
import { currentMatter, ownParty, partiesOf, type Matter, type Party } from '../../matter/index.ts'
import type { LandingSegment } from './landing.ts'
import { receiveFailures } from './receive-failures.ts'

/** A package that was verified in full and opened; its records are checked again against the signed digests while they are read. */
export interface OpenedPackage {
  matter: Matter
  sender: Party
  outer: PackageOuter
  outerDigest: string
  manifest: PackageManifest
  /** How many checks it passed, and what could not be checked. */
  checks: number
  unchecked: string[]
  segments(): AsyncGenerator<LandingSegment, void, undefined>
}

/** Which file, in which matter, under which policy. */
export interface PackageToOpen {
  file: string
  matter: string | undefined
  policyFile: string | undefined
  language: 'zh' | 'en'
}

const smallBytesMax = 64 * 1024 * 1024
const segmentBytesMax = 128 * 1024 * 1024
const readBytes = 256 * 1024

/** 验包. Opens a package for this home after verifying all of it: signature of the confirmed sender, policy, log inclusion, every digest, root and count (CONTRACTS §7). Refuses everything that does not hold before a value is read in. */
export async function openReceivedPackage(ctx: Context, given: PackageToOpen): Promise<OpenedPackage> {
  const text = await outerText(given.file)
  const claimed = claimedOuter(text)
  const matter = await currentMatter(ctx, given.matter ?? claimed.matter)
  if (matter.id !== claimed.matter) throw receiveFailures.PACKAGE_OF_OTHER_MATTER({ matter: claimed.matter })
  const sender = senderOf(matter, text)
  const envelope = parseEnvelope(text)
  const outer = readPackageOuter(verifyEnvelope(envelope, [parseVkey(sender.file.vkey)], 1).statement)
  if (outer.recipientKey !== digestOf(Buffer.from(ctx.signer.ageRecipient))) throw receiveFailures.NOT_FOR_US()
  const policy = await policyFor(ctx, matter, { sender, policyFile: given.policyFile })
  const verdict = await verifyFile(given.file, { policy, identities: [ctx.signer.ageIdentity], language: given.language })
  if (!verdict.ok) throw receiveFailures.PACKAGE_REFUSED({ why: verdict.checks.filter((check) => !check.ok).map((check) => check.detail).join('; ') })
  const manifest = await openManifest(ctx, given.file, outer)
  const own = ownParty(matter)
  if (manifest.recipient.party !== own.id || manifest.recipient.vkey !== own.file.vkey) throw receiveFailures.NOT_FOR_US()
  return {
    matter, sender, outer, outerDigest: statementDigest(envelope), manifest, checks: verdict.checks.length, unchecked: verdict.unchecked,
    segments: () => readSegments(ctx, given.file, outer),
  }
}

/** What the cover says before anything is verified; a damaged one is refused like any other package that does not verify. */
function claimedOuter(text: string): PackageOuter {
  try {
    return readPackageOuter(unverifiedStatement(text))
  } catch (error) {
    if (error instanceof ProofError) throw receiveFailures.PACKAGE_REFUSED({ why: error.message }, { cause: error })
    throw error
  }
}

async function outerText(file: string): Promise<string> {
  try {
    for await (const { name, content } of readTar(createReadStream(file, { highWaterMark: readBytes }))) {
      if (name === PACKAGE_FILES.outer) return decodeUtf8Strict(await readAll(content, smallBytesMax))
      break
    }
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
  }
  throw receiveFailures.NOT_A_PACKAGE({ file })
}

/** The transferor of the matter whose key signed the package; its six words must have been compared (CONTRACTS §11). */
function senderOf(matter: Matter, outer: string): Party {
  const sender = partiesOf(matter, 'transferor', 'liquidator').find((party) => !party.isSelf && isSignedBy(outer, party))
  if (sender === undefined) throw receiveFailures.SENDER_UNKNOWN()
  if (sender.confirmedAt === null) throw receiveFailures.SENDER_NOT_CONFIRMED()
  return sender
}

function isSignedBy(envelope: string, party: Party): boolean {
  try {
    return verifyEnvelope(envelope, [parseVkey(party.file.vkey)], 1).signedBy.length === 1
  } catch (error) {
    if (error instanceof ProofError) return false
    throw error
  }
}

/** The policy given now, else the one that was used before; it must name the log of the invitation and the sender's confirmed key. Remembered when it holds. */
async function policyFor(ctx: Context, matter: Matter, asked: { sender: Party; policyFile: string | undefined }): Promise<string> {
  const kept = join(ctx.home.paths.objects, 'policy', `received-${matter.id}.txt`)
  const bytes = readIfThere(asked.policyFile ?? kept)
  if (bytes === null) throw receiveFailures.POLICY_NEEDED()
  const text = decodeUtf8Strict(bytes)
  const policy = readPolicy(text)
  const log = await ctx.vault.openLabel(matter.id, matter.id, 'log-vkey')
  if (log !== null && !policy.logs.some((vkey) => vkey.text === log)) throw receiveFailures.POLICY_DIFFERS({ why: 'log' })
  if (!policy.parties.some(({ role, vkey }) => (role === 'transferor' || role === 'liquidator') && vkey.text === asked.sender.file.vkey)) throw receiveFailures.POLICY_DIFFERS({ why: 'party' })
  writeDurable(kept, bytes, 0o600)
  return text
}

function readPolicy(text: string): Policy {
  try {
    return parsePolicy(text)
  } catch (error) {
    if (error instanceof ProofError) throw receiveFailures.POLICY_DIFFERS({ why: error.code }, { cause: error })
    throw error
  }
}

async function openManifest(ctx: Context, file: string, outer: PackageOuter): Promise<PackageManifest> {
  for await (const { name, content } of readTar(createReadStream(file, { highWaterMark: readBytes }))) {
    if (name !== PACKAGE_FILES.manifest) continue
    const sealed = await readAll(content, smallBytesMax)
    refuseOtherBytes(sealed, outer.manifest)
    const text = decodeUtf8Strict(await readAll(ageDecrypt(once(sealed), { identities: [ctx.signer.ageIdentity] }), smallBytesMax))
    return readPackageManifest(unverifiedStatement(text)) // its signature is part of the verdict, its bytes are those of the signed list
  }
  throw receiveFailures.NOT_A_PACKAGE({ file })
}

/** The file could have been exchanged since it was verified, so each segment is held against the signed digest again. */
async function* readSegments(ctx: Context, file: string, outer: PackageOuter): AsyncGenerator<LandingSegment, void, undefined> {
  let position = 0
  for await (const { name, content } of readTar(createReadStream(file, { highWaterMark: readBytes }))) {
    const listed = outer.segments[position]
    if (listed === undefined || name !== listed.name) continue
    const sealed = await readAll(content, segmentBytesMax)
    refuseOtherBytes(sealed, listed)
    const plain = await readAll(ageDecrypt(once(sealed), { identities: [ctx.signer.ageIdentity] }), segmentBytesMax)
    const { count, lines } = openSegment(plain)
    yield { position, sha256: listed.sha256, count, records: recordsOf(lines()) }
    position += 1
  }
  if (position !== outer.segments.length) throw receiveFailures.PACKAGE_REFUSED({ why: PACKAGE_FILES.outer })
}

function* recordsOf(lines: Iterable<string>): Generator<SegmentRecord, void, undefined> {
  for (const line of lines) yield parseRecordLine(line)
}

function refuseOtherBytes(bytes: Uint8Array, listed: { name: string; sha256: string }): void {
  if (digestOf(bytes) !== listed.sha256) throw receiveFailures.PACKAGE_REFUSED({ why: listed.name })
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
