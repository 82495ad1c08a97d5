// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { instantOf } from '../time.ts'
import { PdfPress, type PrintOrder, type PrintValue } from './print-pdf.ts'

let folder: string
let press: PdfPress
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'press-'))
  press = new PdfPress()
})
afterAll(() => {
  press.close()
  rmSync(folder, { recursive: true })
})

const sheet = '#import "house.typ": *\n#show: printed\n= #values.title\n#facts(values.facts)\n#ruled((1fr, auto), (1,), values.head, values.rows)\n#seals(values.parties)\n'

function orderOf(values: { [key: string]: PrintValue } = {}, template = sheet): PrintOrder {
  const file = join(folder, 'sheet.typ')
  writeFileSync(file, template)
  return {
    template: file, lang: 'zh', title: '质量证明', matter: 'HX-2026-001', digest: 'ab'.repeat(32), created: instantOf('2026-01-05T08:00:00.000Z'),
    values: { facts: [['数据源', '客户']], head: ['规则', '数量'], rows: [['校验码', 3]], parties: [{ name: '甲公司', note: '转让方' }], ...values },
  }
}

async function textOf(bytes: Uint8Array): Promise<string[]> {
  // PDF text comes as Kangxi radicals here and there (STACK.md, documents).
  const { text } = await extractText(await getDocumentProxy(bytes.slice()), { mergePages: false })
  return text.map((page) => page.normalize('NFKC').replace(/\s+/g, ' '))
}

describe('the printing of documents', () => {
  it('prints the same bytes for the same order, as PDF/A with the time of the order alone', async () => {
    const [first, second] = [await press.print(orderOf()), await press.print(orderOf())]
    expect(Buffer.compare(Buffer.from(first.bytes), Buffer.from(second.bytes))).toBe(0)
    const raw = Buffer.from(first.bytes).toString('latin1')
    expect(raw.startsWith('%PDF-1.7')).toBe(true)
    expect(raw).toContain('<pdfaid:part>2</pdfaid:part>')
    expect(raw).toContain('2026-01-05T08:00:00')
    expect(raw).not.toContain(new Date().toISOString().slice(0, 10))
  })

  it('prints in the same way in a process of its own', async () => {
    const other = new PdfPress()
    try {
      expect(Buffer.compare(Buffer.from((await other.print(orderOf())).bytes), Buffer.from((await press.print(orderOf())).bytes))).toBe(0)
    } finally {
      other.close()
    }
  })

  it('shows values as they are and never as source', async () => {
    const hostile = '#import "x.typ" #panic("y") $ x $ \\ *b* _c_ @ref `raw` <label> [z] //c /*d*/ ~ -- "q" = h'
    const { bytes, pages } = await press.print(orderOf({ facts: [['#read("house.typ")', hostile]], rows: [['=1+1', '#values']] }))
    const [page] = await textOf(bytes)
    expect(pages).toBe(1)
    for (const value of [hostile, '#read("house.typ")', '=1+1#values']) expect(page?.replaceAll(' ', '')).toContain(value.replaceAll(' ', '')) // lines may break anywhere
  })

  it('prints a character that no font has as its code point and says so, and a rare one that the font has as itself', async () => {
    const { bytes, missing } = await press.print(orderOf({ facts: [['姓名', '\u{20bb7}野 䶮 李\u202e敏']] }))
    const [page] = await textOf(bytes)
    expect(missing).toEqual(['U+202E', 'U+20BB7'])
    expect(page).toContain('〔U+20BB7〕野 䶮 李〔U+202E〕敏')
    expect(page).toContain('没有收录下列文字')
  })

  it('repeats the head of a table and numbers the pages, in Chinese and in English', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => [`规则${i}`, i])
    const { bytes, pages } = await press.print({ ...orderOf({ rows }), lang: 'en' })
    const text = await textOf(bytes)
    expect(pages).toBe(3)
    expect(text).toHaveLength(3)
    for (const [i, page] of text.entries()) {
      expect(page).toContain('规则 数量')
      expect(page).toContain('HX-2026-001')
      expect(page).toContain('ab'.repeat(32))
      expect(page).toContain(`Page ${i + 1} of 3`)
    }
    expect((await textOf((await press.print(orderOf({ rows }))).bytes))[2]).toContain('第 3 页,共 3 页')
  })

  it('refuses a document that is too large, and goes on printing', async () => {
    await expect(press.print(orderOf({ facts: [['x', 'y'.repeat(3_000_000)]] }))).rejects.toMatchObject({ code: 'PDF_TOO_LARGE' })
    expect((await press.print(orderOf())).pages).toBe(1)
  })

  it('says what is wrong with a template without telling a value', async () => {
    const told = await press.print(orderOf({ facts: [['姓名', '李敏敏']] }, '#import "house.typ": *\n#values.facts.at(0).at(1).nothing()')).catch((error: unknown) => String(error))
    expect(told).toContain('PDF_FAILED')
    expect(told).not.toContain('李敏敏')
    expect((await press.print(orderOf())).pages).toBe(1)
  })

  it('reaches no file outside its own folder', async () => {
    await expect(press.print(orderOf({}, '#read("/etc/hostname")'))).rejects.toMatchObject({ code: 'PDF_FAILED' })
    await expect(press.print(orderOf({}, '#read("../../../package.json")'))).rejects.toMatchObject({ code: 'PDF_FAILED' })
  })

  it('ends a typesetting that does not come to an end, and prints the next one', async () => {
    const impatient = new PdfPress({ secondsMax: 25 })
    try {
      const endless = '#let grow(n, k) = if n == 0 { k } else { grow(n - 1, 2 * k) + grow(n - 1, 2 * k + 1) }\n#grow(40, 1)'
      await expect(impatient.print(orderOf({}, endless))).rejects.toMatchObject({ code: 'PDF_TOO_SLOW' })
      expect((await impatient.print(orderOf())).pages).toBe(1)
    } finally {
      impatient.close()
    }
  }, 240_000)
})
