// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'

/** What one run of a benchmarked path did. */
export interface Sample {
  seconds: number
  /** How many of the benchmark's units were done in that time. */
  units: number
  /** Further figures worth printing (bytes, percentiles), by name. */
  notes?: Record<string, number | string>
}

/** A tool, library or limit of the machine that runs on the same input in the same run; null where it is not installed. */
export interface Yardstick {
  name: string
  run(size: number, folder: string): Promise<Sample | null>
}

/** 基准. One row of the performance targets: a path of ours beside its yardsticks, the first of which the target is about. */
export interface Benchmark {
  name: string
  /** The path in words, as docs/performance.md prints it. */
  row: string
  /** `cost`: ours ÷ yardstick in seconds a unit (smaller is better). `rate`: in units a second (larger is better). */
  compare: 'cost' | 'rate'
  /** What the ratio to the first yardstick shall be; null where PERFORMANCE.md §2 names none, or names units a second (`targetRate`). */
  target: number | null
  /** Units a second that PERFORMANCE.md §2 asks for, where it names no ratio. */
  targetRate?: number
  unit: string
  /** Three sizes, smallest first; growth is measured over them. */
  sizes: readonly number[]
  /** Makes the inputs below `folder` once; not timed, kept between runs. */
  prepare(size: number, folder: string): Promise<void>
  /** Runs the path; called in a fresh process whose highest resident memory is the memory figure. */
  ours(size: number, folder: string): Promise<Sample>
  yardsticks: readonly Yardstick[]
}

const moduleSchema = z.object({ benchmark: z.custom<Benchmark>((value) => z.looseObject({ name: z.string(), ours: z.custom((made) => typeof made === 'function') }).safeParse(value).success) })

/** The benchmark of `bench/NAME.bench.ts`; refuses a file that exports none. */
export async function loadBenchmark(name: string): Promise<Benchmark> {
  const loaded: unknown = await import(`./${name}.bench.ts`)
  return moduleSchema.parse(loaded).benchmark
}

/** A sample with the highest resident memory of the process and its children, in MiB. */
export interface Measured extends Sample {
  memory: number
}

/** Ours over the yardstick, by the benchmark's way of comparing. */
export function ratioOf(benchmark: Pick<Benchmark, 'compare'>, ours: Sample, yardstick: Sample): number {
  const cost = (sample: Sample): number => sample.seconds / sample.units
  return benchmark.compare === 'cost' ? cost(ours) / cost(yardstick) : cost(yardstick) / cost(ours)
}

/** The middle of some figures; refuses none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new RangeError('no figures')
  return middle
}

/** The target in words: `≤ 2.5`, `≥ 2,000 KB/s`, or a dash. */
export function targetOf({ compare, target, targetRate, unit }: Pick<Benchmark, 'compare' | 'target' | 'targetRate' | 'unit'>): string {
  if (targetRate !== undefined) return `≥ ${targetRate.toLocaleString('en')} ${unit}/s`
  return target === null ? '–' : `${compare === 'cost' ? '≤' : '≥'} ${target}`
}

/** Runs a program to its end and answers its seconds; refuses an exit code other than 0. Its output goes nowhere. */
export async function timeCommand(command: string, argv: readonly string[]): Promise<number> {
  const started = performance.now()
  const child = spawn(command, argv, { stdio: ['ignore', 'ignore', 'inherit'] })
  const exit = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve))
  if (exit !== 0) throw new Error(`${command} ${argv.join(' ')}: exit ${exit}`)
  return (performance.now() - started) / 1000
}

/** Whether a program is installed here. */
export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      return readdirSync(folder).includes(program)
    } catch {
      return false
    }
  })
}

/** Resident memory (RSS, MiB) of a process and all its descendants now; shared pages of PostgreSQL's buffers are counted once, by proportional set size where the kernel tells it. */
export function treeMemory(root: number): number {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = Number(fieldOf(`/proc/${name}/status`, 'PPid') ?? Number.NaN)
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const sum = (pid: number): number => memoryOf(pid) + (children.get(pid) ?? []).reduce((total, child) => total + sum(child), 0)
  return sum(root)
}

/** Proportional memory of one process in MiB; 0 when it has ended. */
function memoryOf(pid: number): number {
  return Number(fieldOf(`/proc/${pid}/smaps_rollup`, 'Pss') ?? fieldOf(`/proc/${pid}/status`, 'VmRSS') ?? 0) / 1024
}

function fieldOf(file: string, name: string): string | null {
  try {
    return new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? null
  } catch {
    return null // ended, or not ours
  }
}
