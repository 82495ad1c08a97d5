// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { detectionWork } from '../../detection/index.ts'
import { readSourceWith, type ReadOptions } from '../../sources/index.ts'
import { countCsv, type CountEvent, type PartsPlan } from './scan-csv-bytes.ts'
import { scanOneSource, type ScanEvent } from './scan-one-source.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-bytes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

function file(bytes: string | Uint8Array): string {
  const path = join(folder, `f${files++}.csv`)
  writeFileSync(path, bytes)
  return path
}

/** What a scan says without its running counts of rows; a refusal by its code and facts. */
async function scanned(path: string, plan: PartsPlan | null, options: ReadOptions = {}): Promise<unknown> {
  const events: ScanEvent[] = []
  try {
    for await (const event of scanOneSource(path, options, () => {}, plan === null ? null : () => plan)) if (event.kind !== 'rows') events.push(event)
    return events
  } catch (error) {
    return error
  }
}

function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const cells = ['张三', '李晓明', '13800001111', '110199199001011217', '', '', '6222020000000000000', 'a@example.com', '2001-02-03', '上海市黄浦区南京东路1号2室', '客户要求改约,请打 13912345678 联系', '已经上门安装完毕客户满意', '12.50', 'KH000123', ' x ', '１３８', 'a\u0000b', '😀', '男']
const written = ['"引号""中间"', '"多行\n第二行,仍在引号里"', '"多行\r\n第二行"', '"坏"尾巴', 'a"b', '""', '"逗号,在内"', '""""', '"坏\u0000"尾']

/** A table with everything that splitting has to stand: ragged and blank rows, quotes in all forms, three kinds of line ends. */
function table(seed: number, rows: number, lineEnd: string): string {
  const random = seeded(seed)
  const pick = (from: readonly string[]): string => from[random(from.length)] ?? ''
  const lines = ['姓名,手机号,身份证号,备注']
  for (let row = 0; row < rows; row++) {
    const kind = random(20)
    const width = kind === 0 ? 1 + random(3) : kind === 1 ? 5 + random(4) : 4
    lines.push(kind === 2 ? '' : kind === 3 ? ',,,' : Array.from({ length: width }, () => (random(6) === 0 ? pick(written) : pick(cells))).join(','))
  }
  return lines.join(lineEnd) + (seed % 2 === 0 ? lineEnd : '')
}

const gbBytes = new Map<string, number[]>()
for (let lead = 0x81; lead <= 0xfe; lead++) {
  for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) gbBytes.set(new TextDecoder('gb18030').decode(Uint8Array.of(lead, trail)), [lead, trail])
}

/** GB18030 bytes of a text; what has no two bytes is written as a character of four bytes, 𠮷. */
function gb18030(text: string): Uint8Array {
  return Uint8Array.from([...text].flatMap((char) => (char < '\u0080' ? [char.charCodeAt(0)] : (gbBytes.get(char) ?? [0x95, 0x34, 0xb2, 0x35]))))
}

/** Whether a file was counted as bytes, and not handed to the reader that takes what the byte reader does not. */
async function isCountedAsBytes(path: string, options: ReadOptions = {}): Promise<boolean> {
  const plan = { partBytes: 1000, threads: 1 }
  for await (const event of readSourceWith<CountEvent>(path, options, () => {}, (at, bytes, setting) => countCsv(at, bytes, setting, plan))) if (event.kind === 'counted') return true
  return false
}

