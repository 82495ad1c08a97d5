// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../bin/handover.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'handover-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

const run = (...argv: string[]) => {
  const done = spawnSync(process.execPath, [program, ...argv], { encoding: 'utf8', cwd: folder })
  return { exit: done.status, out: done.stdout, err: done.stderr }
}

describe('the program', () => {
  test('prints help without a command, and its version', () => {
    expect(run()).toMatchObject({ exit: 0, err: '' })
    expect(run().out).toContain('立项与当事方')
    expect(run('--version').out).toMatch(/^handover \d/)
    expect(run('fact', 'add', '--help').out).toContain('handover fact add NAME')
  })

  test('refuses a wrong line with exit 2: words on stderr, or one JSON document on stdout', () => {
    expect(run('scann')).toMatchObject({ exit: 2, out: '' })
    const json = run('scann', '--json')
    expect(json).toMatchObject({ exit: 2, err: '' })
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'UNKNOWN_COMMAND' } })
    expect(run('--lang', 'en', 'scann').err).toContain('There is no command')
  })

  test('a slip in init leaves nothing behind', () => {
    const home = join(folder, 'slip')
    expect(run('init', '--home', home, '--role', 'transferor', '--company', '甲公司', '--credit-code', '91320500MA1AB00003', '--contact', '1').exit).toBe(2)
    expect(existsSync(home)).toBe(false)
    expect(run('matter', 'show', '--home', home).exit).toBe(78)
  })
})

describe('Ctrl-C', () => {
  test('once stops at the next safe place with exit 130 and the command to go on', async () => {
    const file = join(folder, 'many.csv')
    writeFileSync(file, `name,mobile\n${'测试,13800000000\n'.repeat(400_000)}`)
    const child = spawn(process.execPath, [program, 'scan', file, '--json'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    child.stdout.on('data', (text: Buffer) => (out += text.toString('utf8')))
    await once(child.stderr, 'data') // the first sign of progress
    child.kill('SIGINT')
    await once(child, 'close')
    expect(child.exitCode).toBe(130)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'PAUSED' } })
    expect(out).toContain(`handover scan ${file} --json`)
  })
})

describe('a program whose starter is gone', () => {
  const startWitness = async (name: string, ...more: string[]) => {
    const child = spawn(process.execPath, [program, 'witness', '--home', join(folder, name), '--name', `${name}.example`, ...more], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
    await once(createInterface({ input: child.stdout }), 'line')
    return child
  }

  test('stops when asked, although nobody reads its messages any more', async () => {
    const child = await startWitness('unheard')
    child.stderr.destroy()
    child.kill('SIGTERM')
    await once(child, 'exit', { signal: AbortSignal.timeout(15_000) }).finally(() => child.kill('SIGKILL'))
    expect(child.exitCode).toBe(0)
  }, 30_000)

  test('a witness with --until-eof ends with the program that started it', async () => {
    const child = await startWitness('attached', '--until-eof')
    child.stdin.destroy()
    await once(child, 'exit', { signal: AbortSignal.timeout(15_000) }).finally(() => child.kill('SIGKILL'))
    expect(child.exitCode).toBe(0)
  }, 30_000)
})

describe('the shell', () => {
  test('runs a whole opening in one process, answers each line, and stops cleanly when told to', async () => {
    const child = spawn(process.execPath, [program, 'shell', '--home', join(folder, 'home')], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const ask = async (...argv: string[]): Promise<unknown> => {
      child.stdin.write(`${JSON.stringify({ argv, id: argv[0] })}\n`)
      return JSON.parse(String((await answers.next()).value))
    }
    const clock = ['--clock', '2026-12-01T00:00:00Z']
    expect(await ask('init', '项目', '--type', 'asset-transfer', '--role', 'transferor', '--company', '甲公司', '--credit-code', '91320500MA1AB00002', '--contact', '400', '--code', 'S1', '--demo-seed', 's', ...clock)).toMatchObject({ id: 'init', exit: 0, document: { matter: { code: 'S1' } } })
    expect(await ask('init', '项目', '--type', 'asset-transfer', '--role', 'transferor', '--code', 'S1', ...clock)).toMatchObject({ exit: 0, document: { repeated: true } })
    expect(await ask('matter', 'show', ...clock)).toMatchObject({ exit: 0, document: { openedAt: '2026-12-01T00:00:00.000Z', legalTime: '2026-12-01T00:00:00.000Z', name: '项目' }, messages: [expect.stringContaining('法定时间')] })
    expect(await ask('nonsense')).toMatchObject({ exit: 2, document: { error: { code: 'UNKNOWN_COMMAND' } } })
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(child.exitCode).toBe(130)
    expect(run('doctor', '--home', join(folder, 'home'), '--json').exit).toBe(3) // the policy is still missing, everything else is well
  })
})
