// SPDX-License-Identifier: Apache-2.0
import { fromBase64Strict, ProofError, toBase64, utf8 } from './bytes.ts'
import { envelopeText } from './dsse.ts'
import type { DsseEnvelope } from './dsse.ts'
import { eventCommitment, logEntry } from './event.ts'
import { canonicalJson, parseCanonicalJson } from './jcs.ts'
import { leafHash } from './merkle.ts'
import type { NoteSigner } from './note.ts'
import { sealFiles } from './seal.ts'
import { isText, objectOf, readShape } from './shape.ts'
import { tarFile } from './tar.ts'
import type { TarEntry } from './tar.ts'

/** An event as it was committed, with the salt of its commitment. */
export type OpenedEvent = { event: string; salt: Uint8Array }
/** What a package is made of; segments and manifest are age files. */
export type PackageParts = {
  outer: DsseEnvelope
  issued: OpenedEvent
  /** tlog-proof of the PackageIssued event. */
  proof: string
  segments: AsyncIterable<TarEntry> | Iterable<TarEntry>
  manifest: { size: number; content: AsyncIterable<Uint8Array> }
  signers: readonly NoteSigner[]
}

/** Names of the files of a package that are not segments, in their order around the segments. */
export const PACKAGE_FILES = { outer: 'outer.json', issued: 'issued.json', proof: 'log/proof', seal: 'package.sig', manifest: 'manifest.age' } as const

/** Name of the segment at an index. */
export function segmentName(index: number): string {
  return `segments/${String(index).padStart(5, '0')}.age`
}

/** The entries of a package tar in their one order; give them to `writeTar` (CONTRACTS §7). */
export async function* packageEntries(parts: PackageParts): AsyncGenerator<TarEntry> {
  const heads = [
    { name: PACKAGE_FILES.outer, bytes: utf8(envelopeText(parts.outer)) },
    { name: PACKAGE_FILES.issued, bytes: utf8(openedEventText(parts.issued)) },
    { name: PACKAGE_FILES.proof, bytes: utf8(parts.proof) },
  ]
  for (const { name, bytes } of heads) yield tarFile(name, bytes)
  yield tarFile(PACKAGE_FILES.seal, utf8(sealFiles(heads, parts.signers)))
  yield* parts.segments
  yield { name: PACKAGE_FILES.manifest, ...parts.manifest }
}

/** Canonical text of an opened event: `issued.json`, lines of receipts, `extra` of a tlog-proof. */
export function openedEventText(opened: OpenedEvent): string {
  return canonicalJson({ event: opened.event, salt: toBase64(opened.salt) })
}

const isOpened = objectOf({ event: isText, salt: isText })

/** The opened event of its canonical text; refuses any other spelling. */
export function parseOpenedEvent(text: string): OpenedEvent {
  const opened = readShape(isOpened, parseCanonicalJson(text), 'an opened event')
  const salt = fromBase64Strict(opened.salt)
  if (salt.length !== 32) throw new ProofError('BAD_SALT', 'the salt of an event has 32 bytes')
  return { event: opened.event, salt }
}

/** Leaf hash of an opened event in the log. */
export function openedEventLeaf(opened: OpenedEvent): Uint8Array {
  return leafHash(logEntry(eventCommitment(opened.event, opened.salt)))
}