describe('a CSV file counted as bytes', () => {
  it('gives the report of the cell-by-cell reader, however the file is cut', async () => {
    for (const [seed, lineEnd] of [[1, '\n'], [2, '\r\n'], [3, '\r'], [4, '\n'], [5, '\r\n']] as const) {
      const path = file((seed === 4 ? '\uFEFF' : '') + table(seed, 300, lineEnd))
      const expected = await scanned(path, null)
      for (const partBytes of [50, 333, 4096, 1 << 22]) expect(await scanned(path, { partBytes, threads: 1 }), `seed ${seed}, parts of ${partBytes}`).toEqual(expected)
    }
  })

  it('gives the same report with two threads', async () => {
    const path = file(table(6, 3000, '\n'))
    const expected = await scanned(path, null)
    for (const partBytes of [1000, 20_000]) expect(await scanned(path, { partBytes, threads: 2 })).toEqual(expected)
  })

  it('gives the same report of GB18030, whose second bytes may look like quotes, separators and digits', async () => {
    for (const seed of [11, 12, 13]) {
      const text = table(seed, 300, seed === 12 ? '\r\n' : '\n').replaceAll(',', seed === 13 ? '|' : ',').replaceAll('安装', '亅镕瞖')
      const path = file(gb18030(text))
      const expected = await scanned(path, null)
      expect(expected).toMatchObject([{ source: { encoding: 'gb18030' } }])
      for (const partBytes of [100, 5000, 1 << 22]) expect(await scanned(path, { partBytes, threads: 1 }), `seed ${seed}, parts of ${partBytes}`).toEqual(expected)
    }
    const ambiguous = file(Buffer.concat([gb18030(table(14, 50, '\n')), Buffer.from([0x80, 0xd5, 0xc5, 0x2c, 0x31, 0x0a])]))
    expect(await scanned(ambiguous, { partBytes: 500, threads: 1 }, { encoding: 'gb18030' })).toEqual(await scanned(ambiguous, null, { encoding: 'gb18030' }))
  })

  it('takes UTF-8 and GB18030 as bytes, and leaves the rest to the reader that explains', async () => {
    expect(await isCountedAsBytes(file(table(21, 300, '\n')))).toBe(true)
    expect(await isCountedAsBytes(file(gb18030(table(22, 300, '\n'))))).toBe(true)
    expect(await isCountedAsBytes(file(Buffer.from(table(23, 300, '\n'), 'utf16le')), { encoding: 'utf-16le' })).toBe(false)
    expect(await isCountedAsBytes(file(Buffer.concat([gb18030(table(24, 300, '\n')), Buffer.from([0x80, 0xd5, 0xc5, 0x0a])])), { encoding: 'gb18030' })).toBe(false)
  })

  it('treats titles, missing headers and other separators alike', async () => {
    const body = table(8, 40, '\n')
    for (const text of [`客户资料表\n制表:王小明 13900001111\n${body}`, body.slice(body.indexOf('\n') + 1), body.replaceAll(',', '\t'), `sep=;\n${body.replaceAll(',', ';')}`, '', '姓名\n', '姓名,手机号\n\n\n', 'a,b\n1,2']) {
      const path = file(text)
      expect(await scanned(path, { partBytes: 200, threads: 1 }), text.slice(0, 30)).toEqual(await scanned(path, null))
    }
  })

  it('refuses with the same code and row, and falls back for what is not strict text', async () => {
    const good = '张三,13800001111,,\n'.repeat(400)
    const long = `姓名,手机号,备注,x\n${good}李四,"${'长'.repeat(5000)}\n`
    const cases: [string | Uint8Array, ReadOptions][] = [
      [`姓名,手机号,备注,x\n${good}李四,"没有闭合\n${good}`, {}], [long, { limits: { recordBytesMax: 4096 } }], [`姓名,手机号,备注,x\n${good}${','.repeat(90)}1\n`, { limits: { fieldsMax: 50 } }], [`姓名,手机号,备注,x\n${good}`, { limits: { rowsMax: 100 } }],
      [Buffer.concat([Buffer.from(`姓名,手机号,备注,x\n${good}`), Buffer.from([0xff, 0x2c, 0x31, 0x0a])]), { encoding: 'utf-8' }], [Buffer.from(`姓名,手机号,备注,x\n${good}`, 'utf16le'), { encoding: 'utf-16le' }],
    ]
    for (const [bytes, options] of cases) {
      const path = file(bytes)
      expect(await scanned(path, { partBytes: 500, threads: 1 }, options)).toEqual(await scanned(path, null, options))
    }
  })

  it('finds no duplicate in rows that differ only by a missing cell, and every one that repeats', async () => {
    const path = file(`姓名,手机号,备注\n1,2,\n1,2\n1,2,\n${'x,y,z\n'.repeat(5)}`)
    const events = await scanned(path, { partBytes: 8, threads: 1 })
    expect(events).toEqual(await scanned(path, null))
    expect(events).toMatchObject([{ source: { dataSets: [{ rows: 8, duplicateRows: 5 }] } }])
  })

  it('finds rows that repeat however their cells are quoted, and none that only look alike when written in a line', async () => {
    const rows = ['a,"b,1",c', '"a","b,1","c"', 'a,b,c', '"a",b,c', 'a,"b""1",c', 'a,b"1,c', '"""a",b,c', '"a\nb",b,c', '"a\nb","b",c', '"a\rb",b,c', '"",b,c', ',b,c', '"a,b",c', 'a,b,c']
    const path = file(`姓名,手机号,备注\n${rows.join('\n')}\n`)
    const events = await scanned(path, { partBytes: 16, threads: 1 })
    expect(events).toEqual(await scanned(path, null))
    expect(events).toMatchObject([{ source: { dataSets: [{ duplicateRows: 6 }] } }])
  })

  it('counts different values alike when parts keep only the hashes that still matter', async () => {
    const random = seeded(31)
    const rows = Array.from({ length: 4000 }, (_, row) => `${row},${random(900)},客户${random(40)},${random(2) === 0 ? '男' : '女'}`)
    const path = file(`编号,分,级,性别\n${rows.join('\n')}\n`)
    const expected = await scanned(path, null)
    for (const plan of [{ partBytes: 700, threads: 1 }, { partBytes: 3000, threads: 2 }]) expect(await scanned(path, plan)).toEqual(expected)
  })

  it('counts cells of every length alike, quoted or not, around the sixteen bytes that are looked at together', async () => {
    const random = seeded(41)
    const units = ['1', 'a', '李', '1a', '3.', 'x@', '号1', ' ', '-', '*', '\u00e9', '😀', '"', '_', '\t']
    const cell = (): string => {
      const text = (units[random(units.length)] ?? '').repeat(40).slice(0, random(36)) + (random(3) === 0 ? String(random(1000)) : '')
      return random(3) === 0 || text.includes('"') ? `"${text.toWellFormed().replaceAll('"', '""')}"` : text.toWellFormed()
    }
    const rows = Array.from({ length: 1500 }, (_, row) => [row % 5 === 0 ? cell() : '男', cell(), '1'.repeat(row % 48), `${'中'.repeat(row % 30)}路${row % 90}号`, `u${row % 7}@${'b'.repeat(row % 40)}.com`, cell()].join(','))
    for (const [lineEnd, isGb18030] of [['\n', false], ['\r\n', false], ['\n', true]] as const) {
      const text = `甲,乙,丙,丁,戊,己${lineEnd}${rows.join(lineEnd)}${lineEnd}`
      const path = file(isGb18030 ? gb18030(text.replaceAll('é', '啊')) : text)
      const expected = await scanned(path, null)
      for (const plan of [{ partBytes: 1 << 22, threads: 1 }, { partBytes: 20_000, threads: 2 }]) expect(await scanned(path, plan)).toEqual(expected)
    }
  })

  it('counts alike around a record that is longer than the window of the kernel', async () => {
    const good = Array.from({ length: 3000 }, (_, row) => `张三,138${String(row).padStart(8, '0')},"引号,${row}",x`).join('\n')
    const text = `姓名,手机号,备注,x\n${good}\n李四,13900001111,${'很长的一段'.repeat(90_000)},y\n${good}\n`
    for (const bytes of [Buffer.from(text), gb18030(text)]) {
      const path = file(bytes)
      const expected = await scanned(path, null)
      for (const partBytes of [30_000, 1 << 22]) expect(await scanned(path, { partBytes, threads: 1 })).toEqual(expected)
    }
  })

  // Every cell stands for a pattern that could be tried again from every place: quotes, digits, dashes, brackets, parts of addresses and mail addresses.
  const hostile = ['""', '1', '13800001111', 'a@', '路1号', 'x\n', '王', '1-', '(', '公司', 'A-1', '138 0013 ', '上海市', '=', 'http://a?token=', '-']

  it.each([
    ['rows', (times: number) => hostile.map((unit) => `"${unit.repeat(500)}",1\n`).join('').repeat(4 * times)],
    ['the length of a cell', (times: number) => hostile.map((unit) => `"${unit.repeat(2000 * times)}",1\n`).join('')],
    ['rows of codes with dashes, all of them different', (times: number) => Array.from({ length: 4000 * times }, (_, at) => `AB-1234-${String(at * 7919).padStart(8, '0')},2024-${at}-X\n`).join('')],
  ])('does work that grows with the bytes: twice %s', async (_, body) => {
    const steps = async (times: number): Promise<number> => {
      const path = file(`甲,乙\n${body(times)}`)
      return workOf(async () => {
        for await (const event of scanOneSource(path, {}, () => undefined, () => ({ partBytes: 1 << 16, threads: 1 }))) void event
      })
    }
    const [once, twice] = [await steps(1), await steps(2)]
    expect(once).toBeGreaterThan(10_000)
    expect(twice).toBeLessThanOrEqual(once * 2.5)
  })

  it('would notice a rule that begins anew at every place', async () => {
    const text = '1'.repeat(2000)
    const anew = (length: number): Promise<number> => workOf(async () => { for (let at = 0; at < length; at++) /x$/.exec(text.slice(at, length)) })
    expect(await anew(2000)).toBeGreaterThan((await anew(1000)) * 3)
  })
})

/** What some work costs, without a clock: the steps of detection, and how far every pattern of the language read its text. `exec` is what `test`, `match`, `replace` and `split` go through once it is another function. */
async function workOf(work: () => Promise<void>): Promise<number> {
  // oxlint-disable-next-line unbound-method -- called with its pattern below
  const real = RegExp.prototype.exec
  let steps = -detectionWork.steps
  // oxlint-disable-next-line no-extend-native -- put back below; there is no other way to see every pattern
  RegExp.prototype.exec = function counted(this: RegExp, text: string): RegExpExecArray | null {
    const from = this.global || this.sticky ? this.lastIndex : 0
    const found = real.call(this, text)
    steps += 1 + (found === null ? (this.sticky ? 0 : text.length - from) : found.index + found[0].length - from)
    return found
  }
  try {
    await work()
  } finally {
    // oxlint-disable-next-line no-extend-native -- as it was
    RegExp.prototype.exec = real
  }
  return steps + detectionWork.steps
}
