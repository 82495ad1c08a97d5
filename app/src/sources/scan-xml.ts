// SPDX-License-Identifier: Apache-2.0

/** What a scan of XML calls: names come without their prefix, attributes as their raw text. */
export interface XmlHandler {
  open(name: string, attributes: string, isEmpty: boolean): void
  close(name: string): void
  text(text: string): void
  /** Takes a whole element that begins at `at` in a form that the file is full of, and answers where it ends; -1 when it is another or not all of it is there, so that it comes in its parts. `units` are those of the text, with a 0 behind them, which no text holds. */
  take?(text: string, units: Uint16Array, at: number): number
}

/** XML that we do not read: document types (entities), or markup that never ends. */
export class XmlRefused extends Error {}

const LESS = 0x3c
const EXCLAMATION = 0x21
const REST_MAX = 4 * 1024 * 1024
/** Elements deeper than this come in their parts. */
const TAKEN_DEPTH_MAX = 32
/** Office files nest a dozen deep. */
const DEPTH_MAX = 256

/** A small push scanner for the XML of office files: no document types, no external anything, linear time (SECURITY.md P23). */
export class XmlScan {
  private rest = ''
  /** Names of the elements that are open: what is never closed was cut off, and its values with it. */
  private readonly path: string[] = []
  private readonly handler: XmlHandler
  /** The UTF-16 units of the text: looking at one of them costs a fraction of what `charCodeAt` does. */
  private room = Buffer.alloc(0)
  private units = new Uint16Array(0)

  constructor(handler: XmlHandler) {
    this.handler = handler
  }

  push(piece: string): void {
    if (piece.includes('\0')) throw new XmlRefused('NUL')
    const text = this.rest + piece
    this.load(text)
    const used = this.scan(text)
    this.rest = used === 0 ? text : text.slice(used)
    if (this.rest.length > REST_MAX) throw new XmlRefused('markup too long')
  }

  end(): void {
    if (this.rest.trim() !== '' || this.path.length > 0) throw new XmlRefused('markup cut off')
  }

  private load(text: string): void {
    if (this.units.length <= text.length) {
      this.units = new Uint16Array(text.length * 2 + 1)
      this.room = Buffer.from(this.units.buffer)
    }
    this.room.write(text, 0, 'utf16le')
    this.units[text.length] = 0
  }

  /** Handles all complete constructs; returns how far it came. */
  private scan(text: string): number {
    const { units } = this
    let at = 0
    for (;;) {
      const less = units[at] === LESS ? at : text.indexOf('<', at)
      if (less < 0) return at // text is given whole, with the tag that ends it
      const taken = this.handler.take !== undefined && less === at && this.path.length < TAKEN_DEPTH_MAX ? this.handler.take(text, units, less) : -1
      if (taken > 0) {
        at = taken
        continue
      }
      const end = constructEnd(text, units, less)
      if (end < 0) return at
      if (less > at) this.handler.text(decodeEntities(withLineFeeds(text.slice(at, less))))
      this.construct(text, less, end)
      at = end
    }
  }

  private construct(text: string, less: number, end: number): void {
    const next = text.charCodeAt(less + 1)
    if (next === 0x3f) { // <?…?>
      const encoding = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.-]{1,40})/.exec(text.slice(less, Math.min(end, less + 200)))?.[1]
      if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding)) throw new XmlRefused('encoding')
      return
    }
    if (next === 0x21) {
      if (text.startsWith('<!--', less)) return
      if (text.startsWith('<![CDATA[', less)) return this.handler.text(withLineFeeds(text.slice(less + 9, end - 3)))
      throw new XmlRefused('document type')
    }
    if (next === 0x2f) {
      const closed = text.slice(less + 2, end - 1).trimEnd()
      if (this.path.pop() !== closed) throw new XmlRefused('tags that do not match')
      return this.handler.close(localName(closed))
    }
    const isEmpty = text.charCodeAt(end - 2) === 0x2f
    const inner = text.slice(less + 1, isEmpty ? end - 2 : end - 1)
    const space = firstSpace(inner)
    const given = space < 0 ? inner : inner.slice(0, space)
    if (!isEmpty && this.path.push(given) > DEPTH_MAX) throw new XmlRefused('nested too deep')
    const name = localName(given)
    this.handler.open(name, space < 0 ? '' : inner.slice(space), isEmpty)
    if (isEmpty) this.handler.close(name)
  }
}

// XML 1.0 §2.11: line ends are line feeds, whatever the file has; a carriage return of a value is written as a reference.
function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

function firstSpace(text: string): number {
  for (let at = 0; at < text.length; at++) if (isSpace(text.charCodeAt(at))) return at
  return -1
}

// What `\s` stands for.
const isSpace = (unit: number): boolean => (unit < 0x80 ? unit === 0x20 || (unit >= 9 && unit <= 13) : /\s/.test(String.fromCharCode(unit)))

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

function constructEnd(text: string, units: Uint16Array, less: number): number {
  if (units[less + 1] === EXCLAMATION || less + 1 === text.length) {
    if (text.startsWith('<!--', less)) return after(text, '-->', less + 4)
    if (text.startsWith('<![CDATA[', less)) return after(text, ']]>', less + 9)
    if (text.length - less < 9 && '<![CDATA[<!--'.includes(text.slice(less))) return -1
  }
  for (let at = less + 1, quote = 0; at < text.length; at++) {
    const unit = units[at] ?? 0
    if (quote !== 0) {
      if (unit === quote) quote = 0
    } else if (unit === 0x22 || unit === 0x27) quote = unit
    else if (unit === 0x3e) return at + 1
  }
  return -1
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at < 0 ? -1 : at + mark.length
}

/** The five named entities and numbers; anything else is refused, since nothing can have declared it. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&]{0,12})(;?)/g, (_, name: string, semicolon: string) => {
    const known = semicolon === ';' ? entity(name) : null
    if (known === null) throw new XmlRefused('unknown entity')
    return known
  })
}

const named = new Map([['lt', '<'], ['gt', '>'], ['amp', '&'], ['quot', '"'], ['apos', "'"]])

function entity(name: string): string | null {
  const known = named.get(name)
  if (known !== undefined) return known
  const match = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name)
  const code = match === null ? Number.NaN : match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16)
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null
}

/** The value of an attribute in the raw text of a tag, by its local name; null when absent. What looks like one inside another's value is none. */
export function attribute(attributes: string, name: string): string | null {
  let quote = 0
  for (let at = attributes.indexOf(name), seen = 0; at >= 0; at = attributes.indexOf(name, at + name.length)) {
    for (; seen < at; seen++) {
      const unit = attributes.charCodeAt(seen)
      if (quote !== 0) quote = unit === quote ? 0 : quote
      else if (unit === 0x22 || unit === 0x27) quote = unit
    }
    const before = attributes.charCodeAt(at - 1)
    if (quote !== 0 || at === 0 || (before > 0x20 && before !== 0x3a)) continue
    const from = at + name.length
    const equals = /^\s*=\s*(["'])/.exec(attributes.slice(from, from + 8))
    if (equals === null) continue
    const start = from + equals[0].length
    const end = attributes.indexOf(equals[1] ?? '"', start)
    return end < 0 ? null : decodeEntities(attributes.slice(start, end))
  }
  return null
}
