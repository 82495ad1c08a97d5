// SPDX-License-Identifier: Apache-2.0
// One register of customers sold as shares, as a business, and by merger, through real commands: which article asks what, and at which number of persons duties begin.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openHomes, openStage, type Stage } from '../app/src/demo/index.ts'
import { isCertain, readCitations } from '../app/src/law/index.ts'
import { clearAway } from './demo-run.ts'
import { customer, registerText, type Answer } from './deal.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-law-'))
const at = '2026-10-20T09:00:00+08:00'
const anyExit = Array.from({ length: 256 }, (_, exit) => exit)
const types = { SHARE: 'share-transfer', ASSET: 'asset-transfer', MERGER: 'merger-absorb' } as const
type Code = keyof typeof types

const resultSchema = z.object({
  rule: z.string(), status: z.string(), stops: z.boolean(), law: z.string(), conf: z.string(),
  obstacles: z.array(z.object({ code: z.string(), zh: z.string(), en: z.string(), law: z.string(), conf: z.string() })),
})
const gateSchema = z.object({ steps: z.array(z.object({ step: z.string(), open: z.boolean(), results: z.array(resultSchema) })) })
const keySchema = z.object({ vkey: z.string() })
const partySchema = z.object({ id: z.string(), role: z.string() })
const partiesSchema = z.object({ parties: z.array(partySchema) })

let stage: Stage
let key: string
const register = join(folder, 'seller', '客户登记.csv')

const run = (code: Code, ...argv: string[]): Promise<Answer> => stage.asMay('seller', at, anyExit, ...argv, '--matter', code)

async function done(code: Code, ...argv: string[]): Promise<Answer> {
  const answer = await run(code, ...argv)
  if (answer.exit !== 0 && answer.exit !== 3) throw new Error(`${argv.join(' ')}: exit ${answer.exit}\n${answer.messages.join('\n')}`)
  return answer
}

/** How a rule stands before a step of a matter, asked by `handover gate`. */
async function ruleAt(code: Code, step: string, rule: string): Promise<z.infer<typeof resultSchema>> {
  const { document } = await run(code, 'gate', step)
  const found = gateSchema.parse(document).steps.flatMap(({ results }) => results).find((result) => result.rule === rule)
  return found ?? { rule, status: 'not asked', stops: false, law: '', conf: '', obstacles: [] }
}

beforeAll(async () => {
  mkdirSync(join(folder, 'seller'), { recursive: true })
  stage = openStage({ folder, seed: 'law-deals', customers: 20, lang: 'zh', steps: 1, say: () => undefined })
  writeFileSync(register, registerText(Array.from({ length: 20 }, (_, number) => customer(number))))
  await openHomes(stage, at, ['seller', 'buyer'])
  key = join(folder, '王芳.key')
  const name = join(folder, '姓名.txt')
  writeFileSync(name, '王芳\n')
  const { vkey } = keySchema.parse((await stage.as('seller', at, 'user', 'key', '-o', key)).document)
  for (const [code, type] of Object.entries(types)) {
    await stage.as('seller', at, 'init', `事项${code}`, '--type', type, '--role', 'transferor', '--code', code, '--party', join(folder, 'post', 'buyer.json'))
  }
  for (const code of ['SHARE', 'ASSET', 'MERGER'] as const) {
    await done(code, 'user', 'add', '--name', `@${name}`, '--role', 'legal', '--vkey', vkey)
    await done(code, 'ingest', register)
    await done(code, 'subjects')
    await done(code, 'treat', '客户登记.csv', '--basis', 'contract', '--assent', 'all', '--purpose', '售后服务', '--collected', 'direct', '--source', 'lawful', '--records-class', 'none', ...(code === 'SHARE' ? [] : ['--transfer']))
    await done(code, 'fact', 'add', 'age-presumption', '--set', 'group=adult', '--set', 'reason=identity-checked-at-contract', '--evidence', register, '--key', key)
    await done(code, 'plan')
  }
}, 300_000)

