// SPDX-License-Identifier: Apache-2.0
// Golden pictures: the first page of every paper in both languages, drawn from the PDF itself in a real browser (UX.md U7).
// HANDOVER_GOLDEN=write npx vitest run --project browser browser/papers.test.ts draws them anew; look at each before it is kept.
import type { Browser, Page } from 'playwright-core'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PdfPress } from '../app/src/kit/pdf/print-pdf.ts'
import { printPaper } from '../app/src/kit/paper/print-paper.ts'
import { draftPaper, paperNames } from '../app/src/stewardship/papers/index.ts'
import { factsFor } from '../app/src/stewardship/papers/papers.fixture.ts'
import { openBrowser } from './open-browser.ts'

const goldens = new URL('./goldens/papers/', import.meta.url)
const width = 420 // a page of 420 × 594 dots shows every line and stays below 60 kB
/** Dots may differ a little between renderers; a moved line, a missing box or a changed word moves far more. */
const shareMax = 0.004

/** As much of pdf.js as the drawing needs; the page's own script puts it there. */
interface PdfJs {
  getDocument(of: object): { promise: Promise<{ numPages: number; getPage(number: number): Promise<PdfPage> }> }
}
interface PdfPage {
  getViewport(at: { scale: number }): { width: number; height: number }
  render(to: object): { promise: Promise<void> }
}
declare global {
  interface Window {
    pdfjs: PdfJs
  }
}

interface Drawn {
  png: string
  pages: number
}

let browser: Browser
let page: Page
let press: PdfPress
beforeAll(async () => {
  browser = await openBrowser()
  page = await browser.newPage()
  const pdfjs = readFileSync(fileURLToPath(import.meta.resolve('unpdf/pdfjs')), 'utf8')
  await page.route('http://papers.test/**', (route) => route.fulfill(route.request().url().endsWith('.mjs') ? { contentType: 'text/javascript', body: pdfjs } : { contentType: 'text/html', body: '<!doctype html><title>papers</title><script type="module">import * as pdfjs from "/pdfjs.mjs"; window.pdfjs = pdfjs</script>' }))
  await page.goto('http://papers.test/')
  await page.waitForFunction(() => Reflect.has(window, 'pdfjs'))
  press = new PdfPress()
}, 240_000)
afterAll(async () => {
  press.close()
  await browser.close()
})

/** Draws the first page of a PDF in grey. */
async function draw(bytes: Uint8Array): Promise<Drawn> {
  return page.evaluate(async ({ base64, wide }): Promise<Drawn> => {
    const pdf = await window.pdfjs.getDocument({ data: Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)), isEvalSupported: false, useSystemFonts: false }).promise
    const first = await pdf.getPage(1)
    const viewport = first.getViewport({ scale: wide / first.getViewport({ scale: 1 }).width })
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(viewport.width)
    canvas.height = Math.round(viewport.height)
    const context = canvas.getContext('2d')
    await first.render({ canvas, canvasContext: context, viewport }).promise
    // Four shades of grey: what the eye needs, in a third of the bytes.
    const picture = context?.getImageData(0, 0, canvas.width, canvas.height)
    if (context !== null && picture !== undefined) {
      for (let i = 0; i < picture.data.length; i += 4) {
        const grey = ((picture.data[i] ?? 0) + (picture.data[i + 1] ?? 0) + (picture.data[i + 2] ?? 0)) / 3
        picture.data.fill(Math.round(grey / 85) * 85, i, i + 3)
      }
      context.putImageData(picture, 0, 0)
    }
    return { png: canvas.toDataURL('image/png').split(',')[1] ?? '', pages: pdf.numPages }
  }, { base64: Buffer.from(bytes).toString('base64'), wide: width })
}

/** The share of dots that differ by more than a shade between two pictures. */
async function difference(a: string, b: string): Promise<number> {
  return page.evaluate(async (pictures) => {
    const dots = await Promise.all(pictures.map(async (base64) => {
      const image = new Image()
      image.src = `data:image/png;base64,${base64}`
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.width
      canvas.height = image.height
      const context = canvas.getContext('2d')
      context?.drawImage(image, 0, 0)
      return { size: `${image.width}×${image.height}`, data: context?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray() }
    }))
    const [first, second] = dots
    if (first === undefined || second === undefined || first.size !== second.size) return 1
    let differing = 0
    for (let i = 0; i < first.data.length; i += 4) if (Math.abs((first.data[i] ?? 0) - (second.data[i] ?? 0)) > 96) differing++
    return differing / (first.data.length / 4)
  }, [a, b])
}

describe('the golden pictures of papers', () => {
  for (const name of paperNames) {
    for (const lang of ['zh', 'en'] as const) {
      test(`${name} in ${lang} looks as it did`, async () => {
        const { bytes } = await printPaper(draftPaper(name, factsFor(name), lang), press)
        const { png } = await draw(bytes)
        const golden = new URL(`${name}-${lang}.png`, goldens)
        if (process.env['HANDOVER_GOLDEN'] === 'write') {
          mkdirSync(goldens, { recursive: true })
          writeFileSync(golden, Buffer.from(png, 'base64'))
        }
        expect(existsSync(golden)).toBe(true)
        expect(readFileSync(golden).length).toBeLessThan(60_000)
        expect(await difference(png, readFileSync(golden).toString('base64'))).toBeLessThan(shareMax)
      }, 300_000)
    }
  }

  test('a paper whose words changed does not pass for the old one', async () => {
    const { bytes } = await printPaper(draftPaper('nda', { ...factsFor('nda'), parties: factsFor('nda').parties.slice(0, 1) }, 'zh'), press)
    const golden = readFileSync(new URL('nda-zh.png', goldens)).toString('base64')
    expect(await difference((await draw(bytes)).png, golden)).toBeGreaterThan(shareMax)
  }, 300_000)
})
