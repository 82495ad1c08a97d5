// SPDX-License-Identifier: Apache-2.0
import module from 'node:module'
import { join } from 'node:path'
import type { scanSources } from '../app/src/lifecycle/discover/index.ts'

/** The scan as `handover` loads it: with the compiled form of our programs that bin/handover.mjs keeps, so that memory is that of the command and not of a compiler beside it. */
export async function loadScan(): Promise<typeof scanSources> {
  module.enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'handover-compiled'))
  return (await import('../app/src/lifecycle/discover/index.ts')).scanSources
}
