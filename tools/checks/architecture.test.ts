// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { steps } from '../../app/src/lifecycle/steps.ts'
import { importFindings } from './import-rules.ts'
import { takeApart } from './source-file.ts'

const root = join(import.meta.dirname, '../..')
const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')

/** The cells of a Markdown table whose head line begins with this cell. */
function tableUnder(text: string, head: string): string[][] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`))
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'))
  return start < 0 ? [] : lines.slice(start + 2, end).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
}

function words(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].flatMap((match) => match[1] ?? [])
}

/** Whether a file of the one room may import the door of the other. */
function isAllowed(from: string, to: string): boolean {
  const folder = (room: string): string => (room === 'proof' ? 'proof/src' : `app/src/${room}`)
  const file = from.endsWith('.ts') ? `app/src/${from}` : `${folder(from)}/x.ts`
  const up = '../'.repeat(file.split('/').length - 1)
  const target = to.endsWith('.ts') ? `app/src/${to}` : `${folder(to)}/index.ts`
  const text = to === 'proof' && from !== 'proof' ? `import { x } from '@handover/proof'` : `import { x } from '${up}${target}'`
  return importFindings([takeApart(file, text)], steps.map(({ step }) => step)).length === 0
}

describe('the tables of ARCHITECTURE.md', () => {
  it('name the steps of steps.ts in their order, and a room where there is one', () => {
    const rows = tableUnder(architecture, '#')
    expect(rows.map(([, step, zh, en]) => [words(step)[0], zh, en])).toEqual(steps.map(({ step, zh, en }) => [step, zh, en]))
    expect(rows.map(([number]) => Number(number))).toEqual(steps.map((_, at) => at + 1))
    for (const [, step, , , room] of rows) {
      const isBuilt = existsSync(join(root, 'app/src/lifecycle', words(step)[0] ?? '', 'index.ts'))
      expect(room === 'not built', `${words(step)[0]} is ${isBuilt ? '' : 'not '}built`).toBe(!isBuilt)
    }
  })

  it('say who may import whom as the check has it', () => {
    const rows = tableUnder(architecture, 'room').map(([rooms, may]) => ({ rooms: rooms === 'a step' ? ['lifecycle/notify'] : words(rooms), may }))
    const known = [...new Set(rows.flatMap(({ rooms }) => rooms))]
    expect(known.length).toBeGreaterThan(12)
    const built = (folder: string): string[] => readdirSync(join(root, 'app/src', folder), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)
    const rooms = [...built('').filter((name) => name !== 'lifecycle' && name !== 'stewardship'), ...built('stewardship').map((name) => `stewardship/${name}`)]
    expect(rooms.filter((room) => !known.includes(room)), 'rooms without a row').toEqual([])
    const others = ['kit', 'law', 'store', 'sources', 'detection', 'ledger', 'vault', 'proof', 'matter', 'witness', 'home.ts', 'context.ts', 'stewardship/access', 'lifecycle/discover', 'lifecycle/destroy']
    for (const { rooms, may } of rows) {
      const named = may === 'everything' ? others : [...words(may), ...(may?.includes('earlier steps') === true ? ['lifecycle/discover'] : [])]
      for (const from of rooms) {
        const allowed = others.filter((to) => to !== from && isAllowed(from, to))
        expect(allowed.toSorted(), `${from} may import`).toEqual(named.filter((to) => to !== from).toSorted())
      }
    }
  })
})

describe('our papers', () => {
  const pages = ['.', 'docs', 'docs/decisions', 'docs/how-to', 'docs/laws'].flatMap((folder) =>
    readdirSync(join(root, folder)).filter((name) => name.endsWith('.md')).map((name) => join(folder, name)))

  it.each(pages)('%s links and names only files that exist', (page) => {
    const text = readFileSync(join(root, page), 'utf8')
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map((match) => join(dirname(page), match[1] ?? ''))
    const named = [...text.matchAll(/`((?:app|proof|tools|law|docs|stories)\/[\w./-]+\.(?:ts|mjs|json|md|sql))`/g)].flatMap((match) => match[1] ?? [])
    expect([...links, ...named].filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('name functions that the files beside them have', () => {
    const wrong = [...architecture.matchAll(/`(\w+)` \(`((?:app|proof)\/[\w./-]+\.ts)`\)/g)].filter(([, name, path]) => !new RegExp(`\\b${name}\\b`).test(readFileSync(join(root, path ?? ''), 'utf8')))
    expect(wrong.map(([text]) => text)).toEqual([])
    const code = ['app/src', 'proof/src'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).map((name) => readFileSync(join(root, folder, name), 'utf8'))).join('\n')
    const journey = architecture.slice(architecture.indexOf('## One phone number'))
    const functions = words(journey).flatMap((word) => (/^(?:vault\.)?([a-z]+[A-Z]\w*)$/.exec(word)?.[1] ?? []))
    expect(functions.length).toBeGreaterThan(30)
    expect(functions.filter((name) => !new RegExp(`(function\\*?|readonly|async|export const|^\\s*) ?\\b${name}\\b\\s*[(:<]`, 'm').test(code))).toEqual([])
  })
})
