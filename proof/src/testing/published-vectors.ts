// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Unpacks the published vectors into a temporary folder; null, with a loud warning, where the checkout has none beside it. */
export function unpackPublishedVectors(): { folder: string; remove: () => void } | null {
  const checkout = fileURLToPath(new URL('../../../', import.meta.url))
  const archive = join(process.env['HANDOVER_SHARED'] ?? resolve(checkout, '../shared'), 'vectors/vectors.tar.xz')
  if (!existsSync(archive)) {
    process.stderr.write(`PUBLISHED VECTORS NOT FOUND at ${archive}: their tests are SKIPPED. Set HANDOVER_SHARED to the folder that holds vectors/.\n`)
    return null
  }
  const folder = mkdtempSync(join(tmpdir(), 'handover-vectors-'))
  execFileSync('tar', ['-xJf', archive, '-C', folder])
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** All files below a folder, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
