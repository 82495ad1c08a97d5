// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { failures } from './failure.ts'

/** Failures about a home that has stopped because its own rules were broken. */
export const haltFailures = failures({
  HOME_HALTED: {
    exit: 65,
    zh: '本方目录已于 {at} 停止:{code}({where})。这说明账目、密钥或程序自身的规则被破坏;为不扩大损失,一切会改动资料的命令都被拒绝,查看和核验照常可用',
    en: 'This home stopped at {at}: {code} ({where}). A rule of the books, the keys or the program itself was broken; every command that would change something is refused so that nothing gets worse, looking and verifying still work',
    remedy: {
      zh: '不要改动目录;用 handover doctor 和 handover log verify 查明,把 halted.json 与其输出(不含个人信息)报告给软件提供方;查清后由具名人员运行 handover halt clear --reason @说明.txt --key 文件',
      en: 'Change nothing in the folder; examine with handover doctor and handover log verify, report halted.json and their output (they hold no personal data) to the supplier of the program; when it is understood, a named person runs handover halt clear --reason @FILE --key FILE',
    },
  },
  STILL_BROKEN: {
    exit: 14,
    zh: '账目仍不平({problems} 处),停止状态没有解除',
    en: 'The books still do not balance ({problems} places); the halt was not lifted',
    remedy: { zh: '先用 handover log verify 查看哪一行不符,恢复正确的备份后再试', en: 'See with handover log verify which line differs, restore the right backup, then try again' },
  },
})

/** The folder of a home. */
interface HaltedPlace {
  path: string
}

const markFile = 'halted.json'
const haltSchema = z.strictObject({ at: z.string(), code: z.string(), where: z.string(), command: z.string() })

/** 停止标记. Why and when a home stopped; codes and places only, never a value. */
export type Halt = z.infer<typeof haltSchema>

/** The mark of a home that has stopped, or null. A mark that cannot be read counts as one. */
export function haltOf(home: HaltedPlace): Halt | null {
  const file = join(home.path, markFile)
  if (!existsSync(file)) return null
  try {
    return haltSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { at: '?', code: 'UNREADABLE_MARK', where: markFile, command: '?' }
  }
}

/** Stops a home: the first reason stands until a named person lifts it (SECURITY P30). */
export function haltHome(home: HaltedPlace, halt: Halt): void {
  if (haltOf(home) === null) writeWhole(join(home.path, markFile), haltSchema.parse(halt))
}

/** Stops the home whose stored books do not add up, whichever command counted them. */
export function haltForBooks(home: HaltedPlace, problems: readonly { ds: string; f: string; account: string }[], command: string): void {
  const [first] = problems
  if (first !== undefined) haltHome(home, { at: new Date().toISOString(), code: 'BOOKS_DIFFER', where: `${first.ds} ${first.f} ${first.account}`.trim(), command })
}

/** Refuses every change while the home is stopped. */
export function refuseHalted(home: HaltedPlace): void {
  const halt = haltOf(home)
  if (halt !== null) throw haltFailures.HOME_HALTED({ at: halt.at, code: halt.code, where: halt.where })
}

/** Lifts a halt in the name of a person; mark, reason and person stay beside it. Returns where. */
export function liftHalt(home: HaltedPlace, by: { person: string; reason: string; at: string }): string {
  const kept = join(home.path, `halted-until-${by.at.replaceAll(/[^0-9]/g, '')}.json`)
  writeWhole(kept, { halt: haltOf(home), lifted: by })
  const file = join(home.path, markFile)
  if (existsSync(file)) rmSync(file)
  return kept
}

const liftedSchema = z.strictObject({ halt: haltSchema, lifted: z.strictObject({ person: z.string(), reason: z.string(), at: z.string() }) })

/** 解除记录. A halt with who lifted it, why and when, as it stays beside where the mark was. */
export type LiftedHalt = z.infer<typeof liftedSchema>

/** The halt that was lifted last, or null; a record that cannot be read is none. */
export function lastLifted(home: HaltedPlace): LiftedHalt | null {
  const name = readdirSync(home.path).filter((one) => /^halted-until-\d+\.json$/.test(one)).sort().at(-1)
  if (name === undefined) return null
  const read = liftedSchema.safeParse(JSON.parse(readFileSync(join(home.path, name), 'utf8')))
  return read.success ? read.data : null
}

/** A crash leaves the old state or the new one. */
function writeWhole(file: string, document: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}
