// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnvelope, sha256, toHex } from '@handover/proof'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instantOf } from '../../kit/time.ts'
import { builtInLaw, lawFiles, readLawPack, reviewSubjects } from '../../law/index.ts'
import { bodyOfEvent } from '../../ledger/index.ts'
import { lawDigest, lawOf, lawPackBound, ownParty, readSigningKey, type Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { approve } from '../access/index.ts'
import { adoptInSilence, adoptUnsigned } from './fixture.store.ts'
import { adoptLaw, changesToReview, lawPackText, reviewLawChange, signLawPack } from './index.ts'

let home: TestHome
let matter: Matter
let lawyer: string
let second: string
beforeAll(async () => {
  home = await openTestHome()
  matter = await home.openMatter()
  lawyer = (await home.addPerson(matter, '安娜')).keyFile
  second = (await home.addPerson(matter, '波')).keyFile
}, 300_000)
afterAll(async () => home.remove())

type Files = typeof lawFiles
/** A pack of the shipped files with some bent, signed by our own party. */
function packOf(change: (files: Files) => void, signer = home.ctx.signer.noteSigner): string {
  const files = structuredClone(lawFiles)
  change(files)
  return lawPackText(signLawPack(signer, { title: '2026年12月更新', issuedAt: instantOf('2026-11-20T08:00:00Z'), files, where: 'test' }))
}
const rule = (files: Files, id: string) => {
  const found = files.rules.find((each) => each.id === id)
  if (found === undefined) throw new Error(id)
  return found
}
const wish = (text: string | null, remove: string[] = []) => ({ text, keyFile: lawyer, remove })

describe('law packs', { timeout: 300_000 }, () => {
  test('a matter uses the shipped law until it adopts a pack, and goes back by adopting the shipped one', async () => {
    const own = await home.openMatter()
    expect((await lawOf(home.ctx, own)).version).toBe(builtInLaw.version)
    const pack = packOf((files) => (rule(files, 'E03').must += '; also in large print'))
    const done = await adoptLaw(home.ctx, own, wish(pack))
    expect(done).toMatchObject({ asked: null, repeated: false, difference: { loosened: [] } })
    const law = await lawOf(home.ctx, own)
    expect([law.origin, law.version, law.ruleById.get('E03')?.must.endsWith('large print')]).toEqual(['pack', done.difference.to, true])
    expect(await adoptLaw(home.ctx, own, wish(pack))).toMatchObject({ repeated: true, adoption: null })
    expect((await lawOf(home.ctx, matter)).version).toBe(builtInLaw.version) // another matter is not touched
    await adoptLaw(home.ctx, own, wish(null))
    expect((await lawOf(home.ctx, own)).origin).toBe('built-in')
    const events = (await home.ctx.ledger.eventsOfType(own.id, 'LawAdopted')).map((event) => bodyOfEvent(event.json))
    expect(events).toMatchObject([{ from: builtInLaw.version, to: law.version, loosened: 0, vanished: 0 }, { from: law.version, to: builtInLaw.version, pack: null }])
    expect(JSON.stringify(events)).not.toContain('更新')
  })

  test('what loosens is only asked for until another person approved it, and the approval is used once', async () => {
    const own = await home.openMatter()
    const pack = packOf((files) => (rule(files, 'E01').sev = 'LOW'))
    const asked = await adoptLaw(home.ctx, own, wish(pack))
    expect([asked.adoption, asked.asked?.slice(0, 4)]).toEqual([null, 'apr_'])
    expect(asked.difference.loosened.map(({ id }) => id)).toEqual(['E01'])
    expect((await lawOf(home.ctx, own)).origin).toBe('built-in')
    expect(await refusalOf(adoptLaw(home.ctx, own, wish(pack)))).toBe('APPROVAL_INCOMPLETE')
    await approve(home.ctx, own, { requestId: asked.asked ?? '', keyFile: second })
    const adopted = await adoptLaw(home.ctx, own, wish(pack))
    expect([adopted.asked, adopted.adoption?.slice(0, 4)]).toEqual([null, 'law_'])
    expect((await lawOf(home.ctx, own)).ruleById.get('E01')?.sev).toBe('LOW')
    await adoptLaw(home.ctx, own, wish(null)) // stricter again: one person
    const again = await adoptLaw(home.ctx, own, wish(pack))
    expect([again.adoption, again.asked?.slice(0, 4)]).toEqual([null, 'apr_'])
  })

  test('a row that the ledger does not have, and a pack that nobody signed, change no law', async () => {
    const own = await home.openMatter()
    const loose = packOf((files) => (rule(files, 'E02').must += '; looser'))
    const { adoption } = await adoptLaw(home.ctx, own, wish(loose))
    await adoptLaw(home.ctx, own, wish(null))
    expect((await lawOf(home.ctx, own)).origin).toBe('built-in')
    await adoptInSilence(home.ctx, own.id, adoption ?? '') // back to the former pack without an event
    expect(await refusalOf(lawOf(home.ctx, own))).toBe('LAW_PACK_DAMAGED')

    const other = await home.openMatter()
    const stranger = await openTestHome('戊有限公司')
    try {
      const text = packOf((files) => (rule(files, 'E02').must += '; not ours'), stranger.ctx.signer.noteSigner)
      const pack = readLawPack(text)
      const id = `law_${'7'.repeat(32)}`
      const sealed = await home.ctx.vault.sealText(other.id, lawPackBound(id), text)
      await adoptUnsigned(home.ctx, other.id, { id, version: lawDigest(pack?.files), pack: toHex(sha256(Buffer.from(parseEnvelope(pack?.statement ?? '').payload, 'base64'))), signedBy: ownParty(other).id, sealed, by: 'per_nobody' })
    } finally {
      await stranger.remove()
    }
    expect(await refusalOf(lawOf(home.ctx, other))).toBe('LAW_PACK_DAMAGED')
  })

  test('ids vanish only when each of them is named', async () => {
    const own = await home.openMatter()
    const pack = packOf((files) => files.articles.splice(0, 2))
    expect(await refusalOf(adoptLaw(home.ctx, own, wish(pack)))).toBe('LAW_IDS_VANISH')
    expect(await refusalOf(adoptLaw(home.ctx, own, wish(pack, ['PIPL-4'])))).toBe('LAW_IDS_VANISH')
    expect(await adoptLaw(home.ctx, own, wish(pack, ['PIPL-4', 'PIPL-5']))).toMatchObject({ repeated: false, asked: null })
  })

  test('packs of strangers, of parties that are no advisor, and packs that were changed after signing are refused', async () => {
    const own = await home.openMatter()
    const pack = packOf((files) => (rule(files, 'E03').must += '.'))
    expect(await refusalOf(adoptLaw(home.ctx, own, wish(pack.replace('"sev":"HIGH"', '"sev":"LOW"'))))).toBe('LAW_PACK_REFUSED')
    expect(await refusalOf(adoptLaw(home.ctx, own, wish(pack.replace('2026年12月更新', '2027年更新'))))).toBe('LAW_PACK_REFUSED')
    expect(await refusalOf(adoptLaw(home.ctx, own, wish('{}')))).toBe('LAW_PACK_REFUSED')
    const other = await openTestHome('丁有限公司')
    try {
      expect(await refusalOf(adoptLaw(home.ctx, own, wish(packOf((files) => (rule(files, 'E03').must += '.'), other.ctx.signer.noteSigner))))).toBe('LAW_PACK_REFUSED')
    } finally {
      await other.remove()
    }
  })

  test('an advisor whose words were compared may sign; a transferee may not', async () => {
    const own = await home.openMatter()
    const pack = (name: string) => packOf((files) => (rule(files, 'E03').must += '.'), readSigningKey(name))
    const keyOf = (partyId: string) => readdirSync(join(home.path, '..')).map((name) => join(home.path, '..', name)).find((file) => /party-\d+\.key$/.test(file) && readFileSync(file, 'utf8').includes(partyId)) ?? ''
    const withBuyer = await home.addParty(own, '乙有限公司', 'transferee')
    expect(await refusalOf(adoptLaw(home.ctx, withBuyer.matter, wish(pack(keyOf(withBuyer.partyId)))))).toBe('LAW_PACK_REFUSED')
    const withCounsel = await home.addParty(withBuyer.matter, '律师事务所', 'advisor')
    expect(await adoptLaw(home.ctx, withCounsel.matter, wish(pack(keyOf(withCounsel.partyId))))).toMatchObject({ asked: null, repeated: false })
    const [event] = await home.ctx.ledger.eventsOfType(own.id, 'LawAdopted')
    expect(bodyOfEvent(event?.json ?? '{}')).toMatchObject({ signedBy: withCounsel.partyId })
  })

  test('what rests on the changed articles has to be looked at, and a person settles it by name', async () => {
    const own = await home.openMatter()
    await adoptLaw(home.ctx, own, wish(packOf((files) => files.articles.filter(({ id }) => id === 'PIPL-23').forEach((article) => (article.zh = '改后。')))))
    const waiting = async () => (await Promise.all(reviewSubjects.map(async (subject) => ((await changesToReview(home.ctx, own, subject)) > 0 ? [subject] : [])))).flat().toSorted()
    expect(await waiting()).toEqual(['audits', 'decisions', 'notices', 'rules', 'training'])
    expect(await reviewLawChange(home.ctx, own, { subject: 'notices', keyFile: lawyer })).toEqual({ settled: 1 })
    expect(await refusalOf(reviewLawChange(home.ctx, own, { subject: 'notices', keyFile: lawyer }))).toBe('LAW_SUBJECT_UNKNOWN')
    expect(await waiting()).toEqual(['audits', 'decisions', 'rules', 'training'])
    const [event] = await home.ctx.ledger.eventsOfType(own.id, 'LawReviewed')
    expect(bodyOfEvent(event?.json ?? '{}')).toMatchObject({ subject: 'notices', changes: 1 })
    expect(event?.json).toMatch(/"by":"per_/)
    // Another change asks again.
    await adoptLaw(home.ctx, own, { ...wish(packOf((files) => files.articles.filter(({ id }) => id === 'PIPL-23').forEach((article) => (article.zh = '又改。')))) })
    expect(await waiting()).toContain('notices')
  })
})
