// SPDX-License-Identifier: Apache-2.0
import { bodyOfEvent } from '../ledger/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../test-home.ts'
import { parseEnvelope } from '@handover/proof'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeMatterSetting, currentMatter, importParty, joinMatter, loadMatters, openMatter, ownPartyFile, partyFileText, readInvitation, spokenWords, writeInvitation } from './index.ts'

let seller: TestHome
let buyer: TestHome
beforeAll(async () => {
  seller = await openTestHome('甲卫浴有限公司', 'transferor')
  buyer = await openTestHome('乙卫浴有限公司', 'transferee')
})
afterAll(async () => {
  await seller.remove()
  await buyer.remove()
})

const eventTypes = async (home: TestHome, matterId: string) => (await Array.fromAsync(home.ctx.ledger.events(matterId))).map((event) => event.type)

describe('opening a matter', () => {
  test('writes matter, own party, encrypted name and one event, and no name in clear', async () => {
    const { matter } = await openMatter(seller.ctx, { name: '绝密并购项目', type: 'asset-transfer', role: 'transferor', code: 'OPEN-1' })
    expect(matter).toMatchObject({ code: 'OPEN-1', type: 'asset-transfer', status: 'open', keepsBooks: true, isDemo: true })
    expect(matter.parties).toMatchObject([{ role: 'transferor', isSelf: true }])
    expect(await seller.ctx.vault.openLabel(matter.id, matter.id, 'matter-name')).toBe('绝密并购项目')
    const [event] = await Array.fromAsync(seller.ctx.ledger.events(matter.id))
    expect(bodyOfEvent(event?.json ?? '')).toMatchObject({ type: 'asset-transfer', origin: matter.origin, demo: true, parties: [{ role: 'transferor', party: seller.ctx.signer.vkey.name }] })
    expect(event?.json).not.toContain('绝密')
  })

  test('the same code with the same content returns the matter, with other content it is refused', async () => {
    const first = await openMatter(seller.ctx, { name: 'x', type: 'data-only', role: 'transferor', code: 'OPEN-2' })
    const again = await openMatter(seller.ctx, { name: 'x', type: 'data-only', role: 'transferor', code: 'OPEN-2' })
    expect(again).toMatchObject({ repeated: true, matter: { id: first.matter.id } })
    expect(await eventTypes(seller, first.matter.id)).toEqual(['MatterOpened'])
    expect(await refusalOf(openMatter(seller.ctx, { name: 'x', type: 'dissolution', role: 'transferor', code: 'OPEN-2' }))).toBe('MATTER_EXISTS')
    expect(await refusalOf(openMatter(seller.ctx, { name: 'x', type: 'data-only', role: 'transferor', code: 'OPEN-2', settings: { notice_wait_days: '15' } }))).toBe('MATTER_EXISTS')
  })

  test('only who gives information away or winds up may open one', async () => {
    for (const role of ['transferee', 'custodian', 'advisor', 'auditor'] as const) {
      expect(await refusalOf(openMatter(seller.ctx, { name: 'x', type: 'asset-transfer', role }))).toBe('ROLE_MAY_NOT_OPEN')
    }
  })

  test('a matter is found by code, by id and as the chosen one, and an unknown code is refused', async () => {
    const { matter } = await openMatter(seller.ctx, { name: 'x', type: 'stop-product', role: 'transferor', code: 'OPEN-3' })
    expect((await currentMatter(seller.ctx, 'OPEN-3')).id).toBe(matter.id)
    expect((await currentMatter(seller.ctx, matter.id)).id).toBe(matter.id)
    expect((await currentMatter(seller.ctx)).id).toBe(matter.id)
    expect(await refusalOf(currentMatter(seller.ctx, 'NONE'))).toBe('NO_MATTER')
  })
})

