// SPDX-License-Identifier: Apache-2.0
import { createHash, createHmac } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { canonicalJson, envelopeText, PREDICATE, sha256, signStatement, statementDigest, toHex, utf8, type JsonObject, type NoteSigner } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { Failure } from '../../kit/failure.ts'
import { idText } from '../../kit/ids.ts'
import { lockMatter, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { signingPersonOf } from '../../stewardship/access/index.ts'
import { isDatabaseAddress, isSameDatabase, readDatabase, type DatabaseLogin } from '../../sources/index.ts'
import { deltaFailures, frozenSources, labelKinds, loadSources, loginOfBooks, writeFreeze, type Scope } from '../discover/index.ts'

/** What a freeze recorded. */
export interface Frozen {
  freeze: string
  by: string
  at: string
  statement: string
  sources: { id: string; name: string; bytes: number; sha256: string; changedSinceEntered: boolean }[]
  /** The same content was frozen before; nothing was written. */
  repeated: boolean
}

/**
 * 封库. Records, signed by a named person, the moment from which the sources must not change any more (CONTRACTS §7, cut-over), with a fresh digest of each; a later delta scan refuses any other content.
 * Frozen again with the same content it gives the first result; with another content the log shows that it was frozen anew. Refuses a source that cannot be read.
 */
export async function freezeSources(ctx: Context, matter: Matter, order: { keyFile: string; logins?: readonly DatabaseLogin[] }): Promise<Frozen> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const { person, signer } = await signingPersonOf(ctx, matter, order.keyFile)
  const sources = await readDigests(ctx, scope, order.logins ?? [])
  const known = await frozenSources(ctx.db, scope)
  if (known !== null && known.sha256BySource.size === sources.length && sources.every((source) => known.sha256BySource.get(source.id)?.toString('hex') === source.sha256)) {
    return { freeze: known.id, by: known.by, at: known.at, statement: known.digest.toString('hex'), sources, repeated: true }
  }
  const freeze = idText('frz', ctx.ids.bytes('frz'))
  const at = ctx.now()
  const envelope = signFreeze(matter, signer, { freeze, at, by: person.id, sources: await boundDigests(ctx, matter, sources) })
  const statement = statementDigest(envelope)
  await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'SourcesFrozen', body: { freeze, statement, by: person.id, sources: sources.length } }, `freeze/${freeze}`)
    await writeFreeze(tx, scope, { id: freeze, seq, at, by: person.id, digest: Buffer.from(statement, 'hex'), statement: envelopeText(envelope), sources })
  })
  return { freeze, by: person.id, at, statement, sources, repeated: false }
}

async function readDigests(ctx: Context, scope: Scope, logins: readonly DatabaseLogin[]): Promise<Frozen['sources']> {
  const paths = await ctx.vault.openLabels(scope.matterId, labelKinds.sourcePath)
  const names = await ctx.vault.openLabels(scope.matterId, labelKinds.sourceName)
  const found: Frozen['sources'] = []
  for (const source of await loadSources(ctx.db, scope)) {
    const name = names.get(source.id) ?? source.id
    try {
      const path = paths.get(source.id) ?? ''
      const { size, hex } = isDatabaseAddress(path) ? await digestOfDatabase(ctx, scope, { path, logins }) : await digestOfFile(path)
      found.push({ id: source.id, name, bytes: size, sha256: hex, changedSinceEntered: hex !== source.sha256.toString('hex') })
    } catch (error) {
      if (error instanceof Failure) throw error
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'read'
      throw deltaFailures.FREEZE_SOURCE_MISSING({ where: name, why }, { cause: error })
    }
    ctx.progress({ zh: '核对数据源', en: 'reading digests' }, found.length, null)
  }
  return found
}

async function digestOfFile(path: string): Promise<{ size: number; hex: string }> {
  const { size } = await stat(path)
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(path)) if (chunk instanceof Uint8Array) digest.update(chunk)
  return { size, hex: digest.digest('hex') }
}

/** The digest of the tables that are in the books, over all their rows as a delta scan would read them. */
async function digestOfDatabase(ctx: Context, scope: Scope, { path, logins }: { path: string; logins: readonly DatabaseLogin[] }): Promise<{ size: number; hex: string }> {
  const login = logins.find((one) => isSameDatabase(one.place, path))
  if (login === undefined) throw deltaFailures.FREEZE_SOURCE_MISSING({ where: path, why: 'login' })
  let read: { size: number; hex: string } | null = null
  for await (const event of readDatabase(await loginOfBooks(ctx, scope, login))) if (event.kind === 'source') read = { size: event.source.bytes, hex: event.source.sha256 }
  return required(read, 'a reader names its source')
}

/** Under a key of the matter: who holds an older copy of a file must not learn from the statement that it is the same. */
async function boundDigests(ctx: Context, matter: Matter, sources: Frozen['sources']): Promise<{ source: string; digest: string }[]> {
  const key = await ctx.vault.matterKey(matter.id, 'ids')
  return sources.map(({ id, sha256: hex }) => ({ source: id, digest: createHmac('sha256', key).update('handover/freeze/v1').update(hex).digest('hex') }))
}

function signFreeze(matter: Matter, signer: NoteSigner, said: { freeze: string; at: string; by: string; sources: { source: string; digest: string }[] }) {
  const predicate: JsonObject = { fact: said.freeze, matter: matter.id, name: 'source-freeze', recordedAt: said.at, value: { sources: said.sources, undertaking: 'no change of these sources until the cut-over is concluded' }, by: said.by }
  const subject = [{ name: said.freeze, digest: { sha256: toHex(sha256(utf8(canonicalJson(predicate)))) } }]
  return signStatement({ subject, predicateType: PREDICATE.fact, predicate }, [signer])
}
