// SPDX-License-Identifier: Apache-2.0

/** What the stream of an old workbook holds beside its cells: texts (page headers and footers, text boxes, prompts and lists of choices, links to people), pictures, and whether there are charts. */
export interface BesideBiff {
  texts: string[]
  pictures: { ending: 'png' | 'jpg' | null; bytes: Buffer }[]
  hasChart: boolean
  /** Bytes of texts in the old one-byte sets that are of a code page we do not know. */
  hasUnknownText: boolean
}

const HEADER = 0x14
const FOOTER = 0x15
const CONTINUE = 0x3c
const CODEPAGE = 0x42
const DRAWING_GROUP = 0xeb
const TEXT_OBJECT = 0x1b6
const HYPERLINK = 0x1b8
const VALIDATION = 0x1be
const BEGIN = 0x809
const CHART = 0x20
const DRAWING_DEPTH_MAX = 8
const BIFF8 = 0x600
/** Windows code pages by the name that text decoders know. */
const codePages = new Map([[936, 'gbk'], [950, 'big5'], [932, 'shift_jis'], [949, 'euc-kr'], [1200, 'utf-16le'], [1250, 'windows-1250'], [1251, 'windows-1251'], [1252, 'windows-1252'], [0x8001, 'windows-1252']])

interface BiffRecord {
  type: number
  body: Buffer
}

/** Records of a BIFF stream (MS-XLS 2.1.4); what follows the last whole one is no record. */
function* recordsOf(stream: Buffer): Generator<BiffRecord> {
  for (let at = 0; at + 4 <= stream.length; ) {
    const length = stream.readUInt16LE(at + 2)
    if (at + 4 + length > stream.length) return
    yield { type: stream.readUInt16LE(at), body: stream.subarray(at + 4, at + 4 + length) }
    at += 4 + length
  }
}

/** Reads what stands beside the cells; `alive` is called as it goes. */
export function besideBiff(stream: Buffer, alive: () => void): BesideBiff {
  const walk = new BiffWalk()
  for (const record of recordsOf(stream)) {
    walk.take(record)
    alive()
  }
  return walk.end()
}

class BiffWalk {
  private readonly found: BesideBiff = { texts: [], pictures: [], hasChart: false, hasUnknownText: false }
  private readonly drawing: Buffer[] = []
  private isBiff8 = true
  private codePage = 1252
  private before = 0
  private textObject: { chars: number; text: string } | null = null

