// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { codeFindings } from './code-rules.ts'
import { decisionFindings } from './decisions.ts'
import { glossaryFindings } from './glossary.ts'
import { importFindings, stepOrder } from './import-rules.ts'
import { takeApart } from './source-file.ts'

const steps = ['discover', 'classify', 'notify', 'destroy']

function imports(path: string, text: string): string[] {
  return importFindings([takeApart(path, text)], steps).map((finding) => `${finding.line}: ${finding.why}`)
}

function code(path: string, text: string): string[] {
  return codeFindings([takeApart(path, text)]).map((finding) => `${finding.line}: ${finding.why}`)
}

describe('taking a source apart', () => {
  it('tells strings, templates, comments and regular expressions from code, and keeps line numbers', () => {
    const text = `const a = 'it\\'s // no comment' // but this is\nconst b = \`x \${f(\`y \${'}'} z\`)} 'q'\` /* two\nlines */ + c / 2 / d\nconst e = /['"/]/g.test("'") && await f()\n`
    const file = takeApart('app/src/kit/x.ts', text)
    expect(file.code).toHaveLength(5)
    expect(file.code[3]).toMatch(/^const e =\s+\.test\(\s+\) && await f\(\)$/)
    expect(file.code[2]).toMatch(/^ +\+ c \/ 2 \/ d$/)
    expect(file.comments.map((piece) => piece.line)).toEqual([1, 2])
    expect(file.strings.map((piece) => piece.line)).toEqual([1, 2, 4, 4])
  })

  it('finds imports of every form, also over several lines', () => {
    const text = `import a from './a.ts'\nimport {\n  type B,\n  c as d,\n} from '../law/b.ts'\nexport * from './e.ts'\nimport './f.ts'\nconst g = await import('./g.ts')\nconst h = from('./h.ts')\n`
    const found = takeApart('app/src/kit/x.ts', text).imports
    expect(found.map((entry) => [entry.line, entry.target])).toEqual([[1, 'app/src/kit/a.ts'], [5, 'app/src/law/b.ts'], [6, 'app/src/kit/e.ts'], [7, 'app/src/kit/f.ts'], [8, 'app/src/kit/g.ts']])
    expect(found[1]?.names).toEqual(['B', 'c', 'd'])
  })
})

describe('who may import whom', () => {
  it.each([
    ['app/src/kit/x.ts', `import { Day } from '../law/index.ts'`, /kit must not import law/],
    ['app/src/law/x.ts', `import { Database } from '../store/index.ts'`, /law must not import store/],
    ['app/src/ledger/x.ts', `import { vault } from '../vault/index.ts'`, /ledger must not import vault/],
    ['app/src/lifecycle/notify/x.ts', `import { destroy } from '../destroy/index.ts'`, /later step/],
    ['app/src/lifecycle/notify/x.ts', `import { scan } from '../discover/scan.ts'`, /index\.ts only/],
    ['app/src/lifecycle/notify/x.ts', `import { risk } from '../../stewardship/risks/index.ts'`, /must not import stewardship\/risks/],
    ['app/src/stewardship/access/x.ts', `import { scan } from '../../lifecycle/discover/index.ts'`, /must not import lifecycle/],
    ['app/src/stewardship/risks/x.ts', `import { matter } from '../../matter/index.ts'`, /must not import matter/],
    ['app/src/lifecycle/notify/send.ts', `import { route } from '../../http/index.ts'`, /must not import http/],
    ['app/src/cli/x.ts', `import { append } from '../ledger/append-event.ts'`, /index\.ts only/],
    ['proof/src/x.ts', `import { Day } from '../../app/src/kit/time.ts'`, /proof imports nothing of ours/],
    ['proof/src/x.test.ts', `import { Day } from '../../app/src/kit/time.ts'`, /proof imports nothing of ours/],
    ['app/src/sources/x.ts', `import { verify } from '@handover/proof'`, /sources must not import proof/],
  ])('%s may not: %s', (path, text, why) => {
    expect(imports(path, text)).toEqual([expect.stringMatching(why)])
  })

  it.each([
    ['app/src/lifecycle/destroy/x.ts', `import { sent } from '../notify/index.ts'\nimport { canonical } from '@handover/proof'\nimport { Day } from '../../kit/time.ts'\nimport { may } from '../../stewardship/access/index.ts'`],
    ['app/src/stewardship/access/x.ts', `import { matter } from '../../matter/index.ts'`],
    ['app/src/lifecycle/notify/notify.routes.ts', `import { route } from '../../http/index.ts'`],
    ['app/src/lifecycle/notify/notify.test.ts', `import { destroy } from '../destroy/destroy-data-set.ts'`],
    ['app/src/law/x.ts', `import table from '../../../law/rules.json' with { type: 'json' }`],
    ['app/src/open-context.ts', `import { openVault } from './vault/open-vault.ts'`],
  ])('%s may: %s', (path, text) => {
    expect(imports(path, text)).toEqual([])
  })

  it('takes the order of the journey from steps.ts', () => {
    expect(stepOrder(`export const steps = ['discover', 'notify', 'hand-over']`, ['hand-over', 'discover', 'later', 'notify'])).toEqual(['discover', 'notify', 'hand-over'])
  })
})