afterAll(async () => {
  await stage.stop()
  clearAway(folder)
})

const circumstances = ['ciio', 'broker', 'foreignControl', 'foreignListing', 'derivedData', 'outsidersSaw', 'marketing', 'eCommerceStops', 'prepaid', 'joinsOwnData', 'jointProcessing', 'foreignRequest', 'stateArchives']

describe('shares that are sold', () => {
  test('move nothing: nobody has to be told under Article 22, and no Article 23 consent is asked of customers', async () => {
    expect((await ruleAt('SHARE', 'pack', 'E01')).status).not.toBe('unmet')
    expect((await ruleAt('SHARE', 'close', 'F02')).status).not.toBe('unmet')
  })

  test("do not let the buyer's staff into the customer system: the look is a provision, stops the close and names the article", async () => {
    const declared = circumstances.flatMap((name) => ['--set', `${name}=${name === 'outsidersSaw'}`])
    await done('SHARE', 'fact', 'add', 'circumstances-declared', '--set', 'declaredOn=2026-10-20', ...declared, '--key', key)
    expect((await ruleAt('SHARE', 'close', 'C01')).obstacles.map(({ code }) => code), 'somebody looked, and nobody wrote down who').toEqual(['VIEWERS_NOT_RECORDED'])
    const { document } = await run('SHARE', 'party', 'list')
    const buyer = partiesSchema.parse(document).parties.find(({ role }) => role === 'transferee')?.id ?? ''
    const look = [`party=${buyer}`, 'people=6', 'shows=clear-text', 'where=live-system', 'from=2026-10-01', 'until=null', 'place=mainland', 'ground=none', 'sensitiveOrMinors=false']
    await done('SHARE', 'fact', 'add', 'viewer-access', ...look.flatMap((pair) => ['--set', pair]), '--evidence', register, '--key', key)
    const caught = await ruleAt('SHARE', 'close', 'C01')
    expect(caught).toMatchObject({ status: 'unmet', stops: true })
    expect(caught.obstacles.find(({ code }) => code === 'PROVISION_WITHOUT_BASIS')?.law).toContain('第二十三条')
    expect((await run('SHARE', 'gate', 'close')).exit).toBe(15)
    expect([14, 15], 'nobody asks for the close meanwhile').toContain((await run('SHARE', 'close', 'request', '--key', key)).exit)
  })
})

describe('the same register', () => {
  test('sold as a business asks for Article 23 and not for Article 22; by merger the other way round', async () => {
    for (const [code, asked, spared] of [['ASSET', 'E02', 'E01'], ['MERGER', 'E01', 'E02']] as const) {
      expect(await ruleAt(code, 'pack', asked), `${code} ${asked}`).toMatchObject({ status: 'unmet', stops: true })
      expect((await ruleAt(code, 'pack', spared)).status, `${code} ${spared}`).toMatch(/^not/)
    }
    expect(await ruleAt('MERGER', 'pack', 'F02')).toMatchObject({ status: 'unmet', stops: true })
    expect((await ruleAt('ASSET', 'pack', 'F02')).status).toMatch(/^not/)
  })

  test('every line of law on the screen that nobody read in its primary text says so, and no other', async () => {
    for (const [lang, doubt] of [['zh', '未核实'], ['en', 'unverified']] as const) {
      const { human, document } = await run('ASSET', 'gate', 'close', '--lang', lang)
      for (const { rule, conf, status } of gateSchema.parse(document).steps.flatMap(({ results }) => results)) {
        if (status === 'not-applicable') continue
        const line = human.find((each) => each.trimStart().slice(2).startsWith(`${rule} `))
        expect([rule, line?.includes(doubt)]).toEqual([rule, conf !== 'P'])
      }
    }
  })
})

/** `个人信息保护法 第二十二条、第二十三条` as it stands in a line. */
const cited = /[\u4e00-\u9fff]{2,30}(?:〔\d+〕\d+号)?\s*第[一二三四五六七八九十百]+条(?:之[一二])?(?:[、和]第[一二三四五六七八九十百]+条(?:之[一二])?)*/gu

