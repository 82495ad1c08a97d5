// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { anonymiseFile } from '../anonymise/index.ts'
import { encodeGb18030 } from '../demo/encode-gb18030.ts'
import { runCommand } from './run-command.ts'
import { newSession } from './session.ts'

const root = mkdtempSync(join(tmpdir(), 'handover-anonymise-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folder = root
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'))
})

const reportSchema = z.object({
  k: z.int(), rows: z.int(), suppressed: z.int(), classes: z.int(), metrics: z.object({ dm: z.number(), cavg: z.number(), ncp: z.number() }), elapsedMs: z.number(),
  reached: z.object({ k: z.int(), l: z.int().nullable() }), columns: z.array(z.object({ name: z.string(), role: z.string(), hierarchy: z.string().optional() })), warnings: z.array(z.object({ code: z.string(), columns: z.array(z.string()) })),
})

async function run(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  const text = { out: '', err: '' }
  const streams = { out: (more: string) => void (text.out += more), err: (more: string) => void (text.err += more), isTty: false }
  const exit = await runCommand(['anonymise', ...argv], { session: newSession(), streams, pause: new AbortController().signal })
  return { exit, ...text }
}

const codeOf = (out: string): string => z.object({ error: z.object({ code: z.string() }) }).parse(JSON.parse(out)).error.code

const headers = ['姓名', '身份证号', '手机号', '性别', '出生日期', '住址', '疾病', '余额', '渠道']
const districts = ['上海市黄浦区', '上海市徐汇区', '江苏省苏州市姑苏区', '江苏省南京市鼓楼区', '浙江省杭州市西湖区']
const illnesses = ['高血压', '糖尿病', '哮喘', '无']

/** An invented register: a county that was never given out, so that the IDs belong to nobody. */
function registerRows(rows: number): string[][] {
  return Array.from({ length: rows }, (_, at) => {
    const birth = `19${60 + (at % 30)}-${String(1 + (at % 12)).padStart(2, '0')}-${String(1 + ((at * 7) % 28)).padStart(2, '0')}`
    const id = `110199${birth.replaceAll('-', '')}${String(100 + at).padStart(3, '0')}`
    const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((total, weight, place) => total + weight * Number(id[place]), 0)
    return [`试${'甲乙丙丁戊己庚辛壬癸'[at % 10]}${'东南西北中'[at % 5]}`, id + '10X98765432'[sum % 11], `1390000${String(1000 + at)}`, at % 2 === 0 ? '男' : '女', birth, `${districts[at % 5]}测试路${at}号`, illnesses[(at * 3) % 4] ?? '', `${(at * 13) % 900}.50`, at % 3 === 0 ? '=网店' : '门店, "旗舰"']
  })
}

function writeRegister(rows: readonly (readonly string[])[], name = '客户.csv'): string {
  const lines = [headers, ...rows].map((cells) => cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','))
  writeFileSync(join(folder, name), encodeGb18030(`${lines.join('\r\n')}\r\n`))
  return join(folder, name)
}

const usual = ['--quasi', '性别,出生日期,住址', '--drop', '姓名,身份证号,手机号', '--json', '-q']
const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n')

