// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A replacement of a piece of source text; the text must be there, once. */
export interface SourceEdit {
  file: string
  find: string
  replace: string
}

/** Copies what runs of the program (sources, law data, the built proof package); dependencies are linked. A run over a copy does not see later edits of the tree. */
export function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const part of ['app', 'law', 'package.json', 'proof/package.json', 'proof/dist', 'proof/bin']) {
    cpSync(join(from, part), join(to, part), { recursive: true, filter: (path) => !path.includes('node_modules') })
  }
  const modules = join(to, 'node_modules')
  mkdirSync(join(modules, '@handover'), { recursive: true })
  for (const name of readdirSync(join(from, 'node_modules'))) if (name !== '@handover') symlinkSync(join(from, 'node_modules', name), join(modules, name))
  for (const name of ['app', 'proof']) symlinkSync(join(to, name), join(modules, '@handover', name))
}

/** Copies the program, unless an earlier run over the same folder did, and tells what it is a copy of: a commit, with `+` when something of the program or the harness was changed since. */
export function copyProgram(from: string, to: string): string {
  const note = `${to}.commit`
  if (existsSync(note)) return readFileSync(note, 'utf8').trim()
  const git = (...args: string[]): string => spawnSync('git', args, { cwd: from, encoding: 'utf8' }).stdout.trim()
  const exported = join(from, '.commit') // beside a tree that `git archive` wrote
  const commit = existsSync(exported) ? readFileSync(exported, 'utf8').trim() : `${git('rev-parse', '--short', 'HEAD') || 'no commit'}${git('status', '--porcelain', '--', 'app', 'proof', 'law', 'soak') === '' ? '' : '+'}`
  copyTree(from, to)
  writeFileSync(note, `${commit}\n`)
  return commit
}

/** Applies the edits; fails loudly when a text is not there exactly once, for then the code has changed and the planted bug with it. */
export function editTree(tree: string, edits: readonly SourceEdit[]): void {
  for (const { file, find, replace } of edits) {
    const path = join(tree, file)
    const text = readFileSync(path, 'utf8')
    const times = text.split(find).length - 1
    if (times !== 1) throw new Error(`planted bug: the text is there ${times} times in ${file}, not once:\n${find}`)
    writeFileSync(path, text.replace(find, () => replace))
  }
}
