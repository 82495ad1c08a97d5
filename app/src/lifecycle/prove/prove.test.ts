// SPDX-License-Identifier: Apache-2.0
import { exitCodeOf, once, utf8, verifySource } from '@handover/proof'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import { addHours, dayOf } from '../../kit/time.ts'
import { composePolicy } from '../../ledger/index.ts'
import { currentMatter, readSigningKey } from '../../matter/index.ts'
import { approve, changePolicy, requestApproval } from '../../stewardship/access/index.ts'
import { recordLetter } from '../../stewardship/counsel/index.ts'
import { addPrivacyNotice } from '../../stewardship/promises/index.ts'
import { refusalOf } from '../../test-home.ts'
import { approvedImpact } from '../../test-impact.ts'
import { addFact } from '../assess/index.ts'
import { mobile, openDestructionMatter, type DestructionMatter } from '../destroy/destroy.fixture.ts'
import { runDestruction, turnKeys } from '../destroy/index.ts'
import { askGate, currentPlan } from '../hand-over/index.ts'
import { overtakenContext } from '../hand-over/overtaken.fixture.ts'
import { balanceSheet, isBalanced } from './balance-sheet.ts'
import { closeMatter, closeParameters } from './close-matter.ts'
import { exportProof } from './export-proof.ts'
import { receiptByCode, receiptByKeys } from './issue-receipt.ts'
import { countEdges, sealedReceiptsText } from './prove-fixture.store.ts'
import { sealReceipts } from './seal-receipts.ts'
import { sheetDocument, sheetLines } from './sheet-lines.ts'
import { sheetPage } from './sheet-page.ts'

let opened: DestructionMatter | null = null
afterEach(async () => {
  await opened?.remove()
  opened = null
})

/** Everything is destroyed as planned and the certificates are final. */
async function destroyAll(it: DestructionMatter): Promise<void> {
  const { ctx, matter } = it
  const orders = [await it.order('originals'), await it.order('vault')]
  for (const each of orders) await runDestruction(ctx, matter, each, { allowWrite: true })
  await turnKeys(ctx, matter)
}

async function factsOfClose({ ctx, matter, folder, people }: DestructionMatter): Promise<void> {
  const evidenceFile = join(folder, '文件.txt')
  const plan = await currentPlan(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, 'approved')
  const on = '2025-06-03'
  const none = { received: 0, overdue: 0 }
  const values = {
    'minimisation-approved': { plan: plan?.id ?? '' }, 'access-revoked': { reviewedOn: on, accountsEnded: 1 }, 'logs-archived': { from: '2024-10-01', until: '2026-06-30', holder: 'transferor' },
    'request-register-reviewed': { reviewedOn: on, accountClosures: { ...none, extraConditions: false }, portability: none, relatives: none }, 'incidents-reviewed': { reviewedOn: on, incidents: 0 },
    'crypto-need-checked': { checkedOn: on, mlpsLevel: 2, required: false }, 'audit-cycle-checked': { answer: 'first-not-due', checkedOn: on, processingSince: '2019-03-01' },
    'abroad-access': { viewers: 0, processors: 0, persons: 0, sensitive: 0 }, 'promises-reviewed': { version: 'unknown', decidedOn: on, decision: 'all-versions-on-file' },
    'transfer-agreement-signed': { agreement: 'ab'.repeat(32), signedOn: on, signedBy: ['transferor', 'transferee'], names: { purpose: true, method: true, scope: true, security: true } },
  }
  await approvedImpact(ctx, matter, { keyFile: people.legal, evidenceFile })
  for (const [name, value] of Object.entries(values)) await addFact(ctx, matter, { name, value, evidenceFile, keyFile: people.legal })
  const notice = join(folder, '隐私政策.txt')
  writeFileSync(notice, '第一条 我们收集您的联系方式,用于履行订单。\n')
  const filed = await addPrivacyNotice(ctx, matter, { file: notice, version: 'V1', from: dayOf('2023-01-01'), until: null, keyFile: people.legal })
  await addFact(ctx, matter, { name: 'promises-reviewed', value: { version: filed.notice.id, decidedOn: on, decision: 'nothing-in-the-way', readBy: 'own-counsel' }, evidenceFile, keyFile: people.legal })
}

/** The same home, in which the process dies at the n-th point: right before or right after an act on books, log or keys. */
function dyingAt(ctx: Context, point: number): Context {
  let seen = 0
  const pass = (): void => {
    if (++seen === point) throw new Error('killed')
  }
  const around = async <T>(act: () => Promise<T>): Promise<T> => {
    pass()
    const done = await act()
    pass()
    return done
  }
  const { ledger, vault } = ctx
  return {
    ...ctx,
    ledger: { ...ledger, publish: (matterId) => around(() => ledger.publish(matterId)), append: (...args) => around(() => ledger.append(...args)) },
    vault: { ...vault, isLocked: false, dropMatterKeys: (...args) => around(() => vault.dropMatterKeys(...args)), turn: (matterId) => around(() => vault.turn(matterId)) },
  }
}

