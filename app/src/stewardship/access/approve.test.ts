// SPDX-License-Identifier: Apache-2.0
import { bodyOfEvent } from '../../ledger/index.ts'
import { twoPersonActs, type TwoPersonAct } from '../../law/index.ts'
import { idText, randomIds } from '../../kit/ids.ts'
import { makeSigningKey, ownParty, readSigningKey, type Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, testTime, type TestHome } from '../../test-home.ts'
import { envelopeText, parseEnvelope, type JsonObject } from '@handover/proof'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { forgeApproval, personTableText } from './fixture.store.ts'
import { actRules, approvalFor, approve, endPerson, exportApproval, grantParameters, importApproval, parametersDigest, registerPerson, requestApproval, signApprovalFile, withdrawRequest, type ActRule } from './index.ts'

let home: TestHome
let matter: Matter
interface Someone { id: string; vkey: string; keyFile: string }
let anna: Someone
let bo: Someone
let chen: Someone

beforeAll(async () => {
  home = await openTestHome()
  matter = await home.openMatter()
  anna = await home.addPerson(matter, '安娜')
  bo = await home.addPerson(matter, '波')
  const added = await home.addParty(matter, '顾问有限公司', 'advisor')
  matter = added.matter
  chen = await home.addPerson(matter, '陈', { partyId: added.partyId, custody: 'own-device' })
})
afterAll(async () => home.remove())
afterEach(() => home.setTime(testTime))

const use = (act: TwoPersonAct, parameters: JsonObject) => home.ctx.db.transaction((tx) => approvalFor(home.ctx, tx, { matterId: matter.id, act, digest: parametersDigest(matter.id, act, parameters) }))
const ask = async (act: TwoPersonAct, parameters: JsonObject, by = anna) => (await requestApproval(home.ctx, matter, { act, parameters, keyFile: by.keyFile })).request
const agree = (requestId: string, person: Someone) => approve(home.ctx, matter, { requestId, keyFile: person.keyFile })

describe('acts that need two people', () => {
  for (const act of twoPersonActs) {
    const rule: ActRule = actRules[act]

    test(`${act}: refused without a request, with one person, and with changed parameters; allowed once`, async () => {
      const parameters = { what: `test-${act}`, n: 1 }
      expect(await refusalOf(use(act, parameters))).toMatch(/^APPROVAL_(MISSING|VOID)$/)
      const request = await ask(act, parameters)
      expect(await refusalOf(use(act, parameters))).toBe('APPROVAL_INCOMPLETE')
      expect(await refusalOf(agree(request.id, anna))).toBe('OWN_REQUEST')
      const first = await agree(request.id, bo)
      expect(first.missing).toBe(rule.approvers - 1)
      if (rule.approvers === 2) {
        expect(await refusalOf(use(act, parameters))).toBe('APPROVAL_INCOMPLETE')
        expect((await agree(request.id, bo)).repeated).toBe(true)
        expect(await refusalOf(use(act, parameters))).toBe('APPROVAL_INCOMPLETE')
        await agree(request.id, chen)
      }
      expect(await refusalOf(use(act, { ...parameters, n: 2 }))).toBe('APPROVAL_VOID')
      if (rule.coolsOff) {
        expect(await refusalOf(use(act, parameters))).toBe('COOLING_OFF')
        home.setTime('2026-11-22T07:59:59.999Z')
        expect(await refusalOf(use(act, parameters))).toBe('COOLING_OFF')
        home.setTime('2026-11-22T08:00:00.000Z')
      }
      const approval = await use(act, parameters)
      expect(approval).toMatchObject({ requestId: request.id, requestedBy: anna.id, identitiesVerified: false })
      expect(approval.approvedBy).toHaveLength(rule.approvers)
      expect(approval.envelope.signatures).toHaveLength(rule.approvers + 1)
      expect(await refusalOf(use(act, parameters))).toBe('APPROVAL_USED')
    })
  }

  test('the last approval is booked once with who gave it', async () => {
    const request = await ask('close', { what: 'event' })
    await agree(request.id, bo)
    await agree(request.id, bo)
    const bodies = (await home.ctx.ledger.eventsOfType(matter.id, 'ApprovalGranted')).map((event) => bodyOfEvent(event.json)).filter((body) => body['request'] === request.id)
    expect(bodies).toMatchObject([{ act: 'close', by: [bo.id], identitiesVerified: false, digest: request.digest.toString('hex') }])
  })

  test('the same request by the same person is the same request; a withdrawn one takes no approvals and a new one can be made', async () => {
    const request = await ask('hand-over', { what: 'again' })
    expect((await ask('hand-over', { what: 'again' })).id).toBe(request.id)
    await withdrawRequest(home.ctx, matter, { requestId: request.id, keyFile: bo.keyFile })
    expect(await refusalOf(agree(request.id, bo))).toBe('REQUEST_ENDED')
    expect((await ask('hand-over', { what: 'again' })).id).not.toBe(request.id)
  })

  test('an approval does not count once the approver has left', async () => {
    const { matter: wider, partyId } = await home.addParty(matter, '离职公司', 'auditor')
    const leaver = await home.addPerson(wider, '离', { partyId })
    const request = await ask('key-export', { what: 'leaver' })
    await agree(request.id, leaver)
    expect(await refusalOf(endPerson(home.ctx, { id: leaver.id, keyFile: `${leaver.keyFile}.none` }))).toBe('SIGNING_KEY_MISSING')
    await endPerson(home.ctx, { id: leaver.id, keyFile: anna.keyFile })
    expect(await refusalOf(use('key-export', { what: 'leaver' }))).toBe('APPROVAL_INCOMPLETE')
    expect(await refusalOf(ask('key-export', { what: 'x' }, leaver))).toBe('PERSON_ENDED')
  })

  test('a row that somebody wrote into the database is no approval', async () => {
    const request = await ask('key-release', { what: 'forged' })
    await forgeApproval(home.ctx, { requestId: request.id, personId: bo.id })
    expect(await refusalOf(use('key-release', { what: 'forged' }))).toBe('APPROVAL_INCOMPLETE')
  })
})

