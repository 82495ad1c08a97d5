// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import { closeSync, createReadStream, existsSync, fstatSync, fsyncSync, lstatSync, mkdirSync, openSync, readFileSync, readSync, rmdirSync, rmSync, statSync, writeSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { builtInModelDigest } from '../../detection/index.ts'
import { explainFailure, Failure } from '../../kit/failure.ts'
import { discoverFailures } from './discover-failures.ts'
import type { FileOutcome, FileToScan } from './scan-files.ts'
import type { ScannedSource, ScanReport } from './scan-report.ts'

/** Short scans leave no file behind, and make none. */
const QUIET_MS = 1000
const SYNC_EVERY_MS = 500
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** The first line of a work file: what does not begin with it was not made here, and is neither read, written nor deleted. The last digit says whether its folder was made for it. */
const magic = 'handover scan work 2 '
const MAGIC_BYTES = magic.length + 2
/** What may come out otherwise next time, with the same bytes: it is tried again. */
const transient = new Set(['READER_TOO_SLOW', 'READER_OUT_OF_MEMORY', 'READER_FAILED', 'SOURCE_UNREADABLE', 'SOURCE_CHANGED'])
const packageFile = z.object({ version: z.string() })
const lineForm = z.object({ id: z.string(), sealed: z.base64() })
const keptForm = z.object({ bytes: z.number(), mtimeMs: z.number(), sources: z.custom<ScannedSource[]>(Array.isArray), notRead: z.custom<ScanReport['notRead']>(Array.isArray), failure: z.object({ code: z.string(), facts: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable() })

/**
 * 清查的工作文件. Keeps what finished files came to, so that a scan that was paused goes on without reading them again (PRODUCT.md §3.5).
 * Each line is sealed with a key that follows from the SHA-256 of its own source file: who has neither that file nor its digest (which the result of a scan prints) learns nothing from the line, and a file that changed does not find its line.
 * Refuses a path where something stands that it did not make.
 */
export class ScanWork {
  private readonly path: string
  private readonly about: string
  private readonly startedAt = performance.now()
  private lines = new Map<string, string>()
  private waiting: string[] = []
  private fd: number | null = null
  private syncedAt = 0
  /** The work file stands there and is ours. */
  private isMade = false
  private isFolderMade = false
  private broken: Failure | null = null

  /** `about` says how files are read; what was read otherwise, or by another version of the program or of its model, is not found. */
  constructor(path: string, about: unknown, isResumed: boolean) {
    this.path = path
    this.about = JSON.stringify([about, programVersion(), builtInModelDigest()])
    const found = workFileAt(path)
    if (found === null) return
    this.isFolderMade = found.isFolderMade
    this.isMade = isResumed
    if (isResumed) this.lines = linesOf(path)
    else rmSync(path, { force: true })
  }

  /** Whether an earlier scan left something here. */
  get isKnown(): boolean {
    return this.lines.size > 0
  }

  /** What a file came to before, if its size, time and bytes are the same. */
  async recall(file: FileToScan): Promise<FileOutcome | null> {
    if (this.lines.size === 0 || existsSync(`${file.path}-wal`)) return null
    const stat = statOf(file.path)
    const digest = stat === null ? null : await digestOf(file.path)
    if (stat === null || digest === null) return null
    const sealed = this.lines.get(this.idOf(file, digest))
    const kept = sealed === undefined ? null : opened(Buffer.from(sealed, 'base64'), digest)
    if (kept === null || kept.bytes !== stat.size || kept.mtimeMs !== stat.mtimeMs) return null
    const words = kept.failure === null ? undefined : explainFailure(kept.failure.code)
    if (kept.failure !== null && words === undefined) return null
    return { sources: kept.sources, notRead: kept.notRead, failure: kept.failure === null || words === undefined ? null : new Failure(kept.failure.code, words, kept.failure.facts) }
  }

  /** Keeps what a file came to; nothing of one that cannot be read now, or may come out otherwise next time. */
  async keep(file: FileToScan, outcome: FileOutcome): Promise<void> {
    const stat = statOf(file.path)
    if (stat === null || existsSync(`${file.path}-wal`) || (outcome.failure !== null && transient.has(outcome.failure.code)) || outcome.notRead.some(({ code }) => transient.has(code))) return
    const known = outcome.sources.find((source) => source.source === file.place && source.bytes === stat.size)
    const digest = known === undefined ? await digestOf(file.path) : Buffer.from(known.sha256, 'hex')
    if (digest === null) return
    const { failure } = outcome
    const kept = { bytes: stat.size, mtimeMs: stat.mtimeMs, sources: outcome.sources, notRead: outcome.notRead, failure: failure === null ? null : { code: failure.code, facts: failure.facts } }
    this.waiting.push(`${JSON.stringify({ id: this.idOf(file, digest), sealed: sealed(kept, digest).toString('base64') })}\n`)
    if (performance.now() - this.startedAt > QUIET_MS) this.write()
  }

  /** What a part of a source came to before: a table of a database, by a digest that only a reader of it can know. */
  recallPart(part: FileToScan, digest: Buffer): FileOutcome | null {
    const sealed = this.lines.get(this.idOf(part, digest))
    const kept = sealed === undefined ? null : opened(Buffer.from(sealed, 'base64'), digest)
    return kept === null ? null : { sources: kept.sources, notRead: kept.notRead, failure: null }
  }

  /** Keeps what a part of a source came to, sealed with its digest. */
  keepPart(part: FileToScan, digest: Buffer, outcome: FileOutcome): void {
    const kept = { bytes: 0, mtimeMs: 0, sources: outcome.sources, notRead: outcome.notRead, failure: null }
    this.waiting.push(`${JSON.stringify({ id: this.idOf(part, digest), sealed: sealed(kept, digest).toString('base64') })}\n`)
    if (performance.now() - this.startedAt > QUIET_MS) this.write()
  }

  /** The scan pauses here: everything that is finished is on disk. Refuses when it could not be put there. */
  pause(): void {
    this.write()
    this.close(true)
    if (this.broken !== null) throw this.broken
  }

  /** The scan is complete: its work file goes, unless another scan has put its own there. */
  remove(): void {
    const mine = this.fd === null ? null : fstatSync(this.fd).ino
    this.close(false)
    const there = entryAt(this.path)
    if (this.isMade && there !== null && (mine === null || there.ino === mine)) rmSync(this.path, { force: true })
    if (!this.isFolderMade) return
    try {
      rmdirSync(dirname(this.path))
    } catch {
      // other scans are paused there
    }
  }

  private close(isKept: boolean): void {
    if (this.fd === null) return
    if (isKept) fsyncSync(this.fd)
    closeSync(this.fd)
    this.fd = null
  }

  /** What cannot be kept does not stop the scan: it is told when the scan pauses. */
  private write(): void {
    if (this.waiting.length === 0 || this.broken !== null) return
    try {
      this.fd ??= this.openFile()
      writeSync(this.fd, this.waiting.join(''))
      this.waiting = []
      if (performance.now() - this.syncedAt < SYNC_EVERY_MS) return
      this.syncedAt = performance.now()
      fsyncSync(this.fd)
    } catch (error) {
      this.broken = discoverFailures.SCAN_WORK_UNWRITABLE({ where: this.path, why: error instanceof Error && 'code' in error ? String(error.code) : '' }, { cause: error })
    }
  }

  private openFile(): number {
    if (this.isMade) return openSync(this.path, 'a', 0o600)
    this.isFolderMade = mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 }) !== undefined || this.isFolderMade
    const fd = openSync(this.path, 'ax', 0o600) // what another put there meanwhile stays
    this.isMade = true
    writeSync(fd, `${magic}${this.isFolderMade ? 1 : 0}\n`)
    return fd
  }

  private idOf(file: FileToScan, digest: Buffer): string {
    return createHmac('sha256', digest).update(`${this.about}\n${file.path}\n${file.place}`).digest('hex')
  }
}