describe('parties', () => {
  test('a party joins unconfirmed, its six words confirm it once, and both acts are in the ledger', async () => {
    const { matter } = await openMatter(seller.ctx, { name: 'x', type: 'asset-transfer', role: 'transferor', code: 'PARTY-1' })
    const file = await ownPartyFile(buyer.ctx)
    const text = partyFileText(file)
    expect((await importParty(seller.ctx, matter, text, { words: undefined })).party.confirmedAt).toBeNull()
    expect(await refusalOf(importParty(seller.ctx, matter, text, { words: spokenWords(new Uint8Array(32), 'zh').join(' ') }))).toBe('WORDS_DIFFER')
    const words = spokenWords(file.digest, 'en').join(' ')
    expect((await importParty(seller.ctx, matter, text, { words })).party.confirmedAt).not.toBeNull()
    expect(await importParty(seller.ctx, matter, text, { words })).toMatchObject({ repeated: true })
    expect(await eventTypes(seller, matter.id)).toEqual(['MatterOpened', 'PartyJoined', 'PartyJoined'])
  })

  test('another file under the id of a known party is refused', async () => {
    const { matter } = await openMatter(seller.ctx, { name: 'x', type: 'asset-transfer', role: 'transferor', code: 'PARTY-2' })
    await importParty(seller.ctx, matter, partyFileText(await ownPartyFile(buyer.ctx)), { words: undefined })
    expect(await refusalOf(importParty(seller.ctx, matter, partyFileText(await ownPartyFile(buyer.ctx, 'advisor')), { words: undefined }))).toBe('PARTY_CHANGED')
  })

  test('the other side joins by invitation with its own keys and no books, and again returns the same', async () => {
    const { matter } = await openMatter(seller.ctx, { name: 'x', type: 'asset-transfer', role: 'transferor', code: 'JOIN-1' })
    await importParty(seller.ctx, matter, partyFileText(await ownPartyFile(buyer.ctx)), { words: undefined })
    const text = writeInvitation(seller.ctx, await currentMatter(seller.ctx, matter.id), (await seller.ctx.ledger.logVkey(matter.id)).text)
    const invitation = readInvitation(text)
    const joining = { name: '收购', role: 'transferee', words: spokenWords(invitation.inviter.digest, 'zh').join(' ') } as const
    const { matter: joined } = await joinMatter(buyer.ctx, invitation, joining)
    expect(joined).toMatchObject({ id: matter.id, code: 'JOIN-1', origin: matter.origin, keepsBooks: false })
    expect(joined.parties.map((party) => [party.role, party.isSelf, party.confirmedAt !== null])).toEqual([['transferee', true, true], ['transferor', false, true]])
    expect(await joinMatter(buyer.ctx, invitation, joining)).toMatchObject({ repeated: true })
    expect(await loadMatters(buyer.ctx.db, buyer.ctx.tenant)).toHaveLength(1)
    expect(await refusalOf(changeMatterSetting(buyer.ctx, joined, { key: 'notice_wait_days', value: '20', by: 'per_x' }))).toBe('NOT_THE_OPENER')
  })

  test('an invitation with a changed byte, and one signed by another party, are refused', async () => {
    const { matter } = await openMatter(seller.ctx, { name: 'x', type: 'asset-transfer', role: 'transferor', code: 'JOIN-2' })
    const text = writeInvitation(seller.ctx, matter, (await seller.ctx.ledger.logVkey(matter.id)).text)
    const payload = Buffer.from(parseEnvelope(text).payload, 'base64').toString('utf8')
    expect(payload).toContain('JOIN-2')
    const changed = text.replace(/"payload":"[^"]*"/, `"payload":"${Buffer.from(payload.replace('JOIN-2', 'JOIN-9')).toString('base64')}"`)
    expect(await refusalOf(Promise.resolve().then(() => readInvitation(changed)))).toBe('INVITATION_REFUSED')
    expect(await refusalOf(Promise.resolve().then(() => readInvitation('{}')))).toBe('INVITATION_REFUSED')
  })
})

describe('settings of a matter', () => {
  test('a change is booked with old and new value and who did it, and the same value again changes nothing', async () => {
    const { matter } = await openMatter(seller.ctx, { name: 'x', type: 'asset-transfer', role: 'transferor', code: 'SET-1' })
    await changeMatterSetting(seller.ctx, matter, { key: 'notice_wait_days', value: '45', by: 'per_x' })
    expect(await changeMatterSetting(seller.ctx, matter, { key: 'notice_wait_days', value: '45', by: 'per_x' })).toMatchObject({ repeated: true })
    await changeMatterSetting(seller.ctx, matter, { key: 'notice_wait_days', value: '30', by: 'per_x' })
    await changeMatterSetting(seller.ctx, matter, { key: 'notice_wait_days', value: '45', by: 'per_x' })
    const events = await seller.ctx.ledger.eventsOfType(matter.id, 'SettingsChanged')
    expect(events.map((event) => bodyOfEvent(event.json)).map(({ from, to, by }) => [from, to, by])).toEqual([['30', '45', 'per_x'], ['45', '30', 'per_x'], ['30', '45', 'per_x']])
    expect((await currentMatter(seller.ctx, 'SET-1')).settings.notice_wait_days).toBe(45)
  })
})
