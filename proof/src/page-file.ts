// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs'

/** The verifier as one HTML file (CONTRACTS §12), built beside this code; null in a build without it. */
export function verifierPage(): Uint8Array | null {
  const file = new URL('./verify.html', import.meta.url)
  return existsSync(file) ? readFileSync(file) : null
}
