// SPDX-License-Identifier: Apache-2.0
// Small words with which papers are written; each makes plain data.
import type { Block, PaperCell, PaperColumn, PaperSigner, PaperText, Run } from './paper.ts'

/** What may stand between the words of a sentence. */
export type Piece = string | number | Run | PaperText

/** Text of a template literal: what stands in braces is taken as it is and never as markup. */
export function say(words: TemplateStringsArray, ...pieces: Piece[]): PaperText {
  return words.flatMap((word, at): Run[] => {
    const piece = at < pieces.length ? pieces[at] : undefined
    return [...(word === '' ? [] : [plain(word)]), ...(piece === undefined ? [] : runsOf(piece))]
  })
}

/** Any piece as runs. */
export function runsOf(piece: Piece): Run[] {
  if (typeof piece === 'string' || typeof piece === 'number') return [plain(String(piece))]
  return isText(piece) ? [...piece] : [piece]
}

const isText = (piece: Run | PaperText): piece is PaperText => Array.isArray(piece)

/** Ordinary words. */
export function plain(text: string): Run {
  return { text, as: 'plain' }
}

/** Bold words. */
export function strong(text: string | number): Run {
  return { text: String(text), as: 'strong' }
}

/** Words in small print. */
export function small(text: string): Run {
  return { text, as: 'small' }
}

/** 待填. A fact that nobody has given: printed as 〔待填:…〕, never invented. */
export function blank(what: string): Run {
  return { text: what, as: 'blank' }
}

/** The source of a sentence, ready to print; one that is not sure looks unverified. */
export function cited(source: string, isSure: boolean): Run {
  return { text: source, as: isSure ? 'law' : 'unverified' }
}

/** Words in brackets, full width in Chinese and with a space before them in English. */
export function inBrackets(text: string, lang: 'zh' | 'en'): string {
  return lang === 'zh' ? `（${text}）` : ` (${text})`
}

/** 日期. 2026年1月5日, or 5 January 2026. */
export function dayText(day: string, lang: 'zh' | 'en'): string {
  const [year, month, date] = day.slice(0, 10).split('-').map(Number)
  if (lang === 'zh') return `${year}年${month}月${date}日`
  return `${date} ${months[(month ?? 1) - 1] ?? ''} ${year}`
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** Texts one behind the other with something between them. */
export function joined(texts: readonly Piece[], between: string): PaperText {
  return texts.flatMap((text, at) => [...(at === 0 ? [] : [plain(between)]), ...runsOf(text)])
}

/** A numbered heading; 1 is a section, 2 a part of it. */
export function heading(text: string, level: 1 | 2 = 1): Block {
  return { kind: 'heading', level, text }
}

/** A paragraph, indented by two characters as is usual in Chinese papers. */
export function para(text: Piece, how: { align?: 'left' | 'center' | 'right'; indent?: boolean } = {}): Block {
  return { kind: 'paragraph', text: runsOf(text), align: how.align ?? 'left', indent: how.indent ?? (how.align ?? 'left') === 'left' }
}

/** A list. */
export function items(texts: readonly Piece[], marker: 'number' | 'dash' | 'box' = 'number'): Block {
  return { kind: 'items', marker, items: texts.map(runsOf) }
}

/** Rows of a name and a value. */
export function facts(rows: readonly (readonly [string, Piece])[]): Block {
  return { kind: 'facts', rows: rows.map(([name, value]) => ({ name, value: runsOf(value) })) }
}

/** A table; columns as `name`, `share` and, where not left, `align`. */
export function table(columns: readonly (readonly [string, number] | readonly [string, number, PaperColumn['align']])[], rows: readonly (readonly (Piece | PaperCell)[])[]): Block {
  return {
    kind: 'table',
    columns: columns.map(([name, share, align]) => ({ name, share, align: align ?? 'left' })),
    rows: rows.map((row) => row.map((cell) => (isCell(cell) ? cell : { text: runsOf(cell), shade: 0 }))),
  }
}

const isCell = (cell: Piece | PaperCell): cell is PaperCell => typeof cell === 'object' && 'shade' in cell

/** A shaded cell. */
export function shaded(text: Piece, shade: number): PaperCell {
  return { text: runsOf(text), shade }
}

/** A framed statement. */
export function frame(...texts: readonly Piece[]): Block {
  return { kind: 'frame', texts: texts.map(runsOf) }
}

/** Ruled lines to write on by hand. */
export function lines(count: number): Block {
  return { kind: 'lines', count }
}

/** Who signs; with a seal room of at least 45 × 45 mm is kept free. */
export function signatures(...signers: readonly PaperSigner[]): Block {
  return { kind: 'signatures', signers }
}
