// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { RereadableFile } from '@handover/proof'

const readBytes = 256 * 1024

/**
 * A file of the scratch folder for work that does not fit into memory; readable by its owner only. POSIX systems take its name away at once,
 * so that a crash leaves nothing; elsewhere the name begins with the process id, by which the next start removes it.
 */
export class ScratchFile implements RereadableFile {
  readonly #path: string
  readonly #handle: number
  #size = 0
  #isOpen = true

  constructor(folder: string, what: string) {
    this.#path = join(folder, `${process.pid}-${what}-${randomBytes(6).toString('hex')}`)
    this.#handle = openSync(this.#path, 'wx+', 0o600)
    if (process.platform !== 'win32') rmSync(this.#path, { force: true })
  }

  get size(): number {
    return this.#size
  }

  /** Adds bytes at the end. */
  append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#handle, bytes, done, bytes.length - done, this.#size + done)
    this.#size += bytes.length
  }

  /** Fills the array from a place of the file. */
  read(into: Uint8Array, from: number): void {
    for (let done = 0; done < into.length; ) {
      const count = readSync(this.#handle, into, done, into.length - done, from + done)
      if (count === 0) throw new Error('assertion failed: a scratch file has the bytes that were written to it')
      done += count
    }
  }

  /** The whole file from its beginning; may be read more than once. */
  readonly open = async function* (this: ScratchFile): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = 0; at < this.#size; ) {
      const part = Buffer.allocUnsafe(Math.min(readBytes, this.#size - at))
      this.read(part, at)
      at += part.length
      yield part
    }
  }.bind(this)

  /** Lets the file go; again does no harm. */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    closeSync(this.#handle)
    rmSync(this.#path, { force: true })
  }
}

/** Collects small pieces for a scratch file. */
export class ScratchWriter {
  readonly #file: ScratchFile
  readonly #buffer = Buffer.allocUnsafe(readBytes)
  #used = 0

  constructor(file: ScratchFile) {
    this.#file = file
  }

  add(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#buffer.length) this.flush()
    if (bytes.length > this.#buffer.length) return this.#file.append(bytes)
    this.#buffer.set(bytes, this.#used)
    this.#used += bytes.length
  }

  /** Puts everything into the file. */
  flush(): void {
    this.#file.append(this.#buffer.subarray(0, this.#used))
    this.#used = 0
  }
}
