// SPDX-License-Identifier: Apache-2.0
import { afterAll, describe, expect, it } from 'vitest'
import { checkFiles, inventedId, qualityFolder, tableOf } from './quality.fixture.ts'

const folder = qualityFolder()
afterAll(() => folder.remove())

const header = '客户编号,姓名,性别,出生日期,身份证号,手机号,下单日期,更新时间'
const types = ['customer-id', 'person-name', 'gender', 'birth-date', 'resident-id', 'mobile', 'none', 'none'] as const
let rows = 0
/** One row that is right in everything, but for what is said. */
function rowOf(change: Partial<Record<'no' | 'name' | 'gender' | 'birth' | 'id' | 'mobile' | 'order' | 'updated', string>> = {}): string {
  rows++
  const birth = change.birth ?? '1985-03-12'
  const good = { no: `K${1000 + rows}`, name: '李敏', gender: '男', birth, id: inventedId('1985-03-12', true, rows % 100), mobile: `138${String(10_000_000 + rows * 37)}`, order: '2024-05-01', updated: '2025-05-01', ...change }
  return [good.no, good.name, good.gender, good.birth, good.id, good.mobile, good.order, good.updated].join(',')
}

async function findingsOf(lines: readonly string[], name = 'a.csv'): Promise<string[]> {
  const { findings } = await checkFiles([folder.write(name, `${[header, ...lines].join('\n')}\n`)], [tableOf(name, types)])
  return findings.map(({ rule, fieldName, place }) => `${place} ${fieldName} ${rule}`)
}

