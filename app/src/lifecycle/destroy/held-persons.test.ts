// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { ingestSources, reportSubjects, resolveSubjects } from '../discover/index.ts'
import { loadMatterState } from '../hand-over/index.ts'
import { openDestructionMatter, type DestructionMatter } from './destroy.fixture.ts'
import { runDestruction } from './run-destruction.ts'
import { turnKeys } from './turn-keys.ts'

let opened: DestructionMatter | null = null
afterEach(async () => {
  await opened?.remove()
  opened = null
})

const customers = 12
const members = 6
const invoices = 5
/** Branch 苏州: every third customer and every second member; the invoices lie sealed with the transferor. */
const staying = customers / 3 + members / 2

test('persons whom the transferor goes on serving or holds sealed are counted after vault and originals were destroyed; the others are out only when no copy holds them', async () => {
  const it = (opened = await openDestructionMatter(customers))
  const { ctx, matter } = it
  const persons = async (): Promise<number> => (await reportSubjects(ctx, matter.id)).persons
  expect(await persons()).toBe(customers + members + invoices)

  const vault = await it.order('vault')
  await runDestruction(ctx, matter, vault, { allowWrite: true })
  await turnKeys(ctx, matter)
  expect(await persons()).toBe(customers + members + invoices) // the originals are all still there

  const originals = await it.order('originals')
  await runDestruction(ctx, matter, originals, { allowWrite: true })
  expect(await persons()).toBe(staying + invoices)
  const { counts, today } = await loadMatterState(ctx, matter)
  expect(counts).toMatchObject({ persons: staying + invoices, unknownAge: staying + invoices })
  expect(today > (counts?.countedOn ?? today)).toBe(true)

  // Found out anew who is who: nobody who is held falls out because their keys are gone.
  const file = join(it.folder, '新增.csv')
  writeFileSync(file, '客户编号,手机号\r\nKH90001,17005550001\r\n')
  await ingestSources(ctx, matter, { paths: [file] })
  await resolveSubjects(ctx, matter)
  expect(await persons()).toBe(staying + invoices + 1)
}, 300_000)
