// SPDX-License-Identifier: Apache-2.0

/** What a scan of JSON calls. Numbers keep their text as it stands in the file. */
export interface JsonHandler {
  open(kind: 'object' | 'array'): void
  close(kind: 'object' | 'array'): void
  key(name: string): void
  value(kind: 'string' | 'number' | 'boolean' | 'null', text: string): void
}

/** JSON that is malformed or beyond a limit; `line` is where, null when who refuses only knows that it is where the scan is. */
export class JsonRefused extends Error {
  readonly line: number | null

  constructor(why: string, line: number | null) {
    super(why)
    this.line = line
  }
}

/** Data nests a dozen deep. */
const DEPTH_MAX = 64
const NUMBER_CHARS_MAX = 200_000
const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const literals = new Map<string, 'boolean' | 'null'>([['true', 'boolean'], ['false', 'boolean'], ['null', 'null']])
type Wanted = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end'

/** A push scanner for JSON (RFC 8259), one value after another (NDJSON too), in linear time, without making objects: no name of a foreign file becomes a property (SECURITY.md P23). */
export class JsonScan {
  private rest = ''
  private line = 1
  private readonly open: ('object' | 'array')[] = []
  private wanted: Wanted = 'value'
  private readonly handler: JsonHandler
  private readonly textMax: number

  constructor(handler: JsonHandler, textMax: number) {
    this.handler = handler
    this.textMax = textMax
  }

  /** The line that the scan has come to. */
  get lineNow(): number {
    return this.line
  }

  push(piece: string): void {
    const text = this.rest + piece
    this.rest = text.slice(this.scan(text, false))
    if (this.rest.length > this.textMax) throw this.refused('文本过长 / text too long')
  }

  end(): void {
    const used = this.scan(this.rest, true)
    if (used < this.rest.length || this.open.length > 0 || this.wanted !== 'value') throw this.refused('文件不完整 / cut off')
  }

  private scan(text: string, isLast: boolean): number {
    let at = 0
    for (;;) {
      at = this.skipSpace(text, at)
      if (at >= text.length) return at
      const next = this.token(text, at, isLast)
      if (next < 0) return at
      at = next
    }
  }

  private skipSpace(text: string, from: number): number {
    for (let at = from; ; at++) {
      const unit = text.charCodeAt(at)
      if (unit === 0x0a) this.line++
      else if (unit !== 0x20 && unit !== 0x09 && unit !== 0x0d) return at
    }
  }

  /** Takes the token at a place and returns where it ends; -1 when it goes on in the next piece. */
  private token(text: string, at: number, isLast: boolean): number {
    const mark = text.charAt(at)
    if (mark === '"') return this.string(text, at)
    if (mark === ',' || mark === ':') return this.separator(mark, at)
    if (mark === '{' || mark === '[') return this.begin(mark === '{' ? 'object' : 'array', at)
    if (mark === '}' || mark === ']') return this.finish(mark === '}' ? 'object' : 'array', at)
    let end = at
    while (end < text.length && /[-+.\w]/.test(text.charAt(end)) && end - at <= NUMBER_CHARS_MAX) end++
    if (end === text.length && !isLast) return -1
    const word = text.slice(at, end)
    if (word.length > NUMBER_CHARS_MAX) throw this.refused('数字过长 / number too long')
    const literal = literals.get(word)
    if (literal === undefined && !numberForm.test(word)) throw this.refused('不是值 / not a value')
    this.wantValue()
    this.handler.value(literal ?? 'number', word)
    this.after()
    return end
  }

  private string(text: string, at: number): number {
    let end = text.indexOf('"', at + 1)
    while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
    if (end < 0) return -1
    const value = this.decoded(text.slice(at, end + 1))
    if (this.wanted === 'key' || this.wanted === 'key-or-end') {
      this.handler.key(value)
      this.wanted = 'colon'
    } else {
      this.wantValue()
      this.handler.value('string', value)
      this.after()
    }
    return end + 1
  }

  private decoded(token: string): string {
    try {
      return String(JSON.parse(token))
    } catch {
      throw this.refused('字符串无效 / string')
    }
  }

  private separator(mark: string, at: number): number {
    if (mark === ':' && this.wanted === 'colon') this.wanted = 'value'
    else if (mark === ',' && this.wanted === 'comma-or-end' && this.open.length > 0) this.wanted = this.open.at(-1) === 'object' ? 'key' : 'value'
    else throw this.refused('多余的标点 / stray mark')
    return at + 1
  }

  private begin(kind: 'object' | 'array', at: number): number {
    this.wantValue()
    if (this.open.push(kind) > DEPTH_MAX) throw this.refused(`嵌套超过 ${DEPTH_MAX} 层 / nested too deep`)
    this.wanted = kind === 'object' ? 'key-or-end' : 'value-or-end'
    this.handler.open(kind)
    return at + 1
  }

  private finish(kind: 'object' | 'array', at: number): number {
    const mayEnd = this.wanted === 'comma-or-end' || this.wanted === (kind === 'object' ? 'key-or-end' : 'value-or-end')
    if (!mayEnd || this.open.pop() !== kind) throw this.refused('括号不匹配 / brackets')
    this.handler.close(kind)
    this.after()
    return at + 1
  }

  private wantValue(): void {
    if (this.wanted !== 'value' && this.wanted !== 'value-or-end') throw this.refused('值的位置有误 / misplaced value')
  }

  private after(): void {
    this.wanted = this.open.length === 0 ? 'value' : 'comma-or-end'
  }

  private refused(why: string): JsonRefused {
    return new JsonRefused(why, this.line)
  }
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++
  return backslashes % 2 === 1
}