describe('the check of quality', () => {
  it('finds nothing in rows that are right', async () => {
    expect(await findingsOf([rowOf(), rowOf(), rowOf({ birth: '' })])).toEqual([])
  })

  const cases: [string, Parameters<typeof rowOf>[0], string | null][] = [
    ['an ID number whose check digit does not fit', { id: '110199198503120010' }, '身份证号 INVALID_VALUE'],
    ['a mobile of no segment', { mobile: '12812345678' }, '手机号 INVALID_VALUE'],
    ['a passport among ID numbers', { id: 'E12345678' }, null],
    ['a landline among mobiles', { mobile: '021-64041234' }, null],
    ['30 February', { birth: '1990-02-30' }, '出生日期 IMPOSSIBLE_DATE'],
    ['30 February in words of Chinese', { birth: '1990年2月30日' }, '出生日期 IMPOSSIBLE_DATE'],
    ['29 February of a leap year', { birth: '2000-02-29', id: '' }, null],
    ['29 February of no leap year', { birth: '1900-02-29' }, '出生日期 IMPOSSIBLE_DATE'],
    ['a birth in the future', { birth: '2026-11-22' }, '出生日期 BIRTH_IN_FUTURE'],
    ['a birth today', { birth: '2026-11-21', id: '', order: '', updated: '' }, null],
    ['a birth before 1900', { birth: '1899-12-31' }, '出生日期 BIRTH_BEFORE_1900'],
    ['a number in scientific notation', { mobile: '1.38E+10' }, '手机号 DAMAGED_NUMBER'],
    ['an ID number that lost its last digits', { id: '110199198503120000' }, '身份证号 DAMAGED_NUMBER'],
    ['a word that fills the place', { mobile: '不详' }, '手机号 PLACEHOLDER'],
    ['zeros that fill the place', { id: '000000000000000000' }, '身份证号 PLACEHOLDER'],
    ['未知 as gender', { gender: '未知' }, null],
    ['a masked value', { mobile: '138****5678' }, '手机号 MASKED_VALUE'],
    ['锟斤拷', { name: '锟斤拷' }, '姓名 MOJIBAKE'],
    ['UTF-8 that was read as GBK', { name: '娆㈣繋浣犱滑' }, '姓名 MOJIBAKE'],
    ['a name that only looks rare', { name: '欧阳娜娜' }, null],
    ['an order before birth', { order: '1980-01-01' }, '下单日期 EVENT_BEFORE_BIRTH'],
    ['an impossible day of an order', { order: '2024-04-31' }, '下单日期 IMPOSSIBLE_DATE'],
    ['an update in the future', { updated: '2026-12-01 10:00:00' }, '更新时间 UPDATED_IN_FUTURE'],
    ['an update before three years', { updated: '2023-11-20' }, '更新时间 STALE'],
    ['an update three years ago to the day', { updated: '2023-11-21' }, null],
  ]

  it('says of every cell what is wrong with it, and of a right one nothing', async () => {
    const found = await findingsOf(cases.map(([, change]) => rowOf(change)))
    expect(found).toEqual(cases.flatMap(([, , expected], i) => (expected === null ? [] : [`${i + 2} ${expected}`])))
  }, 240_000)

  it('holds the ID number against birth date and gender, and lists both cells of which either may be wrong', async () => {
    expect(await findingsOf([rowOf({ birth: '1986-03-12' }), rowOf({ gender: '女' })])).toEqual([
      '2 出生日期 ID_BIRTH_MISMATCH', '2 身份证号 ID_BIRTH_MISMATCH', '3 性别 ID_GENDER_MISMATCH', '3 身份证号 ID_GENDER_MISMATCH',
    ])
  }, 240_000)

  it('finds rows that stand twice, and keys that stand with two names', async () => {
    const [twice, id, mobile] = [rowOf(), inventedId('1985-03-12', true, 77), '13911112222']
    const lines = [twice, rowOf({ id, name: '王芳' }), twice, rowOf({ id, name: '张伟' }), rowOf({ mobile, name: '赵强' }), rowOf({ mobile, name: '钱丽' })]
    expect(await findingsOf(lines)).toEqual(['4  DUPLICATE_ROW', '5 姓名 KEY_OF_TWO_PEOPLE', '5 身份证号 KEY_OF_TWO_PEOPLE', '7 姓名 MOBILE_OF_TWO_PEOPLE', '7 手机号 MOBILE_OF_TWO_PEOPLE'])
  }, 240_000)

  it('finds where two data sets say different things of one person, in the normal form of each type', async () => {
    const [a, b] = [inventedId('1985-03-12', true, 1), inventedId('1990-07-08', false, 2)]
    const first = folder.write('one.csv', `姓名,身份证号,手机号,邮箱\n李敏,${a},13811112222,A@x.cn\n王芳,${b},13833334444,b@x.cn\n`)
    const second = folder.write('two.csv', `客户,证件,电话,邮箱\n李敏,${a.toLowerCase()},+86 138 1111 2222,a@x.cn\n王芳,${b},13899990000,\n`)
    const table = (name: string) => tableOf(name, ['person-name', 'resident-id', 'mobile', 'email'])
    const { findings } = await checkFiles([first, second], [table('one.csv'), table('two.csv')])
    expect(findings.map(({ rule, fieldName, place }) => `${place} ${fieldName} ${rule}`)).toEqual(['3 电话 CONFLICT'])
    expect(findings[0]?.reason.zh).toContain('数据集「one.csv」第 3 行')
    expect(findings[0]?.masked).toBe('138****0000')
  }, 240_000)

  it('counts by field and rule, and says what it did not check', async () => {
    const file = folder.write('c.csv', `${[header, rowOf({ mobile: '' }), rowOf({ mobile: '12812345678', id: '' })].join('\n')}\n`)
    const text = folder.write('d.txt', '今天下午与客户联系,改期到周三。李敏说她在家,等师傅上门安装,地址没有变。\n\n第二段文字。\n')
    const { report } = await checkFiles([file, text], [tableOf('c.csv', types)])
    const [set] = report.sources[0]?.dataSets ?? []
    expect(set).toMatchObject({ rows: 2, rowsWithFindings: 1, findings: { EMPTY: 2, INVALID_VALUE: 1 } })
    expect(set?.fields[5]).toMatchObject({ values: 1, empty: 1, checked: 1, findings: { EMPTY: 1, INVALID_VALUE: 1 } })
    expect(report.notChecked.map(({ code }) => code)).toEqual(['NO_PUBLIC_CHECK', 'FREE_TEXT'])
  }, 240_000)

  it('applies general rules only, and says so, where no types are known', async () => {
    const { report, findings } = await checkFiles([folder.write('e.csv', `a,b\n锟斤拷,1\n锟斤拷,1\n`)], [])
    expect(findings.map(({ rule }) => rule)).toEqual(['MOJIBAKE', 'MOJIBAKE', 'DUPLICATE_ROW'])
    expect(report.notChecked.map(({ code }) => code)).toContain('NOT_TYPED')
  }, 240_000)

  it('never shows a value unmasked but a placeholder', async () => {
    const { findings } = await checkFiles([folder.write('f.csv', `${[header, rowOf({ mobile: '12812345678', birth: '1899-12-31', name: '锟斤拷敏敏' }), rowOf({ mobile: '不详' })].join('\n')}\n`)], [tableOf('f.csv', types)])
    expect(findings.map(({ masked }) => masked)).toEqual(['锟****', '1899-**-**', '128****5678', '不详'])
  }, 240_000)
})
