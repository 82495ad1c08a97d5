// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, rmdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { createReadStream } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { explainFailure, Failure } from '../../kit/failure.ts'
import type { FileOutcome, FileToScan } from './scan-files.ts'
import type { ScannedSource, ScanReport } from './scan-report.ts'

/** Short scans leave no file behind, and make none. */
const QUIET_MS = 1000
const SYNC_EVERY_MS = 500
const NONCE_BYTES = 12
const TAG_BYTES = 16
const lineForm = z.object({ id: z.string(), sealed: z.base64() })
const keptForm = z.object({ bytes: z.number(), mtimeMs: z.number(), sources: z.custom<ScannedSource[]>(Array.isArray), notRead: z.custom<ScanReport['notRead']>(Array.isArray), failure: z.object({ code: z.string(), facts: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable() })

/**
 * 清查的工作文件. Keeps what finished files came to, so that a scan that was paused goes on without reading them again (PRODUCT.md §3.5).
 * Each line is sealed with a key that follows from the bytes of its own source file: who does not have that file learns nothing from the line, and a file that changed does not find its line.
 */
export class ScanWork {
  private readonly path: string
  private readonly about: string
  private readonly startedAt = performance.now()
  private lines = new Map<string, string>()
  private waiting: string[] = []
  private fd: number | null = null
  private syncedAt = 0

  /** `about` says how files are read; what was read otherwise is not found. */
  constructor(path: string, about: unknown, isResumed: boolean) {
    this.path = path
    this.about = JSON.stringify(about)
    if (isResumed && existsSync(path)) this.lines = linesOf(path)
    else rmSync(path, { force: true })
  }

  /** Whether an earlier scan left something here. */
  get isKnown(): boolean {
    return this.lines.size > 0
  }

  /** What a file came to before, if its size, time and bytes are the same. */
  async recall(file: FileToScan): Promise<FileOutcome | null> {
    if (this.lines.size === 0 || existsSync(`${file.path}-wal`)) return null
    const stat = statSync(file.path, { throwIfNoEntry: false })
    if (stat?.isFile() !== true) return null
    const digest = await digestOf(file.path)
    const sealed = this.lines.get(this.idOf(file, digest))
    const kept = sealed === undefined ? null : opened(Buffer.from(sealed, 'base64'), digest)
    if (kept === null || kept.bytes !== stat.size || kept.mtimeMs !== stat.mtimeMs) return null
    const words = kept.failure === null ? undefined : explainFailure(kept.failure.code)
    if (kept.failure !== null && words === undefined) return null
    return { sources: kept.sources, notRead: kept.notRead, failure: kept.failure === null || words === undefined ? null : new Failure(kept.failure.code, words, kept.failure.facts) }
  }

  /** Keeps what a file came to. */
  async keep(file: FileToScan, outcome: FileOutcome): Promise<void> {
    const stat = statSync(file.path, { throwIfNoEntry: false })
    if (stat?.isFile() !== true || existsSync(`${file.path}-wal`)) return
    const known = outcome.sources.find((source) => source.source === file.place && source.bytes === stat.size)
    const digest = known === undefined ? await digestOf(file.path) : Buffer.from(known.sha256, 'hex')
    const { failure } = outcome
    const kept = { bytes: stat.size, mtimeMs: stat.mtimeMs, sources: outcome.sources, notRead: outcome.notRead, failure: failure === null ? null : { code: failure.code, facts: failure.facts } }
    this.waiting.push(`${JSON.stringify({ id: this.idOf(file, digest), sealed: sealed(kept, digest).toString('base64') })}\n`)
    if (performance.now() - this.startedAt > QUIET_MS) this.write()
  }

  /** The scan pauses here: everything that is finished is on disk. */
  pause(): void {
    this.write()
    if (this.fd === null) return
    fsyncSync(this.fd)
    closeSync(this.fd)
    this.fd = null
  }

  /** The scan is complete: its work file goes. */
  remove(): void {
    if (this.fd !== null) closeSync(this.fd)
    this.fd = null
    rmSync(this.path, { force: true })
    try {
      rmdirSync(dirname(this.path))
    } catch {
      // other scans are paused there, or the folder is somebody else's
    }
  }

  private write(): void {
    if (this.waiting.length === 0) return
    if (this.fd === null) {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
      this.fd = openSync(this.path, 'a', 0o600)
    }
    writeSync(this.fd, this.waiting.join(''))
    this.waiting = []
    if (performance.now() - this.syncedAt < SYNC_EVERY_MS) return
    this.syncedAt = performance.now()
    fsyncSync(this.fd)
  }

  private idOf(file: FileToScan, digest: Buffer): string {
    return createHmac('sha256', digest).update(`${this.about}\n${file.path}\n${file.place}`).digest('hex')
  }
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

async function digestOf(path: string): Promise<Buffer> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) if (Buffer.isBuffer(piece)) hash.update(piece)
  return hash.digest()
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
