// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { verifySource } from '../proof/src/verify/verify-source.ts'
import { once } from '../proof/src/byte-reader.ts'
import { codeOfSecret } from '../proof/src/receipt-code.ts'
import { sealReceiptFile } from '../proof/src/sealed-receipt-file.ts'
import { policy as benchPolicy, writeSampleBundle } from '../bench/sample-bundle.ts'
import { sampleReceiptText } from './sample-receipt.ts'
import { openBrowser } from './open-browser.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = pathToFileURL(join(root, 'proof/dist/verify.html')).href
const vectors = join(root, 'proof/vectors')
const shots = join(root, '.tmp', 'browser')

let folder = ''
let browser: Browser
let context: BrowserContext
let listener: Server
let calls = 0
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handover-page-'))
  mkdirSync(shots, { recursive: true })
  for (const [name, path] of [['bundle.tar', 'valid/bundle-of-the-parties'], ['old.tar', 'valid/bundle-of-the-parties-v1'], ['hidden.tar', 'invalid/second-close-hidden-among-the-padding']] as const) writeFileSync(join(folder, name), gunzipSync(readFileSync(join(vectors, `${path}.tar.gz`))))
  writeFileSync(join(folder, 'policy.txt'), readFileSync(join(vectors, 'policy.txt')))
  const { text, policy } = sampleReceiptText()
  writeFileSync(join(folder, 'receipt.json'), text)
  writeFileSync(join(folder, 'sealed.json'), await sealReceiptFile(text, Buffer.alloc(16, 7)))
  writeFileSync(join(folder, 'changed.json'), text.replace('测试甲', '测试乙'))
  writeFileSync(join(folder, 'receipt-policy.txt'), policy)
  listener = createServer((socket) => {
    calls += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  browser = await openBrowser()
}, 120_000)
afterAll(async () => {
  await browser.close()
  listener.close()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => context.close())

async function open(options: { width?: number; hide?: boolean } = {}): Promise<{ page: Page; problems: string[] }> {
  context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: 900 }, locale: 'zh-CN' })
  if (options.hide === true) await context.addInitScript(() => Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined }))
  const opened = await context.newPage()
  const problems: string[] = []
  opened.on('pageerror', (error) => problems.push(error.message))
  opened.on('console', (message) => { if (message.type() === 'error') problems.push(message.text()) })
  opened.on('request', (request) => { if (!request.url().startsWith('file:') && !request.url().startsWith('blob:')) problems.push(request.url()) })
  await opened.goto(page)
  return { page: opened, problems }
}

async function drop(opened: Page, ...names: string[]): Promise<string> {
  await opened.locator('#file').setInputFiles(names.map((name) => join(folder, name)))
  const verdict = opened.locator('.verdict strong')
  await verdict.waitFor({ timeout: 30_000 })
  return (await verdict.textContent()) ?? ''
}

