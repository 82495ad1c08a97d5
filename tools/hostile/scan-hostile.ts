// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { secret, type HostileFile } from './hostile-file.ts'

const root = new URL('../../', import.meta.url).pathname
/** Nothing of ours takes so long; a process that does hangs. Not a measure of speed. */
const HANGS_MS = 120_000
/** SECURITY.md P23, over what the process takes before its first file. */
const MEGABYTES_MAX = 512

const answerSchema = z.object({ exit: z.number(), document: z.unknown(), human: z.array(z.string()), messages: z.array(z.string()) })
type Answer = z.infer<typeof answerSchema>
const words = z.object({ zh: z.string(), en: z.string() })
const refusalSchema = z.object({ error: z.object({ code: z.string(), message: words, remedy: words }) })
const reportSchema = z.object({
  sources: z.array(z.object({ dataSets: z.array(z.object({ name: z.string(), rows: z.number() })) })),
  notRead: z.array(z.object({ code: z.string(), why: z.string() })),
})

/** What scanning one hostile file came to; `problems` is empty when that is what it must come to. */
export interface HostileResult {
  file: HostileFile
  outcome: string
  megabytes: number
  problems: string[]
}

/** Whether processes can be cut off from every network here. */
export const canCutOff = spawnSync('unshare', ['-n', 'true']).status === 0

/** One `handover shell` that scans what it is given, cut off from the network where that is allowed, in folders of its own. */
class ScanningShell {
  private readonly child: ChildProcess
  private readonly waiting: ((answer: Answer | null) => void)[] = []

  constructor(scratch: string) {
    for (const name of ['home', 'tmp', 'cwd']) mkdirSync(join(scratch, name), { recursive: true })
    const command = [...(canCutOff ? ['unshare', '-n'] : []), process.execPath, '--import', new URL('./frozen-prototypes.mjs', import.meta.url).href, join(root, 'app/src/cli/main.ts'), 'shell', '--lang', 'zh', '--home', join(scratch, 'home')]
    this.child = spawn(command[0] ?? '', command.slice(1), { cwd: join(scratch, 'cwd'), env: { PATH: process.env['PATH'], HOME: join(scratch, 'home'), TMPDIR: join(scratch, 'tmp') }, stdio: ['pipe', 'pipe', 'ignore'] })
    if (this.child.stdout !== null) createInterface({ input: this.child.stdout }).on('line', (line) => this.waiting.shift()?.(answerSchema.parse(JSON.parse(line))))
    this.child.on('exit', () => this.waiting.splice(0).forEach((answer) => answer(null)))
  }

  /** The answer; null when the process died or hangs. */
  async run(argv: readonly string[]): Promise<Answer | null> {
    if (this.child.exitCode !== null) return null
    const answered = new Promise<Answer | null>((resolve) => this.waiting.push(resolve))
    this.child.stdin?.write(`${JSON.stringify({ argv })}\n`)
    let timer: NodeJS.Timeout | undefined
    const hangs = new Promise<null>((resolve) => (timer = setTimeout(resolve, HANGS_MS, null)))
    const answer = await Promise.race([answered, hangs])
    clearTimeout(timer)
    return answer
  }

  /** The most memory since the last question, in megabytes; the mark is set back. */
  peak(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8')
    const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0)
    writeFileSync(`/proc/${this.child.pid}/clear_refs`, '5')
    return Math.round(kilobytes / 1024)
  }

  end(): void {
    this.child.kill('SIGKILL')
  }
}

/** Scans hostile files one after the other, and says of each what is wrong with how it ended. `folder` is scratch. */
export async function* scanHostile(files: readonly HostileFile[], folder: string): AsyncGenerator<HostileResult> {
  let shell = new ScanningShell(join(folder, 'process'))
  await shell.run(['version'])
  const idle = shell.peak()
  try {
    for (const file of files) {
      const inputs = join(folder, 'inputs')
      mkdirSync(inputs, { recursive: true })
      const path = file.make(inputs)
      const before = treeOf(folder)
      const answer = await shell.run(['scan', '--json', '--', path])
      const megabytes = answer === null ? 0 : Math.max(0, shell.peak() - idle)
      const changed = treeOf(folder) === before ? [] : ['something was written or changed']
      const memory = megabytes > MEGABYTES_MAX ? [`${megabytes} MB`] : []
      yield { file, megabytes, outcome: outcomeOf(answer), problems: [...problemsOf(file, answer, path), ...changed, ...memory] }
      rmSync(inputs, { recursive: true, force: true })
      if (answer !== null) continue
      shell.end()
      shell = new ScanningShell(join(folder, 'process'))
    }
  } finally {
    shell.end()
  }
}

