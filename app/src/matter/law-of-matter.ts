// SPDX-License-Identifier: Apache-2.0
import { parseEnvelope, verifyEnvelope, parseVkey, sha256, toHex, utf8 } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { builtInLaw, canonicalText, lawPackPredicateType, readLawBook, readLawPack, type LawBook, type LawPack } from '../law/index.ts'
import type { Queryable, Tx } from '../store/index.ts'
import { newestLawAdoption, type NewestAdoption } from './law.store.ts'
import { matterFailures } from './matter-failures.ts'
import { loadMatter } from './matter.store.ts'
import { ownParty, type Matter, type Party } from './matter.ts'

/** A law pack whose signature and digests were checked, with the party that signed it. */
export interface CheckedLawPack {
  pack: LawPack
  law: LawBook
  /** SHA-256 of the signed statement's payload. */
  digest: string
  signedBy: Party
}

/** The last laws that were opened, by the digest of their pack: a pack is half a megabyte, and gates ask often. */
const opened = new Map<string, LawBook>()
const openedMax = 4

/**
 * 适用法规. The law that a matter uses: shipped, or the pack that it adopted last (CONTRACTS §17). Refuses an adoption that the ledger does not have or says otherwise, and a pack that no longer is the one that was signed
 * (LAW_PACK_DAMAGED): whoever can write to the database changes no law. Refuses one that this version of the program can no longer read (LAW_PACK_OUTDATED).
 */
export async function lawOf(ctx: Context, matter: Pick<Matter, 'id'>, tx?: Tx): Promise<LawBook> {
  const db = tx ?? ctx.db
  const adoption = bookedAdoption(await newestLawAdoption(db, ctx.tenant, matter.id))
  if (adoption === null || adoption.sealed === null) return builtInLaw
  const known = opened.get(adoption.version)
  if (known !== undefined) return known
  const text = await ctx.vault.openText(matter.id, lawPackBound(adoption.id), adoption.sealed)
  const pack = readLawPack(text)
  if (pack === null || lawDigest(pack.files) !== adoption.version || !(await isSignedAs(ctx, db, { matterId: matter.id, pack, adoption }))) throw matterFailures.LAW_PACK_DAMAGED({ adoption: adoption.id })
  const law = bookOf(pack)
  if (law === null) throw matterFailures.LAW_PACK_OUTDATED({ adoption: adoption.id })
  if (opened.size >= openedMax) opened.delete([...opened.keys()][0] ?? '')
  opened.set(adoption.version, law)
  return law
}

type Adoption = NonNullable<NewestAdoption['row']>

const adoptedBody = z.looseObject({ adoption: z.string(), to: z.string(), pack: z.string().nullable(), signedBy: z.string().nullable(), loosened: z.int(), by: z.string(), approval: z.string().nullable() })

/** The newest adoption when its row says exactly what its event says, null when there is neither. */
function bookedAdoption({ row, booked }: NewestAdoption): Adoption | null {
  if (row === null && booked === null) return null
  const body = booked === null ? null : adoptedBody.parse(JSON.parse(booked))
  const isBooked = row !== null && body !== null && body.adoption === row.id && body.to === row.version && body.pack === row.pack && body.signedBy === row.signedByParty && body.loosened === row.loosened && body.by === row.adoptedBy && body.approval === row.approval
  if (!isBooked) throw matterFailures.LAW_PACK_DAMAGED({ adoption: row?.id ?? body?.adoption ?? '?' })
  return row
}

/** Whether the pack still is what the party signed under whose name it was adopted; asked again although it was asked at the adoption. */
async function isSignedAs(ctx: Context, db: Queryable, { matterId, pack, adoption }: { matterId: string; pack: LawPack; adoption: Adoption }): Promise<boolean> {
  const signer = (await loadMatter(db, ctx.tenant, matterId))?.parties.find((party) => party.id === adoption.signedByParty)
  return signer !== undefined && signedDigest(pack, adoption.version, signer) === adoption.pack
}

/** Under what a matter's pack is sealed. */
export function lawPackBound(adoption: string): string {
  return `law-pack/${adoption}`
}

/** 核验法规包. Reads a law pack and checks that its files are those that were signed, by our own party or by an advisor whose six words were compared (CONTRACTS §11). Refuses everything else (LAW_PACK_REFUSED). */
export function checkLawPack(matter: Matter, text: string): CheckedLawPack {
  const pack = readLawPack(text)
  const law = bookOf(pack)
  if (pack === null || law === null) throw matterFailures.LAW_PACK_REFUSED({ why: 'format' })
  const trusted = matter.parties.filter((party) => party.isSelf || (party.confirmedAt !== null && party.role === 'advisor'))
  for (const party of trusted) {
    const digest = signedDigest(pack, law.version, party)
    if (digest !== null) return { pack, law, digest, signedBy: party }
  }
  throw matterFailures.LAW_PACK_REFUSED({ why: `signature (${trusted.map((party) => (party.id === ownParty(matter).id ? 'self' : party.role)).join(', ')})` })
}

/** The digest of the statement when this party signed exactly these files, or null. */
function signedDigest(pack: LawPack, version: string, party: Party): string | null {
  try {
    const { statement, payload } = verifyEnvelope(parseEnvelope(pack.statement), [parseVkey(party.file.vkey)], 1)
    const said = statement.subject[0]?.digest.sha256
    const fits = statement.predicateType === lawPackPredicateType && said === version && statement.predicate['title'] === pack.title && statement.predicate['issuedAt'] === pack.issuedAt
    return fits ? toHex(sha256(payload)) : null
  } catch {
    return null // not signed by this party, or not a statement at all: the caller refuses with one reason
  }
}

function bookOf(pack: LawPack | null): LawBook | null {
  if (pack === null) return null
  try {
    return readLawBook(pack.files, 'pack')
  } catch {
    return null
  }
}

/** Digest of the files of a law as a pack signs it; equals the law's version. */
export function lawDigest(files: unknown): string {
  return toHex(sha256(utf8(canonicalText(files))))
}
