// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url'
import { PdfPress, type PrintedPdf, type PrintValue } from '../pdf/print-pdf.ts'
import { headingNumbers, layoutOf, runText } from './layouts.ts'
import { paperDigest, qrPayload, verificationCode, type Block, type Paper, type PaperText } from './paper.ts'
import { qrSvg } from './qr-picture.ts'

/** 印制文书. Prints a paper as PDF/A-2b; the same paper gives the same bytes. Refuses what the press refuses (PDF_TOO_LARGE, PDF_TOO_SLOW, PDF_TOOL_MISSING). */
export async function printPaper(paper: Paper, press?: PdfPress): Promise<PrintedPdf> {
  const own = press ?? new PdfPress()
  try {
    const digest = paperDigest(paper)
    return await own.print({
      template: fileURLToPath(new URL('./paper.typ', import.meta.url)), lang: paper.lang, title: paper.title, matter: paper.about, digest, created: paper.created,
      values: { ...lookOf(paper), subtitle: paper.subtitle, edition: paper.template, code: verificationCode(digest), qr: qrSvg(qrPayload(digest)), blocks: blocksOf(paper) },
    })
  } finally {
    if (press === undefined) own.close()
  }
}

function lookOf(paper: Paper): { look: PrintValue } {
  const { margins, title, body, pitch, table, indent } = layoutOf(paper)
  return { look: { margins, title, body, pitch, table, indent } }
}

function blocksOf(paper: Paper): PrintValue[] {
  const numbers = headingNumbers(paper)
  const runs = (text: PaperText): PrintValue => text.map((run) => ({ text: runText(run, paper.lang), as: run.as }))
  return paper.blocks.map((block, at) => shown(block, numbers.get(at) ?? '', runs))
}

function shown(block: Block, number: string, runs: (text: PaperText) => PrintValue): PrintValue {
  switch (block.kind) {
    case 'heading':
      return { ...block, number }
    case 'paragraph':
      return { ...block, text: runs(block.text) }
    case 'items':
      return { ...block, items: block.items.map(runs) }
    case 'facts':
      return { ...block, rows: block.rows.map(({ name, value }) => ({ name, value: runs(value) })) }
    case 'table':
      return { kind: 'table', columns: block.columns.map(({ name, share, align }) => ({ name, share, align })), rows: block.rows.map((row) => row.map(({ text, shade }) => ({ text: runs(text), shade }))) }
    case 'frame':
      return { ...block, texts: block.texts.map(runs) }
    case 'signatures':
      return { kind: 'signatures', signers: block.signers.map(({ title, name, lines, seal, day }) => ({ title, name: runs(name), lines: [...lines], seal, day })) }
    case 'lines':
    case 'break':
      return block
  }
}
