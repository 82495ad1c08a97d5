// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import type { Instant } from '../time.ts'

/** How a run of text looks: `blank` is what nobody has said yet, `law` a certain source, `unverified` one that was not read in the original. */
export const runLooks = ['plain', 'strong', 'small', 'blank', 'law', 'unverified'] as const
export type RunLook = (typeof runLooks)[number]

/** A piece of text of one look. */
export interface Run {
  text: string
  as: RunLook
}

/** Text of a paper; plain data, never markup. */
export type PaperText = readonly Run[]

/** A column of a table; `share` is its part of the width. */
export interface PaperColumn {
  name: string
  share: number
  align: 'left' | 'center' | 'right'
}

/** A cell; `shade` 0 (none) to 4 (darkest) for matrices that must be readable in grey. */
export interface PaperCell {
  text: PaperText
  shade: number
}

/** 签章栏. One party of a signature block: who signs on which lines, and whether room for a company seal (公章) is kept free. */
export interface PaperSigner {
  title: string
  name: PaperText
  lines: readonly string[]
  seal: boolean
  /** Already printed day (official layout), or null for a day to be written in by hand. */
  day: string | null
}

/** One block of a paper, from top to bottom. */
export type Block =
  | { kind: 'heading'; level: 1 | 2; text: string }
  | { kind: 'paragraph'; text: PaperText; align: 'left' | 'center' | 'right'; indent: boolean }
  | { kind: 'items'; marker: 'number' | 'dash' | 'box'; items: readonly PaperText[] }
  | { kind: 'facts'; rows: readonly { name: string; value: PaperText }[] }
  | { kind: 'table'; columns: readonly PaperColumn[]; rows: readonly (readonly PaperCell[])[] }
  | { kind: 'frame'; texts: readonly PaperText[] }
  | { kind: 'lines'; count: number }
  | { kind: 'signatures'; signers: readonly PaperSigner[] }
  | { kind: 'break' }

/** 版式. A page and its letters; every template names one (UX.md §4). */
export type LayoutName = 'official' | 'agreement' | 'form' | 'cac'

/** 文书. One paper as plain data: the same value is printed as PDF and as DOCX. */
export interface Paper {
  /** Name of the template and its version, e.g. `notice-art22/1`. */
  template: string
  lang: 'zh' | 'en'
  layout: LayoutName
  title: string
  subtitle: string
  /** Whom it is about: the matter's code, in the foot of every page. */
  about: string
  /** By the legal clock; the only time in the files. */
  created: Instant
  blocks: readonly Block[]
}

/** The texts of a paper in reading order. */
export function textsOf(paper: Paper): PaperText[] {
  return paper.blocks.flatMap((block): PaperText[] => {
    switch (block.kind) {
      case 'heading':
        return [[{ text: block.text, as: 'strong' }]]
      case 'paragraph':
        return [block.text]
      case 'items':
        return [...block.items]
      case 'facts':
        return block.rows.flatMap(({ name, value }): PaperText[] => [[{ text: name, as: 'strong' }], value])
      case 'table':
        return [...block.columns.map(({ name }): PaperText => [{ text: name, as: 'strong' }]), ...block.rows.flat().map(({ text }) => text)]
      case 'frame':
        return [...block.texts]
      case 'signatures':
        return block.signers.flatMap((signer): PaperText[] => [[{ text: signer.title, as: 'plain' }], signer.name, ...signer.lines.map((line): PaperText => [{ text: line, as: 'plain' }])])
      case 'lines':
      case 'break':
        return []
    }
  })
}

/** 待填. What the paper still misses, each once, in reading order. */
export function blanksOf(paper: Paper): string[] {
  return [...new Set(textsOf(paper).flat().filter(({ as }) => as === 'blank').map(({ text }) => text))]
}

/** SHA-256 (hex) over the canonical JSON (RFC 8785) of the paper; a paper holds texts, whole numbers, booleans and nulls only. */
export function paperDigest(paper: Paper): string {
  return createHash('sha256').update(paperJson(paper)).digest('hex')
}

/** The paper as canonical JSON: what the digest is of, and what is kept beside the printed file. */
export function paperJson(paper: Paper): string {
  return canonical(paper)
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

const codeLetters = '23456789ABCDEFGHJKMNPQRSTUVWXYZ' // without 0, 1, I, L and O, which people confuse (UX.md §3)

/** 校验码. Sixteen letters (79 bits) of the digest in groups of four, for people to compare; the QR code holds the whole digest. */
export function verificationCode(digest: string): string {
  let rest = BigInt(`0x${digest.slice(0, 32)}`)
  let letters = ''
  for (let i = 0; i < 16; i++) {
    letters += codeLetters[Number(rest % BigInt(codeLetters.length))] ?? ''
    rest /= BigInt(codeLetters.length)
  }
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}

/** What the QR code at the foot says. */
export function qrPayload(digest: string): string {
  return `HANDOVER/PAPER/1/${digest.toUpperCase()}`
}
