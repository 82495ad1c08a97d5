// SPDX-License-Identifier: Apache-2.0
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ProofError } from '@handover/proof'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { homeFailures } from '../home.ts'
import { explainFailure, failureCodes, whyRefused } from '../kit/failure.ts'
import { explainObstacle, lawMark, obstacle, obstacleTable, Refused, spellObstacle, type ObstacleCode } from '../law/index.ts'
import { cliFailures } from './cli-failures.ts'
import { generalWords } from './general-words.ts'
import type { Command } from './command.ts'
import { commandNames, isBuilt, isCommandName, loadBuiltCommands, loadCommand } from './commands.ts'
import { describeFailure } from './describe-failure.ts'
import { nearestWord } from './nearest-word.rules.ts'
import { createOutput } from './output.ts'
import { globalOptions, parseCall, refusePasswords, splitCommand } from './parse-arguments.ts'

const command: Command = {
  name: 'try', summary: { zh: '试', en: 'try' }, usage: 'handover try', example: 'handover try',
  options: { output: { type: 'string', short: 'o', doc: { zh: '', en: '' } }, set: { type: 'string', multiple: true, doc: { zh: '', en: '' } }, all: { type: 'boolean', doc: { zh: '', en: '' } } },
  run: async () => 0,
}
const src = fileURLToPath(new URL('..', import.meta.url))
const obstacleCodes = Object.keys(obstacleTable).filter((code): code is ObstacleCode => Object.hasOwn(obstacleTable, code))
const codeOf = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

describe('the table of commands', () => {
  test('every command file stands in the table under its own name, with an example and both languages', async () => {
    const files = readdirSync(new URL('./commands/', import.meta.url)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).map((file) => file.replace(/\.ts$/, ''))
    const built = commandNames.filter(isBuilt).map((name) => name.replaceAll(' ', '-'))
    expect(files.toSorted()).toEqual(built.toSorted())
    for (const each of await loadBuiltCommands()) {
      expect(each.example, each.name).toContain('handover ')
      expect(each.usage, each.name).toContain(`handover ${each.name}`)
      for (const { doc } of [{ doc: each.summary }, ...Object.values(each.options)]) expect(doc.zh !== '' && doc.en !== '', each.name).toBe(true)
    }
  })

  test('no command takes a flag or letter that all commands have', async () => {
    const letters = Object.values(globalOptions).flatMap((option) => ('short' in option ? [option.short] : []))
    for (const each of await loadBuiltCommands()) {
      for (const [name, option] of Object.entries(each.options)) {
        expect(Object.keys(globalOptions), `${each.name} --${name}`).not.toContain(name)
        if (option.short !== undefined) expect(letters, `${each.name} -${option.short}`).not.toContain(option.short)
      }
    }
  })

  test('an unknown word is refused with what was probably meant', async () => {
    await expect(loadCommand(['inti'])).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND', facts: { guess: ' (init?)' } })
    await expect(loadCommand(['fact'])).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' })
    expect(nearestWord('recieve', ['receive', 'reconcile', 'receipt'])).toBe('receive')
    expect(nearestWord('xyzzy', ['receive', 'pack'])).toBeUndefined()
  })
})

