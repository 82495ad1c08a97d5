// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'

/** Beside our own code: who can write there can write the code itself. Where nobody can, Node goes on without it. */
const folder = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'handover-compiled')

/** The environment of a worker: the parent's, and where Node keeps the compiled form of our own programs (`NODE_COMPILE_CACHE` of its manual). Without it, a worker strips and compiles two hundred files before its first word. */
export function workerEnvironment(): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: folder, ...process.env }
}
