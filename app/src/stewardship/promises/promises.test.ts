// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { textPdf } from '../../../../tools/files/draw-text.ts'
import { gb18030Of, wordEntries } from '../../../../tools/files/write-files.ts'
import { rawZip } from '../../../../tools/hostile/raw-zip.ts'
import { dayOf } from '../../kit/time.ts'
import { gateFor } from '../../law/index.ts'
import { addFact } from '../../lifecycle/assess/index.ts'
import { treatDataSets } from '../../lifecycle/classify/index.ts'
import { inventTestPeople } from '../../lifecycle/discover/fixture.ts'
import { ingestSources, resolveSubjects } from '../../lifecycle/discover/index.ts'
import { loadMatterState } from '../../lifecycle/hand-over/index.ts'
import { currentMatter, type Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { addWithoutPromises, strikePromises } from './fixture.store.ts'
import { addPrivacyNotice, loadPrivacyNotices, openClauses } from './index.ts'

let home: TestHome
let matter: Matter
let keyFile: string
const write = (name: string, bytes: Buffer | string): string => {
  const file = join(dirname(home.path), name)
  writeFileSync(file, bytes)
  return file
}
const old = '我们不会向任何第三方提供您的个人信息,除非获得您的明确同意。\n您的信息仅用于售后服务。\n'

beforeAll(async () => {
  home = await openTestHome()
  matter = (await home.addParty(await home.openMatter('merger-absorb'), '乙卫浴有限公司', 'transferee')).matter
  keyFile = (await home.addPerson(matter, '安娜')).keyFile
  const rows = inventTestPeople(12).map((one, at) => `${one.number},${one.name},${one.mobile},${at < 5 ? 'V1' : ''},${at < 5 ? '' : at < 9 ? '2023-03-04' : ''}`)
  await ingestSources(home.ctx, matter, { paths: [write('客户.csv', `${['客户编号,姓名,手机号,政策版本,注册日期', ...rows].join('\r\n')}\r\n`)] })
  await resolveSubjects(home.ctx, matter)
  await treatDataSets(home.ctx, matter, { version: 1, dataSets: [{ dataSet: 1, holdsPersons: true, collected: 'direct', lawfulSource: 'lawful', staysWhere: [], servedWhere: [], groups: [], facets: [{ name: 'privacy-version', as: 'text', column: '政策版本' }, { name: 'consent-year', as: 'year', column: '注册日期' }] }] })
  matter = await currentMatter(home.ctx, matter.id)
}, 400_000)
afterAll(() => home.remove())

describe('privacy notices and their promises', () => {
  test('without any the check of promises is an obstacle of the plan', async () => {
    const result = gateFor('plan', await loadMatterState(home.ctx, matter)).results.find(({ rule }) => rule === 'E15')
    expect(result?.obstacles.map(({ code }) => code)).toEqual(['PROMISES_NOT_CHECKED'])
  })

  test('are read from a GB18030 text, a Word document and a PDF with their clauses and exceptions', async () => {
    const first = await addPrivacyNotice(home.ctx, matter, { file: write('旧版.txt', gb18030Of(old)), version: 'V1', from: dayOf('2020-01-01'), until: dayOf('2022-12-31'), keyFile })
    expect(first.notice.promises).toEqual([{ kind: 'no-third-party', clause: 1, exceptions: ['consent'], days: null }, { kind: 'purpose-only', clause: 2, exceptions: [], days: null }])
    const word = rawZip(wordEntries({ paragraphs: ['隐私政策', '我们不会将您的信息转让给任何公司、组织和个人,但以下情形除外:', '1、获得您的明确同意;', '2、在涉及合并、分立、收购或破产清算时。', '二、保存', '我们保存您的信息三年。'] }))
    const second = await addPrivacyNotice(home.ctx, matter, { file: write('新版.docx', word), version: 'V2', from: dayOf('2023-01-01'), until: null, keyFile })
    expect(second.notice.promises).toMatchObject([{ kind: 'no-third-party', exceptions: ['consent', 'restructuring'] }, { kind: 'retention-limit', days: 1095 }])
    const pdf = textPdf('#set text(font: "Noto Sans CJK SC", size: 11pt)\n我们承诺不会在任何情况下以任何方式向本公司以外的任何第三方出售、出租、共享或者以其他方式提供您的个人信息,法律法规另有规定的除外。')
    const third = await addPrivacyNotice(home.ctx, matter, { file: write('会员.pdf', pdf), version: 'M1', from: dayOf('2019-01-01'), until: dayOf('2019-12-31'), keyFile })
    expect(third.notice.promises.map(({ kind }) => kind)).toContain('no-third-party')
  })

  test('file once, replace by version, and both records stay', async () => {
    const again = { file: write('旧版.txt', gb18030Of(old)), version: 'V1', from: dayOf('2020-01-01'), until: dayOf('2022-12-31'), keyFile }
    expect((await addPrivacyNotice(home.ctx, matter, again)).repeated).toBe(true)
    const longer = await addPrivacyNotice(home.ctx, matter, { ...again, until: dayOf('2023-03-31') })
    const all = await loadPrivacyNotices(home.ctx, matter)
    expect(all.filter(({ version }) => version === 'V1').map(({ supersededBy }) => supersededBy)).toEqual([longer.notice.id, null])
    expect((await home.ctx.ledger.eventsOfType(matter.id, 'PrivacyNoticeFiled')).length).toBe(4)
  })

  test('keep their text out of the clear rows and open it for who decides', async () => {
    const [first] = (await loadPrivacyNotices(home.ctx, matter)).filter(({ version, supersededBy }) => version === 'V1' && supersededBy === null)
    expect((await openClauses(home.ctx, matter, first?.id ?? ''))[0]?.text).toContain('不会向任何第三方提供')
    const rows = await home.ctx.db.query<{ text: string }>(`select (to_jsonb(p) - 'text_sealed')::text as text from privacy_notice p union all select body::text from event`)
    expect(rows.some(({ text }) => text.includes('第三方'))).toBe(false)
  })

  test('count who accepted which version: by name, by year for every version in force in it, and the others as unknown', async () => {
    const { promises } = await loadMatterState(home.ctx, matter)
    const names = new Map((await loadPrivacyNotices(home.ctx, matter)).map(({ id, version }) => [id, version]))
    expect(new Map(promises?.versions.map(({ id, persons }) => [names.get(id), persons]))).toEqual(new Map([['M1', 0], ['V1', 5 + 4], ['V2', 4]]))
    expect(promises?.personsWithoutVersion).toBe(3)
  })

  test('stand in the way of a merger unless the clause reserves it, until somebody decides with a document', async () => {
    const open = async () => gateFor('plan', await loadMatterState(home.ctx, matter)).results.find(({ rule }) => rule === 'E15')
    const before = await open()
    expect(before).toMatchObject({ status: 'unmet' })
    expect(before?.obstacles.map(({ code, counts }) => [code, counts])).toEqual([['PRIVACY_VERSION_NOT_READ', { versions: 3 }], ['PROMISE_IN_THE_WAY', { promises: 3, persons: 9 + 3 }], ['ACCEPTED_VERSION_UNKNOWN', { persons: 3 }]])
    const inTheWay = (await loadMatterState(home.ctx, matter)).promises?.versions.filter(({ promises }) => promises.some(({ kind, exceptions }) => kind === 'no-third-party' && !exceptions.includes('restructuring'))) ?? []
    expect(inTheWay).toHaveLength(2) // V1 and M1; V2 reserves mergers
    for (const { id } of inTheWay) await addFact(home.ctx, matter, { name: 'promises-reviewed', value: { version: id, decidedOn: '2026-11-20', decision: 'opinion-allows', opinion: 'ab'.repeat(32) }, evidenceFile: write('意见.txt', 'opinion'), keyFile })
    // Of the third nothing stands in the way; that no phrase was found is not yet somebody's word.
    expect((await open())?.obstacles.map(({ code }) => code)).toEqual(['PRIVACY_VERSION_NOT_READ', 'ACCEPTED_VERSION_UNKNOWN'])
    const third = (await loadMatterState(home.ctx, matter)).promises?.versions.find(({ read }) => !read)?.id ?? ''
    const readIt = (value: { version: string; readBy?: string }) => addFact(home.ctx, matter, { name: 'promises-reviewed', value: { decidedOn: '2026-11-20', decision: 'nothing-in-the-way', ...value }, evidenceFile: write('意见.txt', 'opinion'), keyFile })
    for (const value of [{ version: third }, { version: 'unknown', readBy: 'own-counsel' }]) await expect(readIt(value)).rejects.toThrow(/readBy/)
    await readIt({ version: third, readBy: 'own-counsel' })
    expect((await open())?.obstacles.map(({ code }) => code)).toEqual(['ACCEPTED_VERSION_UNKNOWN'])
    const decide = (decision: string) => addFact(home.ctx, matter, { name: 'promises-reviewed', value: { version: 'unknown', decidedOn: '2026-11-20', decision }, evidenceFile: write('意见.txt', 'opinion'), keyFile })
    await decide('not-a-promise') // says nothing of versions that nobody knows
    expect((await open())?.obstacles.map(({ code }) => code)).toEqual(['ACCEPTED_VERSION_UNKNOWN'])
    await decide('all-versions-on-file')
    expect(await open()).toMatchObject({ status: 'satisfied' })
  })

  test('are not taken back by filing a harmless text in their place, nor by filing it twice, until somebody decides with a document', async () => {
    const lost = async () => {
      const result = gateFor('plan', await loadMatterState(home.ctx, matter)).results.find(({ rule }) => rule === 'E15')
      return result?.obstacles.filter(({ code }) => code !== 'PRIVACY_VERSION_NOT_READ').map(({ code, counts }) => [code, counts])
    }
    const file = async (words: string) => (await addPrivacyNotice(home.ctx, matter, { file: write('又一版.txt', words), version: 'V2', from: dayOf('2023-01-01'), until: null, keyFile })).notice.id
    await file('除非获得您的同意,我们不会向第三方出售您的个人信息。\n')
    expect(await lost()).toEqual([['PROMISE_IN_THE_WAY', { promises: 1, persons: 4 + 3 }]]) // new words that stand in the way
    // Who says that nothing is in the way has not decided on what was found there.
    const refiled = (await loadMatterState(home.ctx, matter)).promises?.versions.find(({ read }) => !read)?.id ?? ''
    await addFact(home.ctx, matter, { name: 'promises-reviewed', value: { version: refiled, decidedOn: '2026-11-20', decision: 'nothing-in-the-way', readBy: 'own-counsel' }, evidenceFile: write('意见.txt', 'opinion'), keyFile })
    expect(await lost()).toEqual([['PROMISE_IN_THE_WAY', { promises: 1, persons: 4 + 3 }]])
    await file('我们收集您的姓名。\n')
    const newest = await file('我们收集您的姓名和手机号。\n')
    expect(await lost()).toEqual([['PROMISES_LOST', { promises: 1, persons: 4 }]])
    await addFact(home.ctx, matter, { name: 'promises-reviewed', value: { version: newest, decidedOn: '2026-11-20', decision: 'all-versions-on-file' }, evidenceFile: write('意见.txt', 'opinion'), keyFile })
    expect(await lost()).toHaveLength(1) // which is for unknown versions only
    await addFact(home.ctx, matter, { name: 'promises-reviewed', value: { version: newest, decidedOn: '2026-11-20', decision: 'not-a-promise' }, evidenceFile: write('意见.txt', 'opinion'), keyFile })
    expect(await lost()).toEqual([])
  })

  test('refuse a file without text, days that do not fit, a version with a name in it, and a row that somebody changed', async () => {
    const given = { file: write('空.txt', ' \n'), version: 'V9', from: dayOf('2020-01-01'), until: null, keyFile }
    expect(await refusalOf(addPrivacyNotice(home.ctx, matter, given))).toBe('PRIVACY_NO_TEXT')
    expect(await refusalOf(addPrivacyNotice(home.ctx, matter, { ...given, until: dayOf('2019-01-01') }))).toBe('PRIVACY_DAYS')
    for (const version of ['张三 13800000000', '张三13800000000', '110199199001010017', '138-0000-0000']) expect(await refusalOf(addPrivacyNotice(home.ctx, matter, { ...given, version }))).toBe('PRIVACY_VERSION')
    const notices = await loadPrivacyNotices(home.ctx, matter)
    const replaced = notices.find(({ supersededBy }) => supersededBy !== null)?.id ?? ''
    for (const how of ['update', 'delete', 'revive'] as const) await expect(strikePromises(home.ctx, replaced, how)).rejects.toThrow(/P0001/)
    expect(await loadPrivacyNotices(home.ctx, matter)).toEqual(notices)
    await addWithoutPromises(home.ctx, replaced)
    expect(await refusalOf(loadPrivacyNotices(home.ctx, matter))).toBe('PRIVACY_DAMAGED')
  })

  test('stop every gate when the ledger has one whose row is not there', async () => {
    const other = await home.openMatter('merger-absorb')
    const body = { notice: `pvn_${'1'.repeat(32)}`, document: 'ab'.repeat(32), statement: 'cd'.repeat(32), promises: 2, by: 'per_1', replaces: null }
    await home.ctx.db.transaction((tx) => home.ctx.ledger.append(tx, other.id, { type: 'PrivacyNoticeFiled', body }, 'privacy-notice/gone'))
    expect(await refusalOf(loadMatterState(home.ctx, other))).toBe('PRIVACY_NOTICE_LOST')
  })
})
