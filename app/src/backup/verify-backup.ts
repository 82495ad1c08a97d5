// SPDX-License-Identifier: Apache-2.0
import { concat, parseVkey, type Vkey } from '@handover/proof'
import type { Words } from '../kit/failure.ts'
import type { BackupManifest, BackupMember } from './backup-file.ts'
import { backupFailures } from './backup-failures.ts'
import { checkLog, isLogFile, type LogCheck, type LogFiles } from './check-log.ts'
import { RowsCheck, type RowProblem } from './check-rows.ts'
import { CopyReader } from './copy-rows.ts'
import { openContainer, openManifest, readMembers, sealedSegments, type OpenContainer } from './read-container.ts'
import { readRecoveryKey } from './recovery-key.ts'

/** What to verify, and with what. */
export interface VerifyWish {
  file: string
  /** The party whose backup it must be; null believes what the file says of itself. */
  trusted: Vkey | null
  /** Open and read all data; needs the recovery key. */
  readData: { recoveryFile: string } | null
  progress(bytes: number, total: number | null): void
}

/** What was found; a damaged backup is refused instead (BACKUP_DAMAGED). */
export interface VerifiedBackup {
  backup: string
  madeAt: string
  signer: string
  trust: 'given' | 'self-declared'
  bytes: number
  segments: number
  /** Null without the data. */
  data: { tables: number; rows: number; files: number; matters: { id: string; records: number; events: number; log: LogCheck }[] } | null
  /** What nobody looked at. */
  notChecked: Words[]
}

const dataNotRead: Words[] = [
  { zh: '未用恢复密钥打开:能否解密、表与行数、内容摘要', en: 'not opened with the recovery key: whether it decrypts, tables and rows, digests of the content' },
  { zh: '未核日志:条目与见证联署的检查点', en: 'the log was not compared with its cosigned checkpoint' },
  { zh: '未核账:去向与分录未重新相加', en: 'the books were not added up again' },
]
const keysNotInside: Words = { zh: '密钥库不在数据备份里(按设计);请另核密钥备份 handover key backup', en: 'the key store is not in a data backup (by design); check the key backup apart: handover key backup' }

/**
 * 校验备份. Compares every byte of the file with its signed list; with `readData` also opens every segment, counts every row, compares every digest, the log with its cosigned checkpoint and adds the books up again
 * (SECURITY P05). Refuses a damaged one with its place, and one whose books do not add up.
 */
export async function verifyBackup(wish: VerifyWish): Promise<VerifiedBackup> {
  const container = await openContainer(wish.file, wish.trusted)
  const data = wish.readData === null ? null : await verifyData(container, wish.readData.recoveryFile, wish)
  if (data === null) await compareBytes(container, wish)
  const { outer } = container
  return {
    backup: outer.backup, madeAt: outer.madeAt, signer: parseVkey(outer.party).name, trust: container.isTrusted ? 'given' : 'self-declared', bytes: container.bytes, segments: outer.segments.length,
    data, notChecked: data === null ? [...dataNotRead, keysNotInside] : [keysNotInside],
  }
}

async function compareBytes(container: OpenContainer, wish: VerifyWish): Promise<void> {
  let bytes = 0
  for await (const segment of sealedSegments(container)) wish.progress((bytes += segment.length), container.bytes)
}

async function verifyData(container: OpenContainer, recoveryFile: string, wish: VerifyWish): Promise<VerifiedBackup['data']> {
  const identity = await readRecoveryKey(recoveryFile)
  const manifest = await openManifest(container, identity, recoveryFile)
  const total = manifest.members.reduce((sum, member) => sum + member.bytes, 0)
  const check = new RowsCheck()
  const files: LogFiles = new Map()
  for await (const { member, content } of readMembers(container, manifest, { identity, progress: (bytes) => wish.progress(bytes, total) })) {
    if (member.kind === 'table') await checkTable(container, member, content, check)
    else await keepLogFile(member, content, files)
  }
  return summary(container, manifest, check, files)
}

async function checkTable(container: OpenContainer, table: BackupMember & { kind: 'table' }, content: AsyncIterable<Uint8Array>, check: RowsCheck): Promise<void> {
  const reader = new CopyReader(table.columns.length, !RowsCheck.reads(table.name))
  for await (const part of content) check.take(table.name, table.columns, reader.take(part))
  reader.end()
  if (reader.rows !== table.rows) throw backupFailures.BACKUP_DAMAGED({ file: container.file, where: table.name, why: `${reader.rows} ≠ ${table.rows}` })
}

async function keepLogFile(member: BackupMember, content: AsyncIterable<Uint8Array>, files: LogFiles): Promise<void> {
  const parts: Uint8Array[] = []
  for await (const part of content) if (isLogFile(member.name)) parts.push(part)
  if (isLogFile(member.name)) files.set(member.name, Buffer.from(concat(...parts)))
}

function summary(container: OpenContainer, manifest: BackupManifest, check: RowsCheck, files: LogFiles): VerifiedBackup['data'] {
  const matters = check.end().map(({ id, rows }) => ({ id, records: rows.records, events: rows.events, log: checkLog(id, rows, files) }))
  const problems: RowProblem[] = [...check.problems, ...matters.flatMap(({ log }) => log.problems.map((why) => ({ matter: log.matter, why })))]
  const [first] = problems
  if (first !== undefined) throw backupFailures.BACKUP_DAMAGED({ file: container.file, where: first.matter, why: `${first.why}${problems.length === 1 ? '' : ` (+${problems.length - 1})`}` })
  const tables = manifest.members.filter((member) => member.kind === 'table')
  return { tables: tables.length, rows: tables.reduce((sum, table) => sum + table.rows, 0), files: manifest.members.length - tables.length, matters }
}
