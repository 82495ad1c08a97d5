// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import {
  ageEncrypt, envelopeText, packageManifestStatement, packageOuterStatement, PACKAGE_FILES, once, readAll, segmentName, signStatement, statementDigest, toHex, utf8, type ManifestDataSet, type ManifestParty, type PackageDelta,
} from '@handover/proof'
import type { Context } from '../../context.ts'
import { writeDurable } from '../../ledger/index.ts'
import { lawOf, ownParty, type Matter, type Party } from '../../matter/index.ts'
import { packageFolder, type BuiltSegments } from './package-parts.ts'
import { allPackages, type PackageRow } from './package.store.ts'
import type { PlanRow } from './plan.store.ts'
import { suppressionList } from './suppression-list.ts'

/** What the recipient takes over with the data, with its articles; part of what both parties sign. */
const duties = {
  transfer: [
    '继续履行个人信息处理者的义务,在原告知和同意的目的、方式、种类范围内处理;变更的须重新取得同意(个人信息保护法 第二十二条、第二十三条)',
    '不得向退订名单上的人营销,并保持该名单有效(个人信息保护法 第十五条、第四十七条)',
    '答复个人行使权利的请求(个人信息保护法 第五十条)',
    '采取加密、去标识化等安全措施(个人信息保护法 第五十一条)',
    '只在法定或约定的保存期内保存,期满主动删除(个人信息保护法 第十九条、第四十七条)',
  ],
  custody: [
    '只存储并采取必要的安全保护措施,停止其他处理(个人信息保护法 第四十七条第二款)',
    '保存期满即行销毁并出具证明',
  ],
} as const

const manifestBytesMax = 64 * 1024 * 1024

interface ManifestOrder {
  row: PackageRow
  order: { to: Party; purpose: 'transfer' | 'custody' }
  plan: PlanRow
  built: BuiltSegments
  dataSets: ReadonlyMap<string, ManifestDataSet>
  purposes: string[]
  /** What it takes back from earlier packages; null in a first one. */
  delta: PackageDelta | null
}

/** Writes manifest and outer statement beside the segments; they are signed anew at each attempt until the event binds them. */
export async function writeManifest(ctx: Context, matter: Matter, { row, order, plan, built, dataSets, purposes, delta }: ManifestOrder): Promise<{ outer: string; manifest: string }> {
  const folder = packageFolder(ctx, row.id)
  const nonce = randomBytes(32)
  const packages = await allPackages(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  const manifest = signStatement(
    packageManifestStatement({
      package: row.id, matter: matter.id, origin: matter.origin, sequence: row.sequence,
      previous: packages.findLast((one) => one.sequence < row.sequence && one.toParty === row.toParty && one.issuedSeq !== null && one.status !== 'refused')?.id ?? null,
      purpose: order.purpose, sender: partyOf(ownParty(matter)), recipient: partyOf(order.to), plan: plan.digest.toString('hex'), rulesVersion: (await lawOf(ctx, matter)).version,
      purposes, duties: [...duties[order.purpose]], suppression: order.purpose === 'transfer' ? await suppressionList(ctx, matter, { nonce, planId: plan.id }) : [],
      dataSets: [...dataSets.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      segments: built.segments.map((segment) => ({ name: segmentName(segment.position), sha256: segment.sha256, records: segment.records })),
      records: built.records, values: built.values, contentRoot: toHex(built.contentRoot), nonce: toHex(nonce),
      priorCheckpoint: (await ctx.ledger.latestCheckpoint(matter.id))?.text ?? null, issuedAt: ctx.now(), ...(delta === null ? {} : { delta }),
    }),
    [ctx.signer.noteSigner],
  )
  const sealed = await readAll(ageEncrypt(once(utf8(envelopeText(manifest))), [order.to.file.ageRecipient]), manifestBytesMax)
  writeDurable(join(folder, PACKAGE_FILES.manifest), sealed, 0o600)
  const outer = signStatement(
    packageOuterStatement({
      package: row.id, matter: matter.id, origin: matter.origin, recipientKey: digestOf(order.to.file.ageRecipient),
      segments: built.segments.map((segment) => ({ name: segmentName(segment.position), bytes: segment.bytes, sha256: segment.sha256 })),
      manifest: { name: PACKAGE_FILES.manifest, bytes: sealed.length, sha256: digestOf(sealed) },
    }),
    [ctx.signer.noteSigner],
  )
  writeDurable(join(folder, PACKAGE_FILES.outer), utf8(envelopeText(outer)), 0o600)
  return { outer: statementDigest(outer), manifest: statementDigest(manifest) }
}

function partyOf({ file }: Party): ManifestParty {
  return { party: file.party, name: file.name, creditCode: file.creditCode, vkey: file.vkey, ageRecipient: file.ageRecipient }
}

function digestOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}
