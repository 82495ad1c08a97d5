// SPDX-License-Identifier: Apache-2.0
import { AlignmentType, BorderStyle, Document, Footer, FrameAnchorType, Header, ImageRun, Packer, PageNumber, Paragraph, Tab, TabStopType, TextRun } from 'docx'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { docxBlock, docxFonts, docxRuns, pitchOf, twips, type Ground } from './docx-blocks.ts'
import { headingNumbers, layoutOf } from './layouts.ts'
import { paperDigest, qrPayload, verificationCode, type Block, type Paper } from './paper.ts'
import { qrPng } from './qr-picture.ts'

/** 文书 DOCX. The same paper as a word-processor document, in which the reader's own fonts apply; the same paper gives the same bytes. */
export async function paperDocx(paper: Paper): Promise<Uint8Array> {
  const layout = layoutOf(paper)
  const { margins, title, body } = layout
  const ground: Ground = { lang: paper.lang, layout, width: twips(210 - margins.left - margins.right) }
  const numbers = headingNumbers(paper)
  const document = new Document({
    title: paper.title, creator: 'handover', lastModifiedBy: 'handover', description: paper.template,
    styles: { default: { document: { run: { size: body * 2, font: { ascii: docxFonts.latin, hAnsi: docxFonts.latin, cs: docxFonts.latin, eastAsia: docxFonts.body } } } } },
    sections: [{
      properties: {
        page: { size: { width: twips(210), height: twips(297) }, margin: { top: twips(margins.top), bottom: twips(margins.bottom), left: twips(margins.left), right: twips(margins.right), header: twips(8), footer: twips(6) } },
      },
      headers: { default: new Header({ children: [sealGuide(paper.lang), new Paragraph({ children: [] })] }) },
      footers: { default: footerOf(paper, ground) },
      children: [
        new Paragraph({ alignment: AlignmentType.CENTER, spacing: { after: paper.subtitle === '' ? 300 : 100, ...pitchOf(title * 1.4) }, children: docxRuns([{ text: paper.title, as: 'strong' }], ground, { points: title, face: docxFonts.title }) }),
        ...(paper.subtitle === '' ? [] : [new Paragraph({ alignment: AlignmentType.CENTER, spacing: { after: 240 }, children: docxRuns([{ text: paper.subtitle, as: 'plain' }], ground, { points: Math.min(body, 12) }) })]),
        ...paper.blocks.flatMap((block, at) => docxBlock(block, numbers.get(at) ?? '', { ...ground, keepNext: staysWith(block, paper.blocks[at + 1]) })),
      ],
    }],
  })
  return withoutChance(new Uint8Array(await Packer.toBuffer(document)), paper.created)
}

/** Whether a paragraph stays on the page of what follows: a seal, the answers to its question, the table it introduces. */
function staysWith(block: Block, next: Block | undefined): boolean {
  if (next?.kind === 'signatures' || (next?.kind === 'items' && next.marker === 'box')) return true
  return next?.kind === 'table' && block.kind === 'paragraph' && !block.indent
}

/** 骑缝章. A dashed half box at the right edge of the page, where a seal is set over all pages fanned out. */
function sealGuide(lang: 'zh' | 'en'): Paragraph {
  const dash = { style: BorderStyle.DASHED, size: 4, color: '999999', space: 0 } as const
  return new Paragraph({
    frame: { type: 'absolute', position: { x: twips(202), y: twips(127) }, width: twips(8), height: twips(42), anchor: { horizontal: FrameAnchorType.PAGE, vertical: FrameAnchorType.PAGE }, rule: 'exact' },
    border: { left: dash, top: dash, bottom: dash }, alignment: AlignmentType.CENTER, spacing: pitchOf(12),
    children: [new TextRun({ text: lang === 'zh' ? '骑缝章处' : 'seal', size: 14, color: '888888', font: { ascii: docxFonts.latin, hAnsi: docxFonts.latin, eastAsia: docxFonts.body } })],
  })
}

function footerOf(paper: Paper, ground: Ground): Footer {
  const digest = paperDigest(paper)
  const zh = paper.lang === 'zh'
  const run = (text: string, bold = false): TextRun => docxRuns([{ text, as: bold ? 'strong' : 'plain' }], ground, { points: 7.5, bold })[0] ?? new TextRun('')
  const number = { size: 18, font: { ascii: docxFonts.latin, hAnsi: docxFonts.latin, eastAsia: docxFonts.body } }
  const page = new TextRun({ ...number, children: zh ? ['第 ', PageNumber.CURRENT, ' 页  共 ', PageNumber.TOTAL_PAGES, ' 页'] : ['Page ', PageNumber.CURRENT, ' of ', PageNumber.TOTAL_PAGES] })
  return new Footer({
    children: [
      new Paragraph({
        border: { top: { style: BorderStyle.SINGLE, size: 4, color: '777777', space: 2 } }, tabStops: [{ type: TabStopType.RIGHT, position: ground.width }],
        children: [new ImageRun({ type: 'png', data: qrPng(qrPayload(digest)), transformation: { width: 60, height: 60 }, altText: { name: 'QR', description: qrPayload(digest), title: 'QR' } }), run(` ${zh ? '校验码' : 'Verification code'} `), run(verificationCode(digest), true), new TextRun({ children: [new Tab()] }), page],
      }),
      new Paragraph({ children: [run(`SHA-256 ${digest} · ${paper.about} · ${paper.template}`)] }),
    ],
  })
}

/** What the library makes up by chance (times, numbers of pictures) is made from the paper instead, so that the same paper gives the same bytes. */
function withoutChance(bytes: Uint8Array, created: string): Uint8Array {
  const files = Object.entries(unzipSync(bytes)).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const fixed = files.map(([name, content]): [string, Uint8Array] => {
    if (name === 'docProps/core.xml') return [name, strToU8(strFromU8(content).replace(/(<dcterms:(?:created|modified)[^>]*>)[^<]*/g, `$1${created}`))]
    if (name === 'word/fontTable.xml') return [name, strToU8(fontTable)]
    return /^word\/footer\d+\.xml$/.test(name) ? [name, strToU8(strFromU8(content).replace(/(<wp:docPr id=")\d+/g, '$11'))] : [name, content]
  })
  return zipSync(Object.fromEntries(fixed), { level: 6, mtime: new Date(2026, 0, 1, 0, 0, 0) })
}

/** Other names under which machines know these faces, so that one of them is found before any other (ECMA-376 §17.8.3.1). */
const fontTable = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${[['方正小标宋简体', 'FZXiaoBiaoSong-B05S'], ['黑体', 'SimHei'], ['仿宋', 'FangSong']]
  .map(([name, other]) => `<w:font w:name="${name}"><w:altName w:val="${other}"/><w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="variable"/></w:font>`)
  .join('')}<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>`
