// SPDX-License-Identifier: Apache-2.0
import { strFromU8, unzipSync } from 'fflate'
import { getDocumentProxy } from 'unpdf'
import { afterAll, describe, expect, test } from 'vitest'
import { PdfPress } from '../pdf/print-pdf.ts'
import { instantOf } from '../time.ts'
import { blank, cited, facts, frame, heading, items, lines, para, say, shaded, signatures, strong, table } from './compose.ts'
import { chineseNumber, headingNumbers, layouts } from './layouts.ts'
import { blanksOf, paperDigest, paperJson, qrPayload, textsOf, verificationCode, type Paper } from './paper.ts'
import { printPaper } from './print-paper.ts'
import { paperDocx } from './write-docx.ts'

const press = new PdfPress()
afterAll(() => press.close())

const seal = { title: '转让方', name: [strong('甲卫浴有限公司')], lines: ['代表签字'], seal: true, day: null }
function sample(lang: 'zh' | 'en' = 'zh', change: Partial<Paper> = {}): Paper {
  return {
    template: 'sample/1', lang, layout: 'official', title: '告知书', subtitle: '事项 T-1', about: '事项 T-1', created: instantOf('2026-11-22T00:00:00.000Z'),
    blocks: [
      heading('第一部分'), para(say`接收方为${strong('乙')},联系方式${blank('联系方式')}${cited('〔个人信息保护法 第二十二条 · P〕', true)}${cited('〔某办法 · K · 未核实〕', false)}。`), heading('分项', 2), items(['一', '二']), items(['同意', '不同意'], 'box'),
      facts([['名称', '#panic("x") *甲*']]), table([['项目', 2], ['数', 1, 'right']], [['客户', shaded('99', 3)], ['fct_' + '9'.repeat(60), '1']]), frame('说明'), lines(2), para('以下签章。'), signatures(seal, { ...seal, title: '受让方', day: '2026年11月22日' }),
    ],
    ...change,
  }
}

interface Placed {
  page: number
  text: string
  x: number
  y: number
  width: number
}

async function placed(bytes: Uint8Array): Promise<Placed[]> {
  const pdf = await getDocumentProxy(bytes.slice())
  const found: Placed[] = []
  for (let page = 1; page <= pdf.numPages; page++) {
    const { items: parts } = await (await pdf.getPage(page)).getTextContent()
    for (const part of parts) if ('str' in part && part.str.trim() !== '') found.push({ page, text: part.str.normalize('NFKC'), x: Number(part.transform[4]), y: Number(part.transform[5]), width: part.width })
  }
  return found
}
const squeezed = (text: string): string => text.normalize('NFKC').replace(/[\s\u200b_]/g, '')