  take({ type, body }: BiffRecord): void {
    if (type !== CONTINUE) this.endTextObject()
    if (type === BEGIN && body.length >= 4) this.begin(body)
    else if (type === CODEPAGE && body.length >= 2) this.codePage = body.readUInt16LE(0)
    else if (type === HEADER || type === FOOTER) this.addText(this.stringAt(body, 0, this.isBiff8 ? 2 : 1)?.text.replace(/&(?:"[^"]*"|\d{1,3}|[A-Z&])/gi, ' ') ?? '')
    else if (type === TEXT_OBJECT && this.isBiff8 && body.length >= 12) this.textObject = { chars: body.readUInt16LE(10), text: '' }
    else if (type === CONTINUE && this.textObject !== null) this.continueText(body)
    else if (type === HYPERLINK) this.addLink(body)
    else if (type === VALIDATION && this.isBiff8) this.addValidation(body)
    else if (type === DRAWING_GROUP || (type === CONTINUE && this.before === DRAWING_GROUP)) this.drawing.push(body)
    if (type !== CONTINUE) this.before = type
  }

  end(): BesideBiff {
    this.endTextObject()
    this.pictures(Buffer.concat(this.drawing), 0)
    return this.found
  }

  private begin(body: Buffer): void {
    this.isBiff8 = body.readUInt16LE(0) >= BIFF8
    this.found.hasChart ||= body.readUInt16LE(2) === CHART
  }

  private addText(text: string): void {
    if (text.trim() !== '') this.found.texts.push(text.replace(/[\0\s]+/g, ' ').trim())
  }

  /** A string with its length before it: characters of two bytes, or one where a flag says so; in BIFF5 bytes of the code page. */
  private stringAt(body: Buffer, at: number, lengthBytes: 1 | 2): { text: string; end: number } | null {
    if (at + lengthBytes + (this.isBiff8 ? 1 : 0) > body.length) return null
    const chars = lengthBytes === 1 ? body.readUInt8(at) : body.readUInt16LE(at)
    const from = at + lengthBytes
    if (!this.isBiff8) return { text: this.oldText(body.subarray(from, from + chars)), end: from + chars }
    const isWide = (body.readUInt8(from) & 1) !== 0
    const end = from + 1 + chars * (isWide ? 2 : 1)
    return { text: body.toString(isWide ? 'utf16le' : 'latin1', from + 1, Math.min(end, body.length)), end }
  }

  private oldText(bytes: Buffer): string {
    const set = codePages.get(this.codePage)
    this.found.hasUnknownText ||= set === undefined && bytes.some((byte) => byte > 0x7f)
    return new TextDecoder(set ?? 'latin1').decode(bytes)
  }

  private continueText(body: Buffer): void {
    const open = this.textObject
    if (open === null || open.text.length >= open.chars || body.length === 0) return
    open.text += body.toString((body.readUInt8(0) & 1) !== 0 ? 'utf16le' : 'latin1', 1).slice(0, open.chars - open.text.length)
  }

  private endTextObject(): void {
    if (this.textObject !== null) this.addText(this.textObject.text)
    this.textObject = null
  }

  private addLink(body: Buffer): void {
    for (const from of [0, 1]) {
      const link = /(?:mailto|tel|sms):[^\0\uffff]{1,2000}/i.exec(body.toString('utf16le', from))?.[0]
      if (link !== undefined) return this.addText(link)
    }
    this.addText(/(?:mailto|tel|sms):[^\0]{1,2000}/i.exec(body.toString('latin1'))?.[0] ?? '')
  }

  /** MS-XLS 2.4.82: four prompts, then formulas; a list of choices is a text in the first. */
  private addValidation(body: Buffer): void {
    let at = 4
    for (let i = 0; i < 4; i++) {
      const prompt = this.stringAt(body, at, 2)
      if (prompt === null) return
      this.addText(prompt.text)
      at = prompt.end
    }
    const PTG_STR = 0x17
    if (at + 4 < body.length && body.readUInt8(at + 4) === PTG_STR) this.addText(this.stringAt(body, at + 5, 1)?.text ?? '')
  }

  /** Office drawing records (MS-ODRAW 2.2.20 to 2.2.32): containers, then entries that hold a picture. */
  private pictures(data: Buffer, depth: number): void {
    if (depth > DRAWING_DEPTH_MAX) return
    for (let at = 0; at + 8 <= data.length; ) {
      const [head, type, length] = [data.readUInt16LE(at), data.readUInt16LE(at + 2), data.readUInt32LE(at + 4)]
      const body = data.subarray(at + 8, Math.min(at + 8 + length, data.length))
      if ((head & 0xf) === 0xf) this.pictures(body, depth + 1)
      else if (type === 0xf007 && body.length > 36) this.pictures(body.subarray(36 + body.readUInt8(33)), depth + 1)
      else if (type >= 0xf01a && type <= 0xf117) this.addPicture(body)
      at += 8 + length
    }
  }

  private addPicture(body: Buffer): void {
    const png = body.indexOf(Buffer.from('89504e470d0a1a0a', 'hex'))
    const jpeg = body.indexOf(Buffer.from('ffd8ff', 'hex'))
    const at = png >= 0 && png < 64 ? png : jpeg >= 0 && jpeg < 64 ? jpeg : -1
    this.found.pictures.push({ ending: at < 0 ? null : at === png ? 'png' : 'jpg', bytes: at < 0 ? body : body.subarray(at) })
  }
}
