// SPDX-License-Identifier: Apache-2.0
import type { LayoutName, Paper } from './paper.ts'

/** 版式. Page, letters and numbering of a layout; lengths in millimetres, letters in points. */
export interface Layout {
  margins: { top: number; bottom: number; left: number; right: number }
  title: number
  body: number
  /** From one line to the next, in points. */
  pitch: number
  table: number
  /** First line of a paragraph, in characters (Chinese papers). */
  indent: number
  numbering: 'sections' | 'articles'
}

/**
 * The layouts (UX.md §4). `official`: figures of GB/T 9704 (天头 37 mm, 订口 28 mm, 版心 156 × 225 mm, 22 lines, 标题 2 号 = 22 pt, 正文 3 号 = 16 pt).
 * `cac`: figures of the CAC export self-assessment form (四号 = 14 pt, fixed 26 pt, margins 2.54/3.18 cm). `agreement` and `form` are ours.
 */
export const layouts: Readonly<Record<LayoutName, Layout>> = {
  official: { margins: { top: 37, bottom: 35, left: 28, right: 26 }, title: 22, body: 16, pitch: 29, table: 10.5, indent: 2, numbering: 'sections' },
  cac: { margins: { top: 25.4, bottom: 30, left: 31.8, right: 31.8 }, title: 18, body: 14, pitch: 26, table: 10.5, indent: 2, numbering: 'sections' },
  agreement: { margins: { top: 27, bottom: 32, left: 28, right: 26 }, title: 18, body: 12, pitch: 21, table: 10, indent: 2, numbering: 'articles' },
  form: { margins: { top: 22, bottom: 28, left: 24, right: 22 }, title: 18, body: 10.5, pitch: 17, table: 9.5, indent: 2, numbering: 'sections' },
}

/** The paper's layout; English letters are set smaller, since they are wider to read in the sizes of Chinese print. */
export function layoutOf(paper: Pick<Paper, 'layout' | 'lang'>): Layout {
  const layout = layouts[paper.layout]
  if (paper.lang === 'zh') return layout
  const body = Math.min(layout.body, 11)
  return { ...layout, title: Math.min(layout.title, 18), body, pitch: body * 1.45, table: Math.min(layout.table, 9), indent: 0 }
}

const chinese = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九']

/** A number up to 99 in Chinese characters. */
export function chineseNumber(n: number): string {
  const [tens, ones] = [Math.floor(n / 10), n % 10]
  if (tens === 0) return chinese[ones] ?? String(n)
  return `${tens === 1 ? '' : (chinese[tens] ?? '')}十${ones === 0 ? '' : (chinese[ones] ?? '')}`
}

/** The number before a heading: 一、 and (一) in sections, 第一条 in agreements, 1 and 1.1 in English. */
export function headingNumber(paper: Pick<Paper, 'lang' | 'layout'>, level: 1 | 2, count: readonly [number, number]): string {
  const [first, second] = count
  if (paper.lang === 'en') return level === 1 ? `${layouts[paper.layout].numbering === 'articles' ? `Article ${first}` : first}  ` : `${first}.${second}  `
  if (level === 2) return `(${chineseNumber(second)})`
  return layouts[paper.layout].numbering === 'articles' ? `第${chineseNumber(first)}条  ` : `${chineseNumber(first)}、`
}

/** Every heading of a paper with its number, by its place among the blocks. */
export function headingNumbers(paper: Pick<Paper, 'lang' | 'layout' | 'blocks'>): Map<number, string> {
  const count: [number, number] = [0, 0]
  const numbers = new Map<number, string>()
  for (const [at, block] of paper.blocks.entries()) {
    if (block.kind !== 'heading') continue
    if (block.level === 1) [count[0], count[1]] = [count[0] + 1, 0]
    else count[1] += 1
    numbers.set(at, headingNumber(paper, block.level, count))
  }
  return numbers
}

/** A run as it is read: blanks stand in 〔〕, in English in []. */
export function runText(run: { text: string; as: string }, lang: 'zh' | 'en'): string {
  if (run.as !== 'blank') return run.text
  return lang === 'zh' ? `〔待填:${run.text}〕` : `[to fill in: ${run.text}]`
}
