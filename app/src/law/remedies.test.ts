// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { commandNames } from '../cli/commands.ts'
import { isFactOfAct } from '../lifecycle/assess/fact.ts'
import { matterSettingsSchema } from '../matter/index.ts'
import { isFactName } from './facts.ts'
import { obstacleTable } from './obstacle-table.ts'
import type { ObstacleWords } from './obstacles.ts'

const rows: [code: string, words: ObstacleWords][] = Object.entries(obstacleTable)

/** The words behind each "handover" of a remedy. */
const commandsIn = (remedy: string): string[][] => [...remedy.matchAll(/handover((?: [a-z][a-z_-]*)+)/g)].map(([, words]) => (words ?? '').trim().split(' '))

/** The command that these words begin with, the longest that exists. */
const commandOf = (words: readonly string[]): string | undefined => [words.slice(0, 2).join(' '), words[0] ?? ''].find((name) => commandNames.includes(name))

/** What a remedy names that is not there: a command, a fact, a setting. */
function missing(remedy: string): string[] {
  return commandsIn(remedy).flatMap((words) => {
    const command = commandOf(words)
    const [, , name] = words
    if (command === undefined) return [words.join(' ')]
    if (command === 'fact add' && (name === undefined || !isFactName(name) || isFactOfAct(name))) return [words.join(' ')]
    return command === 'matter set' && (name === undefined || !Object.hasOwn(matterSettingsSchema.shape, name)) ? [words.join(' ')] : []
  })
}

describe('remedies of obstacles', () => {
  it.each(rows)('%s names, in both languages, a command that exists', (_code, { remedy }) => {
    for (const text of [remedy.zh, remedy.en]) {
      expect(commandsIn(text).length, text).toBeGreaterThan(0)
      expect(missing(text), text).toEqual([])
    }
  })

  it('are checked against the real table: a command, a fact or a setting that is not there is found', () => {
    expect(missing('handover override withdraw')).toEqual(['override withdraw'])
    expect(missing('handover fact add access-renamed')).toEqual(['fact add access-renamed'])
    expect(missing('handover fact add pia-approved')).toEqual(['fact add pia-approved']) // recorded by `impact approve` alone
    expect(missing('handover matter set no_such_setting')).toEqual(['matter set no_such_setting'])
    expect(missing('handover backup create, handover fact add restore-test-passed')).toEqual([])
  })
})