describe('the verifier page', () => {
  test.each([[false, '两种实现'], [true, '一种实现']])('passes a bundle under its policy in Chinese, with WebCrypto hidden: %s', async (hide, said) => {
    const { page: opened, problems } = await open({ hide })
    expect(await drop(opened, 'bundle.tar', 'policy.txt')).toBe('✔ 通过')
    expect(await opened.locator('.second').textContent()).toContain(said)
    const expected = await verifySource(() => once(readFileSync(join(folder, 'bundle.tar'))), { policy: readFileSync(join(folder, 'policy.txt'), 'utf8') })
    expect(await opened.locator('.checks tbody tr').count()).toBe(expected.checks.length)
    expect(await opened.locator('.checks tbody tr td:last-child').allTextContents()).toEqual(expected.checks.map(({ detail }) => detail))
    expect(problems).toEqual([])
  })

  test('refuses the lie that was signed, and says which check found it', async () => {
    const { page: opened } = await open()
    expect(await drop(opened, 'hidden.tar', 'policy.txt')).toBe('✗ 拒绝')
    expect(await opened.locator('.checks').textContent()).toContain('HIDDEN_ENTRY')
  })

  test('says self-declared without a policy, and older format with one', async () => {
    const { page: opened } = await open()
    expect(await drop(opened, 'bundle.tar')).toBe('△ 相符,但仅为自述')
    await opened.locator('#policy-file').setInputFiles(join(folder, 'policy.txt'))
    await expect.poll(() => opened.locator('.verdict strong').textContent()).toBe('✔ 通过')
    expect(await drop(opened, 'old.tar')).toMatch(/旧格式|通过/)
    await expect.poll(() => opened.locator('.verdict strong').textContent()).toBe('△ 相符,但为旧格式')
  })

  test('shows a customer what the receipt opens and what became of it, and refuses another value', async () => {
    const { page: opened } = await open()
    expect(await drop(opened, 'receipt.json', 'receipt-policy.txt')).toBe('✔ 通过')
    expect(await opened.locator('.values').textContent()).toMatch(/测试甲.*移交/)
    await drop(opened, 'changed.json')
    await expect.poll(() => opened.locator('.verdict strong').textContent()).toBe('✗ 拒绝')
    expect(await opened.locator('.values').count()).toBe(0)
  })

  test('opens a sealed receipt with its code, and with no other', async () => {
    const { page: opened, problems } = await open()
    await opened.locator('#file').setInputFiles(['sealed.json', 'receipt-policy.txt'].map((name) => join(folder, name)))
    const code = opened.getByLabel('请输入您收到的回执码')
    await code.waitFor()
    for (const [typed, said] of [['ABCDE', '回执码有误'], [codeOfSecret(Buffer.alloc(16, 8)), '打不开此文件']] as const) {
      await code.fill(typed)
      await opened.getByRole('button', { name: '打开' }).click()
      await expect.poll(() => opened.locator('#problem').textContent()).toContain(said)
      expect(await opened.locator('.verdict').count()).toBe(0)
    }
    await code.fill(codeOfSecret(Buffer.alloc(16, 7)).toLowerCase().replaceAll('-', ' '))
    await code.press('Enter')
    await opened.locator('.verdict strong').waitFor({ timeout: 30_000 })
    expect(await opened.locator('.verdict strong').textContent()).toBe('✔ 通过')
    expect(await opened.locator('.values').textContent()).toMatch(/测试甲.*移交/)
    expect(await code.inputValue()).toBe('')
    expect(problems).toEqual([])
  })

  test('may use no network, runs no code but its own, and reads markup in a file name as text', async () => {
    const { page: opened } = await open()
    const address = listener.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await opened.evaluate(async (url) => {
      await fetch(url).catch(() => undefined)
      document.body.append(Object.assign(document.createElement('img'), { src: url }))
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.injected = true' }))
    }, `http://127.0.0.1:${port}/`)
    expect(await opened.evaluate(() => 'injected' in globalThis)).toBe(false)
    expect(calls).toBe(0)
    const name = '<img src=x onerror=alert(1)>.json'
    writeFileSync(join(folder, name), '{}')
    expect(await drop(opened, name)).toBe('✗ 拒绝')
    expect(await opened.locator('.facts').textContent()).toContain(name)
    expect(await opened.locator('.facts img').count()).toBe(0)
  })

  test('verifies a bundle of 20,000 records that is read in pieces', async () => {
    await writeSampleBundle(20_000, folder)
    const large = join(folder, 'bundle.tar')
    const { page: opened, problems } = await open()
    await opened.locator('#policy-file').setInputFiles({ name: 'policy.txt', mimeType: 'text/plain', buffer: Buffer.from(benchPolicy) })
    await opened.locator('#file').setInputFiles(large)
    await opened.locator('.verdict strong').waitFor({ timeout: 120_000 })
    expect(await opened.locator('.verdict strong').textContent()).toBe('✔ 通过')
    expect(problems).toEqual([])
  }, 180_000)

  test.each([['zh', 1280], ['en', 1280], ['zh', 390], ['en', 390]] as const)('fits the screen in %s at %i px', async (language, width) => {
    const { page: opened } = await open({ width })
    if (language === 'en') await opened.locator('#language').click()
    await opened.screenshot({ path: join(shots, `empty-${language}-${width}.png`), fullPage: true })
    await drop(opened, 'receipt.json', 'receipt-policy.txt')
    await opened.screenshot({ path: join(shots, `receipt-${language}-${width}.png`), fullPage: true })
    expect(await opened.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
    for (const button of await opened.locator('button:visible').all()) expect((await button.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44)
    expect(await opened.locator('html').getAttribute('lang')).toBe(language === 'zh' ? 'zh-CN' : 'en')
  })
})
