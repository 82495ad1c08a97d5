// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
/** A `node` outside the repository, as a user's shell finds it; on many machines it is older than ours. */
const ownNode = spawnSync('sh', ['-c', 'command -v node'], { encoding: 'utf8', env: { PATH: '/usr/local/bin:/usr/bin:/bin' } }).stdout.trim()
const versions = ownNode === '' ? '' : spawnSync(ownNode, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout

function runOld(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(ownNode, args, { cwd: root, encoding: 'utf8', env: { ...process.env, PATH: '/usr/local/bin:/usr/bin:/bin', npm_node_execpath: '', npm_execpath: '' } })
}

describe.runIf(ownNode !== '')(`set-up started by the machine's own Node (${versions.trim()})`, () => {
  it('says nothing and does nothing when all is in place', () => {
    expect(runOld('tools/setup.mjs')).toMatchObject({ status: 0, stdout: '', stderr: '' })
  })

  it('runs what follows on Node 24 or later, with its exit code', () => {
    const { status, stdout } = runOld('tools/setup.mjs', '--', '-e', 'console.log(process.versions.node); process.exit(65)')
    expect(Number(stdout.split('.')[0])).toBeGreaterThanOrEqual(24)
    expect(status).toBe(65)
  })

  it('finds the programs of the repository first', () => {
    expect(runOld('tools/setup.mjs', '--', '-p', 'process.env.PATH').stdout).toMatch(/^[^:]*\/node_modules\/\.bin:/)
  })
})
