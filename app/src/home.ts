// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { Failure, failures } from './kit/failure.ts'
import { instantOf, type Instant } from './kit/time.ts'

/** Failures about a party's home directory. */
export const homeFailures = failures({
  NO_HOME: {
    exit: 78,
    zh: '没有找到本方数据目录 {home}',
    en: 'No home directory at {home}',
    remedy: { zh: '先运行 handover init 建立,或用 --home 指明目录', en: 'Run handover init first, or name the directory with --home' },
  },
  HOME_UNREADABLE: {
    exit: 78,
    zh: '数据目录 {home} 的设置文件不合格式:{why}',
    en: 'The settings of home {home} are malformed: {why}',
    remedy: { zh: '从备份恢复 home.json,或联系技术支持;不要手工改写', en: 'Restore home.json from a backup; do not edit it by hand' },
  },
  HOME_NEWER: {
    exit: 78,
    zh: '数据目录 {home} 的格式(第 {found} 版)比本程序认识的(第 {known} 版)新;没有改动',
    en: 'The home {home} is of format {found}, newer than {known}, which this program knows; nothing was changed',
    remedy: { zh: '用升级后的程序打开', en: 'Open it with the upgraded program' },
  },
  HOME_RESTORING: {
    exit: 75,
    zh: '数据目录 {home} 正在从备份恢复,还没有完成核对,不能使用',
    en: 'The home {home} is being restored from a backup and was not compared yet; it must not be used',
    remedy: { zh: '再次运行同一条 handover backup restore 命令,直到完成', en: 'Run the same handover backup restore command again until it is done' },
  },
  CLOCK_NOT_DECLARED: {
    exit: 2,
    zh: '只有演示目录才可以指定法定时间',
    en: 'Only a demo home accepts a declared legal time',
    remedy: { zh: '去掉 --clock', en: 'Leave out --clock' },
  },
})

const homeSettings = z.strictObject({
  version: z.literal(1),
  tenant: z.uuid(),
  /** A demo home: ids follow from the seed, the legal clock is declared and printed; never for a real matter. */
  demo: z.strictObject({ seed: z.string().min(1) }).nullable(),
  currentMatter: z.string().nullable(),
})

/** The settings kept in `home.json`. */
export type HomeSettings = z.infer<typeof homeSettings>

/** 本方数据目录. A party's own directory: database, key slots, objects; nothing in it is shared with another party. */
export interface Home {
  path: string
  settings: HomeSettings
  /** `pg/` cluster · `keys/` party keys and epoch key slots · `objects/` log tiles and tombstone file · `tmp/` scratch, emptied at start */
  paths: { pg: string; keys: string; objects: string; tmp: string }
}

/** The directory of the local store: --home, else HANDOVER_HOME, else `.handover` here. */
export function homePath(flag: string | undefined): string {
  return resolve(flag ?? process.env['HANDOVER_HOME'] ?? '.handover')
}

/** Makes an empty home with private directories; returns the existing one when it is there already (same demo seed or refused). */
export function createHome(path: string, settings: HomeSettings): Home {
  if (existsSync(join(path, 'home.json'))) return openHome(path)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  writeHomeSettings(path, settings)
  return openHome(path)
}

/** While this file stands in a home, what was restored has not been compared with the witnesses, and only the restore itself may open it. */
export const restoreMark = 'restore.json'

/** Opens a home; refuses when there is none, when its settings are damaged or newer than this program, and while it is being restored. */
export function openHome(path: string, options: { isRestoring?: boolean } = {}): Home {
  if (options.isRestoring !== true && existsSync(join(path, restoreMark))) throw homeFailures.HOME_RESTORING({ home: path })
  if (!existsSync(join(path, 'home.json'))) throw homeFailures.NO_HOME({ home: path })
  const settings = readSettings(path)
  const paths = { pg: join(path, 'pg'), keys: join(path, 'keys'), objects: join(path, 'objects'), tmp: join(path, 'tmp') }
  for (const directory of Object.values(paths)) mkdirSync(directory, { recursive: true, mode: 0o700 })
  return { path, settings, paths }
}

/** Writes the settings so that a crash leaves the old or the new file whole. */
export function writeHomeSettings(path: string, settings: HomeSettings): void {
  const file = join(path, 'home.json')
  writeFileSync(`${file}.new`, `${JSON.stringify(homeSettings.parse(settings), null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

/** The legal clock: real time, or the declared time of a demo home; refuses a declared time elsewhere. */
export function legalClock(home: Home, declared: string | undefined): () => Instant {
  if (declared === undefined) return () => instantOf(new Date())
  if (home.settings.demo === null) throw homeFailures.CLOCK_NOT_DECLARED()
  const start = instantOf(declared)
  return () => start
}

const formatVersion = 1
const anyVersion = z.looseObject({ version: z.int() })

function readSettings(path: string): HomeSettings {
  try {
    const json: unknown = JSON.parse(readFileSync(join(path, 'home.json'), 'utf8'))
    const { version } = anyVersion.parse(json)
    if (version > formatVersion) throw homeFailures.HOME_NEWER({ home: path, found: version, known: formatVersion })
    return homeSettings.parse(json)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw homeFailures.HOME_UNREADABLE({ home: path, why: error instanceof Error ? error.message.slice(0, 200) : 'unknown' }, { cause: error })
  }
}
