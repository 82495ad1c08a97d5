// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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
      zh: '不要改动目录;用 handover doctor 和 handover log verify 查明,把 halted.json 与其输出(不含个人信息)报告给软件提供方;查清后由具名人员运行 handover halt clear --reason 说明 --key 文件',
      en: 'Change nothing in the folder; examine with handover doctor and handover log verify, report halted.json and their output (they hold no personal data) to the supplier of the program; when it is understood, a named person runs handover halt clear --reason TEXT --key FILE',
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

/** A crash leaves the old state or the new one. */
function writeWhole(file: string, document: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}
