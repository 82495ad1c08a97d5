// SPDX-License-Identifier: Apache-2.0
// `npm test`: everything that CI runs, in this order. The last line is `N passed, N failed`; the exit code follows it.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const reports = mkdtempSync(join(tmpdir(), 'handover-ci-'))

/** One step of CI: a program that passes or fails as a whole, or a run of tests that are counted one by one. */
interface Step {
  name: string
  program: string
  args: string[]
  isTestRun: boolean
}

const vitest = (name: string, project: string, ...paths: string[]): Step => ({
  name,
  program: join(root, 'node_modules', '.bin', 'vitest'),
  args: ['run', '--project', project, ...paths],
  isTestRun: true,
})

/** The one list of steps. */
const steps: Step[] = [
  { name: 'check: types, lint, rooms, sizes, glossary', program: process.execPath, args: [join(root, 'tools', 'check.ts')], isTestRun: false },
  vitest('proof: the verifier and its vectors', 'unit', 'proof/src'),
  vitest('unit: rules, rooms, tools', 'unit', 'app/src', 'tools'),
  vitest('browser: the page that verifies', 'browser'),
  // Whole matters wait for disks and servers of their own: one more than there are cores keeps these busy.
  vitest('stories: whole matters and the commands of the README', 'stories', '--maxWorkers=3'),
]

/** What a step counted. */
interface Tally {
  passed: number
  failed: number
  skipped: string[]
  /** What failed, with the first lines of why: printed at the very end, where the reader of a long log looks. */
  broken: string[]
}

/** Compiled code of the tools and of what the tests start is kept between processes (as the command itself does). */
const environment = { ...process.env, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(root, 'app', 'node_modules', '.cache', 'handover-compiled') }

const total: Tally = { passed: 0, failed: 0, skipped: [], broken: [] }
for (const step of steps) {
  console.log(`\n── ${step.name}`)
  const start = performance.now()
  const tally = await runStep(step)
  console.log(`── ${step.name}: ${((performance.now() - start) / 1000).toFixed(1)} s, ${tally.passed} passed, ${tally.failed} failed`)
  total.passed += tally.passed
  total.failed += tally.failed
  total.skipped.push(...tally.skipped)
  total.broken.push(...tally.broken)
}
rmSync(reports, { recursive: true, force: true })
if (total.skipped.length > 0) console.log(`\nNOT RUN on this machine (${total.skipped.length}):\n${total.skipped.map((name) => `  - ${name}`).join('\n')}`)
if (total.broken.length > 0) console.log(`\nFAILED (${total.broken.length}):\n${total.broken.map((text) => `  - ${text.replaceAll('\n', '\n    ')}`).join('\n')}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

async function runStep(step: Step): Promise<Tally> {
  const report = join(reports, `${steps.indexOf(step)}.json`)
  const reporting = step.isTestRun ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : []
  const code = await exitCode(step.program, [...step.args, ...reporting])
  const isGood = code === 0
  if (!step.isTestRun) return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: [], broken: isGood ? [] : [step.name] }
  const tally = readReport(report)
  // An error outside any test, or a file that could not be loaded, ends the run badly without a failed test.
  if (!isGood && tally.failed === 0) {
    tally.failed = 1
    tally.broken.push(`${step.name}: ended with ${code}, no single test failed (its output stands above)`)
  }
  return tally
}

async function exitCode(program: string, args: string[]): Promise<number> {
  const child = spawn(program, args, { cwd: root, env: environment, stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/** Counts the single tests of a run; a missing report counts nothing, and the exit code tells. */
function readReport(file: string): Tally {
  const tally: Tally = { passed: 0, failed: 0, skipped: [], broken: [] }
  for (const { status, name, why } of testsOf(file)) {
    if (status === 'passed') tally.passed++
    else if (status !== 'failed') tally.skipped.push(name)
    else {
      tally.failed++
      tally.broken.push(`${name}\n${why}`)
    }
  }
  return tally
}

function testsOf(file: string): { status: string; name: string; why: string }[] {
  let report: unknown
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return [] // the run ended before it wrote one
  }
  return listIn(report, 'testResults')
    .flatMap((result) => listIn(result, 'assertionResults').map((test) => ({ file: textIn(result, 'name'), test })))
    .map(({ file: path, test }) => ({
      status: textIn(test, 'status'),
      name: `${relative(root, path)}: ${textIn(test, 'fullName')}`,
      why: listIn(test, 'failureMessages').join('\n').split('\n').slice(0, 12).join('\n'),
    }))
}

function listIn(value: unknown, key: string): unknown[] {
  const found: unknown = typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined
  return Array.isArray(found) ? found : []
}

function textIn(value: unknown, key: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined
  return typeof found === 'string' ? found : ''
}
