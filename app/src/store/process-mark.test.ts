// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { isKnownDead, processMark } from './process-mark.ts'

it('knows the living from the dead, also when the number was used again, and never judges another container', () => {
  const [pid, start, space] = processMark().split(' ')
  const ended = spawnSync('true').pid
  expect(isKnownDead(processMark())).toBe(false)
  expect(isKnownDead(`${ended} ${start} ${space}`)).toBe(true)
  expect(isKnownDead(`${ended} ${start} 1`)).toBe(false)
  expect(isKnownDead('')).toBe(false)
  if (process.platform === 'linux') expect(isKnownDead(`${pid} 1 ${space}`)).toBe(true)
})
