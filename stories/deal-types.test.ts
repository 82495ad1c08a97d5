// SPDX-License-Identifier: Apache-2.0
// The other kinds of deal that the register treats differently (a split passes as a merger does), from the first file to a close that a stranger verifies: real commands, and nobody overrides a rule.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyFile } from '@handover/proof'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { addPeople, approvePlan, companyFacts, destroyAndClose, factsBeforePacking, factsOfLiquidation, issuePackage, joinAndConfirm, openHomes, openStage, orderDestruction, receivePackage, reconcileBoth, setUpLog, type DemoPeople, type PartyName, type Stage } from '../app/src/demo/index.ts'
import { customer, registerText } from './deal.ts'
import { clearAway, tell } from './demo-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-types-'))
const lines = Array.from({ length: 12 }, (_, number) => customer(number))
const values = 48
const day = (date: string): string => `${date}T09:00:00+08:00`
const on = { opening: day('2026-09-01'), inventory: day('2026-09-02'), plan: day('2026-10-21'), packing: day('2026-10-22'), acceptance: day('2026-10-23'), ordering: day('2026-10-24'), destruction: day('2026-10-27'), closing: day('2026-10-28') }

type Fact = readonly [name: string, ...pairs: string[]]

/** A kind of deal: what stands behind it, what its law asks besides what every deal asks, and where its values end. */
interface DealKind {
  type: string
  settings?: readonly string[]
  document: Parameters<typeof companyFacts>[2]['deal']
  /** The company ends: a custodian keeps what somebody has to keep for years. */
  ends?: boolean
  facts?: readonly Fact[]
  /** The notice that the article of this deal asks for. */
  notice?: 'art22' | 'art23'
  disposition: 'transferred' | 'kept'
}

const kinds: readonly DealKind[] = [
  { type: 'share-transfer', document: 'contract', facts: [['deal-documents', 'signedOn=2026-09-02', 'kind=contract', 'shamSigns=none-found']], disposition: 'kept' },
  { type: 'merger-absorb', document: 'merger-agreement', notice: 'art22', disposition: 'transferred' },
  { type: 'dissolution', settings: ['successor=true'], document: 'dissolution-decision', ends: true, notice: 'art22', disposition: 'transferred' },
  {
    type: 'bankruptcy', settings: ['successor=true'], document: 'court-ruling', ends: true, notice: 'art22', disposition: 'transferred',
    facts: [['sale-plan-approved', 'approvedOn=2026-09-02', 'by=creditors-meeting', 'wholeBusiness=true', 'reportedOn=2026-09-02', 'bareList=false']],
  },
]

const sheetSchema = z.looseObject({ discovered: z.number(), dispositions: z.record(z.string(), z.number()), pending: z.number() })

afterAll(() => clearAway(folder))

describe('a deal of another kind', () => {
  test.each(kinds.map((kind) => [kind.type, kind] as const))('%s is closed without an override, balances and is verified under its policy', async (type, kind) => {
    const stage = openStage({ folder: join(folder, type), seed: type, customers: lines.length, lang: 'zh', steps: 9, say: () => undefined })
    try {
      const { close, bundle, policy } = await play(stage, kind)
      const sheet = sheetSchema.parse(close)
      expect(sheet).toMatchObject({ discovered: values, pending: 0, dispositions: { [kind.disposition]: values } })
      const verdict = await verifyFile(bundle, { policy: readFileSync(policy, 'utf8') })
      expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
      expect(verdict).toMatchObject({ ok: true, trust: 'policy' })
      tell(`${type}: ${JSON.stringify(sheet.dispositions)}`)
    } finally {
      await stage.stop()
    }
  }, 300_000)
})

async function play(stage: Stage, kind: DealKind): ReturnType<typeof destroyAndClose> {
  const parties: readonly PartyName[] = ['seller', 'buyer', 'broker', ...(kind.ends === true ? (['custodian'] as const) : [])]
  mkdirSync(join(stage.folder, 'seller'), { recursive: true })
  const register = join(stage.folder, 'seller', '客户登记.csv')
  writeFileSync(register, registerText(lines))
  await openHomes(stage, on.opening, parties)
  await joinAndConfirm(stage, on.opening, { name: '并购试验', type: kind.type, settings: ['notice_wait_days=30', 'cooling_off_hours=24', ...(kind.settings ?? [])], others: parties.slice(1) })
  const people = await addPeople(stage, on.opening)
  await setUpLog(stage, on.opening, ['buyer', 'broker'])
  await prepare(stage, kind, { people, register })
  if (kind.disposition === 'transferred') {
    await issuePackage(stage, on.packing, 'transferee')
    await receivePackage(stage, on.acceptance, { party: 'buyer', into: `sqlite:${join(stage.folder, 'buyer', '接收库.sqlite')}` })
    await reconcileBoth(stage, on.acceptance, 'buyer')
  }
  return destroyAndClose(stage, on, { people, orders: await orderDestruction(stage, on.ordering, people) })
}

async function prepare(stage: Stage, kind: DealKind, { people, register }: { people: DemoPeople; register: string }): Promise<void> {
  const moves = kind.disposition === 'transferred'
  await stage.as('seller', on.inventory, 'ingest', register)
  await stage.as('seller', on.inventory, 'subjects')
  await stage.as('seller', on.inventory, 'treat', '客户登记.csv', '--basis', 'contract', '--assent', 'all', '--purpose', '售后服务', '--collected', 'direct', '--source', 'lawful', '--records-class', 'none', ...(moves ? ['--transfer'] : []))
  await companyFacts(stage, on.inventory, { people, deal: kind.document })
  if (kind.ends === true) {
    const { party } = z.looseObject({ party: z.string() }).parse((await stage.as('custodian', on.opening, 'init')).document)
    await factsOfLiquidation(stage, on.inventory, { people, custodian: party, children: 0 })
  }
  for (const [name, ...pairs] of kind.facts ?? []) await stage.as('seller', on.inventory, 'fact', 'add', name, ...pairs.flatMap((pair) => ['--set', pair]), '--evidence', register, '--key', people.legal)
  if (kind.notice !== undefined) {
    const told = join(stage.folder, 'seller', '送达.csv')
    writeFileSync(told, ['手机号,结果,时间', ...lines.map((line) => `${line.split(',')[1] ?? ''},送达,2026-09-10 10:00`)].join('\n'))
    await stage.as('seller', on.plan, 'notice', 'import', told, '--notice', kind.notice, '--channel', 'sms')
  }
  if (moves) await factsBeforePacking(stage, on.plan, { people, guardiansAgreed: 0 })
  await approvePlan(stage, on.plan, people)
}