describe('a GB18030 register', () => {
  test('becomes a UTF-8 copy in which every combination of quasi-identifiers stands k times with l sensitive values, and the report says what was counted', async () => {
    const source = writeRegister(registerRows(120))
    const copy = join(folder, '匿名.csv')
    const { exit, out } = await run(source, ...usual, '--k', '4', '--sensitive', '疾病', '--l', '2', '-o', copy)
    expect(exit).toBe(0)
    const report = reportSchema.parse(JSON.parse(out))
    const [head = '', ...rows] = linesOf(copy)
    expect(head).toBe('性别,出生日期,住址,疾病,余额,渠道')
    const classes = Map.groupBy(rows, (row) => row.split(',').slice(0, 3).join())
    const sizes = [...classes.values()].map(({ length }) => length)
    expect([rows.length, report.rows, report.classes, report.suppressed]).toEqual([120, 120, classes.size, 0])
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(4)
    expect(report.reached.k).toBe(Math.min(...sizes))
    expect(Math.min(...[...classes.values()].map((own) => new Set(own.map((row) => row.split(',')[3])).size))).toBe(report.reached.l)
    expect(report.reached.l).toBeGreaterThanOrEqual(2)
    expect([report.metrics.dm, report.metrics.cavg]).toEqual([sizes.reduce((sum, size) => sum + size * size, 0), 120 / (classes.size * 4)])
    expect(report.columns.map(({ name, role, hierarchy }) => [name, role, hierarchy])).toEqual([
      ['姓名', 'dropped', undefined], ['身份证号', 'dropped', undefined], ['手机号', 'dropped', undefined], ['性别', 'quasi', 'words'], ['出生日期', 'quasi', 'dates'], ['住址', 'quasi', 'regions'], ['疾病', 'sensitive', undefined], ['余额', 'kept', undefined], ['渠道', 'kept', undefined],
    ])
    expect(readFileSync(copy, 'utf8')).not.toMatch(/测试路|试[甲乙丙]|1390000|110199/)
    // What a spreadsheet would calculate is text, and quotes are as they were.
    expect(rows.every((row) => row.endsWith(`'=网店`) || row.endsWith('"门店, ""旗舰"""'))).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['KEPT_COLUMNS', 'ORDER_KEPT']))
  }, 30_000)

  test('gives the same bytes again, and with --reorder the same rows where their place tells nothing', async () => {
    const source = writeRegister(registerRows(90))
    const [first, second, third] = [join(folder, 'a.csv'), join(folder, 'b.csv'), join(folder, 'c.csv')]
    for (const [copy, ...more] of [[first], [second], [third, '--reorder']] as const) expect((await run(source, ...usual, '--k', '3', ...more, '-o', copy)).exit).toBe(0)
    expect(readFileSync(second)).toEqual(readFileSync(first))
    const [kept, moved] = [linesOf(first), linesOf(third)]
    expect(moved.toSorted()).toEqual(kept.toSorted())
    const byClass = Map.groupBy(moved.slice(1), (row) => row.split(',').slice(0, 3).join())
    expect([...byClass.values()].flat()).toEqual(moved.slice(1))
    for (const rows of byClass.values()) expect(rows).toEqual(rows.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
  }, 40_000)

  test('is not copied while columns point to persons: all are named with the way out, and nothing is written', async () => {
    const source = writeRegister(registerRows(60))
    const { exit, out, err } = await run(source, '--quasi', '性别,出生日期', '--drop', '姓名', '--k', '3', '-o', join(folder, 'x.csv'))
    expect([exit, out]).toEqual([2, ''])
    for (const word of ['身份证号', '手机号', '住址', '--drop 身份证号,手机号,住址', 'ANONYMISE_DIRECT_IDENTIFIERS']) expect(err).toContain(word)
    expect(err).not.toMatch(/试甲|1390000/)
    expect(readdirSync(folder)).toEqual(['客户.csv'])
  }, 30_000)

  test('is not copied with a running customer code that only --drop would take away', async () => {
    const rows = registerRows(60).map((row, at) => row.with(8, `K${(at * 7919) % 100_003}`))
    const { out } = await run(writeRegister(rows), ...usual, '--k', '3', '-o', join(folder, 'x.csv'))
    expect(codeOf(out)).toBe('ANONYMISE_DIRECT_IDENTIFIERS')
    expect(out).toContain('渠道')
  }, 30_000)
})

