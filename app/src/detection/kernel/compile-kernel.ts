// SPDX-License-Identifier: Apache-2.0
// A small language for loops over bytes, compiled to WebAssembly by the program itself: no tool, no foreign binary. Names, `let`, `if`, `while`, `break`, `continue`, `return`, calls; whole numbers of 32 and 64 bits and vectors of 128.
// Sources are constants of this room; whatever is wrong with one is a bug and stops here.

type Kind = 'i32' | 'i64' | 'v128' | 'none'
interface Piece {
  kind: Kind
  code: number[]
}
interface Instruction {
  takes: readonly Kind[]
  gives: Kind
  code: readonly number[]
  /** Bytes that a load or store touches, as a power of two; it may be given an offset as its last argument. */
  align?: number
  /** A lane that is given as a number. */
  lane?: true
}
interface Signature {
  index: number
  takes: readonly Kind[]
  gives: Kind
  /** Where its expression stands when it is nothing but `return …`: such functions are written out where they are called. */
  inline: { at: number; names: readonly string[] } | null
}

const codes = { i32: 0x7f, i64: 0x7e, v128: 0x7b, none: 0x40 } as const
const op = { block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, branch: 0x0c, branchIf: 0x0d, return: 0x0f, call: 0x10, drop: 0x1a, get: 0x20, set: 0x21, const32: 0x41, const64: 0x42 } as const
const vector = (...code: number[]): number[] => [0xfd, ...code]
const of = (takes: string, gives: Kind, code: readonly number[], more: Pick<Instruction, 'align' | 'lane'> = {}): Instruction => ({ takes: takes.split(' ').filter(isKind), gives, code, ...more })
const isKind = (word: string): word is Kind => word in codes

/** What can be called beside the functions of a source (WebAssembly Core Specification 2.0, §5.4). */
const instructions: ReadonlyMap<string, Instruction> = new Map(Object.entries({
  load8: of('i32', 'i32', [0x2d], { align: 0 }), load16: of('i32', 'i32', [0x2f], { align: 1 }), load32: of('i32', 'i32', [0x28], { align: 2 }), load64: of('i32', 'i64', [0x29], { align: 3 }), loadV: of('i32', 'v128', vector(0), { align: 4 }),
  store8: of('i32 i32', 'none', [0x3a], { align: 0 }), store16: of('i32 i32', 'none', [0x3b], { align: 1 }), store32: of('i32 i32', 'none', [0x36], { align: 2 }), store64: of('i32 i64', 'none', [0x37], { align: 3 }), storeV: of('i32 v128', 'none', vector(11), { align: 4 }),
  below: of('i32 i32', 'i32', [0x49]), zeros: of('i32', 'i32', [0x68]), select: of('i32 i32 i32', 'i32', [0x1b]), divide: of('i32 i32', 'i32', [0x6e]), rotate: of('i32 i32', 'i32', [0x77]),
  low: of('i64', 'i32', [0xa7]), wide: of('i32', 'i64', [0xad]), splat: of('i32', 'v128', vector(15)), nibbleOf: of('v128 v128', 'v128', vector(0x80, 0x02)), equal8: of('v128 v128', 'v128', vector(35)), mask8: of('v128', 'i32', vector(100)), anyV: of('v128', 'i32', vector(83)),
  andV: of('v128 v128', 'v128', vector(78)), orV: of('v128 v128', 'v128', vector(80)), xorV: of('v128 v128', 'v128', vector(81)), shift8: of('v128 i32', 'v128', vector(109)), lane64: of('v128', 'i64', vector(29), { lane: true }),
}))

const operators: ReadonlyMap<string, { level: number; i32: number; i64: number; isTest?: true }> = new Map(Object.entries({
  '||': { level: 1, i32: 0, i64: 0 }, '&&': { level: 2, i32: 0, i64: 0 }, '|': { level: 3, i32: 0x72, i64: 0x84 }, '^': { level: 4, i32: 0x73, i64: 0x85 }, '&': { level: 5, i32: 0x71, i64: 0x83 },
  '==': { level: 6, i32: 0x46, i64: 0x51, isTest: true }, '!=': { level: 6, i32: 0x47, i64: 0x52, isTest: true }, '<': { level: 7, i32: 0x48, i64: 0x53, isTest: true }, '>': { level: 7, i32: 0x4a, i64: 0x55, isTest: true }, '<=': { level: 7, i32: 0x4c, i64: 0x57, isTest: true }, '>=': { level: 7, i32: 0x4e, i64: 0x59, isTest: true },
  '<<': { level: 8, i32: 0x74, i64: 0x86 }, '>>>': { level: 8, i32: 0x76, i64: 0x88 }, '+': { level: 9, i32: 0x6a, i64: 0x7c }, '-': { level: 9, i32: 0x6b, i64: 0x7d }, '*': { level: 10, i32: 0x6c, i64: 0x7e }, '%': { level: 10, i32: 0x70, i64: 0x82 },
}))

