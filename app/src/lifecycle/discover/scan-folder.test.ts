// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CFB } from '@e965/xlsx'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { mixedFiles, writeMixedFiles } from '../../../../tools/generate-files.ts'
import { drawText, pngOf } from '../../../../tools/files/draw-text.ts'
import { docxOf, emlOf, xlsOf } from '../../../../tools/files/write-files.ts'
import { scanSources, type ScanReport } from './scan-sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-scan-folder-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const handover = fileURLToPath(new URL('../../../bin/handover.mjs', import.meta.url))

const files = mixedFiles(40, 7)
const mixed = join(folder, 'mixed')
writeMixedFiles(mixed, files)

const container = z.object({ read: z.custom<(bytes: Buffer, how: { type: 'buffer' }) => unknown>(), write: z.custom<(file: unknown, how: { type: 'buffer' }) => Buffer>(), utils: z.object({ cfb_add: z.custom<(file: unknown, path: string, content: Buffer) => void>() }) }).parse(CFB)

/** An old workbook with another stream in its container. */
function withStream(workbook: Buffer, path: string): Buffer {
  const file = container.read(workbook, { type: 'buffer' })
  container.utils.cfb_add(file, path, Buffer.from('stream'))
  return Buffer.from(container.write(file, { type: 'buffer' }))
}

const withoutTime = (report: ScanReport): unknown => ({ sources: report.sources, notRead: report.notRead })

describe('a folder of mixed files', () => {
  it('gives every source, data set and row that was put there, and lists exactly what was not read', async () => {
    const seen: number[] = []
    const report = await scanSources([mixed], {}, ({ bytes, bytesTotal }) => seen.push(bytes / bytesTotal))
    const expected = files.flatMap(({ sources }) => sources).toSorted((a, b) => (a.source < b.source ? -1 : 1))
    expect(report.sources.map(({ source, kind, dataSets }) => ({ source, kind, rows: dataSets.map(({ rows }) => rows) })).toSorted((a, b) => (a.source < b.source ? -1 : 1))).toEqual(expected)
    expect(report.notRead.map(({ where }) => where).toSorted()).toEqual(files.flatMap(({ notRead }) => notRead).toSorted())
    expect(seen.at(-1)).toBe(1)
    const planted = JSON.stringify(report).match(/138\d{8}/g)
    expect(planted).toBeNull()
  }, 240_000)

  it('names what stands in a text with places, masked, and takes a picture of an identity card for sensitive', async () => {
    const path = join(folder, 'texts')
    writeMixedFiles(path, [
      { name: 'a.docx', bytes: docxOf({ paragraphs: ['说明', '客户张三，电话 13800001111，身份证 110199199001011216'] }), sources: [], notRead: [] },
      { name: 'b.png', bytes: pngOf(drawText('姓名 张三丰\n\n性别 男 民族 汉\n\n公民身份号码 110199199001011216')), sources: [], notRead: [] },
      { name: 'c.txt', bytes: '今天天气很好。\n', sources: [], notRead: [] },
      { name: 'd.txt', bytes: '13800001111\n13800001112\n13800001113\n13800001114\n13800001115\n', sources: [], notRead: [] },
    ])
    const { sources } = await scanSources([path])
    const sets = sources.map(({ dataSets }) => dataSets[0])
    expect(sets[0]).toMatchObject({ grade: 'sensitive', placeUnit: 'paragraph', fields: [{ type: 'free-text-personal', matched: 1 }] })
    expect(sets[0]?.found).toContainEqual({ type: 'mobile', count: 1, evidence: [{ row: 2, shown: '138****1111' }] })
    expect(sets[1]).toMatchObject({ grade: 'sensitive', recognised: true, fields: [{ type: 'free-text-personal' }, { name: '图像', type: 'resident-id', grade: 'sensitive' }] })
    expect(sets[2]).toMatchObject({ grade: 'none', found: [], fields: [{ type: 'none' }] })
    expect(sets[3]).toMatchObject({ fields: [{ type: 'mobile', matched: 5 }] })
  }, 240_000)

  it('keeps what it found in an old workbook with macros, and in one of two attachments of the same name', async () => {
    const path = join(folder, 'macros')
    const attached = (data: string): { name: string; type: string; data: string } => ({ name: '客户.csv', type: 'text/csv', data })
    writeMixedFiles(path, [
      { name: 'a.xls', bytes: withStream(xlsOf({ 客户: [['姓名', '手机号'], ['张三', '13800001111'], ['李四', '13800001112']] }), '/_VBA_PROJECT_CUR/VBA/dir'), sources: [], notRead: [] },
      { name: 'b.eml', bytes: emlOf({ from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't', attached: [attached('姓名,手机号\n张三,13800001111\n'), attached('a,b\n"')] }), sources: [], notRead: [] },
    ])
    const report = await scanSources([path])
    expect(report.sources.map(({ source, dataSets }) => [source, dataSets[0]?.fields.some(({ type }) => type === 'mobile') === true])).toEqual([['a.xls', true], ['b.eml', false], ['b.eml!客户.csv', true]])
    expect(report.notRead.map(({ where, code }) => [where, code])).toEqual([['a.xls', 'MACRO'], ['b.eml!客户 (2).csv', 'UNCLOSED_QUOTE']])
  }, 240_000)

  it('goes on with the next file when one ends its reader', async () => {
    const path = join(folder, 'hungry')
    writeMixedFiles(path, [
      { name: 'a.csv', bytes: '姓名,手机号\n张三,13800001111\n', sources: [], notRead: [] },
      { name: 'b.txt', bytes: 'x'.repeat(60_000_000), sources: [], notRead: [] },
      { name: 'c.csv', bytes: '姓名,手机号\n李四,13800001112\n', sources: [], notRead: [] },
    ])
    const report = await scanSources([path], { limits: { heapMegabytesMax: 48, cellCharsMax: 400_000_000 } })
    expect(report.sources.map(({ source }) => source)).toEqual(['a.csv', 'c.csv'])
    expect(report.notRead.map(({ where, code }) => [where, code])).toEqual([['b.txt', 'READER_OUT_OF_MEMORY']])
  }, 240_000)
})