/** All below the folder: names, kinds, sizes and times. */
function treeOf(folder: string): string {
  return spawnSync('find', [folder, '-type', 'd', '-printf', '%p d\\n', '-o', '-printf', '%p %y %s %T@\\n'], { encoding: 'latin1', maxBuffer: 100_000_000 }).stdout.split('\n').sort().join('\n')
}

function outcomeOf(answer: Answer | null): string {
  if (answer === null) return 'died or hung'
  const refusal = refusalSchema.safeParse(answer.document)
  if (refusal.success) return refusal.data.error.code
  const report = reportSchema.safeParse(answer.document)
  return report.success ? `read ${rowsOf(report.data).slice(0, 8).join(',')}${report.data.notRead.length > 0 ? ` notRead ${[...new Set(report.data.notRead.map(({ code }) => code))].join(',')}` : ''}` : `exit ${answer.exit}`
}

const rowsOf = (report: z.infer<typeof reportSchema>): number[] => report.sources.flatMap(({ dataSets }) => dataSets.map(({ rows }) => rows))

function problemsOf(file: HostileFile, answer: Answer | null, path: string): string[] {
  if (answer === null) return ['died or hung']
  const told = JSON.stringify(answer)
  const leaks = told.includes(secret) ? ['repeats a value'] : []
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  if (answer.messages.some((line) => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(line))) leaks.push('steers the terminal')
  const refusal = refusalSchema.safeParse(answer.document)
  if (refusal.success) return [...leaks, ...refusalProblems(file, answer, refusal.data.error, path)]
  const report = reportSchema.safeParse(answer.document)
  if (!report.success) return [...leaks, 'neither a refusal nor a reading']
  return [...leaks, ...readingProblems(file, answer, report.data)]
}

function refusalProblems(file: HostileFile, answer: Answer, error: z.infer<typeof refusalSchema>['error'], path: string): string[] {
  const problems: string[] = []
  if (file.expect.codes?.includes(error.code) !== true) problems.push(`refused with ${error.code}`)
  if (![2, 65, 74, 75].includes(answer.exit)) problems.push(`exit ${answer.exit}`)
  const place = basename(path).replace(/[\u0000-\u001f\u202e]/g, '·') // eslint-disable-line no-control-regex
  if (!error.message.zh.includes(place) || !/[\u4e00-\u9fff]/.test(error.message.zh)) problems.push('names no place in Chinese')
  if (error.remedy.zh === '') problems.push('gives no remedy')
  if (/node:|\bat .+:\d+|\.ts\b/.test(error.message.zh + error.message.en)) problems.push('shows a stack')
  return problems
}

function readingProblems(file: HostileFile, answer: Answer, report: z.infer<typeof reportSchema>): string[] {
  const rows = rowsOf(report)
  const { expect } = file
  const problems: string[] = []
  if (answer.exit !== (report.notRead.length > 0 ? 3 : 0)) problems.push(`exit ${answer.exit}`)
  if (expect.rows === undefined) problems.push(`read ${rows.slice(0, 8).join(',')}`)
  else if (expect.codes === undefined && expect.rows.join() !== rows.join() && !(rows.length === 1 && expect.rows.includes(rows[0] ?? -1) && expect.rows.length > 1)) problems.push(`rows ${rows.slice(0, 8).join(',')}`)
  else if (expect.codes !== undefined && !rows.some((count) => expect.rows?.includes(count) === true) && !(rows.length === 0 && expect.rows.includes(-1))) problems.push(`rows ${rows.slice(0, 8).join(',')}`)
  for (const code of expect.notRead ?? []) if (!report.notRead.some((one) => one.code === code)) problems.push(`does not tell ${code}`)
  if (report.notRead.some((one) => one.code === 'READER_FAILED')) problems.push('an unexpected error')
  return problems
}