/** What stands at a path: nothing, or a work file of ours. Refuses anything else. */
function workFileAt(path: string): { isFolderMade: boolean } | null {
  const there = entryAt(path)
  if (there === null) return null
  const head = there.isFile() ? headOf(path) : null
  if (head?.startsWith(magic) !== true) throw discoverFailures.SCAN_WORK_FOREIGN({ where: path })
  return { isFolderMade: head.endsWith('1\n') }
}

function entryAt(path: string): Stats | null {
  try {
    return lstatSync(path)
  } catch {
    return null // nothing; or nowhere that anything could be put, which writing tells
  }
}

function headOf(path: string): string | null {
  let fd: number | null = null
  try {
    fd = openSync(path, 'r')
    const head = Buffer.alloc(MAGIC_BYTES)
    return head.toString('latin1', 0, readSync(fd, head, 0, MAGIC_BYTES, 0))
  } catch {
    return null // it cannot be told whose it is
  } finally {
    if (fd !== null) closeSync(fd)
  }
}

function statOf(path: string): { size: number; mtimeMs: number } | null {
  try {
    const stat = statSync(path)
    return stat.isFile() ? stat : null
  } catch {
    return null // gone, or not to be seen: the scan says so
  }
}

function programVersion(): string {
  return packageFile.parse(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))).version
}

/** Lines that are whole; the last may have been cut off. */
function linesOf(path: string): Map<string, string> {
  const lines = new Map<string, string>()
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    try {
      const line = lineForm.parse(JSON.parse(text))
      lines.set(line.id, line.sealed)
    } catch {
      continue // this file is read again
    }
  }
  return lines
}

/** The digest of a file; null when it cannot be read, which its own scan has told or will tell. */
async function digestOf(path: string): Promise<Buffer | null> {
  const hash = createHash('sha256')
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) if (Buffer.isBuffer(piece)) hash.update(piece)
    return hash.digest()
  } catch {
    return null
  }
}

const keyOf = (digest: Buffer): Buffer => Buffer.from(hkdfSync('sha256', digest, '', 'handover scan work v1', 32))

function sealed(kept: unknown, digest: Buffer): Buffer {
  // The same file gives the same line but for its result; a nonce from the plaintext repeats only for the same plaintext.
  const plain = Buffer.from(JSON.stringify(kept))
  const nonce = createHmac('sha256', keyOf(digest)).update(plain).digest().subarray(0, NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyOf(digest), nonce)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function opened(line: Buffer, digest: Buffer): z.infer<typeof keptForm> | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(digest), line.subarray(0, NONCE_BYTES))
    decipher.setAuthTag(line.subarray(-TAG_BYTES))
    return keptForm.parse(JSON.parse(Buffer.concat([decipher.update(line.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8')))
  } catch {
    return null // damaged: this file is read again
  }
}