describe('a table of words', () => {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const plain = (): string => write('in.csv', `n;age;job;city\n${Array.from({ length: 24 }, (_, at) => `${at};${20 + (at % 8)};${['cook', 'smith', 'monk'][at % 3]};${['Linz', 'Graz'][at % 2]}`).join('\n')}\n`)
  const fails = async (...argv: string[]): Promise<string> => {
    const before = readdirSync(folder)
    const { exit, out } = await run(...argv, '--json', '-q')
    expect(exit).not.toBe(0)
    expect(readdirSync(folder)).toEqual(before)
    return codeOf(out)
  }

  test('takes its hierarchies from files, and a column that only counts rows is counted anew', async () => {
    const source = plain()
    mkdirSync(join(folder, 'h'))
    write('h/test_hierarchy_job.csv', 'cook;worldly;*\nsmith;worldly;*\nmonk;cloister;*\nnun;cloister;*\n')
    const copy = join(folder, 'out.csv')
    const { exit, out } = await run(source, '--quasi', 'age,job', '--k', '4', '--hierarchies', join(folder, 'h'), '-o', copy, '--json', '-q')
    expect(exit).toBe(0)
    const report = reportSchema.parse(JSON.parse(out))
    expect(report.columns.map(({ role, hierarchy }) => [role, hierarchy])).toEqual([['counter', undefined], ['quasi', 'numbers'], ['quasi', 'file'], ['kept', undefined]])
    const rows = linesOf(copy).slice(1).map((line) => line.split(';'))
    expect(rows.map(([n]) => n)).toEqual(Array.from({ length: 24 }, (_, at) => String(at)))
    for (const [at, [, age = '', job = '']] of rows.entries()) {
      const [low = 0, high = low] = age.split('~').map(Number)
      expect(20 + (at % 8)).toBeGreaterThanOrEqual(low)
      expect(20 + (at % 8)).toBeLessThanOrEqual(high)
      expect([['cook', 'smith', 'monk'][at % 3], at % 3 === 2 ? 'cloister' : 'worldly', '*']).toContain(job)
    }
  }, 30_000)

  test('is refused, with its code and nothing left behind, when the command or a file does not fit', async () => {
    const source = plain()
    const to = ['-o', join(folder, 'out.csv')]
    mkdirSync(join(folder, 'h'))
    mkdirSync(join(folder, 'uneven'))
    mkdirSync(join(folder, 'none'))
    write('h/job.csv', 'cook;worldly;*\nsmith;worldly;*\n')
    write('uneven/job.csv', 'cook;worldly;*\nsmith;*\n')
    const cases: [string, string[]][] = [
      ['ANONYMISE_COLUMN_UNKNOWN', [source, '--quasi', 'age,salary', '--k', '3', ...to]],
      ['ANONYMISE_COLUMN_TWICE', [source, '--quasi', 'age,job', '--drop', 'job', '--k', '3', ...to]],
      ['WRONG_ARGUMENT', [source, '--quasi', 'age', '--k', '1', ...to]],
      ['MISSING_ARGUMENT', [source, '--quasi', 'age', ...to]],
      ['MISSING_ARGUMENT', [source, '--quasi', 'age', '--k', '3', '--l', '2', ...to]],
      ['ANONYMISE_TOO_FEW_ROWS', [source, '--quasi', 'age', '--k', '25', ...to]],
      ['ANONYMISE_L_TOO_GREAT', [source, '--quasi', 'age', '--k', '3', '--sensitive', 'city', '--l', '3', ...to]],
      ['ANONYMISE_FILE_EXISTS', [source, '--quasi', 'age', '--k', '3', '-o', source]],
      ['HIERARCHY_VALUE_MISSING', [source, '--quasi', 'job', '--k', '3', '--hierarchies', join(folder, 'h'), ...to]],
      ['HIERARCHY_UNEVEN', [source, '--quasi', 'job', '--k', '3', '--hierarchies', join(folder, 'uneven'), ...to]],
      ['HIERARCHIES_UNUSED', [source, '--quasi', 'job', '--k', '3', '--hierarchies', join(folder, 'none'), ...to]],
      ['ANONYMISE_UNEVEN_ROW', [write('wide.csv', 'age;job\n1;a\n2;b\n3;c;d\n4;e\n'), '--quasi', 'age', '--k', '2', ...to]],
      ['SOURCE_NOT_FOUND', [join(folder, 'nowhere.csv'), '--quasi', 'age', '--k', '2', ...to]],
    ]
    for (const [code, argv] of cases) expect([code, await fails(...argv)]).toEqual([code, code])
  }, 90_000)

  test('leaves nothing behind when it is stopped while the copy is written, its source changes meanwhile, or the copy cannot be written', async () => {
    const source = plain()
    const order = { source, isDelimited: true, copy: join(folder, 'out.csv'), fields: ['n', 'age', 'job', 'city'].map((name) => ({ name })), found: [], named: { quasi: ['age'], sensitive: null, drop: [] }, demands: { k: 3, l: 1, t: 1 }, hierarchies: null, isReordered: true, options: {} }
    await expect(anonymiseFile(order, ({ en }) => {
      if (en.startsWith('Writing')) throw new Error('stopped')
    })).rejects.toThrow('stopped')
    expect(readdirSync(folder)).toEqual(['in.csv'])
    await expect(anonymiseFile(order, ({ en }) => {
      if (en.startsWith('Making')) writeFileSync(source, readFileSync(source, 'utf8').replace('cook', 'nun'))
    })).rejects.toThrow('ANONYMISE_SOURCE_CHANGED')
    expect(readdirSync(folder)).toEqual(['in.csv'])
    await expect(anonymiseFile({ ...order, copy: join(folder, 'nowhere', 'out.csv') }, () => undefined)).rejects.toThrow('ENOENT')
    expect(readdirSync(folder)).toEqual(['in.csv'])
  }, 30_000)

  test('is reported in both languages without a value of its cells, and says that k-anonymity is not anonymity in law', async () => {
    const source = plain()
    for (const lang of ['zh', 'en']) {
      const { out, err } = await run(source, '--quasi', 'age,job', '--k', '4', '--sensitive', 'city', '-o', join(folder, `${lang}.csv`), '--lang', lang)
      expect(out).toContain(lang === 'zh' ? 'k-匿名本身不等于法律上的匿名化' : 'k-anonymity alone does not make data anonymous in law')
      expect(out).toContain(lang === 'zh' ? '未核实' : 'unverified')
      expect(out + err).not.toMatch(/cook|smith|monk|Linz|Graz/)
    }
  }, 30_000)
})
