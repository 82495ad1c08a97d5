// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { brotliDecompressSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import sparticuz from '@sparticuz/chromium'
import { chromium, type Browser } from 'playwright-core'

/** Where a Debian or Ubuntu puts it. */
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser']

/** A real, headless Chromium: the machine's own, or else the one from npm with its libraries beside it (STACK.md). HANDOVER_CHROMIUM names another, `npm` the one from npm. */
export async function openBrowser(): Promise<Browser> {
  const wanted = process.env['HANDOVER_CHROMIUM']
  const own = wanted ?? INSTALLED.find((path) => existsSync(path))
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
  if (own !== undefined && own !== 'npm') return chromium.launch({ executablePath: own, headless: true, args })
  const libraries = unpackLibraries()
  return chromium.launch({ executablePath: await sparticuz.executablePath(), headless: true, args: [...args, '--headless=shell', '--single-process', '--no-zygote'], env: { ...process.env, LD_LIBRARY_PATH: libraries } })
}

/** Shared libraries that a minimal system lacks, unpacked once from the npm package. */
function unpackLibraries(): string {
  const folder = join(tmpdir(), `handover-chromium-${process.getuid?.() ?? 0}`)
  if (existsSync(folder)) return join(folder, 'lib')
  const fresh = `${folder}.${process.pid}`
  mkdirSync(fresh, { recursive: true, mode: 0o700 })
  const packed = fileURLToPath(new URL('../bin/al2023.tar.br', import.meta.resolve('@sparticuz/chromium').replace(/build\/.*$/, 'build/')))
  writeFileSync(join(fresh, 'libraries.tar'), brotliDecompressSync(readFileSync(packed)))
  execFileSync('tar', ['-xf', join(fresh, 'libraries.tar'), '-C', fresh])
  rmSync(join(fresh, 'libraries.tar'))
  if (existsSync(folder)) rmSync(fresh, { recursive: true })
  else renameSync(fresh, folder)
  return join(folder, 'lib')
}