/** Runs until it no longer dies, one step later each time; returns how often it died. */
async function dyingEverywhere(ctx: Context, run: (ctx: Context) => Promise<unknown>): Promise<number> {
  for (let died = 0; ; died += 1) {
    const ended = await run(dyingAt(ctx, died + 1)).then(() => true, (error: unknown) => {
      if (error instanceof Error && error.message === 'killed') return false
      throw error
    })
    if (ended) return died
    if (died > 50) throw new Error('it never gets through')
  }
}

/** A policy that also names the people who sign. */
async function trustPeople({ ctx, matter, people }: DestructionMatter): Promise<string> {
  const old = await ctx.ledger.policy(matter.id)
  const text = composePolicy({
    log: await ctx.ledger.logVkey(matter.id), witnesses: old?.witnesses ?? [], ownWitnesses: [], needed: 2, parties: matter.parties.map((party) => ({ role: party.role, vkey: party.file.vkey })),
    approvers: Object.values(people).map((file) => readSigningKey(file).vkey.text),
  })
  await changePolicy(ctx, matter, { text, ownKeys: [] })
  return text
}

test('a matter closes once two people approved its balance, however often the process dies; bundle and receipts prove it to a stranger, and nobody can be looked up any more', async () => {
  const it = (opened = await openDestructionMatter())
  const { ctx, people, folder } = it
  let { matter } = it

  // Before the destruction: receipts by key, and sealed ones for later.
  const keyFile = join(folder, '本人.csv')
  writeFileSync(keyFile, `手机号\r\n${mobile(1)}\r\n`)
  const early = await receiptByKeys(ctx, matter, keyFile)
  expect(early).toMatchObject({ records: 1, erased: 0, opened: 4, closed: false })
  const codes = join(folder, '回执码.csv')
  const sealed = await sealReceipts(ctx, matter, { file: codes })
  expect(statSync(codes).mode & 0o777).toBe(0o600)
  const codeList = readFileSync(codes, 'utf8').trim().split('\r\n').slice(1).map((line) => line.split(',')[1] ?? '')
  expect(codeList.length).toBe(sealed.receipts)
  const stored = (await sealedReceiptsText(ctx.db, ctx.tenant)).join('\n')
  expect(codeList.some((code) => stored.includes(code) || stored.includes(code.replaceAll('-', '')))).toBe(false)

  // Too early, alone, or on another balance: nothing closes.
  expect(await refusalOf(closeMatter(ctx, matter))).toBe('BOOKS_STILL_OPEN')
  expect(isBalanced(await balanceSheet(ctx, matter))).toBe(false)
  await destroyAll(it)
  const before = await ctx.ledger.eventsOfType(matter.id, 'FactRecorded')
  expect(await refusalOf(closeMatter(ctx, matter))).toBe('OBSTACLES_UNMET') // the books are even, the papers are not there
  expect([(await ctx.ledger.eventsOfType(matter.id, 'MatterClosed')).length, (await ctx.ledger.eventsOfType(matter.id, 'FactRecorded')).length]).toEqual([0, before.length])
  await factsOfClose(it)
  const sheet = await balanceSheet(ctx, matter)
  expect(isBalanced(sheet)).toBe(true)
  expect((await askGate(ctx, matter, 'close')).obstacles).toEqual([])
  expect(await refusalOf(closeMatter(ctx, matter))).toBe('APPROVAL_MISSING')
  const other = await requestApproval(ctx, matter, { act: 'close', parameters: { ...closeParameters(sheet.balance), discovered: sheet.balance.discovered + 1 }, keyFile: people.lead })
  await approve(ctx, matter, { requestId: other.request.id, keyFile: people.legal })
  expect(await refusalOf(closeMatter(ctx, matter))).toBe('APPROVAL_VOID')
  const { request } = await requestApproval(ctx, matter, { act: 'close', parameters: closeParameters(sheet.balance), keyFile: people.lead })
  expect(await refusalOf(approve(ctx, matter, { requestId: request.id, keyFile: people.lead }))).toBe('OWN_REQUEST')
  expect(await refusalOf(closeMatter(ctx, matter))).toBe('APPROVAL_INCOMPLETE')
  await approve(ctx, matter, { requestId: request.id, keyFile: people.legal })
  // An overdue order comes in between gate and close: it is judged, and nothing closes before it is answered.
  const letter = { authority: 'cac-city', subject: 'audit-order', number: '沪网信〔2025〕7号', file: codes, note: '', keyFile: people.legal } as const
  let ordered = ''
  const meanwhile = async (): Promise<void> => void (ordered = (await recordLetter(ctx, matter, { ...letter, direction: 'in', dated: dayOf('2025-06-01'), due: dayOf('2025-06-02'), answers: null })).letter.letter)
  expect(await refusalOf(closeMatter(overtakenContext(ctx, meanwhile), matter))).toBe('OBSTACLES_UNMET')
  expect([(await currentMatter(ctx, matter.id)).status, ordered === '']).toEqual(['open', false])
  await recordLetter(ctx, matter, { ...letter, direction: 'out', number: null, dated: dayOf('2025-06-03'), due: null, answers: ordered })
  expect(await ctx.ledger.eventsOfType(matter.id, 'MatterClosed')).toEqual([])

  // Dying before and after every act: one close, its balance as approved, the index gone, every turn booked.
  const policy = await trustPeople(it)
  expect(await dyingAroundEachAct(ctx, matter)).toBeGreaterThan(8)
  matter = await currentMatter(ctx, matter.id)
  const closed = await closeMatter(ctx, matter)
  expect(closed.repeated).toBe(true)
  expect(closed.sheet.balance).toEqual(sheet.balance)
  expect(matter.status).toBe('closed')
  expect((await ctx.ledger.eventsOfType(matter.id, 'MatterClosed')).length).toBe(1)
  const epochs = (await ctx.vault.epochs(matter.id)).map(({ epoch }) => epoch).filter((epoch) => epoch > 1)
  expect((await ctx.ledger.eventsOfType(matter.id, 'EpochTurned')).length).toBe(epochs.length)
  expect(await countEdges(ctx.db, ctx.tenant)).toBe(0)
  expect(await refusalOf(ctx.vault.blind(matter.id, 'mobile', mobile(1)))).toBe('NO_MATTER_KEYS')
  expect(await refusalOf(requestApproval(ctx, matter, { act: 'close', parameters: {}, keyFile: people.lead }))).toBe('MATTER_NOT_OPEN')
  const [line] = await ctx.ledger.mainBook(matter.id)
  const moved = ctx.db.transaction((tx) => ctx.ledger.append(tx, matter.id, { type: 'DispositionsPosted', body: { plan: 'pln_x', postings: [{ ds: line?.ds ?? '', f: line?.f ?? '', from: 'kept', to: 'pending', n: 1 }] } }, 'late'))
  expect(await refusalOf(moved)).toBe('BOOKS_CLOSED')

  await expectBundles(it, policy)
  await expectReceipts(it, { policy, codeList, keyFile, early: early.text })
  expectPages(closed.sheet)
}, 300_000)

