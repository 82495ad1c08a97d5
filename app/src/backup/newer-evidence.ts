// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { writeDurable } from '../ledger/index.ts'

/**
 * Takes from a newer `objects` folder what came after a backup: longer tombstone lists and newer notes of them, log tiles, policies and checkpoints that are not there yet. Log files that are there stay; whoever opens the
 * log compares all of them with the witnesses and halts when they differ (CONTRACTS §6).
 */
export function takeNewerEvidence(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true, recursive: true })) {
    const name = relative(from, join(entry.parentPath, entry.name))
    if (!entry.isFile() || !/^(log|policy|tombstones)[/\\]/.test(name) || name.endsWith('.new')) continue
    if (isNewer(join(from, name), join(to, name))) take(join(from, name), join(to, name))
  }
}

function take(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  if (statSync(source).size < 16 * 1024 * 1024) writeDurable(target, readFileSync(source), 0o600)
  else copyFileSync(source, target)
}

function isNewer(source: string, target: string): boolean {
  if (!existsSync(target)) return true
  if (source.endsWith('.bin')) return statSync(source).size > statSync(target).size
  if (source.endsWith('.note') || /[/\\]checkpoint$/.test(source)) return sizeSaid(source) > sizeSaid(target)
  return false
}

/** The third line of a tombstone note and the second of a checkpoint say how large the log was. */
function sizeSaid(file: string): number {
  const lines = readFileSync(file, 'utf8').split('\n')
  return Number(lines[file.endsWith('.note') ? 2 : 1] ?? 0)
}
