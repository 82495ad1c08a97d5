// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { getResolvedPDFJS } from 'unpdf'
import type { PdfPage } from './open-pdf.ts'
import type { DocumentPictures } from './pdf-picture-spool.ts'

/** A picture that a page paints; `pixels` gives it as a file that the recogniser opens (netpbm), or null when it could not be decoded. */
export interface PaintedPicture {
  isDecoded: boolean
  width: number
  height: number
  pixels(): Buffer | null
}


/** What a page does: the pictures it paints, the lines of text that it shows (`lines`, also outside its borders, where pdf.js gives no text) and that its annotations show (stamps, filled forms), and whether a font could not be read. */
export interface PageContent {
  pictures: PaintedPicture[]
  lines: string[]
  shown: string[]
  isFontBroken: boolean
}

const operatorList = z.object({ fnArray: z.array(z.number()), argsArray: z.array(z.unknown()) })
const listOf = z.array(z.unknown()).catch([])
const mask = z.object({ data: z.unknown().optional(), width: z.number(), height: z.number() })
const PATTERN_DEPTH_MAX = 4
/** Operators after which text goes on elsewhere. */
const newLines = new Set(['beginText', 'endText', 'moveText', 'setLeadingMoveText', 'setTextMatrix', 'nextLine', 'nextLineShowText', 'nextLineSetSpacingShowText'])

/** Runs through the operators of a page. Masks, repeats and tiling patterns count as pictures too. */
export async function contentOf(page: PdfPage, pictures: DocumentPictures): Promise<PageContent> {
  const { OPS } = await getResolvedPDFJS()
  pictures.begin(page)
  const walk = new OperatorWalk(page, OPS, pictures)
  await walk.through(operatorList.parse(await page.getOperatorList()), 0)
  return walk.content
}

class OperatorWalk {
  readonly content: PageContent = { pictures: [], lines: [], shown: [], isFontBroken: false }
  private readonly seen = new Set<string>()
  private readonly fonts = new Set<string>()
  private readonly page: PdfPage
  private readonly names: Map<unknown, string>
  private readonly spools: DocumentPictures
  private annotation: string[] | null = null
  private line = ''

  constructor(page: PdfPage, operators: Readonly<Record<string, unknown>>, spools: DocumentPictures) {
    this.page = page
    this.names = new Map(Object.entries(operators).map(([name, number]) => [number, name]))
    this.spools = spools
  }

  async through(list: z.infer<typeof operatorList>, depth: number): Promise<void> {
    for (const [i, operator] of list.fnArray.entries()) await this.take(this.names.get(operator) ?? '', listOf.parse(list.argsArray[i]), depth)
    this.endLine()
  }

  private async take(name: string, given: unknown[], depth: number): Promise<void> {
    const [first, , third] = given
    if (name === 'paintImageXObject' || name === 'paintImageXObjectRepeat') await this.addNamed(first)
    else if (name === 'paintInlineImageXObject' || name === 'paintInlineImageXObjectGroup') this.add(first)
    else if (name === 'paintImageMaskXObject' || name === 'paintImageMaskXObjectRepeat') await this.addMask(first)
    else if (name === 'paintImageMaskXObjectGroup') for (const one of listOf.parse(first)) await this.addMask(one)
    else if (name === 'setFont') await this.addFont(first)
    else if (name === 'beginAnnotation') this.annotation = []
    else if (name === 'endAnnotation') this.endAnnotation()
    else if (name === 'showText') this.addText(listOf.parse(first).map(unicodeOf).join(''))
    else if (newLines.has(name)) this.endLine()
    else if ((name === 'setFillColorN' || name === 'setStrokeColorN') && first === 'TilingPattern' && depth < PATTERN_DEPTH_MAX) {
      const inner = operatorList.safeParse(third)
      if (inner.success) await this.through(inner.data, depth + 1)
    }
  }

  private addText(text: string): void {
    if (this.annotation === null) this.line += text
    else this.annotation.push(text)
  }

  private endLine(): void {
    if (this.line.trim() !== '') this.content.lines.push(this.line)
    this.line = ''
  }

  private endAnnotation(): void {
    const text = this.annotation?.join('').trim() ?? ''
    if (text !== '') this.content.shown.push(text)
    this.annotation = null
  }

  private async addFont(named: unknown): Promise<void> {
    if (typeof named !== 'string' || this.fonts.has(named)) return
    this.fonts.add(named)
    // A font that cannot be read is there as the words of its error; its text came out empty.
    if (typeof (await objectOf(this.page, named)) === 'string') this.content.isFontBroken = true
  }

  private async addNamed(named: unknown): Promise<void> {
    if (typeof named !== 'string' || this.seen.has(named)) return
    this.seen.add(named)
    this.add(await objectOf(this.page, named), named.startsWith('g_') ? this.spools.common : this.spools.own)
  }

  private async addMask(given: unknown): Promise<void> {
    const { data, width, height } = mask.safeParse(given).data ?? { data: null, width: 0, height: 0 }
    if (typeof data === 'string') await this.addNamed(data)
    else this.add({ data, width, height })
  }

  private add(given: unknown, spool = this.spools.own): void {
    const image = typeof given === 'object' && given !== null ? given : {}
    const { width, height } = mask.safeParse(given).data ?? { width: 0, height: 0 }
    this.content.pictures.push({ isDecoded: spool.has(image) && width * height > 0, width, height, pixels: () => pnmOf(spool.pixelsOf(image), width, height) })
  }
}

/** What a glyph stands for; between glyphs stand numbers, which are spacing. */
function unicodeOf(glyph: unknown): string {
  return typeof glyph === 'object' && glyph !== null && 'unicode' in glyph && typeof glyph.unicode === 'string' ? glyph.unicode : ''
}

/** An object that the page has by name; waits until it is decoded. */
async function objectOf(page: PdfPage, name: string): Promise<unknown> {
  return new Promise((resolve) => {
    const objects = name.startsWith('g_') ? page.commonObjs : page.objs
    objects.get(name, (found: unknown) => resolve(found))
  })
}

/** The pixels that pdf.js gives, as netpbm (P5, P6; bits as grey: of a mask, what is painted is black); null when they are not what their size says. */
function pnmOf(data: Uint8Array | Uint8ClampedArray | null, width: number, height: number): Buffer | null {
  const pixels = width * height
  if (data === null || pixels === 0) return null
  const channels = data.length / pixels
  if (channels === 1 || channels === 3) return Buffer.concat([Buffer.from(`P${channels === 1 ? 5 : 6}\n${width} ${height}\n255\n`), new Uint8Array(data.buffer, data.byteOffset, data.length)])
  const grey = Buffer.alloc(pixels)
  if (channels === 4) {
    for (let i = 0; i < pixels; i++) grey[i] = ((data[i * 4] ?? 0) * 3 + (data[i * 4 + 1] ?? 0) * 6 + (data[i * 4 + 2] ?? 0)) / 10
  } else {
    const stride = (width + 7) >> 3
    if (data.length < stride * height) return null
    for (let i = 0; i < pixels; i++) {
      const [row, column] = [Math.floor(i / width), i % width]
      grey[i] = (((data[row * stride + (column >> 3)] ?? 0) >> (7 - (column & 7))) & 1) * 255
    }
  }
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey])
}
