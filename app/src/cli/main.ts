// SPDX-License-Identifier: Apache-2.0
import { describeFailure } from './describe-failure.ts'
import { hasFlag, languageOf } from './parse-arguments.ts'
import { runCommand } from './run-command.ts'
import { newSession } from './session.ts'

const argv = process.argv.slice(2)
const pause = new AbortController()
const session = newSession()

// A reader that goes away early (`handover … | head`) is no mistake of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 74))
// Without a listener each lost message would be an uncaught error, whose message is lost as well, for ever.
process.stderr.on('error', () => undefined)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
process.on('uncaughtException', (error) => void giveUp(error))
process.on('unhandledRejection', (error) => void giveUp(error))

const code = await runCommand(argv, { session, pause: pause.signal, streams: { out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text), isTty: process.stderr.isTTY } })
await end(code)

/** Once: stop at the next safe place. Twice: now; everything we do survives that as well. */
function stop(): void {
  if (pause.signal.aborted) process.exit(130)
  pause.abort()
  if (hasFlag(argv, 'json')) return
  process.stderr.write(languageOf(argv) === 'zh' ? '\n正在停到下一个安全点…(再按一次 Ctrl-C 立即退出)\n' : '\nStopping at the next safe place… (Ctrl-C again exits now)\n')
}

async function giveUp(error: unknown): Promise<void> {
  const report = describeFailure(error, languageOf(argv))
  process.stderr.write(`${report.human.join('\n')}\n`)
  await end(report.exit)
}

async function end(exit: number): Promise<void> {
  const isClosed = await session.close().then(
    () => true,
    (error: unknown) => {
      process.stderr.write(`${describeFailure(error, languageOf(argv)).human.join('\n')}\n`)
      return false
    },
  )
  await new Promise((resolve) => process.stdout.write('', resolve))
  process.exit(exit === 0 && !isClosed ? 1 : exit)
}
