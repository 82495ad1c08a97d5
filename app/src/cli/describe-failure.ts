// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '@handover/proof'
import { Failure, fillWords, type Words } from '../kit/failure.ts'
import { lawMark, Refused, spellObstacle, type SpelledObstacle } from '../law/index.ts'
import { cliFailures } from './cli-failures.ts'

/** What is said about a command that did not succeed: for machines, for people, and the exit code. */
export interface FailureReport {
  exit: number
  document: { error: { code: string; exit: number; message: Words; remedy: Words; obstacles?: SpelledObstacle[] } }
  human: string[]
}

/** Turns whatever was thrown into words: what happened, what it means, what to do, and a code; never a personal value (UX.md §5). */
export function describeFailure(thrown: unknown, lang: 'zh' | 'en'): FailureReport {
  const failure = failureOf(thrown)
  const { facts } = failure
  const message = { zh: fillWords(failure.words.zh, facts, 'zh'), en: fillWords(failure.words.en, facts, 'en') }
  const remedy = { zh: fillWords(failure.words.remedy.zh, facts, 'zh'), en: fillWords(failure.words.remedy.en, facts, 'en') }
  const obstacles = failure instanceof Refused ? failure.obstacles.map(spellObstacle) : undefined
  const document = { error: { code: failure.code, exit: failure.exitCode, message, remedy, ...(obstacles === undefined ? {} : { obstacles }) } }
  const human = [`✗ ${message[lang]}`, ...(obstacles ?? []).flatMap((found) => obstacleLines(found, lang)), ...wayOut(failure.code, remedy, lang), ...debugLines(thrown)]
  return { exit: failure.exitCode, document, human }
}

function obstacleLines(found: SpelledObstacle, lang: 'zh' | 'en'): string[] {
  const counts = Object.entries(found.counts ?? {}).map(([what, n]) => `${what} ${n}`).join(', ')
  const label = lang === 'zh' ? '办法' : 'way out'
  return [`  ✗ ${found[lang]}${counts === '' ? '' : ` [${counts}]`}`, `    ${lawMark(found, lang)} · ${found.rule} · ${found.code}`, `    ${label}: ${found.remedy[lang]}`]
}

function wayOut(code: string, remedy: Words, lang: 'zh' | 'en'): string[] {
  const label = lang === 'zh' ? { remedy: '怎么办', code: '代码' } : { remedy: 'To do', code: 'Code' }
  return [`  ${label.remedy}: ${remedy[lang]}`, `  ${label.code}: ${code} (handover explain ${code})`]
}

function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  if (thrown instanceof ProofError) return cliFailures.PROOF_REFUSED({ why: thrown.code }, { cause: thrown })
  const code = systemCode(thrown)
  if (code !== undefined && networkCodes.has(code)) return cliFailures.NETWORK_TROUBLE({ why: code }, { cause: thrown })
  if (code !== undefined) return cliFailures.FILE_TROUBLE({ why: systemWords.get(code) ?? code, path: diskCodes.has(code) ? pathOf(thrown) : '' }, { cause: thrown })
  return cliFailures.BUG({ where: placeOf(thrown) }, { cause: thrown })
}

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])
const systemWords: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'ENOENT 文件不存在 / no such file'],
  ['EACCES', 'EACCES 无权访问 / permission denied'],
  ['EPERM', 'EPERM 不允许 / not permitted'],
  ['ENOSPC', 'ENOSPC 磁盘已满 / disk full'],
  ['EROFS', 'EROFS 只读文件系统 / read-only file system'],
  ['EIO', 'EIO 读写出错 / I/O error'],
  ['EISDIR', 'EISDIR 这是目录 / is a directory'],
  ['ENOTDIR', 'ENOTDIR 路径中有一段不是目录 / not a directory'],
  ['EMFILE', 'EMFILE 打开的文件过多 / too many open files'],
  ['EEXIST', 'EEXIST 已经存在 / exists already'],
])

/** Troubles of the disk itself: there the owner has to know which file, and so which disk (SECURITY P02). */
const diskCodes = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'])

/** The code of an error of the operating system (its message may quote a path, so it is not repeated). */
function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string' || !('syscall' in thrown)) return undefined
  return /^E[A-Z0-9]+$/.test(thrown.code) ? thrown.code : undefined
}

/** The file that the disk refused; it stands on the party's own screen only. */
function pathOf(thrown: unknown): string {
  return thrown instanceof Error && 'path' in thrown && typeof thrown.path === 'string' ? `: ${thrown.path}` : ''
}

/** Kind and place of a bug: names and lines of our own code only, since a message could quote a value. */
function placeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown'
  const frame = /((?:app|proof)\/(?:src|dist)\/[\w./-]+:\d+)/.exec(thrown.stack?.split('\n').slice(1).join('\n') ?? '')?.[1]
  const state = 'sqlState' in thrown && typeof thrown.sqlState === 'string' ? ` ${thrown.sqlState}` : ''
  return `${thrown.name}${state}${frame === undefined ? '' : ` ${frame}`}`
}

function debugLines(thrown: unknown): string[] {
  if (process.env['HANDOVER_DEBUG'] === undefined || process.env['HANDOVER_DEBUG'] === '' || !(thrown instanceof Error)) return []
  const cause = thrown.cause instanceof Error ? [`cause: ${thrown.cause.stack ?? thrown.cause.message}`] : []
  return [thrown.stack ?? thrown.message, ...cause]
}
