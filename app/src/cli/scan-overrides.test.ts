// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { exportOverrides, regradeField } from '../lifecycle/classify/index.ts'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from '../lifecycle/discover/fixture.ts'
import { ingestSources } from '../lifecycle/discover/index.ts'
import { makeSigningKey } from '../matter/index.ts'
import { registerPerson } from '../stewardship/access/index.ts'
import { idText } from '../kit/ids.ts'

const program = fileURLToPath(new URL('../../bin/handover.mjs', import.meta.url))
const reportSchema = z.object({ sources: z.array(z.object({ dataSets: z.array(z.object({ fields: z.array(z.object({ name: z.string(), type: z.string(), grade: z.string(), gradeRule: z.string() })) })) })) })
let at: TestHome

beforeAll(async () => {
  at = await openTestHome('scan-overrides')
}, 300_000)
afterAll(() => at.remove())

test('a scan without a home shows fields as the people of a pack decided, names its signers, and refuses a pack that was changed', async () => {
  const register = at.write('客户登记.csv', registerLines(inventTestPeople(30)))
  await ingestSources(at.ctx, at.matter, { paths: [register] })
  const key = join(at.folder, '王芳.key')
  const { vkey } = makeSigningKey(key, idText('per', at.ctx.ids.bytes('per')))
  await registerPerson(at.ctx, at.matter, { name: '王芳', role: 'legal', custody: 'this-home', vkey: vkey.text })
  await regradeField(at.ctx, at.matter, { dataSet: '客户登记.csv', column: '备注', type: 'medical', grade: 'sensitive', asDetected: false, scope: 'source', reason: '备注里写病情', keyFile: key })
  const pack = join(at.folder, '改判包.json')
  writeFileSync(pack, JSON.stringify(await exportOverrides(at.ctx, at.matter)))

  const scan = (...more: string[]) => spawnSync(process.execPath, [program, 'scan', register, '--json', ...more], { encoding: 'utf8', cwd: at.folder, env: { ...process.env, HANDOVER_HOME: join(at.folder, 'none') } })
  const noteOf = (stdout: string) => reportSchema.parse(JSON.parse(stdout)).sources[0]?.dataSets[0]?.fields.find(({ name }) => name === '备注')
  expect(noteOf(scan().stdout)).not.toMatchObject({ type: 'medical' })
  const decided = scan('--overrides', pack)
  expect(noteOf(decided.stdout)).toMatchObject({ type: 'medical', grade: 'sensitive' })
  expect(noteOf(decided.stdout)?.gradeRule).toMatch(/^override\//)
  expect(JSON.parse(decided.stdout)).toMatchObject({ overrides: { decisions: 1, fields: 1, signers: [vkey.name] } })

  writeFileSync(pack, readFileSync(pack, 'utf8').replace('备注里写病情', '别的理由'))
  const refused = scan('--overrides', pack)
  expect(refused.status).not.toBe(0)
  expect(`${refused.stdout}${refused.stderr}`).toContain('GRADE_PACK')
}, 120_000)