const unsigned = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)])
function signed(value: bigint): number[] {
  const byte = Number(value & 0x7fn)
  const rest = value >> 7n
  return (rest === 0n && byte < 0x40) || (rest === -1n && byte >= 0x40) ? [byte] : [byte | 0x80, ...signed(rest)]
}
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes]
const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()]
const section = (id: number, items: readonly (readonly number[])[]): number[] => [id, ...sized(list(items))]
const name = (text: string): number[] => sized([...Buffer.from(text)])

/** Compiles functions (`fn name(a, b: v128): i32 { … }`) to the bytes of a module that imports `own.memory` and exports all of them. Stops at a source that is not well-formed. */
export function compileKernel(source: string): Uint8Array<ArrayBuffer> {
  const words = source.replace(/\/\/.*$/gm, '').match(/0x[0-9a-f]+L?|\d+L?|[A-Za-z_]\w*|>>>|<<|[<>=!]=|&&|\|\||[^\s]/g) ?? []
  const signatures = new Map<string, Signature>()
  words.forEach((word, at) => {
    if (word === 'fn') signatures.set(words[at + 1] ?? '', signatureAt(words, at + 2, signatures.size))
  })
  const bodies: number[][] = []
  for (let at = 0; at < words.length; ) {
    const body = new FunctionBody(words, at, signatures)
    bodies.push(sized(body.compile()))
    at = body.at
  }
  const all = [...signatures]
  return Uint8Array.from([
    ...Buffer.from('\0asm'), 1, 0, 0, 0, ...section(1, all.map(([, { takes, gives }]) => [0x60, ...list(takes.map((kind) => [codes[kind]])), ...list(gives === 'none' ? [] : [[codes[gives]]])])),
    ...section(2, [[...name('own'), ...name('memory'), 0x02, 0, 1]]), ...section(3, all.map(([, { index }]) => unsigned(index))), ...section(7, all.map(([text, { index }]) => [...name(text), 0, ...unsigned(index)])), ...section(10, bodies),
  ])
}

function signatureAt(words: readonly string[], open: number, index: number): Signature {
  const takes: Kind[] = []
  const names: string[] = []
  let at = open + 1
  for (; words[at] !== ')'; at++) {
    if (words[at - 1] !== '(' && words[at - 1] !== ',') continue
    takes.push(words[at + 1] === ':' ? kindAt(words, at + 2) : 'i32')
    names.push(words[at] ?? '')
  }
  const isShort = words[at + 1] === ':' && words[at + 4] === 'return'
  return { index, takes, gives: words[at + 1] === ':' ? kindAt(words, at + 2) : 'none', inline: isShort ? { at: at + 5, names } : null }
}

function kindAt(words: readonly string[], at: number): Kind {
  const word = words[at] ?? ''
  if (!isKind(word)) throw new SyntaxError(`kind: ${word}`)
  return word
}

/** One function while it is compiled. */
class FunctionBody {
  at: number
  private readonly words: readonly string[]
  private readonly signatures: ReadonlyMap<string, Signature>
  private readonly locals = new Map<string, { index: number; kind: Kind }>()
  /** What the names of a function that is written out stand for. */
  private scope: ReadonlyMap<string, { index: number; kind: Kind }> | null = null
  private parameters = 0
  private depth = 0
  /** How deep the loops around this place begin. */
  private readonly loops: number[] = []

  constructor(words: readonly string[], at: number, signatures: ReadonlyMap<string, Signature>) {
    this.words = words
    this.at = at
    this.signatures = signatures
  }

  compile(): number[] {
    this.expect('fn')
    const own = this.signatures.get(this.next())
    this.expect('(')
    while (!this.take(')')) {
      const word = this.next()
      if (word !== ',' && word !== ':' && !isKind(word)) this.locals.set(word, { index: this.locals.size, kind: own?.takes[this.locals.size] ?? 'i32' })
    }
    this.parameters = this.locals.size
    if (this.take(':')) this.next()
    const body = this.block()
    const declared = [...this.locals.values()].slice(this.parameters).map(({ kind }) => [1, codes[kind]])
    return [...list(declared), ...body, ...(own?.gives === 'none' ? [] : [0x00]), op.end] // a function with a result returns before its end
  }

  private next(): string {
    return this.words[this.at++] ?? this.fail()
  }

  private take(word: string): boolean {
    const isThere = this.words[this.at] === word
    if (isThere) this.at++
    return isThere
  }

  private expect(word: string): void {
    if (!this.take(word)) this.fail()
  }

  private fail(): never {
    throw new SyntaxError(`kernel, at: ${this.words.slice(Math.max(0, this.at - 8), this.at + 2).join(' ')}`)
  }

  private block(): number[] {
    this.expect('{')
    const code: number[] = []
    while (!this.take('}')) for (const byte of this.statement()) code.push(byte)
    return code
  }

