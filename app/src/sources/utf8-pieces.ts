// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer'
import { cutOff } from './decode-text.ts'
import { XmlRefused } from './scan-xml.ts'

const BOM = '\ufeff'
const none = Buffer.alloc(0)

/** Decodes strict UTF-8 that comes in pieces, as a fatal streaming `TextDecoder` does (WHATWG Encoding §8), whose streams cost several times the decoding of a whole piece and make every text twice as wide. Refuses what is no UTF-8. */
export class Utf8Pieces {
  private rest: Buffer = none
  private isFirst = true

  /** The text of all characters that are complete; a byte order mark at the very beginning is none of it. */
  decode(piece: Buffer): string {
    const bytes = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece])
    const end = bytes.length - cutOff(bytes)
    this.rest = bytes.subarray(end)
    const whole = bytes.subarray(0, end)
    if (!isUtf8(whole)) throw new XmlRefused('not UTF-8')
    const text = whole.toString('utf8')
    if (!this.isFirst || end === 0) return text
    this.isFirst = false
    return text.startsWith(BOM) ? text.slice(1) : text
  }

  /** Nothing may be left of a character. */
  end(): void {
    if (this.rest.length > 0) throw new XmlRefused('not UTF-8')
  }
}
