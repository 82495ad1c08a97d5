// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Context } from '../context.ts'
import { haltFailures, haltOf } from '../kit/halt.ts'
import { homePath } from '../home.ts'
import type { Words } from '../kit/failure.ts'
import { rulesVersion } from '../law/index.ts'
import { examineMatters } from './examine-matter.ts'
import { textFlag, type CommandCall } from './command.ts'
import { serverVersion } from './examine-home.store.ts'
import { describeFailure } from './describe-failure.ts'

/** One thing that was looked at: passed, a warning that does not stop work, or failed with the way out. */
export interface Finding {
  what: Words
  state: 'passed' | 'warning' | 'failed'
  detail: string
  remedy?: Words
}

const freeBytesNeeded = 2 * 1024 ** 3

/** The runtime and the law data, without a home. */
export function checkMachine(): Finding[] {
  const isNew = Number(process.versions.node.split('.')[0]) >= 24
  return [
    { what: { zh: 'Node 版本', en: 'Node version' }, state: isNew ? 'passed' : 'failed', detail: process.versions.node, ...(isNew ? {} : { remedy: { zh: '需要 Node 24 以上;运行 npm run build', en: 'Node 24 or later is needed; run npm run build' } }) },
    { what: { zh: '平台', en: 'Platform' }, state: 'passed', detail: `${process.platform}-${process.arch}` },
    { what: { zh: '法规数据', en: 'Law data' }, state: 'passed', detail: rulesVersion },
  ]
}

/** The home: folder, space, keys, database, vault, ledger, policy of each matter. A missing home is a warning only, since several commands need none. */
export async function checkHome(call: CommandCall): Promise<Finding[]> {
  const path = homePath(textFlag(call, 'home'))
  if (!existsSync(join(path, 'home.json'))) {
    return [space(nearestFolder(path)), { what: { zh: '本方目录', en: 'Home' }, state: 'warning', detail: path, remedy: { zh: '尚未建立:handover init', en: 'not made yet: handover init' } }]
  }
  return [space(path), privacy(path), writable(path), ...(await opened(call))]
}

/** Opening the home is itself the check of its keys, database, migrations and vault; what refuses is reported with its own words. */
async function opened(call: CommandCall): Promise<Finding[]> {
  try {
    const ctx = await call.context()
    const matters = await examineMatters(ctx)
    return [
      { what: { zh: '数据库与迁移', en: 'Database and migrations' }, state: 'passed', detail: `PostgreSQL ${await serverVersion(ctx.db)}` },
      await vaultFinding(ctx),
      ...matters,
      ...haltFinding(ctx),
    ]
  } catch (error) {
    const { document } = describeFailure(error, call.out.lang)
    const { code, message, remedy } = document.error
    return [{ what: { zh: '打开本方目录', en: 'Opening the home' }, state: 'failed', detail: `${code} ${message[call.out.lang]}`, remedy }]
  }
}

function haltFinding(ctx: Context): Finding[] {
  const halt = haltOf(ctx.home)
  if (halt === null) return []
  return [{ what: { zh: '停止状态', en: 'Halt' }, state: 'failed', detail: `${halt.at} ${halt.code} ${halt.where}`, remedy: haltFailures.HOME_HALTED().words.remedy }]
}

async function vaultFinding(ctx: Context): Promise<Finding> {
  const what = { zh: '密钥库', en: 'Vault' }
  if (ctx.vault.isLocked) return { what, state: 'warning', detail: 'locked', remedy: { zh: '主密钥有口令:用 HANDOVER_PASSPHRASE_FILE 指明口令文件', en: 'the key-encryption key has a passphrase: name its file in HANDOVER_PASSPHRASE_FILE' } }
  const unfinished = await ctx.vault.unfinishedTurns()
  if (unfinished.length > 0) return { what, state: 'warning', detail: `${unfinished.length} × turning`, remedy: { zh: '有未完成的密钥换代:接上所有密钥槽后运行 handover key turn', en: 'a key turn is not finished: attach all slots and run handover key turn' } }
  return { what, state: 'passed', detail: ctx.vault.keyEncryption().kind }
}

function space(path: string): Finding {
  const { bavail, bsize } = statfsSync(path)
  const free = bavail * bsize
  const isEnough = free >= freeBytesNeeded
  return {
    what: { zh: '剩余空间', en: 'Free space' }, state: isEnough ? 'passed' : 'warning', detail: `${(free / 1024 ** 3).toFixed(1)} GiB`,
    ...(isEnough ? {} : { remedy: { zh: '不足 2 GiB,大批资料可能放不下', en: 'less than 2 GiB; large data may not fit' } }),
  }
}

function privacy(path: string): Finding {
  const mode = statSync(path).mode & 0o777
  const isPrivate = process.platform === 'win32' || (mode & 0o077) === 0
  return {
    what: { zh: '目录权限', en: 'Permissions' }, state: isPrivate ? 'passed' : 'failed', detail: `0${mode.toString(8)}`,
    ...(isPrivate ? {} : { remedy: { zh: `其他用户可以进入,运行 chmod 700 ${path}`, en: `other users can enter; run chmod 700 ${path}` } }),
  }
}

function writable(path: string): Finding {
  try {
    accessSync(path, constants.W_OK)
    return { what: { zh: '可写', en: 'Writable' }, state: 'passed', detail: path }
  } catch {
    return { what: { zh: '可写', en: 'Writable' }, state: 'failed', detail: path, remedy: { zh: '改正目录的所有者或权限', en: 'correct the owner or permissions of the folder' } }
  }
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path))
}
