// SPDX-License-Identifier: Apache-2.0
// `npm run check`: types, lint, and the rules of STYLE.md that a machine can check. Prints file:line and the reason.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeFindings } from './checks/code-rules.ts'
import { decisionFindings } from './checks/decisions.ts'
import { glossaryFindings } from './checks/glossary.ts'
import { importFindings, stepOrder } from './checks/import-rules.ts'
import { readSources, type Finding } from './checks/source-file.ts'

const root = join(import.meta.dirname, '..')
const bin = (name: string): string => join(root, 'node_modules', '.bin', name)

/** One part of the check: its name and what it found wrong, as lines to print. */
interface Part {
  name: string
  run(): Promise<string[]>
}

const parts: Part[] = [
  { name: 'types of app', run: () => program(bin('tsc'), ['-p', 'app/tsconfig.json', '--noEmit']) },
  { name: 'types of proof', run: () => program(bin('tsc'), ['-p', 'proof/tsconfig.json', '--noEmit']) },
  { name: 'types of the page', run: () => program(bin('tsc'), ['-p', 'proof/page/tsconfig.json', '--noEmit']) },
  { name: 'types of tools and stories', run: () => program(bin('tsc'), ['-p', 'tsconfig.json', '--noEmit']) },
  { name: 'lint', run: () => program(bin('oxlint'), ['--format', 'unix']) },
  { name: 'rooms, rules, SQL, personal values, doc comments', run: async () => ownFindings().map(printed) },
  { name: 'glossary', run: async () => glossary().map(printed) },
  { name: 'decisions', run: async () => decisions().map(printed) },
]

const sources = readSources(root, ['app/src', 'proof/src', 'tools', 'stories', 'simulation', 'bench', 'soak'].filter((folder) => existsSync(join(root, folder))))
process.exitCode = (await runAll()) ? 0 : 1

/** Types and lint are programs of their own and run side by side, two at a time. */
async function runAll(): Promise<boolean> {
  let allGood = true
  const queue = [...parts]
  const worker = async (): Promise<void> => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
      const start = performance.now()
      const wrong = await part.run()
      allGood &&= wrong.length === 0
      console.log(`${wrong.length === 0 ? '✔' : '✗'} ${part.name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
      for (const line of wrong) console.log(`  ${line}`)
    }
  }
  await Promise.all([worker(), worker()])
  return allGood
}

function ownFindings(): Finding[] {
  const lifecycle = join(root, 'app/src/lifecycle')
  const stepsFile = join(lifecycle, 'steps.ts')
  const steps = existsSync(stepsFile) ? readFileSync(stepsFile, 'utf8') : ''
  const folders = readdirSync(lifecycle, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const order = stepOrder(steps, folders)
  const unordered = folders.filter((folder) => !order.includes(folder)).map((folder) => ({ file: `app/src/lifecycle/${folder}`, line: 1, why: 'the step is not in lifecycle/steps.ts' }))
  return [...unordered, ...importFindings(sources, order), ...codeFindings(sources)]
}

function glossary(): Finding[] {
  const file = join(root, 'GLOSSARY.md')
  return glossaryFindings(sources, existsSync(file) ? readFileSync(file, 'utf8') : '')
}

function decisions(): Finding[] {
  const folder = join(root, 'docs/decisions')
  return decisionFindings(readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })))
}

function printed(finding: Finding): string {
  return `${finding.file}:${finding.line}: ${finding.why}`
}

/** What a program printed when it failed, or nothing. */
async function program(file: string, args: string[]): Promise<string[]> {
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return code === 0 ? [] : output.trim().split('\n')
}