/** Articles of a line that nobody read in their primary text. */
function doubtful(line: string): string[] {
  return [...line.matchAll(cited)].flatMap(([text]) => readCitations(text).citations).filter(({ entry }) => entry !== null && !isCertain(entry.conf)).map(({ text }) => text)
}

describe('whatever command shows the law', () => {
  test.each([
    'gate --all', 'gate standing --all', 'duties', 'tiers --all', 'export-check', 'plan', 'law list', 'law list rules', 'law list deadlines', 'law list retention', 'law list decisions', 'law show E14', 'law show T39', 'paper list', 'explain PREPAID_NOT_SETTLED',
  ])('handover %s marks in its own line every article that was not verified', async (line) => {
    const { human } = await run('ASSET', ...line.split(' '))
    expect(human.length, 'it says something').toBeGreaterThan(0)
    expect(human.filter((line) => doubtful(line).length > 0 && !line.includes('未核实'))).toEqual([])
  })
})

const sideSchema = z.object({ counts: z.object({ persons: z.number() }), tier: z.string(), duties: z.array(z.object({ rule: z.string(), on: z.boolean() })) })
const tiersSchema = z.object({ records: z.number(), transferor: sideSchema, transferee: sideSchema.nullable() })

async function tiers(code: Code, ...argv: string[]): Promise<z.infer<typeof tiersSchema>> {
  return tiersSchema.parse((await done(code, 'tiers', ...argv)).document)
}

const rulesOn = (side: z.infer<typeof sideSchema> | null): string[] => (side?.duties ?? []).filter(({ on }) => on).map(({ rule }) => rule)

describe('thresholds through the command', () => {
  test('of the transferee begin at the very number: 100,000, one million, ten million', async () => {
    const sides = new Map<number, z.infer<typeof sideSchema> | null>()
    for (const persons of [99_999, 100_000, 999_999, 1_000_000, 9_999_999, 10_000_000]) sides.set(persons, (await tiers('MERGER', '--receiver-holds', String(persons - 20))).transferee)
    expect([...sides].map(([persons, side]) => [side?.counts.persons === persons, side?.tier])).toEqual([[true, 'small'], [true, 'normal'], [true, 'normal'], [true, 'dpo'], [true, 'dpo'], [true, 'mass']])
    expect([999_999, 1_000_000].map((persons) => rulesOn(sides.get(persons) ?? null).includes('M01'))).toEqual([false, true])
    expect([9_999_999, 10_000_000].map((persons) => rulesOn(sides.get(persons) ?? null).includes('H01'))).toEqual([false, true])
  })

  test('of the transferor count natural persons: 100,500 records of 99,999 persons are small, one person more is not', async () => {
    const file = (name: string, lines: readonly string[]): string => {
      const path = join(folder, 'seller', name)
      writeFileSync(path, registerText(lines))
      return path
    }
    const numbers = (from: number, until: number): string[] => Array.from({ length: until - from }, (_, index) => customer(from + index))
    await done('ASSET', 'ingest', file('大表.csv', numbers(20, 99_999)), file('重复.csv', Array.from({ length: 501 }, (_, number) => customer(number, '又登记'))))
    await done('ASSET', 'subjects')
    const before = await tiers('ASSET')
    expect([before.records, before.transferor.counts.persons, before.transferor.tier]).toEqual([100_500, 99_999, 'small'])
    await done('ASSET', 'ingest', file('一人.csv', numbers(99_999, 100_000)))
    await done('ASSET', 'subjects')
    const after = await tiers('ASSET')
    expect([after.records, after.transferor.counts.persons, after.transferor.tier]).toEqual([100_501, 100_000, 'normal'])
    expect([rulesOn(before.transferor).includes('A03'), rulesOn(after.transferor).includes('A03')]).toEqual([true, false])
  }, 300_000)
})
