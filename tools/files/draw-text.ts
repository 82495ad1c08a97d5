// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

/** A picture of grey values, one byte a pixel, 0 is black. */
export interface Picture {
  width: number
  height: number
  pixels: Buffer
}

const fonts = join(dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json')), '400Regular')
let compilerOnce: NodeCompiler | null = null

function compiler(): NodeCompiler {
  compilerOnce ??= NodeCompiler.create({ fontArgs: [{ fontPaths: [fonts] }] })
  return compilerOnce
}

const source = (body: string, page: string): string => `#set page(${page})\n#set text(font: "Noto Sans SC", size: 16pt)\n${body}`

/** A PDF with real text, written by typst. */
export function textPdf(body: string, page = 'width: 180mm, height: 110mm, margin: 10mm'): Buffer {
  const pdf = compiler().pdf({ mainFileContent: source(body, page) })
  return Buffer.from(pdf)
}

interface Point {
  x: number
  y: number
}

/** Draws text as a camera would see a printed page: typst sets it, and its glyph outlines are filled here with the non-zero rule, four samples a pixel. */
export function drawText(body: string, scale = 2, page = 'width: 120mm, height: 75mm, margin: 8mm'): Picture {
  const svg = compiler().svg({ mainFileContent: source(body, page) })
  const width = Math.round(Number(/data-width="([\d.]+)"/.exec(svg)?.[1] ?? 0) * scale)
  const height = Math.round(Number(/data-height="([\d.]+)"/.exec(svg)?.[1] ?? 0) * scale)
  const outlines = new Map<string, string>()
  for (const match of svg.matchAll(/<path id="([^"]+)" class="outline_glyph" d="([^"]*)"/g)) outlines.set(match[1] ?? '', match[2] ?? '')
  const samples = 2
  const canvas = { width: width * samples, height: height * samples, ink: new Uint8Array(width * samples * height * samples) }
  const stack: { a: number; d: number; e: number; f: number }[] = []
  const now = (): { a: number; d: number; e: number; f: number } => stack.at(-1) ?? { a: scale * samples, d: scale * samples, e: 0, f: 0 }
  for (const tag of svg.slice(svg.indexOf('class="typst-page"') - 3).matchAll(/<(\/?)(g|use)\b([^>]*)>/g)) {
    const [, close, name, attributes = ''] = tag
    if (name === 'g' && close === '/') stack.pop()
    else if (name === 'g') stack.push(transformed(now(), /transform="(\w+)\(([^)]*)\)"/.exec(attributes)))
    else {
      const at = now()
      const x = Number(/ x="([\d.-]+)"/.exec(attributes)?.[1] ?? 0)
      fillOutline(canvas, outlines.get(/href="#([^"]+)"/.exec(attributes)?.[1] ?? '') ?? '', (p) => ({ x: (p.x + x) * at.a + at.e, y: p.y * at.d + at.f }))
    }
  }
  return { width, height, pixels: shrink(canvas, samples) }
}

function transformed(at: { a: number; d: number; e: number; f: number }, given: RegExpExecArray | null): { a: number; d: number; e: number; f: number } {
  const [x = 0, y = 0] = (given?.[2] ?? '').split(/[ ,]+/).map(Number)
  if (given?.[1] === 'translate') return { ...at, e: at.e + x * at.a, f: at.f + y * at.d }
  return given?.[1] === 'scale' ? { ...at, a: at.a * x, d: at.d * y } : at
}

function fillOutline(canvas: { width: number; height: number; ink: Uint8Array }, outline: string, place: (point: Point) => Point): void {
  const crossings = new Map<number, { x: number; way: number }[]>()
  for (const [from, to] of edges(outline, place)) {
    const [top, bottom] = from.y < to.y ? [from, to] : [to, from]
    for (let row = Math.max(0, Math.ceil(top.y - 0.5)); row + 0.5 < bottom.y && row < canvas.height; row++) {
      const x = top.x + ((row + 0.5 - top.y) * (bottom.x - top.x)) / (bottom.y - top.y)
      const found = crossings.get(row)
      if (found === undefined) crossings.set(row, [{ x, way: from.y < to.y ? 1 : -1 }])
      else found.push({ x, way: from.y < to.y ? 1 : -1 })
    }
  }
  for (const [row, found] of crossings) {
    found.sort((a, b) => a.x - b.x)
    found.reduce((winding, { x, way }, i) => {
      const next = found[i + 1]
      if (winding + way !== 0 && next !== undefined) canvas.ink.fill(1, row * canvas.width + Math.max(0, Math.round(x)), row * canvas.width + Math.min(canvas.width, Math.round(next.x)))
      return winding + way
    }, 0)
  }
}

function* edges(outline: string, place: (point: Point) => Point): Generator<[Point, Point]> {
  let at: Point = { x: 0, y: 0 }
  let start = at
  for (const match of outline.matchAll(/([MLQCZ])([^MLQCZ]*)/g)) {
    const numbers = (match[2] ?? '').trim().split(/[ ,]+/).filter((text) => text !== '').map(Number)
    const points = Array.from({ length: numbers.length / 2 }, (_, i) => place({ x: numbers[i * 2] ?? 0, y: numbers[i * 2 + 1] ?? 0 }))
    const last = match[1] === 'Z' ? start : (points.at(-1) ?? at)
    if (match[1] === 'M') start = last
    else for (const next of curve([at, ...points.slice(0, -1), last])) {
      yield [at, next]
      at = next
    }
    at = last
  }
}

/** Points of a line, or of a Bézier curve of any degree, by de Casteljau. */
function* curve(control: Point[]): Generator<Point> {
  const steps = control.length <= 2 ? 1 : 8
  for (let step = 1; step <= steps; step++) {
    let points = control
    while (points.length > 1) points = points.slice(1).map((point, i) => mix(points[i] ?? point, point, step / steps))
    yield points[0] ?? { x: 0, y: 0 }
  }
}

const mix = (a: Point, b: Point, t: number): Point => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t })

function shrink(canvas: { width: number; height: number; ink: Uint8Array }, samples: number): Buffer {
  const width = canvas.width / samples
  const pixels = Buffer.alloc(width * (canvas.height / samples), 255)
  for (let i = 0; i < pixels.length; i++) {
    let ink = 0
    const [row, column] = [Math.floor(i / width) * samples, (i % width) * samples]
    for (let y = 0; y < samples; y++) for (let x = 0; x < samples; x++) ink += canvas.ink[(row + y) * canvas.width + column + x] ?? 0
    pixels[i] = 255 - Math.round((ink * 255) / (samples * samples))
  }
  return pixels
}

/** A PNG of grey pixels (RFC 2083); `says` lets its header lie about the size. */
export function pngOf(picture: Picture, says: Partial<Picture> = {}): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(says.width ?? picture.width, 0)
  header.writeUInt32BE(says.height ?? picture.height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const rows = Buffer.alloc((picture.width + 1) * picture.height)
  for (let row = 0; row < picture.height; row++) picture.pixels.copy(rows, row * (picture.width + 1) + 1, row * picture.width, (row + 1) * picture.width)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}
