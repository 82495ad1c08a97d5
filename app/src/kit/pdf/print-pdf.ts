// SPDX-License-Identifier: Apache-2.0
import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Instant } from '../time.ts'
import { pdfFailures } from './pdf-failures.ts'
import type { PrintValue } from './show-text.rules.ts'
import type { TypstAnswer } from './typst-process.ts'

export type { PrintValue } from './show-text.rules.ts'
export { pdfFailures } from './pdf-failures.ts'

/** 印制单. What is to be printed: a template beside the room that owns it, and everything it shows as plain values. */
export interface PrintOrder {
  /** The `.typ` file; it begins with `#import "house.typ": *`. */
  template: string
  lang: 'zh' | 'en'
  title: string
  /** Which matter, on every page. */
  matter: string
  /** SHA-256 (hex) of what the document certifies, on every page. */
  digest: string
  /** When it was made, by the legal clock; the only time in the file. */
  created: Instant
  values: { readonly [key: string]: PrintValue }
}

/** 印制件. PDF/A-2b; the same order gives the same bytes. */
export interface PrintedPdf {
  bytes: Uint8Array
  pages: number
  /** Characters that no font has, printed as code points and told in a note. */
  missing: string[]
}

/** How much a document may hold, and how long it may take. */
export interface PdfLimits {
  valueBytesMax: number
  secondsMax: number
}

const usualLimits: PdfLimits = { valueBytesMax: 2 * 1024 * 1024, secondsMax: 180 }
/** How long the process may take to begin: fonts are read, on however slow a machine. */
const startSecondsMax = 180
/** A process that has grown beyond this is replaced before the next document. */
const megabytesMax = 700

type Reply = (told: TypstAnswer | null) => void

/** 印制机. Typesets documents one after the other in a process of its own, so that this one stays responsive and native code can be ended. Close it when done. */
export class PdfPress {
  readonly #limits: PdfLimits
  #child: ChildProcess | null = null
  #said = ''
  #waiting: { id: number; reply: Reply } | null = null
  #next = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(limits: Partial<PdfLimits> = {}) {
    this.#limits = { ...usualLimits, ...limits }
  }

  /** Prints one document. Refuses one that is too large (PDF_TOO_LARGE) or takes too long (PDF_TOO_SLOW), and when the tool is not installed (PDF_TOOL_MISSING). */
  async print(order: PrintOrder): Promise<PrintedPdf> {
    const mine = this.#turn.then(() => this.#printNow(order))
    this.#turn = mine.catch(() => undefined)
    return mine
  }

  /** Ends the process. */
  close(): void {
    this.#child?.kill('SIGKILL')
    this.#child = null
    this.#waiting?.reply(null)
  }

  async #printNow(order: PrintOrder): Promise<PrintedPdf> {
    const template = basename(order.template)
    const { lang, title, matter, digest, created } = order
    const values = JSON.stringify({ ...order.values, lang, title, matter, digest, created })
    if (Buffer.byteLength(values) > this.#limits.valueBytesMax) throw pdfFailures.PDF_TOO_LARGE({ template, bytes: Buffer.byteLength(values), limit: this.#limits.valueBytesMax })
    if (this.#child === null) await this.#open()
    const id = this.#next++
    const told = await this.#ask(template, id, { id, template: readFileSync(order.template, 'utf8'), values, createdSeconds: Math.floor(Date.parse(created) / 1000) })
    if (told === null || !('pdf' in told)) throw pdfFailures.PDF_FAILED({ template, why: told === null ? 'process ended' : told.why })
    if (told.megabytes > megabytesMax) this.close()
    return { bytes: new Uint8Array(told.pdf), pages: told.pages, missing: told.missing }
  }

  async #open(): Promise<void> {
    // Nothing of the surroundings but what a process needs to start: the typesetter reads no settings and speaks to nobody.
    const env = Object.fromEntries(['PATH', 'SystemRoot', 'TEMP', 'TMPDIR', 'HOME'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
    const child = fork(new URL('./typst-process.ts', import.meta.url), [], { env, execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    this.#child = child
    this.#said = ''
    child.stderr?.on('data', (piece: Buffer) => (this.#said = (this.#said + piece.toString('utf8')).slice(-2000)))
    child.on('message', (told: TypstAnswer) => {
      if (this.#waiting?.id === told.id) this.#waiting.reply(told)
    })
    child.on('close', () => {
      if (this.#child !== child) return // another one has taken its place
      this.#child = null
      this.#waiting?.reply(null)
    })
    const told = await this.#ask('typst', -1, null)
    if (told === null) throw pdfFailures.PDF_TOOL_MISSING({ why: /(?:Error|error):? ([^\n]{1,160})/.exec(this.#said)?.[1] ?? 'process ended' })
    child.unref()
    child.channel?.unref()
  }

  /** Waits for the answer with this number; a process that says nothing for too long is ended. */
  async #ask(template: string, id: number, message: { [key: string]: string | number } | null): Promise<TypstAnswer | null> {
    const secondsMax = message === null ? startSecondsMax : this.#limits.secondsMax
    let timer: NodeJS.Timeout | null = null
    try {
      return await new Promise<TypstAnswer | null>((resolve, reject) => {
        this.#waiting = { id, reply: resolve }
        timer = setTimeout(() => {
          reject(pdfFailures.PDF_TOO_SLOW({ template, seconds: secondsMax }))
          this.close()
        }, secondsMax * 1000)
        if (message !== null && this.#child?.send(message) !== true && this.#child?.connected !== true) resolve(null)
      })
    } finally {
      this.#waiting = null
      if (timer !== null) clearTimeout(timer)
    }
  }
}

/** Prints a single document and ends the process; for several use one `PdfPress`. */
export async function printPdf(order: PrintOrder): Promise<PrintedPdf> {
  const press = new PdfPress()
  try {
    return await press.print(order)
  } finally {
    press.close()
  }
}
