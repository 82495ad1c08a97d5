// SPDX-License-Identifier: Apache-2.0
// For tests: a real home with a real database and an open matter, and invented people in files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../../context.ts'
import { openMatter, prepareHome, registerParty, type Matter } from '../../matter/index.ts'
import { openContext } from '../../open-context.ts'

/** A home for one test file. */
export interface TestHome {
  folder: string
  home: string
  ctx: Context
  matter: Matter
  /** Declares the legal time (a demo home). */
  setClock(time: string): void
  /** Writes a file of lines beside the home. */
  write(name: string, lines: readonly string[]): string
  remove(): Promise<void>
}

/** Makes a demo home of a transferor with an open asset transfer. */
export async function openTestHome(name: string, clock = '2026-11-21T08:00:00.000Z'): Promise<TestHome> {
  const folder = mkdtempSync(join(tmpdir(), `handover-${name}-`))
  const home = join(folder, 'home')
  await prepareHome(home, { company: '测试卫浴有限公司', demoSeed: name })
  const opened = await openContext(home)
  opened.declareTime(clock)
  const ctx = opened.context
  await registerParty(ctx, { name: '测试卫浴有限公司', creditCode: '91310000MA1FL0000N', contact: '400-000-0000' }, 'transferor')
  const { matter } = await openMatter(ctx, { name, type: 'asset-transfer', role: 'transferor', code: undefined, settings: {}, parties: [] })
  return {
    folder, home, ctx, matter,
    setClock: (time) => opened.declareTime(time),
    write(file, lines) {
      writeFileSync(join(folder, file), `${lines.join('\r\n')}\r\n`)
      return join(folder, file)
    },
    async remove() {
      await ctx.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One invented person. */
export interface TestPerson {
  number: string
  name: string
  residentId: string
  mobile: string
  email: string
  birthDay: string
}

const surnames = '赵钱孙李周吴郑王冯陈'
const given = ['文博', '雨桐', '子涵', '浩然', '思远', '佳怡', '明轩', '晓彤', '嘉豪', '梓萱', '俊杰', '诗涵']

/** Invented people; their ID numbers pass the check but lie in the unassigned county 110199. */
export function inventTestPeople(count: number): TestPerson[] {
  return Array.from({ length: count }, (_, at) => {
    const year = at % 25 === 0 ? 2015 : 1960 + (at % 40)
    const birthDay = `${year}-${String(1 + (at % 12)).padStart(2, '0')}-${String(1 + (at % 28)).padStart(2, '0')}`
    return {
      number: `KH${String(at).padStart(5, '0')}`,
      name: `${surnames.charAt(at % 10)}${given[Math.floor(at / 10) % 12] ?? ''}${at >= 120 ? '二' : ''}`,
      residentId: withCheckDigit(`110199${birthDay.replaceAll('-', '')}${String(at % 1000).padStart(3, '0')}`),
      mobile: `1700${String(1_000_000 + at * 7)}`,
      email: `person${at}@mail${at % 7}.example`,
      birthDay,
    }
  })
}

/** GB 11643: MOD 11-2. */
export function withCheckDigit(seventeen: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(seventeen[at]), 0)
  return `${seventeen}${'10X98765432'.charAt(sum % 11)}`
}

/** A register of these people as CSV lines. */
export function registerLines(people: readonly TestPerson[]): string[] {
  return ['客户编号,姓名,身份证号,手机号,出生日期,电子邮箱,服务门店,备注', ...people.map((person, at) =>
    [person.number, person.name, person.residentId, person.mobile, person.birthDay, person.email, ['浦东门店', '徐汇门店', '杭州门店'][at % 3], at % 4 === 0 ? '' : '周末上门'].join(','))]
}