async function dyingAroundEachAct(ctx: Context, matter: DestructionMatter['matter']): Promise<number> {
  return dyingEverywhere(ctx, async (dying) => closeMatter(dying, await currentMatter(ctx, matter.id)))
}

/** The bundle holds under its policy; any changed byte is refused; the public one has totals only; another file is not overwritten. */
async function expectBundles({ ctx, matter, folder }: DestructionMatter, policy: string): Promise<void> {
  const file = join(folder, '证据包.tar')
  const parties = await exportProof(ctx, matter, { kind: 'parties', file, language: 'en' })
  expect(parties.repeated).toBe(false)
  expect(await exportProof(ctx, matter, { kind: 'parties', file, language: 'en' })).toMatchObject({ repeated: true, bytes: parties.bytes })
  const bytes = readFileSync(file)
  const verdict = await verifySource(() => once(bytes), { policy })
  expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
  expect(verdict.checks.map(({ name }) => name)).toEqual(expect.arrayContaining(['balance', 'rewrites', 'close', 'approvals', 'certificates', 'tombstones']))
  for (let at = 0; at < 60; at += 1) {
    const place = Math.floor((bytes.length * (at + 0.5)) / 60)
    const changed = Buffer.from(bytes)
    changed[place] = (changed[place] ?? 0) ^ 4
    expect(exitCodeOf(await verifySource(() => once(changed), { policy })), `byte ${place}`).toBe(65)
  }
  const open = join(folder, '公开.tar')
  await exportProof(ctx, matter, { kind: 'public', file: open, language: 'en' })
  expect((await verifySource(() => once(readFileSync(open)), { policy })).checks.every(({ ok }) => ok)).toBe(true)
  const [line] = await ctx.ledger.mainBook(matter.id)
  expect(readFileSync(open).includes(line?.f ?? '?')).toBe(false)
  expect(await refusalOf(exportProof(ctx, matter, { kind: 'public', file, language: 'en' }))).toBe('PROOF_FILE_TAKEN')
}

