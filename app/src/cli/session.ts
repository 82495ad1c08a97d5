// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../context.ts'
import { homePath } from '../home.ts'
import type { Words } from '../kit/failure.ts'
import type { OpenedContext, ProgressSink } from '../open-context.ts'

/** Open homes of one process: each is opened once, and closed at the end (one process per party, CONTRACTS §11). */
export interface Session {
  /** The home named by the flag, with this declared legal time (demo homes) for the command that asks; warnings come once, with the opening. */
  context(flags: { home: string | undefined; clock: string | undefined }, progress: ProgressSink): Promise<{ context: Context; warnings: readonly Words[] }>
  close(): Promise<void>
}

/** A session without open homes. */
export function newSession(): Session {
  const openedByPath = new Map<string, Promise<OpenedContext>>()
  return {
    context: async ({ home, clock }, progress) => {
      const path = homePath(home)
      const known = openedByPath.get(path)
      const opening = known ?? openHomeAt(path)
      openedByPath.set(path, opening)
      const opened = await opening.catch((error: unknown) => {
        openedByPath.delete(path)
        throw error
      })
      opened.declareTime(clock)
      opened.reportTo(progress)
      return { context: opened.context, warnings: known === undefined ? opened.warnings : [] }
    },
    close: async () => {
      const all = [...openedByPath.values()]
      openedByPath.clear()
      for (const opening of all) {
        const opened = await opening.catch(() => null) // its failure was reported by the command that asked for it
        await opened?.context.close()
      }
    },
  }
}

/** Database, vault and ledger are loaded only by commands that ask for a home: `scan` and `verify` start without them. */
async function openHomeAt(path: string): Promise<OpenedContext> {
  const { openContext } = await import('../open-context.ts')
  return openContext(path)
}
