// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { envelopeText, newAgeIdentity, noteSigner, ageRecipient, parseEnvelope, signStatement, unverifiedStatement } from '@handover/proof'
import { afterAll, describe, expect, test } from 'vitest'
import { isCreditCode } from './credit-code.rules.ts'
import { changeSetting, defaultSettings, positionsOf, settingsDigest } from './matter-settings.ts'
import { partyDetails, partyFileText, readPartyFile, signPartyFile } from './party-file.ts'
import type { PartySigner } from './party-keys.ts'
import { makeSigningKey, readSigningKey } from './signing-key-file.ts'
import { areWordsOf, spokenWords } from './spoken-words.rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-party-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const details = { name: '甲卫浴有限公司', creditCode: '91320500MA1AB00002', contact: '400-000-0000' }
const codeOf = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

async function signerOf(seed: number, name = `pty_${'0'.repeat(31)}${seed}`): Promise<PartySigner> {
  const signer = noteSigner({ name, seed: new Uint8Array(32).fill(seed) })
  const ageIdentity = await newAgeIdentity()
  return { vkey: signer.vkey, noteSigner: signer, ageIdentity, ageRecipient: await ageRecipient(ageIdentity) }
}

describe('party files', () => {
  test('a signed file is read back with the same digest, and the same details give the same bytes', async () => {
    const signer = await signerOf(1)
    const signed = signPartyFile(signer, details, 'transferor')
    const read = readPartyFile(partyFileText(signed))
    expect(read.file).toEqual({ ...details, role: 'transferor', party: signer.vkey.name, vkey: signer.vkey.text, ageRecipient: signer.ageRecipient })
    expect(Buffer.from(read.digest)).toEqual(Buffer.from(signed.digest))
    expect(partyFileText(signPartyFile(signer, details, 'transferor'))).toBe(partyFileText(signed))
  })

  test('a file is refused when anything in it was changed, whatever the change', async () => {
    const envelope = parseEnvelope(partyFileText(signPartyFile(await signerOf(1), details, 'transferor')))
    const payload = Buffer.from(envelope.payload, 'base64')
    for (let at = 0; at < payload.length; at += 7) {
      const changed = Buffer.from(payload)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(codeOf(() => readPartyFile(envelopeText({ ...envelope, payload: changed.toString('base64') }))), `byte ${at}`).toBe('PARTY_FILE_REFUSED')
    }
  })

  test('a file that names a key but was signed by another is refused', async () => {
    const [victim, attacker] = [await signerOf(1), await signerOf(2)]
    const statement = unverifiedStatement(signPartyFile(victim, details, 'transferor').envelope)
    expect(codeOf(() => readPartyFile(envelopeText(signStatement(statement, [attacker.noteSigner]))))).toBe('PARTY_FILE_REFUSED')
  })

  test('details with a wrong check digit, an empty name or a control character are refused', () => {
    expect(partyDetails(details)).toEqual(details)
    for (const wrong of [{ creditCode: '91320500MA1AB00003' }, { name: '  ' }, { contact: 'a\nb' }, { creditCode: undefined }]) {
      expect(codeOf(() => partyDetails({ ...details, ...wrong }))).toBe('PARTY_DETAILS')
    }
  })

  test('the check digit of a credit code catches every changed character', () => {
    expect(isCreditCode('91350100M000100Y43')).toBe(true) // the example of GB 32100-2015
    for (let at = 0; at < 18; at++) expect(isCreditCode(`91350100M000100Y43`.replace(new RegExp(`^(.{${at}}).`), (_, head: string) => `${head}${'91350100M000100Y43'[at] === '7' ? '6' : '7'}`)), String(at)).toBe(false)
  })
})

describe('spoken words', () => {
  test('six words in either language, with any separators, are those of the digest', () => {
    const digest = new Uint8Array(32).map((_, at) => at * 37)
    expect(spokenWords(digest, 'zh')).toHaveLength(6)
    expect(areWordsOf(digest, spokenWords(digest, 'zh').join('、'))).toBe(true)
    expect(areWordsOf(digest, spokenWords(digest, 'en').join(' ').toUpperCase().replaceAll('-', ' '))).toBe(true)
  })

  test('words of another digest, words in another order and a missing word do not fit', () => {
    const digest = new Uint8Array(32).map((_, at) => at * 37)
    const words = spokenWords(digest, 'zh')
    expect(areWordsOf(digest, [...words].reverse().join(' '))).toBe(false)
    expect(areWordsOf(digest, words.slice(1).join(' '))).toBe(false)
    expect(areWordsOf(digest, '')).toBe(false)
    for (let bit = 0; bit < 66; bit++) {
      const other = Uint8Array.from(digest)
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7))
      expect(areWordsOf(other, words.join(' ')), `bit ${bit}`).toBe(false)
    }
  })

  test('the 2,048 words of each language are all different', () => {
    for (const lang of ['zh', 'en'] as const) {
      const all = new Set(Array.from({ length: 2048 }, (_, index) => spokenWords(Uint8Array.of(index >> 3, (index & 7) << 5, 0, 0, 0, 0, 0, 0, 0), lang)[0]))
      expect(all.size).toBe(2048)
      expect(all.has(undefined)).toBe(false)
    }
  })
})

