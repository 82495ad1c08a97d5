// SPDX-License-Identifier: Apache-2.0
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { inNamedFile } from '../../ledger/index.ts'
import { csvLine } from './key-file.rules.ts'
import { notifyFailures, rowErrors, type RowErrorCode } from './notify-failures.ts'
import type { KeyRow } from './read-key-file.ts'

/** 错误文件. Rows that had no effect with their 错误原因, for the owner's eyes only (0600); it can be corrected and imported as it is. Stands under its name only when it is whole; refuses to overwrite what was told. */
export class ErrorFile {
  readonly path: string
  #out: number | null = null
  #count = 0

  constructor(source: string, told: string | undefined) {
    this.path = freePath(source, told)
  }

  /** How many rows came back. */
  get rows(): number {
    return this.#count
  }

  add(header: readonly string[], row: KeyRow, code: RowErrorCode): void {
    inNamedFile(this.path, () => {
      if (this.#out === null) {
        rmSync(this.#partial, { force: true }) // left by a crash
        this.#out = openSync(this.#partial, 'wx', 0o600)
        writeSync(this.#out, `\ufeff${csvLine([...header, '错误原因'])}`)
      }
      writeSync(this.#out, csvLine([...header.map((_, at) => row.cells[at] ?? ''), rowErrors[code].zh]))
    })
    this.#count += 1
  }

  /** Makes it whole and durable; null when no row came back. */
  finish(): string | null {
    const out = this.#out
    if (out === null) return null
    inNamedFile(this.path, () => fsyncSync(out))
    this.#close()
    renameSync(this.#partial, this.path)
    return this.path
  }

  /** Takes it back when the import did not happen. */
  discard(): void {
    if (this.#out === null) return
    this.#close()
    rmSync(this.#partial, { force: true })
  }

  get #partial(): string {
    return `${this.path}.part`
  }

  #close(): void {
    if (this.#out !== null) closeSync(this.#out)
    this.#out = null
  }
}

/** A free name beside the file, unless told. */
function freePath(source: string, told: string | undefined): string {
  if (told !== undefined && existsSync(told)) throw notifyFailures.ERROR_FILE_EXISTS({ where: told })
  if (told !== undefined) return told
  const stem = join(dirname(source), `${basename(source, extname(source))}-错误`)
  for (let copy = 1; ; copy++) {
    const file = `${stem}${copy === 1 ? '' : `-${copy}`}.csv`
    if (!existsSync(file)) return file
  }
}
