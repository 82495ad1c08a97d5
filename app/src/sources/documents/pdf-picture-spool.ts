// SPDX-License-Identifier: Apache-2.0
import { readSync, writeSync } from 'node:fs'
import { openPrivateFile } from '../private-file.ts'
import type { PrivateFile } from '../private-file.ts'
import type { PdfPage } from './open-pdf.ts'

/** Pixels that are so few stay in memory. */
const SMALL_BYTES = 64 * 1024

/** Where pdf.js keeps what it decoded; it gives each object by `resolve`. */
type PdfObjects = PdfPage['objs']

/** Pixels that lie in a spool, told by its number, since pdf.js copies what it holds. */
interface SpooledPixels {
  spool: number
  at: number
  length: number
}

let spools = 0

/** The pictures of a page, outside memory: pdf.js decodes all of them before it tells of the first, and a page of photographs would take more than a reader may have. */
export class PictureSpool {
  private readonly alive: () => void
  private readonly number = ++spools
  private file: PrivateFile | null = null
  private end = 0

  /** `alive` is called for each picture. */
  constructor(alive: () => void) {
    this.alive = alive
  }

  /** From now on the pixels that come to `objects` lie here; those that `before` holds (pdf.js copies pictures of a page for the pages that follow) are taken over. */
  catchFrom(objects: PdfObjects, before: () => PictureSpool | null = () => null): void {
    const resolve = objects.resolve.bind(objects)
    objects.resolve = (id, data: unknown) => resolve(id, this.take(data, before()))
  }

  private take(image: unknown, before: PictureSpool | null): unknown {
    if (typeof image !== 'object' || image === null) return image
    this.alive()
    const data = 'spooled' in image ? before?.pixelsOf(image) : 'data' in image ? image.data : null
    if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray) || data.length < SMALL_BYTES) return image
    this.file ??= openPrivateFile()
    const spooled: SpooledPixels = { spool: this.number, at: this.end, length: data.length }
    for (let done = 0; done < data.length; ) done += writeSync(this.file.fd, data, done, data.length - done, this.end + done)
    this.end += data.length
    return { ...image, data: null, spooled }
  }

  /** The pixels of a picture, from here or from memory; null when it has none. */
  pixelsOf(image: object): Uint8Array | Uint8ClampedArray | null {
    if ('spooled' in image && isSpooled(image.spooled)) return this.read(image.spooled)
    return 'data' in image && (image.data instanceof Uint8Array || image.data instanceof Uint8ClampedArray) ? image.data : null
  }

  private read({ spool, at, length }: SpooledPixels): Uint8Array | null {
    if (this.file === null || spool !== this.number) return null
    const bytes = Buffer.alloc(length)
    for (let done = 0; done < length; ) {
      const n = readSync(this.file.fd, bytes, done, length - done, at + done)
      if (n === 0) return null
      done += n
    }
    return bytes
  }

  /** Whether a picture has pixels at all. */
  has(image: object): boolean {
    return ('spooled' in image && isSpooled(image.spooled)) || this.pixelsOf(image) !== null
  }

  close(): void {
    this.file?.remove()
    this.file = null
  }
}

/** The pictures of a document: those of the page that is read now, and those that stand on several pages. */
export class DocumentPictures {
  readonly common: PictureSpool
  own: PictureSpool
  private readonly alive: () => void
  private isCaught = false

  constructor(alive: () => void) {
    this.alive = alive
    this.common = new PictureSpool(alive)
    this.own = new PictureSpool(alive)
  }

  begin(page: PdfPage): void {
    this.own.close()
    this.own = new PictureSpool(this.alive)
    this.own.catchFrom(page.objs)
    if (!this.isCaught) this.common.catchFrom(page.commonObjs, () => this.own)
    this.isCaught = true
  }

  close(): void {
    this.own.close()
    this.common.close()
  }
}

function isSpooled(value: unknown): value is SpooledPixels {
  return typeof value === 'object' && value !== null && 'spool' in value && typeof value.spool === 'number' && 'at' in value && typeof value.at === 'number' && 'length' in value && typeof value.length === 'number'
}