  private statement(): number[] {
    if (this.take('if')) return this.ifElse()
    if (this.take('while')) return this.loop()
    if (this.take('break')) return [op.branch, ...unsigned(this.depth - (this.loops.at(-1) ?? this.fail()))]
    if (this.take('continue')) return [op.branch, ...unsigned(this.depth - (this.loops.at(-1) ?? this.fail()) - 1)]
    if (this.take('return')) return [...(this.words[this.at] === '}' ? [] : this.expression(0).code), op.return]
    const isNew = this.take('let')
    if (!isNew && this.words[this.at + 1] !== '=') {
      const { code, kind } = this.expression(0)
      return kind === 'none' ? code : [...code, op.drop]
    }
    const variable = this.next()
    this.expect('=')
    const { code, kind } = this.expression(0)
    if (isNew && !this.locals.has(variable)) this.locals.set(variable, { index: this.locals.size, kind })
    const local = this.locals.get(variable)
    if (local?.kind !== kind) this.fail()
    return [...code, op.set, ...unsigned(local.index)]
  }

  private ifElse(): number[] {
    const { code } = this.expression(0)
    this.depth++
    const then = this.block()
    const other = this.take('else') ? [op.else, ...(this.take('if') ? this.ifElse() : this.block())] : []
    this.depth--
    return [...code, op.if, codes.none, ...then, ...other, op.end]
  }

  private loop(): number[] {
    this.depth += 2
    this.loops.push(this.depth - 1)
    const { code } = this.expression(0)
    const body = this.block()
    this.loops.pop()
    this.depth -= 2
    return [op.block, codes.none, op.loop, codes.none, ...code, 0x45, op.branchIf, 1, ...body, op.branch, 0, op.end, op.end]
  }

  private expression(level: number): Piece {
    let left = this.term()
    for (;;) {
      const operator = operators.get(this.words[this.at] ?? '')
      if (operator === undefined || operator.level <= level) return left
      const word = this.next()
      this.depth += operator.level <= 2 ? 1 : 0
      const right = this.expression(operator.level)
      this.depth -= operator.level <= 2 ? 1 : 0
      if (left.kind !== right.kind || left.kind === 'v128' || left.kind === 'none') this.fail()
      const { kind } = left
      if (word === '&&') left = { kind, code: [...left.code, op.if, codes.i32, ...right.code, op.else, op.const32, 0, op.end] }
      else if (word === '||') left = { kind, code: [...left.code, op.if, codes.i32, op.const32, 1, op.else, ...right.code, op.end] }
      else left = { kind: operator.isTest === true ? 'i32' : kind, code: [...left.code, ...right.code, operator[kind]] }
    }
  }

  private term(): Piece {
    const word = this.next()
    if (word === '(') {
      const inner = this.expression(0)
      this.expect(')')
      return inner
    }
    if (word === '!') return { kind: 'i32', code: [...this.term().code, 0x45] }
    if (word === '-') return { kind: 'i32', code: [op.const32, ...signed(-BigInt(this.next()))] }
    if (/^\d/.test(word)) return word.endsWith('L') ? { kind: 'i64', code: [op.const64, ...signed(BigInt.asIntN(64, BigInt(word.slice(0, -1))))] } : { kind: 'i32', code: [op.const32, ...signed(BigInt(Number(word) | 0))] }
    if (this.take('(')) return this.call(word)
    const local = (this.scope ?? this.locals).get(word) ?? this.fail()
    return { kind: local.kind, code: [op.get, ...unsigned(local.index)] }
  }

  private call(word: string): Piece {
    const callee = instructions.get(word) ?? this.signatures.get(word) ?? this.fail()
    if ('inline' in callee && callee.inline !== null) return this.writtenOut(callee.inline)
    const code: number[] = []
    callee.takes.forEach((kind, i) => {
      if (i > 0) this.expect(',')
      const given = this.expression(0)
      if (given.kind !== kind) this.fail()
      code.push(...given.code)
    })
    const isMore = this.take(',')
    const more = isMore ? Number(this.next()) : 0
    this.expect(')')
    if ('index' in callee) return { kind: callee.gives, code: [...code, op.call, ...unsigned(callee.index)] }
    const immediate = callee.align === undefined ? (callee.lane === true ? [more] : []) : [0, ...unsigned(more)]
    return { kind: callee.gives, code: [...code, ...callee.code, ...immediate] }
  }
  // Each argument gets a place of its own, named as the function names it while its expression is read.
  private writtenOut({ at, names }: { at: number; names: readonly string[] }): Piece {
    const code: number[] = []
    const given = names.map((known, i) => {
      if (i > 0) this.expect(',')
      const argument = this.expression(0)
      const place = { index: this.locals.size, kind: argument.kind }
      this.locals.set(`${known} ${place.index}`, place)
      code.push(...argument.code, op.set, ...unsigned(place.index))
      return [known, place] as const
    })
    this.expect(')')
    const { at: after, scope: outer } = this
    this.scope = new Map(given)
    this.at = at
    const body = this.expression(0)
    this.at = after
    this.scope = outer
    return { kind: body.kind, code: [...code, ...body.code] }
  }
}
