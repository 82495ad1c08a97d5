// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject, parseJsonStrict } from '@handover/proof'
import { repository } from './demo-run.ts'

/** A verifier that was carried away: `proof/` as it is published and its own dependencies, nothing else of ours. */
export interface CarriedVerifier {
  folder: string
  /** Whether its processes have no network at all; false where the machine forbids namespaces. */
  isOffline: boolean
  verify(...argv: string[]): { exit: number | null; stdout: string; stderr: string }
}

/** Copies what `npm install` of the verifier would bring to an empty folder and runs it from there, without network where that can be had. */
export function carryVerifier(folder: string): CarriedVerifier {
  const proof = join(folder, 'node_modules', '@handover', 'proof')
  mkdirSync(proof, { recursive: true })
  for (const part of ['bin', 'dist', 'package.json']) cpSync(join(repository, 'proof', part), join(proof, part), { recursive: true })
  for (const name of dependenciesOf(join(repository, 'proof'))) copyPackage(name, folder)
  const isOffline = spawnSync('unshare', ['-rn', 'true']).status === 0
  const command = join(proof, 'bin', 'handover-verify.mjs')
  return {
    folder,
    isOffline,
    verify: (...argv) => {
      const node = [process.execPath, command, ...argv]
      const [program = '', ...rest] = isOffline ? ['unshare', '-rn', ...node] : node
      const { status, stdout, stderr } = spawnSync(program, rest, { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } })
      return { exit: status, stdout, stderr }
    },
  }
}

function copyPackage(name: string, folder: string): void {
  const target = join(folder, 'node_modules', name)
  if (existsSync(target)) return
  cpSync(join(repository, 'node_modules', name), target, { recursive: true, dereference: true })
  for (const next of dependenciesOf(target)) copyPackage(next, folder)
}

function dependenciesOf(folder: string): string[] {
  const manifest = parseJsonStrict(readFileSync(join(folder, 'package.json'), 'utf8'))
  const needed = isJsonObject(manifest) ? manifest['dependencies'] : undefined
  return isJsonObject(needed) ? Object.keys(needed) : []
}