describe('arguments', () => {
  test('the command is found behind flags of all commands and takes one or two words', () => {
    expect(splitCommand(['--home', 'scan', 'fact', 'add', 'x'], isCommandName)).toEqual({ words: ['fact', 'add'], rest: ['--home', 'scan', 'x'] })
    expect(splitCommand(['-m', 'M1', '--json', 'scan', 'add'], isCommandName)).toEqual({ words: ['scan'], rest: ['-m', 'M1', '--json', 'add'] })
    expect(splitCommand(['--help'], isCommandName)).toEqual({ words: [], rest: ['--help'] })
  })

  test('flags, letters and repeats are read, and what stands behind -- is left alone', () => {
    expect(parseCall(command, ['a', '-o', 'f', '--set', 'x=1', '--set', 'y=2', '--all', '--', '--not-a-flag'])).toEqual({ positionals: ['a', '--not-a-flag'], flags: { output: 'f', set: ['x=1', 'y=2'], all: true } })
  })

  test('unknown and misused flags are refused, and what was given as a value is not repeated', () => {
    for (const wrong of [['--al'], ['-o'], ['--all=secret-value'], ['--output']]) expect(codeOf(() => parseCall(command, wrong)), wrong.join()).toBe('WRONG_OPTION')
    try {
      parseCall(command, ['--unknown=110101199003070000'])
    } catch (error) {
      expect(describeFailure(error, 'zh').human.join()).not.toContain('110101')
    }
  })

  test('a connection string with a password is refused wherever it stands', () => {
    for (const word of ['postgres://u:p@h/d', '--into=mysql://u:p@h', 'postgresql://:p@h']) expect(codeOf(() => refusePasswords(['receive', word])), word).toBe('PASSWORD_ON_COMMAND_LINE')
    for (const word of ['postgres://u@h/d', 'a:b@c', 'https://h/p:q@r']) expect(codeOf(() => refusePasswords([word])), word).toBeUndefined()
  })
})