describe('rules of a line', () => {
  it.each([
    ['app/src/law/may.rules.ts', 'const now = new Date()', /time and surroundings/],
    ['app/src/law/may.rules.ts', 'const later = Date.now() + 1', /time and surroundings/],
    ['app/src/law/may.rules.ts', `const x = async () => 1`, /no await/],
    ['app/src/law/x.test.ts', `expect(performance.now() - started).toBeLessThan(9)`, /no seconds/],
    ['app/src/law/may.rules.ts', `import { readFileSync } from 'node:fs'`, /must not import node:fs/],
    ['app/src/law/may.rules.ts', 'const n = Math.random()', /no randomness/],
    ['app/src/matter/open.ts', "const q = `SELECT id\n  FROM matter`", /SQL stands only/],
    ['app/src/matter/open.ts', `const q = 'INSERT INTO matter VALUES (1)'`, /SQL stands only/],
    ['app/src/matter/open.ts', `const q = 'delete from matter'`, /SQL stands only/],
    ['app/src/ledger/x.ts', `import type { PersonalValue } from '../kit/personal-value.ts'`, /never see a PersonalValue/],
    ['app/src/vault/x.ts', `import type { PersonalValue } from '../kit/personal-value.ts'\nprocess.stderr.write('x')`, /logs or speaks/],
    ['app/src/kit/x.ts', `export function f(): void {}`, /f is exported and has no doc comment/],
    ['app/src/kit/x.ts', `/** One. */\nexport const one = 1\nexport const two = 2`, /two is exported/],
    ['app/src/kit/x.ts', ['// TO', 'DO later'].join(''), /issue number/],
  ])('%s: finds %s', (path, text, why) => {
    expect(code(path, text)).toEqual([expect.stringMatching(why)])
  })

  it.each([
    ['app/src/law/may.rules.ts', `// await the day\nconst day = new Date(text)\nconst word = 'Math.random'`],
    ['app/src/matter/matter.store.ts', `const q = 'SELECT id FROM matter'`],
    ['app/src/matter/open.ts', `const text = 'Select a matter from the list, then update it'`],
    ['app/src/kit/x.ts', `/** Sizes. */\nexport const sizes = ['s'] as const\nexport type Size = (typeof sizes)[number]`],
    ['app/src/kit/x.ts', ['// TO', 'DO #12 later'].join('')],
    ['app/src/kit/x.test.ts', `export const fixture = 1`],
  ])('%s: lets pass %s', (path, text) => {
    expect(code(path, text)).toEqual([])
  })
})

describe('patterns that run away', () => {
  it.each([[String.raw`const a = /^(?:left|\d+|_)+$/`, 1], [String.raw`const a = /(?:_?\d+)+$/`, 1], [String.raw`const a = /([a-z]+)*x/`, 1], [String.raw`const a = /^[a-z]+(?:\.[a-z]+)*$/`, 0], [String.raw`const a = /(?:left|\d|_)+$/`, 0], ['// (?:a|b+)+', 0]])('%s', (text, found) => {
    expect(code('app/src/kit/x.ts', text).filter((why) => why.includes('repeats a repetition'))).toHaveLength(found)
  })
})

describe('glossary', () => {
  const nouns = takeApart('app/src/law/nouns.ts', `/** 去向. */\nexport const dispositions = ['transferred', 'kept'] as const\n\nexport const accountCode = { transferred: 1 } as const\n`)
  const table = takeApart('app/src/law/obstacle-table.ts', `export const obstacleTable = {\n  NO_NDA: { law: 'a: b', remedy: { zh: 'x' } },\n  'open-case': { law: '—' },\n} as const\n`)
  const events = takeApart('app/src/ledger/events.ts', `export const eventLabels = {\n  MatterOpened: '立项', MatterClosed: '办结',\n} as const satisfies Record<EventType, string>\n`)

  it('names every code word without a row, and where it stands', () => {
    const found = glossaryFindings([nouns, table, events], '| `kept` | 保留 | — | … |\n| `MatterOpened` | 立项 |\n')
    expect(found.map((finding) => `${finding.file.split('/').at(-1)}:${finding.line} ${finding.why.split(' ')[0]}`)).toEqual([
      'nouns.ts:2 transferred', 'obstacle-table.ts:2 NO_NDA', 'obstacle-table.ts:3 open-case', 'events.ts:2 MatterClosed',
    ])
  })

  it('is content when each word has a row, also several in one cell', () => {
    expect(glossaryFindings([nouns, table, events], '| `kept`, `transferred` | x |\n| `NO_NDA` `open-case` `MatterOpened` `MatterClosed` | y |')).toEqual([])
  })
})

describe('decisions', () => {
  it('have no gap, carry their number and say their status', () => {
    const page = (name: string, text = `# ${name.slice(0, 4)} Something\nStatus: accepted, 2026-11\n`) => ({ name, text })
    const found = (...pages: { name: string; text: string }[]): string[] => decisionFindings(pages).map(({ file, line, why }) => `${file}:${line} ${why}`)
    expect(found(page('0002-b.md'), page('0001-a.md'))).toEqual([])
    expect(found(page('0001-a.md'), page('0003-c.md'))).toEqual(['docs/decisions/0003-c.md:1 decisions are numbered without gaps: 0002 is expected here'])
    expect(found(page('0001-a.md'), page('0001-b.md'))).toHaveLength(1)
    expect(found(page('0001-a.md', '# 0002 Other\n\nIt was decided.\n'))).toEqual(['docs/decisions/0001-a.md:1 the heading does not carry the number of the file', 'docs/decisions/0001-a.md:2 the line below the heading does not say the status'])
  })
})
