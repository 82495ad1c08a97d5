// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

const folder = mkdtempSync(join(tmpdir(), 'handover-words-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const program = fileURLToPath(new URL('../../bin/handover.mjs', import.meta.url))

/** Every command in one process: its answer by its place. */
const answered = z.object({ exit: z.int(), messages: z.array(z.string()), document: z.unknown() })
function run(lines: readonly (readonly string[])[]): z.infer<typeof answered>[] {
  const { stdout } = spawnSync(process.execPath, [program, 'shell', '--home', join(folder, 'none')], { encoding: 'utf8', input: lines.map((argv) => `${JSON.stringify({ argv })}\n`).join('') })
  return stdout.trim().split('\n').map((line) => answered.parse(JSON.parse(line)))
}

describe('words that name people', () => {
  const onCommandLine: readonly (readonly string[])[] = [
    ['impact', 'answer', 'R07', '--text', '驻场检查', '--owner', '@x', '--key', 'k'],
    ['impact', 'answer', 'R07', '--owner', '赵试甲', '--key', 'k'],
    ['audit', 'finding', 'AU07', '--result', 'conforms', '--text', '赵试甲未收到', '--key', 'k'],
    ['audit', 'finding', 'AU07', '--result', 'conforms', '--fix', '由赵试甲补发', '--key', 'k'],
    ['counsel', 'add', 'f', '--conclusion', 'supports', '--given', '2026-11-10', '--firm', '某某律师事务所', '--key', 'k'],
    ['counsel', 'add', 'f', '--conclusion', 'supports', '--given', '2026-11-10', '--note', '赵律师口头补充', '--key', 'k'],
    ['authority', 'add', 'in', '--authority', 'cac-city', '--subject', 'audit-order', '--dated', '2026-11-02', '--note', '经办人赵试甲', '--key', 'k'],
    ['authority', 'reply', 'ltr_1', '--dated', '2026-11-02', '--note', '经办人赵试甲', '--key', 'k'],
    ['user', 'add', '赵试甲', '--role', 'legal', '--vkey', 'v'],
    ['user', 'add', '--name', '赵试甲', '--role', 'legal', '--key-out', 'k'],
    ['choice', 'decide', 'refuse', '--choice', 'delete', '--all', '--reason', '赵试甲没有证明'],
    ['halt', 'clear', '--reason', '赵试甲恢复了备份', '--key', 'k'],
  ]

  test('are refused on every command line, with the way to give them, and never repeated', () => {
    const answers = run(onCommandLine)
    expect(answers).toHaveLength(onCommandLine.length)
    for (const [at, { exit, messages, document }] of answers.entries()) {
      expect([onCommandLine[at]?.join(' '), exit, JSON.stringify(document).includes('WORDS_ON_COMMAND_LINE')]).toEqual([onCommandLine[at]?.join(' '), 2, true])
      expect(messages.join()).toContain('@')
      expect(`${messages.join()}${JSON.stringify(document)}`).not.toMatch(/赵试甲|赵律师|某某律师|驻场/)
    }
  })

  test('are read from a file; standard input that carries the commands is not', () => {
    const file = join(folder, '措施.txt')
    writeFileSync(file, '驻场检查\n')
    const [fromFile, fromInput] = run([`@${file}`, '@-'].map((words) => ['audit', 'finding', 'AU07', '--result', 'conforms', '--text', words, '--key', 'k']))
    expect(JSON.stringify(fromFile?.document)).toContain('NO_HOME') // the words were taken; the home is what lacks
    expect(JSON.stringify(fromInput?.document)).toContain('WRONG_ARGUMENT')
    const people = [['user', 'add', '--name', `@${file}`], ['user', 'add', '--name', '@-'], ['user', 'add'], ['user', 'add', '--request']].map((words) => [...words, '--role', 'legal', '--vkey', 'v'])
    expect(run(people).map(({ document }) => /"code":"(\w+)"/.exec(JSON.stringify(document))?.[1])).toEqual(['NO_HOME', 'WRONG_ARGUMENT', 'MISSING_ARGUMENT', 'NO_HOME'])
  })
})
