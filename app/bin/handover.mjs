#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// The command runs on Node 24. An older `node` that starts it hands over to the one that npm installed (STACK.md, runtime).
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(realpathSync(fileURLToPath(import.meta.url)))

keepCompiledCode()
if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import('../src/cli/main.ts')
} else {
  const node = pinnedNodeAbove(here)
  if (node === null) {
    process.stderr.write(`✗ 需要 Node 24,本机是 ${process.versions.node}。在仓库根目录运行 npm run build 装好内置的 Node,或安装 Node 24 以上。\n`)
    process.stderr.write(`  Node 24 is needed, this is ${process.versions.node}. Run npm run build in the repository to install the bundled one, or install Node 24 or later.\n`)
    process.exit(78)
  }
  runOn(node)
}

function pinnedNodeAbove(folder) {
  const node = join(folder, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(node)) return node
  return dirname(folder) === folder ? null : pinnedNodeAbove(dirname(folder))
}

/** Compiled code is kept beside our own (as `sources/compiled-code.ts` says of workers), which halves the start of every command; where nobody can write, nothing is kept. */
function keepCompiledCode() {
  process.env.NODE_COMPILE_CACHE ??= join(here, '..', 'node_modules', '.cache', 'handover-compiled')
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE)
}

/** A terminal's Ctrl-C reaches both processes by itself; a signal sent to this one alone is passed on. */
function runOn(node) {
  const child = spawn(node, [join(here, 'handover.mjs'), ...process.argv.slice(2)], { stdio: 'inherit' })
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