describe('pausing', () => {
  const small = join(folder, 'small')
  writeMixedFiles(small, mixedFiles(14, 3))
  const workFile = join(folder, 'work', 'scan.ndjson')

  it('keeps what is finished and comes to the same result, reading only the rest', async () => {
    const whole = await scanSources([small])
    for (const stopAfter of [1, 9]) {
      const stop = new AbortController()
      await expect(scanSources([small], {}, ({ files: done }) => done >= stopAfter && stop.abort(), { workFile, stop: stop.signal })).rejects.toMatchObject({ code: 'SCAN_PAUSED' })
      const kept = readFileSync(workFile, 'utf8')
      expect(kept.trim().split('\n').length).toBeGreaterThanOrEqual(stopAfter)
      expect(kept).not.toMatch(/13800001|姓名|客户|\.csv/) // sealed lines are base64: three characters would stand there by chance
      let rows = 0
      expect(withoutTime(await scanSources([small], {}, (seen) => (rows = seen.rows), { workFile, isResumed: true }))).toEqual(withoutTime(whole))
      expect(rows).toBeLessThan(whole.sources.flatMap(({ dataSets }) => dataSets).reduce((sum, set) => sum + set.rows, 0))
      expect(existsSync(join(folder, 'work'))).toBe(false)
    }
  }, 240_000)

  it('reads a file again that changed meanwhile, and survives a cut off work file', async () => {
    const stop = new AbortController()
    await expect(scanSources([small], {}, ({ files: done }) => done >= 8 && stop.abort(), { workFile, stop: stop.signal })).rejects.toMatchObject({ code: 'SCAN_PAUSED' })
    writeFileSync(workFile, readFileSync(workFile).subarray(0, -40))
    const changed = join(small, readdirSync(small)[0] ?? '', readdirSync(join(small, readdirSync(small)[0] ?? ''))[0] ?? '')
    appendFileSync(changed, '王五,13800001119\n')
    utimesSync(changed, 1, 1)
    const again = await scanSources([small], {}, () => {}, { workFile, isResumed: true })
    expect(withoutTime(again)).toEqual(withoutTime(await scanSources([small])))
  }, 240_000)

  it('is what Ctrl-C does on the command line, in the middle of recognising pages', async () => {
    const pictures = join(folder, 'pictures')
    writeMixedFiles(pictures, Array.from({ length: 24 }, (_, i) => ({ name: `${i}.png`, bytes: pngOf(drawText(`客户张三 电话 138000011${10 + i}`, 4)), sources: [], notRead: [] })))
    // Many, so that the run is not over before its first line of progress is read here on a busy machine.
    const home = join(folder, 'home')
    const run = (...args: string[]) => spawn(process.execPath, [handover, 'scan', pictures, '--json', '--home', home, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const first = run()
    first.stderr.on('data', (text: Buffer) => /"done":[1-9]/.test(text.toString()) && first.kill('SIGINT'))
    expect(await new Promise((resolve) => first.on('exit', resolve))).toBe(130)
    expect(readdirSync(join(home, 'scan-work'))).toHaveLength(1)
    const second = run('--resume')
    let printed = ''
    second.stdout.on('data', (text: Buffer) => (printed += text.toString()))
    expect(await new Promise((resolve) => second.on('exit', resolve))).toBe(0)
    expect(JSON.parse(printed)).toMatchObject({ sources: Array.from({ length: 24 }, () => ({ kind: 'image' })) })
    expect(existsSync(join(home, 'scan-work'))).toBe(false)
  }, 240_000)
})