describe('approval on another device', () => {
  test('a file that comes back signed counts, and the people are then told apart', async () => {
    const request = await ask('close', { what: 'elsewhere' })
    const { asked, text } = signApprovalFile(await exportApproval(home.ctx, matter, request.id), readSigningKey(chen.keyFile))
    expect(asked).toMatchObject({ act: 'close', parameters: { what: 'elsewhere' }, request: request.id })
    expect(await importApproval(home.ctx, matter, text)).toMatchObject([{ missing: 0, repeated: false }])
    expect(await importApproval(home.ctx, matter, text)).toMatchObject([{ repeated: true }])
    expect(await use('close', { what: 'elsewhere' })).toMatchObject({ identitiesVerified: true, approvedBy: [chen.id] })
  })

  test('what no signature covers in a file from outside is not kept: the proof bundle would refuse it for ever', async () => {
    const request = await ask('close', { what: 'respelled' })
    const envelope = parseEnvelope(signApprovalFile(await exportApproval(home.ctx, matter, request.id), readSigningKey(chen.keyFile)).text)
    const respelled = envelope.signatures.map(({ sig }) => ({ keyid: '李某 13800000000', sig: sig.replaceAll('+', '-').replaceAll('/', '_') }))
    await importApproval(home.ctx, matter, envelopeText({ ...envelope, signatures: respelled }))
    const { envelope: kept } = await use('close', { what: 'respelled' })
    expect(kept.signatures).toEqual(envelope.signatures)
  })

  test('changed parameters, a stranger\'s signature and a file without a new signature are refused', async () => {
    const request = await ask('close', { what: 'file' })
    const file = await exportApproval(home.ctx, matter, request.id)
    expect(await refusalOf(importApproval(home.ctx, matter, file))).toBe('APPROVAL_FILE_REFUSED')
    const payload = Buffer.from(/"payload":"([^"]+)"/.exec(file)?.[1] ?? '', 'base64').toString('utf8')
    const changed = file.replace(/"payload":"[^"]+"/, `"payload":"${Buffer.from(payload.replace('"what":"file"', '"what":"fire"')).toString('base64')}"`)
    expect(await refusalOf(Promise.resolve().then(() => signApprovalFile(changed, readSigningKey(chen.keyFile))))).toBe('APPROVAL_FILE_REFUSED')
    const stranger = await openTestHome('丙有限公司')
    try {
      const theirs = await stranger.openMatter()
      const unknown = await stranger.addPerson(theirs, '生人')
      expect(await refusalOf(importApproval(home.ctx, matter, signApprovalFile(file, readSigningKey(unknown.keyFile)).text))).toBe('APPROVAL_FILE_REFUSED')
      expect(await refusalOf(agree(request.id, unknown))).toBe('PERSON_UNKNOWN')
    } finally {
      await stranger.remove()
    }
  })
})

