// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { paperDigest, type Paper } from '../kit/paper/paper.ts'
import { instantOf } from '../kit/time.ts'
import { draftPaper } from '../stewardship/papers/index.ts'
import { fullFacts } from '../stewardship/papers/papers.fixture.ts'
import { begunPaper, writePaper } from './write-paper.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-paper-'))
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })
const draft = (second: string, code = 'WEIYU-2026'): Paper => draftPaper('handover-list', { ...fullFacts, now: instantOf(`2026-11-22T02:00:${second}.000Z`), matter: { ...fullFacts.matter, code } }, 'zh')
const call = { flags: {} }
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))

test('a paper that a killed command began is finished as it was begun, although the clock ran on; its digest is the one that is signed', async () => {
  const file = join(folder, '清单.docx')
  const first = await writePaper(call, draft('01'), file)
  const bytes = readFileSync(file)
  expect(draft('01')).not.toEqual(draft('09'))
  rmSync(file) // killed before the document stood
  const again = await writePaper(call, draft('09'), file)
  expect([again.digest, paperDigest(begunPaper(draft('09'), file)), readFileSync(file).equals(bytes)]).toEqual([first.digest, first.digest, true])
  expect(await writePaper(call, draft('30'), file)).toEqual(first)
})

test('another content, or a file that is no paper, is never overwritten, and nothing is left beside it', async () => {
  const file = join(folder, '清单.docx')
  expect(await codeOf(writePaper(call, draft('01', 'ANDERE-1'), file))).toBe('PAPER_EXISTS')
  const own = join(folder, '我的.docx')
  writeFileSync(own, 'mine')
  expect(await codeOf(writePaper(call, draft('01'), own))).toBe('PAPER_EXISTS')
  expect([readFileSync(own, 'utf8'), existsSync(join(folder, '我的.paper.json'))]).toEqual(['mine', false])
  writeFileSync(join(folder, '旧.paper.json'), 'not JSON')
  expect(await codeOf(writePaper(call, draft('01'), join(folder, '旧.docx')))).toBe('PAPER_EXISTS')
})