/** By code: what became of erased records, with the values that the customer brings along; by key nobody any more. */
async function expectReceipts({ ctx, matter, folder }: DestructionMatter, given: { policy: string; codeList: readonly string[]; keyFile: string; early: string }): Promise<void> {
  const after = await currentMatter(ctx, matter.id)
  const verdictOf = (text: string) => verifySource(() => once(utf8(text)), { policy: given.policy, language: 'en' })
  expect((await verdictOf(given.early)).checks.every(({ ok }) => ok)).toBe(true)
  expect(await refusalOf(receiptByKeys(ctx, after, given.keyFile))).toBe('RECEIPT_NEEDS_CODE')
  const mine: string[] = []
  for (const code of given.codeList) {
    const receipt = await receiptByCode(ctx, after, { code, values: [mobile(1)] })
    if (receipt.opened > 0) mine.push(receipt.text)
    expect(receipt).toMatchObject({ closed: true })
  }
  expect(mine.length).toBe(1)
  const [text = ''] = mine
  expect((await verdictOf(text)).checks.find(({ name }) => name === 'books')?.detail).toMatch(/destroyed|kept/)
  expect(exitCodeOf(await verdictOf(text.replace(mobile(1), mobile(2))))).toBe(65)
  expect(await refusalOf(receiptByCode(ctx, after, { code: 'AAAAA', values: [] }))).toBe('RECEIPT_CODE_MALFORMED')
  expect(await refusalOf(receiptByCode(ctx, after, { code: '00000-00000-00000-00000-00000-00', values: [] }))).toBe('RECEIPT_CODE_UNKNOWN')
  expect(existsSync(join(folder, '回执码.csv.part'))).toBe(false)
}

function expectPages(sheet: Awaited<ReturnType<typeof balanceSheet>>): void {
  expect(sheetDocument(sheet)).toMatchObject({ balanced: true, unit: 'field-values', copiesOpen: 0, witnesses: 2, difference: 0, root: sheet.balance.booksRoot, clock: 'declared' })
  expect(sheetLines(sheet, 'zh').join('\n')).toMatch(/收 \d+ 条 \/ \d+ 个字段值 = 移交 0 \+ 留用 \d+ \+ 封存 \d+ \+ 匿名化 0 \+ 销毁 \d+ {6}差额 0 {3}账平/)
  const page = sheetPage({ ...sheet, parties: [{ role: 'transferor', name: '<script>alert(1)</script>公司', creditCode: 'X' }] })
  expect(page).not.toContain('<script')
  expect(page).toMatch(/办结 closed <b>\d{4}年\d{1,2}月\d{1,2}日<\/b>/)
  expect(page).not.toMatch(/T\d\d:\d\d:\d\d\.\d{3}Z/)
  expect(page).toContain('演示事项:法定时间为注入时钟')
  expect(page).toContain('width:48mm;height:48mm')
  expect(page).not.toMatch(/https?:\/\/|src=/)
}

test('a bundle whose approvers the policy does not name is not written, nor a public one before the close', async () => {
  const it = (opened = await openDestructionMatter(6))
  const { ctx, matter, folder } = it
  const file = join(folder, '证据包.tar')
  expect(await refusalOf(exportProof(ctx, matter, { kind: 'parties', file, language: 'en' }))).toBe('PROOF_NOT_SOUND')
  expect(await refusalOf(exportProof(ctx, matter, { kind: 'public', file, language: 'en' }))).toBe('PUBLIC_NEEDS_CLOSE')
  expect(existsSync(file)).toBe(false)
  const policy = await trustPeople(it)
  await exportProof(ctx, matter, { kind: 'parties', file, language: 'en' })
  expect(exitCodeOf(await verifySource(() => once(readFileSync(file)), { policy }))).toBe(0)
  await expectRunningClock(it, policy)
}, 120_000)

/** On the legal clock of a real matter no two readings are equal: each moves it by seven minutes, for every room of the home. */
async function expectRunningClock({ home, ctx, matter, folder }: DestructionMatter, policy: string): Promise<void> {
  const running: Context = {
    ...ctx,
    now: () => {
      home.setTime(addHours(ctx.now(), 7 / 60))
      return ctx.now()
    },
  }
  const started = ctx.now()
  const codes = join(folder, '回执码.csv')
  expect((await sealReceipts(running, matter, { file: codes })).receipts).toBeGreaterThan(0)
  const keyFile = join(folder, '本人.csv')
  writeFileSync(keyFile, `手机号\r\n${mobile(1)}\r\n`)
  const byKey = await receiptByKeys(running, matter, keyFile)
  const [code = ''] = readFileSync(codes, 'utf8').trim().split('\r\n').slice(1).map((line) => line.split(',')[1] ?? '')
  const byCode = await receiptByCode(running, matter, { code, values: [] })
  for (const { text } of [byKey, byCode]) expect(exitCodeOf(await verifySource(() => once(utf8(text)), { policy }))).toBe(0)
  await exportProof(running, matter, { kind: 'parties', file: join(folder, '另一份.tar'), language: 'en' })
  expect(ctx.now() > started).toBe(true)
}
