// SPDX-License-Identifier: Apache-2.0
// For tests: a real witness in a process of its own. Run as a program it is that witness.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openWitness, serveWitness } from './index.ts'

/** A witness that runs in a process of its own. */
export interface WitnessProcess {
  name: string
  vkey: string
  url: string
  home: string
  child: ChildProcess
  /** SIGKILL; the port is free afterwards. */
  kill(): Promise<void>
}

/** Starts a witness for a home; with a port, on that port (to come back after a kill). */
export async function startWitness(home: string, name: string, port = 0): Promise<WitnessProcess> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), home, name, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const ready = await Promise.race([firstLine(child), exited.then(() => { throw new Error('the witness ended before it was ready') })])
  const { vkey, url } = readReady(ready)
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
  }
  return { name, vkey, url, home, child, kill }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the witness has no output')
  for await (const line of createInterface({ input: child.stdout })) return line
  throw new Error('the witness printed nothing')
}

function readReady(line: string): { vkey: string; url: string } {
  const ready: unknown = JSON.parse(line)
  if (typeof ready !== 'object' || ready === null || !('vkey' in ready) || !('url' in ready)) throw new Error('not the line of a witness')
  return { vkey: String(ready.vkey), url: String(ready.url) }
}

const [, program, home, name, port] = process.argv
if (program === fileURLToPath(import.meta.url) && home !== undefined && name !== undefined) {
  // The test's end of the pipe closes however the test ends, so no witness is left behind.
  process.stdin.resume().on('end', () => process.exit())
  const witness = openWitness(home, name)
  const running = await serveWitness(witness, { host: '127.0.0.1', port: Number(port) })
  process.stdout.write(`${JSON.stringify({ name: witness.name, vkey: witness.cosigner.vkey.text, url: running.url })}\n`)
}
