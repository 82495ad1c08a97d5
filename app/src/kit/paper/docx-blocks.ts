// SPDX-License-Identifier: Apache-2.0
// The blocks of a paper as parts of a word-processor document: what it says is the paper's, how it looks the layout's.
import { AlignmentType, BorderStyle, HeightRule, Paragraph, ShadingType, Table, TableCell, TableRow, TextRun, UnderlineType, VerticalAlign, WidthType, type IBordersOptions, type IRunOptions } from 'docx'
import { runText, type Layout } from './layouts.ts'
import type { Block, PaperColumn, PaperSigner, PaperText } from './paper.ts'

/** Twentieths of a point. */
export const twips = (millimetres: number): number => Math.round((millimetres * 1440) / 25.4)

/** 字体. Names only: the reader's own 小标宋, 黑体 and 仿宋 apply (UX.md §4). */
export const docxFonts = { title: '方正小标宋简体', head: '黑体', body: '仿宋', latin: 'Times New Roman' } as const

/** What every block needs to know. */
export interface Ground {
  lang: 'zh' | 'en'
  layout: Layout
  /** Width between the margins, in twips. */
  width: number
  /** A seal stands under words, never alone on a page: what comes before it stays with it. */
  keepNext?: boolean
}

type Part = Paragraph | Table
const aligned = { left: AlignmentType.LEFT, center: AlignmentType.CENTER, right: AlignmentType.RIGHT } as const
const thin = { style: BorderStyle.SINGLE, size: 4, color: '777777' } as const
const dashed = { style: BorderStyle.DASHED, size: 6, color: '777777' } as const
const none = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const
const noBorders: IBordersOptions = { top: none, bottom: none, left: none, right: none }

/** Runs of a text in these points and this East Asian face. */
export function docxRuns(text: PaperText, ground: Ground, how: { points: number; face?: string; bold?: boolean }): TextRun[] {
  const { lang } = ground
  return text.map((run) => {
    const isSource = run.as === 'law' || run.as === 'unverified'
    const points = isSource ? how.points * 0.82 : run.as === 'small' ? Math.max(8, how.points - 3) : how.points
    const look: IRunOptions = {
      ...(run.as === 'strong' || run.as === 'blank' || how.bold === true ? { bold: true } : {}), ...(run.as === 'blank' ? { highlight: 'yellow' } : {}),
      ...(isSource ? { color: '555555' } : {}), ...(run.as === 'unverified' ? { underline: { type: UnderlineType.DOTTED, color: '555555' } } : {}),
    }
    return new TextRun({ ...look, text: runText(run, lang), size: Math.round(points * 2), font: fontOf(how.face ?? docxFonts.body), language: lang === 'zh' ? { eastAsia: 'zh-CN' } : { value: 'en-GB' } })
  })
}

const fontOf = (face: string) => ({ ascii: docxFonts.latin, hAnsi: docxFonts.latin, cs: docxFonts.latin, eastAsia: face })

/** Distance of lines as a fixed number of points. */
export function pitchOf(points: number): { line: number; lineRule: 'exact' } {
  return { line: Math.round(points * 20), lineRule: 'exact' }
}

/** One block; `number` stands before a heading. */
export function docxBlock(block: Block, number: string, ground: Ground): Part[] {
  const { layout, lang } = ground
  const { body, pitch } = layout
  switch (block.kind) {
    case 'heading':
      return [new Paragraph({ keepNext: true, spacing: { before: 120, after: lang === 'zh' ? 0 : 60, ...pitchOf(pitch) }, children: docxRuns([{ text: `${number}${block.text}`, as: 'strong' }], ground, { points: body, face: block.level === 1 ? docxFonts.head : docxFonts.body }) })]
    case 'paragraph':
      return [new Paragraph({
        ...(ground.keepNext === true ? { keepNext: true } : {}), alignment: block.align === 'left' && lang === 'zh' ? AlignmentType.BOTH : aligned[block.align], spacing: { ...pitchOf(pitch), after: lang === 'zh' ? 0 : 80 },
        ...(block.indent && layout.indent > 0 ? { indent: { firstLine: Math.round(layout.indent * body * 20) } } : {}), children: docxRuns(block.text, ground, { points: body }),
      })]
    case 'items':
      return block.items.map((item, at) => new Paragraph({ keepNext: block.marker === 'box' && block.items.length <= 4 && at < block.items.length - 1, spacing: pitchOf(pitch), indent: { left: Math.round(2.2 * body * 20), hanging: Math.round(2.2 * body * 20) }, children: docxRuns([{ text: `${markOf(block.marker, at, lang)} `, as: 'plain' }, ...item], ground, { points: body }) }))
    case 'facts':
      return [factsTable(block.rows, ground), gap()]
    case 'table':
      return [dataTable(block, ground), gap()]
    case 'frame':
      return [grid([ground.width], [[cell(block.texts.map((text) => new Paragraph({ spacing: { after: 60, ...pitchOf(Math.min(body, 11) * 1.4) }, children: docxRuns(text, ground, { points: Math.min(body, 11) }) })), { borders: { top: thin, bottom: thin, left: thin, right: thin } })]]), gap()]
    case 'lines':
      return Array.from({ length: block.count }, () => new Paragraph({ spacing: pitchOf(pitch), border: { bottom: { ...thin, space: 1 }, between: { ...thin, space: 1 } }, children: [] }))
    case 'signatures':
      return [gap(true), ...signatureTables(block.signers, ground)]
    case 'break':
      return [new Paragraph({ pageBreakBefore: true, children: [] })]
  }
}

/** The sign before an item of a list. */
function markOf(marker: 'number' | 'dash' | 'box', at: number, lang: 'zh' | 'en'): string {
  if (marker === 'box') return '□'
  if (marker === 'dash') return '—'
  return lang === 'zh' ? `（${at + 1}）` : `(${at + 1})`
}