describe('people', () => {
  test('a third person of a party is registered only with the approval of exactly that person and role', async () => {
    const signer = makeSigningKey(join(home.path, '..', 'dora.key'), idText('per', randomIds.bytes('per')))
    const dora = { name: '朵拉', role: 'finance', custody: 'own-device', vkey: signer.vkey.text } as const
    expect(await refusalOf(registerPerson(home.ctx, matter, dora))).toBe('APPROVAL_MISSING')
    const grant = grantParameters({ id: signer.vkey.name, partyId: ownParty(matter).id, role: 'finance', vkey: signer.vkey.text })
    await agree((await ask('role-grant', grant)).id, bo)
    expect(await refusalOf(registerPerson(home.ctx, matter, { ...dora, role: 'lead' }))).toBe('APPROVAL_VOID')
    expect(await registerPerson(home.ctx, matter, dora)).toMatchObject({ repeated: false, person: { role: 'finance' } })
    expect(await registerPerson(home.ctx, matter, dora)).toMatchObject({ repeated: true })
    expect(await refusalOf(registerPerson(home.ctx, matter, { ...dora, role: 'lead' }))).toBe('PERSON_KNOWN')
  })

  test('one person who invents a party lets nobody in: people of another party need two of ours', async () => {
    const { matter: wider, partyId } = await home.addParty(matter, '虚设顾问有限公司', 'advisor')
    const { vkey } = makeSigningKey(join(home.path, '..', 'invented.key'), idText('per', randomIds.bytes('per')))
    const invented = { name: '虚', role: 'legal', custody: 'own-device', vkey: vkey.text, partyId } as const
    expect(await refusalOf(registerPerson(home.ctx, wider, invented))).toMatch(/^APPROVAL_(MISSING|VOID|USED)$/)
    const request = await ask('role-grant', grantParameters({ ...invented, id: vkey.name }))
    expect(await refusalOf(registerPerson(home.ctx, wider, invented))).toBe('APPROVAL_INCOMPLETE')
    expect(await refusalOf(agree(request.id, anna))).toBe('OWN_REQUEST')
    await agree(request.id, bo)
    expect(await registerPerson(home.ctx, wider, invented)).toMatchObject({ repeated: false })
  })

  test('keys that are no person\'s, and people of unknown or unconfirmed parties, are refused', async () => {
    const person = { name: '某人', role: 'legal', custody: 'own-device', vkey: makeSigningKey(join(home.path, '..', 'x.key'), idText('per', randomIds.bytes('per'))).vkey.text } as const
    expect(await refusalOf(registerPerson(home.ctx, matter, { ...person, vkey: 'nonsense' }))).toBe('PERSON_KEY_WRONG')
    expect(await refusalOf(registerPerson(home.ctx, matter, { ...person, vkey: home.ctx.signer.vkey.text }))).toBe('PERSON_KEY_WRONG')
    expect(await refusalOf(registerPerson(home.ctx, matter, { ...person, partyId: `pty_${'9'.repeat(32)}` }))).toBe('PERSON_PARTY')
    const unconfirmed = { ...matter, parties: matter.parties.map((party) => ({ ...party, confirmedAt: null })) }
    expect(await refusalOf(registerPerson(home.ctx, unconfirmed, person))).toBe('PERSON_PARTY')
  })

  test('auditors see but do not sign', async () => {
    const { matter: wider, partyId } = await home.addParty(matter, '审计公司', 'auditor')
    const auditor = await home.addPerson(wider, '审计', { role: 'auditor', partyId })
    expect(await refusalOf(ask('close', { what: 'auditor' }, auditor))).toBe('ROLE_MAY_NOT_SIGN')
  })

  test('names are kept encrypted', async () => {
    expect((await home.ctx.vault.openLabels(matter.id, 'person-name')).get(anna.id)).toBe('安娜')
    const table = await personTableText(home.ctx)
    expect(table).toContain(anna.id)
    expect(table).not.toContain('安娜')
  })
})
