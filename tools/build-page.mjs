// SPDX-License-Identifier: Apache-2.0
// Bundles the verifier into one HTML file (CONTRACTS §12): the same modules as handover-verify, with browsers' counterparts of node:crypto and Buffer. Called by setup.mjs.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const page = join(root, 'proof', 'page')
const target = join(root, 'proof', 'dist', 'verify.html')

const counterparts = {
  name: 'counterparts',
  resolveId(source) {
    if (source === 'node:crypto') return join(page, 'node-crypto.ts')
    if (source.endsWith('/verify-package.ts')) return join(page, 'no-packages.ts')
    // Anything else of Node would not run there, so it must not be bundled by oversight.
    if (source.startsWith('node:')) throw new Error(`the page must not use ${source}`)
    return null
  },
}
const build = await rolldown({ input: join(page, 'page.ts'), plugins: [counterparts], platform: 'browser', logLevel: 'warn' })
const { output } = await build.generate({ format: 'iife', minify: true, sourcemap: false })
await build.close()

const script = output[0].code.replaceAll('</script', '<\\/script').trim()
const style = readFileSync(join(page, 'page.css'), 'utf8').trim()
const parts = { SCRIPT_HASH: digestOf(script), STYLE_HASH: digestOf(style), STYLE: style, SCRIPT: script }
// With functions, so that a dollar sign in the code stays one.
const html = Object.entries(parts).reduce((text, [name, value]) => text.replace(`{{${name}}}`, () => value), readFileSync(join(page, 'page.html'), 'utf8'))
mkdirSync(dirname(target), { recursive: true })
writeFileSync(`${target}.new`, html)
renameSync(`${target}.new`, target)

function digestOf(text) {
  return createHash('sha256').update(text).digest('base64')
}
