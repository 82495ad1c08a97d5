// SPDX-License-Identifier: Apache-2.0
// Needs UCI Adult (HANDOVER_SHARED); the yardstick needs Python 3 and PyPI, or nothing is compared.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { Classes, columnCosts, sizeMetrics, writtenSizes, type CodedTable } from '../app/src/anonymise/index.ts'
import { adultColumns, adultFiles, adultRows, adultTable, measureDivision } from '../tools/anonymity-sample.ts'
import type { Benchmark } from './harness.ts'

const k = 5
const adultSize = 30_162
const answer = z.object({ seconds: z.number(), classes: z.array(z.int()) })
const tableOf = (folder: string): string => join(folder, 'adult.csv')

/** The division of Adult into 5-anonymous classes by eight quasi-identifiers (DETECTION §6: ≤ 1 s; a million rows ≤ 60 s), beside the Mondrian of AnonyPyx; reading and writing are not in the time of either. */
export const benchmark: Benchmark = {
  name: 'anonymise',
  row: 'k-anonymous classes (UCI Adult, 8 quasi-identifiers, k = 5)',
  compare: 'rate',
  target: null,
  targetRate: adultSize,
  unit: 'rows',
  sizes: [adultSize, 250_000, 1_000_000],
  async prepare(size, folder) {
    if (adultFiles() === null) throw new Error('UCI Adult is not there: set HANDOVER_SHARED to the folder that holds data/anonymise')
    if (size > adultSize || existsSync(tableOf(folder))) return
    writeFileSync(tableOf(folder), `${['ID', ...adultColumns, 'salary-class'].join(';')}\n${[...adultRows(size)].map((cells) => `${cells.join(';')}\n`).join('')}`)
  },
  async ours(size) {
    const table = adultTable(size)
    const before = process.memoryUsage()
    const { seconds, least, ...figures } = measureDivision(table, k)
    const after = process.memoryUsage()
    if (least < k) throw new Error(`k is ${least}`)
    return { seconds, units: size, notes: { ...figures, ...(size > adultSize ? { 'bytes a row beside the codes (growth of resident memory)': Math.round((after.rss - before.rss) / size) } : {}) } } // what a small table takes is the program's own
  },
  yardsticks: [
    {
      name: 'Mondrian of AnonyPyx',
      async run(size, folder) {
        const python = size > adultSize ? null : pythonWith('anonypyx') // an hour and more for larger tables
        if (python === null) return null
        const out = join(folder, 'classes.json')
        execFileSync(python, [join(import.meta.dirname, 'peers/anonypyx-mondrian.py'), tableOf(folder), adultColumns.join(','), String(k), out], { stdio: ['ignore', 'ignore', 'inherit'] })
        const { seconds, classes } = answer.parse(JSON.parse(readFileSync(out, 'utf8')))
        rmSync(out)
        return { seconds, units: size, notes: lossOf(adultTable(size), classes) }
      },
    },
  ],
}

/** What a division by others costs by our measures. */
function lossOf(table: CodedTable, classOfRow: readonly number[]): Record<string, number> {
  const classes = new Classes(table, 16)
  const numbers = new Map<number, number>()
  for (const [row, one] of classOfRow.entries()) {
    const known = numbers.get(one)
    if (known === undefined) numbers.set(one, classes.open(row))
    else classes.add(known, row)
  }
  return { ncp: columnCosts(classes).reduce((sum, cost) => sum + cost, 0) / table.hierarchies.length, ...sizeMetrics(writtenSizes(classes), k) }
}

/** A Python with that package, in an environment of its own below the folder for temporary files; null where it cannot be had. */
function pythonWith(name: string): string | null {
  const home = join(tmpdir(), 'handover-bench-python')
  const python = join(home, 'bin/python')
  try {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', home], { stdio: 'ignore' })
    execFileSync(python, ['-c', `import ${name}`], { stdio: 'ignore' })
    return python
  } catch {
    return installed(python, name)
  }
}

function installed(python: string, name: string): string | null {
  try {
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', name], { stdio: 'ignore', timeout: 300_000 })
    return python
  } catch {
    return null // no Python, no network
  }
}