describe('what is said when something goes wrong', () => {
  test('a failure says what, what to do and its code, in the language asked for', () => {
    const report = describeFailure(homeFailures.NO_HOME({ home: '/x' }), 'zh')
    expect(report).toMatchObject({ exit: 78, document: { error: { code: 'NO_HOME', exit: 78 } } })
    expect(report.human.join('\n')).toMatch(/✗ 没有找到本方数据目录 \/x[\s\S]*怎么办: [\s\S]*代码: NO_HOME/)
    expect(describeFailure(homeFailures.NO_HOME({ home: '/x' }), 'en').human[0]).toBe('✗ No home directory at /x')
  })

  test('a refusal prints every obstacle with its law and way out', () => {
    const report = describeFailure(new Refused([obstacle('AGE_UNKNOWN', { counts: { records: 3 } }), obstacle('VALUES_PENDING')], '移交'), 'zh')
    expect(report.exit).toBe(15)
    expect(report.document.error.obstacles).toMatchObject([{ code: 'AGE_UNKNOWN', counts: { records: 3 } }, { code: 'VALUES_PENDING' }])
    expect(report.human.join('\n')).toMatch(/AGE_UNKNOWN[\s\S]*办法[\s\S]*VALUES_PENDING/)
  })

  test('every obstacle of a refusal carries its mark, and says so where nobody read its law', () => {
    for (const code of obstacleCodes) {
      for (const lang of ['zh', 'en'] as const) {
        const found = spellObstacle(obstacle(code))
        const printed = describeFailure(new Refused([obstacle(code)], 'close'), lang).human.join('\n')
        expect(printed, code).toContain(lawMark(found, lang))
        expect(printed.includes(lang === 'zh' ? '未核实' : 'unverified'), `${code} ${found.conf}`).toBe(found.conf !== 'P' || /未核实|unverified/.test(found[lang] + found.remedy[lang]))
      }
    }
  })

  test('no door prints an obstacle without its mark: whoever spells one out has its law at hand', () => {
    const unmarked = globSync('{cli,lifecycle,stewardship,demo}/**/*.ts', { cwd: src }).filter((file) => {
      const text = readFileSync(join(src, file), 'utf8')
      return !file.endsWith('.test.ts') && /\bspellObstacle\(|SpelledObstacle\b/.test(text) && !/\blawMark\(/.test(text)
    })
    // These hand the whole obstacle on, with its mark; who prints it is looked at above.
    expect(unmarked.toSorted()).toEqual(['lifecycle/hand-over/check-export.ts', 'lifecycle/hand-over/explain-record.ts'])
  })

  test('what is explained of a code says in words what will stand in its blanks', async () => {
    await loadBuiltCommands()
    const tables = [...failureCodes().map((code) => ({ code, words: explainFailure(code) })), ...obstacleCodes.map((code) => ({ code, words: explainObstacle(code) }))]
    const raw = tables.flatMap(({ code, words }) => (words === undefined ? [code] : [generalWords(words), generalWords(words.remedy)].flatMap(({ zh, en }) => [zh, en]).flatMap((text) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => `${code} ${name}`))))
    expect(tables.length).toBeGreaterThan(600)
    expect([...new Set(raw)]).toEqual([])
  })

  test('why a value was refused is said in the language asked for, never in the library\'s English', () => {
    const refused = z.strictObject({ kind: z.enum(['a', 'b']), n: z.number().min(3), name: z.string().regex(/^x/) }).safeParse({ kind: 'c', n: 1, name: 1, more: 1 })
    const why = refused.success ? { zh: '', en: '' } : whyRefused(refused.error.issues)
    expect(why).toEqual({ zh: 'kind: 应为 a | b; n: 不足 3; name: 应为文字; 没有这样的项 more', en: 'kind: expected a | b; n: less than 3; name: expected text; there is no more' })
    const said = (lang: 'zh' | 'en') => describeFailure(cliFailures.WRONG_ARGUMENT({ what: '--column', why, command: 'advise' }), lang).human[0]
    expect([said('zh'), said('en')]).toEqual([expect.stringContaining('应为 a | b'), expect.stringContaining('expected a | b')])
  })

  test('a bug shows its place but never its message, which could quote a value', () => {
    const report = describeFailure(new TypeError('cannot read 张三 110101199003070000'), 'zh')
    expect(report).toMatchObject({ exit: 1, document: { error: { code: 'BUG' } } })
    expect(JSON.stringify(report)).not.toMatch(/张三|110101/)
    expect(report.human.join()).toContain('app/src/cli/command-line.test.ts:')
  })

  test('errors of the system and of the verifier have exit codes of their own, without paths', () => {
    const missing = Object.assign(new Error("ENOENT: no such file, open '/home/张三.csv'"), { code: 'ENOENT', syscall: 'open' })
    expect(describeFailure(missing, 'zh')).toMatchObject({ exit: 74, document: { error: { code: 'FILE_TROUBLE' } } })
    expect(JSON.stringify(describeFailure(missing, 'zh'))).not.toContain('张三')
    expect(describeFailure(Object.assign(new Error('x'), { code: 'ECONNREFUSED', syscall: 'connect' }), 'en').exit).toBe(69)
    expect(describeFailure(new ProofError('BAD_SIGNATURE', 'x'), 'en').exit).toBe(65)
  })
})

describe('output', () => {
  const collect = (json: boolean, quiet = false, isTty = false) => {
    const said = { out: '', err: '' }
    return { said, out: createOutput({ out: (text) => (said.out += text), err: (text) => (said.err += text), isTty }, { lang: 'zh', json, quiet }) }
  }

  test('with --json stdout is one document and messages are silent', () => {
    const { said, out } = collect(true)
    out.say('x')
    out.next('y')
    out.result({ n: 5n, big: 2n ** 60n }, 'human')
    expect(said).toEqual({ out: '{"n":5,"big":"1152921504606846976"}\n', err: '' })
  })

  test('progress is a JSON line with --json, a redrawn line on a terminal, nothing when quiet', () => {
    const step = { label: { zh: '读取', en: 'Reading' }, done: 5, total: 10, unit: { zh: '条', en: 'records' } }
    const json = collect(true)
    json.out.progress(step)
    expect(JSON.parse(json.said.err)).toMatchObject({ event: 'progress', label: '读取', done: 5, total: 10 })
    const tty = collect(false, false, true)
    tty.out.progress(step)
    expect(tty.said.err).toContain('50%')
    tty.out.result({}, 'done')
    expect(tty.said.err.endsWith('\r\u001b[2K')).toBe(true)
    const quiet = collect(false, true)
    quiet.out.progress(step)
    expect(quiet.said.err).toBe('')
  })
})