const gap = (keepNext = false): Paragraph => new Paragraph({ keepNext, spacing: { line: 160, lineRule: 'exact' }, children: [] })

interface CellLook {
  borders?: IBordersOptions
  fill?: string
  height?: number
}

function cell(children: Paragraph[], look: CellLook = {}): TableCell {
  const { borders = { top: thin, bottom: thin, left: thin, right: thin }, fill } = look
  return new TableCell({ children, borders, verticalAlign: VerticalAlign.CENTER, margins: { top: 60, bottom: 60, left: 90, right: 90 }, ...(fill === undefined ? {} : { shading: { type: ShadingType.CLEAR, color: 'auto', fill } }) })
}

function grid(widths: number[], rows: TableCell[][], how: { head?: boolean; heights?: (number | null)[] } = {}): Table {
  return new Table({
    width: { size: widths.reduce((sum, width) => sum + width, 0), type: WidthType.DXA }, columnWidths: widths, layout: 'fixed',
    rows: rows.map((cells, at) => {
      const height = how.heights?.[at] ?? null
      return new TableRow({ children: cells, cantSplit: true, tableHeader: how.head === true && at === 0, ...(height === null ? {} : { height: { value: height, rule: HeightRule.EXACT } }) })
    }),
  })
}

function factsTable(rows: readonly { name: string; value: PaperText }[], ground: Ground): Table {
  const points = Math.min(ground.layout.body, 12)
  const first = Math.round(ground.width * 0.3)
  const one = (text: PaperText, bold: boolean): Paragraph => new Paragraph({ spacing: pitchOf(points * 1.35), children: docxRuns(text, ground, { points, bold }) })
  return grid([first, ground.width - first], rows.map(({ name, value }) => [cell([one([{ text: name, as: 'strong' }], true)], { fill: 'F2F2F2' }), cell([one(value, false)])]))
}

const greys = [undefined, 'EEEEEE', 'D6D6D6', 'B8B8B8', '969696'] as const

function dataTable({ columns, rows }: Extract<Block, { kind: 'table' }>, ground: Ground): Table {
  const points = ground.layout.table
  const shares = columns.reduce((sum, { share }) => sum + share, 0)
  const widths = columns.map(({ share }) => Math.floor((ground.width * share) / shares))
  const one = (text: PaperText, align: PaperColumn['align'], bold = false): Paragraph => new Paragraph({ alignment: aligned[align], spacing: pitchOf(points * 1.35), children: docxRuns(text, ground, { points, bold }) })
  const head = columns.map(({ name }) => cell([one([{ text: name, as: 'strong' }], 'center', true)], { fill: 'E8E8E8' }))
  const body = rows.map((row) => row.map(({ text, shade }, at) => {
    const fill = greys[shade]
    return cell([one(text, columns[at]?.align ?? 'left')], fill === undefined ? {} : { fill })
  }))
  return grid(widths, [head, ...body], { head: true })
}

/** Two or three signers side by side: names and lines, the free seal box of 50 × 50 mm, and the strip with the day below it. */
function signatureTables(signers: readonly PaperSigner[], ground: Ground): Part[] {
  const across = signers.length <= 2 ? 2 : 3
  const groups = Array.from({ length: Math.ceil(signers.length / across) }, (_, i) => signers.slice(i * across, (i + 1) * across))
  return groups.flatMap((group) => [signatureTable(group, across, ground), gap()])
}

function signatureTable(group: readonly PaperSigner[], across: number, ground: Ground): Table {
  const seal = twips(50)
  const space = Math.floor(ground.width / across) - seal
  const widths = group.flatMap(() => [seal, space])
  const empty = (): TableCell => cell([new Paragraph({ keepNext: true, children: [] })], { borders: noBorders })
  const hasSeal = group.some((signer) => signer.seal)
  const headRow = group.flatMap((signer) => [cell(signerLines(signer, ground), { borders: noBorders }), empty()])
  const sealRow = group.flatMap((signer) => [cell([new Paragraph({ keepNext: true, children: [] })], { borders: signer.seal ? { top: dashed, left: dashed, right: dashed, bottom: none } : noBorders }), empty()])
  const dayRow = group.flatMap((signer) => [cell([dayLine(signer, ground)], { borders: signer.seal ? { top: none, left: dashed, right: dashed, bottom: dashed } : noBorders }), empty()])
  // One signer alone stands on the right, as under a letter.
  const rows = (hasSeal ? [headRow, sealRow, dayRow] : [headRow, dayRow]).map((row) => (group.length === 1 ? [empty(), ...row] : row))
  return grid(group.length === 1 ? [seal + space, ...widths] : widths, rows, hasSeal ? { heights: [null, seal, twips(8)] } : {})
}

function signerLines(signer: PaperSigner, ground: Ground): Paragraph[] {
  const colon = ground.lang === 'zh' ? '：' : ': '
  const text = (content: PaperText, bold = false): Paragraph => new Paragraph({ keepNext: true, spacing: pitchOf(15), children: docxRuns(content, ground, { points: 10, bold }) })
  return [text([{ text: signer.title, as: 'strong' }], true), text(signer.name), ...signer.lines.map((line) => text([{ text: `${line}${colon}________________`, as: 'plain' }]))]
}

function dayLine(signer: PaperSigner, ground: Ground): Paragraph {
  const text = signer.day ?? (ground.lang === 'zh' ? '　　　　年　　月　　日' : 'Date: ______________')
  return new Paragraph({ alignment: AlignmentType.RIGHT, spacing: pitchOf(14), children: docxRuns([{ text, as: 'plain' }], ground, { points: 10 }) })
}
