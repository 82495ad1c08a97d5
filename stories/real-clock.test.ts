// SPDX-License-Identifier: Apache-2.0
// Nobody closes a company on a declared clock: here every command reads the machine's running clock. Only the cooling-off is not waited out:
// the same homes go on with the machine's clock set ahead by libfaketime (Debian's `faketime`), under which the clock runs on.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { verifyFile } from '@handover/proof'
import { dateAt, openStage, postOf, realTime, setUpLog, type Stage } from '../app/src/demo/index.ts'
import { playToClose, playToDestructionOrders, realDays, type WholeMatter } from './whole-matter.ts'
import { addDays, dayOf } from '../app/src/kit/time.ts'
import { tell } from './demo-run.ts'

const faketime = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1'].find((file) => existsSync(file))
const folder = mkdtempSync(join(tmpdir(), 'handover-real-clock-'))
const opened: Stage[] = []
const stageNow = (): Stage => {
  const stage = openStage({ folder, seed: 'real-clock', customers: 60, lang: 'zh', steps: 0, say: () => undefined })
  opened.push(stage)
  return stage
}
const matterOn = (stage: Stage): WholeMatter => ({ stage, on: realDays, settings: ['notice_wait_days=0', 'cooling_off_hours=24', `cutoff_day=${addDays(dayOf(dateAt(realTime)), -1)}`], into: `sqlite:${join(folder, 'buyer', '接收库.sqlite')}`, part: (_, run) => run() })
/** What the processes that start from here on take for the time. */
const setClockAhead = (library: string, by: string): void => {
  process.env['LD_PRELOAD'] = library
  process.env['FAKETIME'] = by
  process.env['FAKETIME_DONT_FAKE_MONOTONIC'] = '1'
}
const setClockBack = (): void => {
  for (const name of ['LD_PRELOAD', 'FAKETIME', 'FAKETIME_DONT_FAKE_MONOTONIC']) delete process.env[name]
}

afterAll(async () => {
  setClockBack()
  await Promise.all(opened.map((stage) => stage.stop()))
  rmSync(folder, { recursive: true, force: true })
})

if (faketime === undefined) tell('SKIPPED: the whole matter on the running clock (Debian package faketime is not installed)')

it.skipIf(faketime === undefined)('a whole matter closes on the machine\'s running clock, and refuses to destroy before the cooling-off is over', async () => {
  const stage = stageNow()
  const approved = await playToDestructionOrders(matterOn(stage))
  const early = await stage.asMay('seller', realDays.destruction, [13], 'destroy', 'run', approved.orders[0] ?? '', '--allow-write')
  expect(early.messages.join('\n')).toMatch(/COOLING_OFF/)
  await stage.stop()

  setClockAhead(faketime ?? '', '+25h')
  const later = stageNow()
  await setUpLog(later, realDays.destruction, ['buyer', 'broker'])
  const ending = await playToClose(matterOn(later), approved)
  await later.stop()
  setClockBack()

  expect(ending.sheet.join('\n')).toMatch(/账平/)
  expect(ending.sheet.join('\n')).not.toMatch(/演示|declared/)
  const verdict = await verifyFile(ending.bundle, { policy: readFileSync(postOf(later).policy, 'utf8'), language: 'zh' })
  expect(verdict.checks.filter((check) => !check.ok)).toEqual([])
}, 600_000)