describe('a paper', () => {
  test('has one digest for one content, and a code of sixteen plain letters that people can compare', () => {
    const digest = paperDigest(sample())
    expect(paperDigest(sample())).toBe(digest)
    expect(paperDigest(sample('zh', { title: '告知书。' }))).not.toBe(digest)
    expect(verificationCode(digest)).toMatch(/^([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}$/)
    expect(verificationCode(digest)).not.toMatch(/[01ILO]/)
    expect(qrPayload(digest)).toBe(`HANDOVER/PAPER/1/${digest.toUpperCase()}`)
    expect(JSON.parse(paperJson(sample()))).toEqual(sample())
  })

  test('lists what is still to be filled in, each once, and takes what stands in braces as it is', () => {
    expect(blanksOf(sample('zh', { blocks: [para(say`${blank('甲')}${blank('乙')}`), facts([['x', blank('甲')]])] }))).toEqual(['甲', '乙'])
    expect(textsOf(sample()).flat().some(({ text }) => text === '#panic("x") *甲*')).toBe(true)
  })

  test('numbers sections and articles in both languages', () => {
    const blocks = [heading('a'), heading('b', 2), heading('c', 2), heading('d')]
    expect([...headingNumbers({ lang: 'zh', layout: 'official', blocks }).values()]).toEqual(['一、', '(一)', '(二)', '二、'])
    expect([...headingNumbers({ lang: 'zh', layout: 'agreement', blocks }).values()].map((number) => number.trim())).toEqual(['第一条', '(一)', '(二)', '第二条'])
    expect([...headingNumbers({ lang: 'en', layout: 'form', blocks }).values()].map((number) => number.trim())).toEqual(['1', '1.1', '1.2', '2'])
    expect([1, 10, 11, 20, 26].map(chineseNumber)).toEqual(['一', '十', '十一', '二十', '二十六'])
  })

  test('has the page of GB/T 9704: a text area of 156 × 225 mm, 22 lines a page', () => {
    const { margins, pitch } = layouts.official
    expect([210 - margins.left - margins.right, 297 - margins.top - margins.bottom, margins.top, margins.left]).toEqual([156, 225, 37, 28])
    expect(Math.floor((225 * 72) / 25.4 / pitch)).toBe(21) // 21 whole pitches between 22 baselines
  })
})

describe('the printed paper', { timeout: 300_000 }, () => {
  test('is the same in every byte when printed again, as PDF and as DOCX', async () => {
    expect(Buffer.compare(Buffer.from((await printPaper(sample(), press)).bytes), Buffer.from((await printPaper(sample(), press)).bytes))).toBe(0)
    const first = await paperDocx(sample())
    await new Promise((done) => setTimeout(done, 1100)) // the library writes the time by the second
    expect(Buffer.compare(Buffer.from(await paperDocx(sample())), Buffer.from(first))).toBe(0)
  })

  test('says the same in PDF and in DOCX: every text, blanks in 〔〕, unverified sources as unverified, code and page numbers at the foot', async () => {
    const paper = sample()
    const pdf = squeezed((await placed((await printPaper(paper, press)).bytes)).map(({ text }) => text).join(''))
    const files = unzipSync(await paperDocx(paper))
    const docx = squeezed(Object.entries(files).filter(([name]) => /word\/(document|footer\d+)\.xml/.test(name)).map(([, content]) => strFromU8(content).replace(/<[^>]+>/g, '').replaceAll('&quot;', '"')).join(''))
    for (const words of [...textsOf(paper).flat().map(({ text, as }) => (as === 'blank' ? `〔待填:${text}〕` : text)), '一、第一部分', '(一)分项', paper.title, verificationCode(paperDigest(paper)), '未核实']) {
      expect(pdf).toContain(squeezed(words))
      expect(docx).toContain(squeezed(words))
    }
    expect(pdf).toContain('第1页')
    const xml = strFromU8(files['word/document.xml'] ?? new Uint8Array())
    expect(xml).toMatch(/w:eastAsia="仿宋"/)
    expect(xml).toMatch(/w:eastAsia="方正小标宋简体"/)
    expect(xml).toMatch(/w:highlight w:val="yellow"/)
    expect(xml).toMatch(/w:u w:val="dotted"/)
  })

  test('keeps a room of at least 45 × 45 mm for every seal free of any text, above the strip with the day', async () => {
    const parts = await placed((await printPaper(sample(), press)).bytes)
    const mm = 72 / 25.4
    const days = parts.filter(({ text }) => /^日$|22日$|日\s*$/.test(text.trim()) && !/文|章/.test(text))
    expect(days.length).toBeGreaterThanOrEqual(2)
    for (const day of days) {
      const right = day.x + day.width
      const room = { left: right - 48 * mm, right, bottom: day.y + 4.5 * mm, top: day.y + (4.5 + 45) * mm }
      const inside = parts.filter((part) => part.page === day.page && part.x + part.width > room.left && part.x < room.right && part.y > room.bottom && part.y < room.top)
      expect(inside.map(({ text }) => text)).toEqual([])
    }
    const xml = strFromU8(unzipSync(await paperDocx(sample()))['word/document.xml'] ?? new Uint8Array())
    const sealRows = xml.split('<w:tr>').filter((row) => row.includes('w:val="dashed"') && /<w:trHeight w:val="28\d\d" w:hRule="exact"/.test(row)) // 50 mm
    expect(sealRows.length).toBe(1)
    expect(sealRows.join('').replace(/<[^>]+>/g, '')).toBe('')
  })

  test('never leaves a seal alone on a page', async () => {
    const long = Array.from({ length: 9 }, () => para('这是一段用来占满页面的正文。'.repeat(9)))
    for (const count of [2, 4, 5]) {
      const parts = await placed((await printPaper(sample('zh', { blocks: [...long.slice(0, count), para('此前一段。'), signatures(seal)] }), press)).bytes)
      const page = parts.find(({ text }) => text.includes('转让方'))?.page
      expect(parts.find(({ text }) => text.includes('此前一段'))?.page).toBe(page)
    }
  })
})
