// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isJsonObject, parseJsonStrict } from '@handover/proof'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clearAway, repository, storyEnvironment, tell } from './demo-run.ts'

const readmes = ['README.md', 'README.zh-CN.md']
const folder = mkdtempSync(join(tmpdir(), 'handover-story-readme-'))
const hasRun = new Set<string>()
/** What CI runs itself; here it is only checked that these words mean what the papers say. */
const ranByCi = /^npm (test|ci|run (build|check|unit|stories))$/

beforeAll(layOut)
afterAll(() => clearAway(folder))

describe.each(readmes)('every command of %s', (readme) => {
  const commands = commandsOf(readFileSync(join(repository, readme), 'utf8'))

  test('runs as printed, in order, on a machine that has nothing of ours yet', async () => {
    const skipped = commands.filter(({ reason }) => reason !== null)
    expect(commands.filter(({ line }) => /\bhandover\b/.test(line)).length, 'the README shows commands').toBeGreaterThan(2)
    expect(skipped.length, 'next to nothing is left out').toBeLessThanOrEqual(4)
    const seconds: string[] = []
    for (const { line, reason } of commands) {
      if (reason !== null || ranByCi.test(line)) continue
      if (hasRun.has(line)) { // printed in the other language too
        seconds.push(`ran before: ${line}`)
        continue
      }
      hasRun.add(line)
      const ended = await shell(line)
      // 3 is an answer too: fits together, but something was not read or nobody vouches; the README shows such commands as well.
      expect([0, 3], `${readme}: ${line}\nexit ${ended.exit}\n${ended.said.slice(-2000)}`).toContain(ended.exit)
      seconds.push(`${ended.seconds.toFixed(1)} s (${ended.exit}) ${line}`)
    }
    tell([readme, ...seconds, ...skipped.map(({ line, reason }) => `not run: ${line} (${reason})`)].join('\n  '))
  }, 600_000)

  test('npm start and npm test are the commands that the papers name', () => {
    const manifest = parseJsonStrict(readFileSync(join(repository, 'package.json'), 'utf8'))
    const scripts = isJsonObject(manifest) && isJsonObject(manifest['scripts']) ? manifest['scripts'] : {}
    for (const { line } of commands) {
      const script = /^npm (?:run )?(start|test|build|check|unit|stories)$/.exec(line)?.[1]
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script)
    }
    expect(scripts['start']).toBe('node tools/setup.mjs -- app/bin/handover.mjs demo')
    expect(scripts['test']).toBe('node tools/setup.mjs -- tools/ci.ts')
    expect(readFileSync(join(repository, '.ci', 'run'), 'utf8')).toContain('npm test')
  })
})

/** A command of a README; the reason is why it is not run here. */
interface Command {
  line: string
  reason: string | null
}

/** The command lines of the fenced `sh` blocks; a comment `# not run by the test: why` holds for the line below it. */
function commandsOf(markdown: string): Command[] {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].map((match) => match[1] ?? '')
  return blocks.flatMap((block) => {
    let reason: string | null = null
    return block.replaceAll(/\\\n\s*/g, ' ').split('\n').flatMap((text): Command[] => {
      const said = /# not run by the test: (.+)$/.exec(text)?.[1]
      const line = text.replace(/(^|\s)#.*$/, '').trim()
      const command = line === '' ? [] : [{ line, reason: said ?? reason }]
      reason = line === '' ? (said ?? reason) : null
      return command
    })
  })
}

/** A folder that looks like the repository's root but keeps what the commands write. */
function layOut(): void {
  mkdirSync(join(folder, 'tmp'), { recursive: true })
  for (const name of readdirSync(repository)) if (!name.startsWith('.handover') && name !== '.git') symlinkSync(join(repository, name), join(folder, name))
}

async function shell(line: string): Promise<{ exit: number | null; said: string; seconds: number }> {
  const started = Date.now()
  // The machine's /tmp may hold the reader's own run of the same command.
  const child = spawn('bash', ['-c', line.replaceAll('/tmp/', join(folder, 'tmp/'))], { cwd: folder, env: { ...storyEnvironment(folder), HANDOVER_HOME: join(folder, 'home') }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exit) => resolve({ exit, said, seconds: (Date.now() - started) / 1000 }))
  })
}
