// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { failures } from '../kit/failure.ts'

/** Failures of the demo's own stage-work. */
export const demoFailures = failures({
  DEMO_STEP_FAILED: {
    exit: 1,
    zh: '演示停在这一步:{party} · handover {command}(退出码 {exit})\n{said}',
    en: 'The demo stopped at this step: {party} · handover {command} (exit {exit})\n{said}',
    remedy: { zh: '按上面的提示处理后再次运行同一条 handover demo 命令,已完成的步骤不会重做', en: 'Settle what is said above and run the same handover demo command again; finished steps are not done twice' },
  },
  DEMO_PROCESS_ENDED: {
    exit: 1,
    zh: '{party} 的进程中途结束',
    en: 'The process of {party} ended in the middle',
    remedy: { zh: '再次运行同一条 handover demo 命令,从中断处继续', en: 'Run the same handover demo command again; it goes on where it stopped' },
  },
})

const answerSchema = z.object({ exit: z.number(), document: z.unknown(), human: z.array(z.string()), messages: z.array(z.string()) })

/** What a party's command answered. */
export type PartyAnswer = z.infer<typeof answerSchema>

/** 一方的进程. One party of the demo: its own operating-system process over its own home; only command lines go in and answers come out. */
export interface PartyProcess {
  name: string
  home: string
  /** Runs a command of the ordinary command line; refuses an exit code that is not among the accepted ones. */
  run(argv: readonly string[], accepted?: readonly number[]): Promise<PartyAnswer>
  stop(): Promise<void>
}

const binary = new URL('../../bin/handover.mjs', import.meta.url).pathname

// Several parties live on one machine for hours. Left to itself each keeps the memory of its largest command: glibc in an arena for each thread, V8 in a large young generation.
// With these settings the parties of a matter of 20,000 customers need 979 MiB at most instead of 1,289 (bench/journey.ts).
const frugal = { flags: ['--max-semi-space-size=8'], env: { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_MMAP_THRESHOLD_: '131072' } }

/** Starts `handover shell` for a party in a process of its own. */
export function startParty(party: { name: string; home: string; lang: 'zh' | 'en' }): PartyProcess {
  const child = spawn(process.execPath, [...frugal.flags, binary, 'shell', '--home', party.home, '--lang', party.lang], { stdio: ['pipe', 'pipe', 'ignore'], env: { ...frugal.env, ...process.env } })
  const waiting: { resolve(answer: PartyAnswer): void; reject(error: Error): void }[] = []
  child.once('exit', () => {
    for (const one of waiting.splice(0)) one.reject(demoFailures.DEMO_PROCESS_ENDED({ party: party.name }))
  })
  child.stdin.on('error', () => undefined) // the exit above reports it
  createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => waiting.shift()?.resolve(answerSchema.parse(JSON.parse(line))))
  return {
    name: party.name,
    home: party.home,
    run: async (argv, accepted = [0]) => {
      const answer = await new Promise<PartyAnswer>((resolve, reject) => {
        if (child.exitCode !== null || child.signalCode !== null) reject(demoFailures.DEMO_PROCESS_ENDED({ party: party.name }))
        else {
          waiting.push({ resolve, reject })
          child.stdin.write(`${JSON.stringify({ argv })}\n`)
        }
      })
      if (!accepted.includes(answer.exit)) throw demoFailures.DEMO_STEP_FAILED({ party: party.name, command: argv.join(' '), exit: answer.exit, said: [...answer.human, ...answer.messages].join('\n') })
      return answer
    },
    stop: () => stopProcess(child, () => child.stdin.end()),
  }
}

/** 见证进程. A witness of another party, in a process and a home of its own. */
export interface WitnessProcess {
  /** The line that it prints: name, verifier key, address. */
  ready: string
  stop(): Promise<void>
}

/** Starts `handover witness` on a free port of the loopback; resolves when it answers. It ends with this process, however that ends: a witness that stayed would keep its port from the next run. */
export async function startWitness(witness: { home: string; name: string; logs: readonly string[]; port: number }): Promise<WitnessProcess> {
  const allowed = witness.logs.flatMap((vkey) => ['--allow-log', vkey])
  const child = spawn(process.execPath, [binary, 'witness', '--home', witness.home, '--name', witness.name, '--port', String(witness.port), '--until-eof', ...allowed], { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ready = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', (exit) => reject(demoFailures.DEMO_STEP_FAILED({ party: witness.name, command: 'witness', exit: exit ?? 1, said })))
  })
  return { ready, stop: () => stopProcess(child, () => child.kill('SIGTERM')) }
}

async function stopProcess(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  ask()
  await ended
}
