// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sourceFailures } from '../../sources/index.ts'
import { scanSources } from './scan-sources.ts'
import { ScanWork } from './scan-work.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-scan-work-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const handover = fileURLToPath(new URL('../../../bin/handover.mjs', import.meta.url))
const csv = '姓名,手机号\n张三,13800001111\n李四,13800001112\n'
const printed = z.object({ sources: z.array(z.object({ source: z.string() })), notRead: z.array(z.object({ where: z.string(), code: z.string() })) })

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const outcome = { sources: [], notRead: [], failure: null }
/** A work file that was paused with one finished file. */
async function paused(path: string, about: unknown = {}): Promise<ScanWork> {
  const work = new ScanWork(path, about, false)
  await work.keep({ path: file('kept.csv', csv), place: 'kept.csv' }, outcome)
  work.pause()
  return work
}

describe('the work file of a scan', () => {
  it('never touches a file that it did not make, with or without --resume', async () => {
    const mine = file('我的客户.csv', csv)
    mkdirSync(join(folder, 'a folder'))
    for (const path of [mine, join(folder, 'a folder'), '/dev/null']) for (const isResumed of [false, true]) {
      await expect(scanSources([mine], {}, () => {}, { workFile: path, isResumed })).rejects.toMatchObject({ code: 'SCAN_WORK_FOREIGN' })
    }
    expect(readFileSync(mine, 'utf8')).toBe(csv)
    const run = spawnSync(process.execPath, [handover, 'scan', mine, '--work', mine, '--json'], { encoding: 'utf8' })
    expect([run.status, readFileSync(mine, 'utf8')]).toEqual([2, csv])
  }, 400_000)

  it('takes the folder away that it made, and leaves one that was there', async () => {
    mkdirSync(join(folder, 'there'))
    for (const [name, isLeft] of [['there', true], ['made', false]] as const) {
      const path = join(folder, name, 'work')
      await paused(path)
      const again = new ScanWork(path, {}, true)
      expect(again.isKnown).toBe(true)
      again.remove()
      expect([existsSync(path), existsSync(join(folder, name))]).toEqual([false, isLeft])
    }
  })

  it('leaves what another scan put in its place meanwhile', async () => {
    const path = join(folder, 'taken')
    const work = await paused(path)
    rmSync(path)
    writeFileSync(path, 'not ours')
    new ScanWork(join(folder, 'other'), {}, false).remove()
    expect(() => new ScanWork(path, {}, false)).toThrow(/SCAN_WORK_FOREIGN|exists|已经存在/)
    expect(work.isKnown).toBe(false)
    expect(readFileSync(path, 'utf8')).toBe('not ours')
  })

  it('says when progress could not be kept, and nothing was lost but that', async () => {
    const work = new ScanWork(join(file('no-folder', ''), 'work'), {}, false)
    await work.keep({ path: file('kept.csv', csv), place: 'kept.csv' }, outcome)
    expect(() => work.pause()).toThrow(expect.objectContaining({ code: 'SCAN_WORK_UNWRITABLE' }))
  })

  it('keeps no failure that may not come again, and knows nothing of files that were read otherwise', async () => {
    const path = join(folder, 'transient')
    const slow = { path: file('slow.csv', `${csv}x`), place: 'slow.csv' }
    const wrong = { path: file('wrong.csv', `${csv}y`), place: 'wrong.csv' }
    const work = new ScanWork(path, { rules: 1 }, false)
    await work.keep(slow, { ...outcome, failure: sourceFailures.READER_TOO_SLOW({ where: 'slow.csv', seconds: 10 }) })
    await work.keep(wrong, { ...outcome, failure: sourceFailures.UNCLOSED_QUOTE({ where: 'wrong.csv', row: 3 }) })
    work.pause()
    const again = new ScanWork(path, { rules: 1 }, true)
    expect([await again.recall(slow), (await again.recall(wrong))?.failure?.code]).toEqual([null, 'UNCLOSED_QUOTE'])
    expect(await new ScanWork(path, { rules: 2 }, true).recall(wrong)).toBeNull()
  })
})

describe('a file that cannot be read', () => {
  // Reading /proc/self/mem at its beginning gives EIO, for root too.
  it('keeps nothing, is listed, and the other files are read', async () => {
    const work = new ScanWork(join(folder, 'unreadable'), {}, false)
    await work.keep({ path: '/proc/self/mem', place: 'mem' }, outcome)
    await work.keep({ path: file('kept.csv', csv), place: 'kept.csv' }, outcome)
    work.pause()
    expect(await new ScanWork(join(folder, 'unreadable'), {}, true).recall({ path: '/proc/self/mem', place: 'mem' })).toBeNull()
    rmSync(join(folder, 'unreadable'))
    const report = await scanSources(['/proc/self/mem', file('good.csv', csv)], {}, () => {}, { workFile: join(folder, 'unreadable') })
    expect([report.sources.map(({ source }) => source), report.notRead.map(({ where, code }) => [where, code])]).toEqual([['good.csv'], [['mem', 'SOURCE_UNREADABLE']]])
  }, 400_000)

  it.skipIf(process.getuid?.() !== 0)('stands in notRead of a folder, paused or not, for a user without the permission', () => {
    const place = mkdtempSync(join(tmpdir(), 'handover-denied-'))
    chmodSync(place, 0o777)
    writeFileSync(join(place, 'a.csv'), csv)
    writeFileSync(join(place, 'b.csv'), csv)
    chmodSync(join(place, 'a.csv'), 0o000)
    for (const args of [[], ['--resume']]) {
      const run = spawnSync(process.execPath, [handover, 'scan', place, '--json', '--work', join(place, '..', `${place}.work`), ...args], { encoding: 'utf8', uid: 65534, gid: 65534, env: { ...process.env, HOME: place } })
      const { sources, notRead } = printed.parse(JSON.parse(run.stdout))
      expect([run.status, sources.map(({ source }) => source), notRead]).toEqual([3, ['b.csv'], [expect.objectContaining({ where: 'a.csv', code: 'SOURCE_UNREADABLE' })]])
    }
    expect(readdirSync(place)).toEqual(['a.csv', 'b.csv'])
    rmSync(place, { recursive: true })
  }, 400_000)
})