describe('key files', () => {
  test('a key is kept for its owner only, read back, and never overwritten', () => {
    const file = join(folder, 'a.key')
    const made = makeSigningKey(file, 'per_1')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readSigningKey(file).vkey).toEqual(made.vkey)
    expect(codeOf(() => makeSigningKey(file, 'per_2'))).toBe('SIGNING_KEY_EXISTS')
    expect(readSigningKey(file).vkey).toEqual(made.vkey)
  })

  test.skipIf(process.platform === 'win32')('a key that others can read is refused', () => {
    const file = join(folder, 'open.key')
    makeSigningKey(file, 'per_1')
    chmodSync(file, 0o640)
    expect(codeOf(() => readSigningKey(file))).toBe('SIGNING_KEY_OPEN')
  })

  test('a missing and a damaged key file are refused by name', () => {
    expect(codeOf(() => readSigningKey(join(folder, 'none.key')))).toBe('SIGNING_KEY_MISSING')
    for (const [name, text] of [['empty', ''], ['json', '{}'], ['short', '{"format":"handover-signing-key/v1","name":"per_1","seed":"AAAA"}']] as const) {
      writeFileSync(join(folder, name), text, { mode: 0o600 })
      expect(codeOf(() => readSigningKey(join(folder, name))), name).toBe('SIGNING_KEY_DAMAGED')
    }
  })
})

describe('settings', () => {
  test('a type of matter brings its circumstances and the cautious positions', () => {
    expect(defaultSettings('asset-transfer')).toMatchObject({ asset_deal: 'art23', notice_wait_days: 30, cooling_off_hours: 24, successor: true, seller_survives: true })
    expect(defaultSettings('dissolution')).toMatchObject({ successor: false, seller_survives: false })
    expect(positionsOf(defaultSettings('merger-absorb'))).toMatchObject({ merger_child: 'guardian_consent' })
    expect(positionsOf(defaultSettings('merger-absorb'))).not.toHaveProperty('cooling_off_hours')
  })

  test('text becomes the value that the setting takes', () => {
    const base = defaultSettings('asset-transfer')
    expect(changeSetting(base, 'notice_wait_days', '45').notice_wait_days).toBe(45)
    expect(changeSetting(base, 'important_data', 'true').important_data).toBe(true)
    expect(changeSetting(base, 'cutoff_day', '2026-12-31').cutoff_day).toBe('2026-12-31')
    expect(changeSetting(base, 'asset_deal', 'art22').asset_deal).toBe('art22')
    expect(settingsDigest(changeSetting(base, 'asset_deal', 'art22'))).not.toBe(settingsDigest(base))
  })

  test('a legal position that would change nothing is refused with words: keys alone are never the only thing this program destroys', () => {
    const base = defaultSettings('asset-transfer')
    expect(codeOf(() => changeSetting(base, 'crypto_shred_is_deletion', 'yes'))).toBe('SETTING_WITHOUT_EFFECT')
    expect(changeSetting(base, 'crypto_shred_is_deletion', 'no_also_purge')).toEqual(base)
    expect(changeSetting(base, 'post_deregistration_holder', 'recipient').post_deregistration_holder).toBe('recipient')
  })

  test('unknown settings and values that a setting does not take are refused', () => {
    const base = defaultSettings('asset-transfer')
    const wrong = [['nonsense', '1', 'SETTING_UNKNOWN'], ['__proto__', '1', 'SETTING_UNKNOWN'], ['asset_deal', 'art21', 'SETTING_REFUSED'], ['cooling_off_hours', '0', 'SETTING_REFUSED'], ['cutoff_day', '2026-02-30', 'SETTING_REFUSED'], ['important_data', 'maybe', 'SETTING_REFUSED']] as const
    for (const [key, value, code] of wrong) expect(codeOf(() => changeSetting(base, key, value)), key).toBe(code)
  })
})
