// SPDX-License-Identifier: Apache-2.0
import { envelopeText, signStatement, type NoteSigner } from '@handover/proof'
import type { Instant } from '../../kit/time.ts'
import { lawPackPredicateType, lawPackSchema, readLawBook, type LawPack } from '../../law/index.ts'
import { lawPackFailures } from './law-pack-failures.ts'

/** 签署法规包. Signs law files as a pack: the statement's subject is the digest of their canonical JSON, which is the law's version. Refuses files that are no law (LAW_FILES_INVALID). */
export function signLawPack(signer: NoteSigner, given: { title: string; issuedAt: Instant; files: Readonly<Record<string, unknown>>; where: string }): LawPack {
  const version = versionOf(given)
  const envelope = signStatement({ subject: [{ name: 'law', digest: { sha256: version } }], predicateType: lawPackPredicateType, predicate: { title: given.title, issuedAt: given.issuedAt } }, [signer])
  return lawPackSchema.parse({ format: 'handover/law-pack/v1', title: given.title, issuedAt: given.issuedAt, statement: envelopeText(envelope), files: given.files })
}

/** The pack as it is written: one line a file, so that two packs can be compared by eye. */
export function lawPackText(pack: LawPack): string {
  const { files, ...rest } = pack
  const head = Object.entries(rest).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`)
  const body = Object.entries(files).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  return `{\n${head.join('\n')}\n  "files": {\n${body.join(',\n')}\n  }\n}\n`
}

function versionOf({ files, where }: { files: unknown; where: string }): string {
  try {
    return readLawBook(files, 'pack').version
  } catch (error) {
    throw lawPackFailures.LAW_FILES_INVALID({ where, why: error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(0, 200) : '' }, { cause: error })
  }
}
