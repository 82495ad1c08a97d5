// SPDX-License-Identifier: Apache-2.0
import { makeVkey, NOTE_COSIGNATURE, NOTE_ED25519, parsePolicy, type Policy } from '@handover/proof'
import { describe, expect, it } from 'vitest'
import { weakerIn } from './policy.rules.ts'

const key = (name: string, type: number, fill: number): string => makeVkey(name, type, new Uint8Array(32).fill(fill)).text
const log = `log ${key('log.example/a', NOTE_ED25519, 1)}`
const witness = (name: string, fill: number): string => `witness ${name} ${key(name, NOTE_COSIGNATURE, fill)}`
const three = [witness('a', 2), witness('b', 3), witness('c', 4)]
const lead = key('per_lead', NOTE_ED25519, 9)
const policy = (...lines: string[]): Policy => parsePolicy(`${[log, ...lines].join('\n')}\n`)
const found = (before: Policy, after: Policy, registered: string[] = []): string[] => weakerIn(before, after, new Set(registered))

describe('a policy that asks for less', () => {
  const twoOfThree = policy(...three, 'group q 2 a b c', 'quorum q')

  it.each([
    ['the same', [...three, 'group q 2 a b c', 'quorum q']],
    ['more witnesses needed', [...three, 'group q 3 a b c', 'quorum q']],
    ['the same witnesses by other names', [witness('x', 2), witness('y', 3), witness('z', 4), 'group q 2 x y z', 'quorum q']],
    ['one of the sets that sufficed', [...three.slice(0, 2), 'group q 2 a b', 'quorum q']],
    ['a group in a group that asks for more', [...three, 'group p any a b', 'group q all p c', 'quorum q']],
    ['somebody believed no more', [...three, 'group q 2 a b c', 'quorum q']],
  ])('is not one: %s', (_, lines) => {
    expect(found(twoOfThree, policy(...lines))).toEqual([])
  })

  it.each([
    ['fewer are needed', [...three, 'group q 1 a b c', 'quorum q'], ['quorum']],
    ['none is needed', [...three, 'quorum none'], ['quorum']],
    ['another witness counts', [...three, witness('d', 5), 'group q 2 a b c d', 'quorum q'], ['quorum']],
    ['a witness has another key', [three[0] ?? '', three[1] ?? '', witness('c', 6), 'group q 2 a b c', 'quorum q'], ['quorum']],
    ['a second log', [`log ${key('log.example/b', NOTE_ED25519, 7)}`, ...three, 'group q 2 a b c', 'quorum q'], ['log log.example/b']],
    ['an approver whom nobody registered', [...three, 'group q 2 a b c', 'quorum q', `approver ${lead}`], ['key per_lead']],
  ])('is one: %s', (_, lines, what) => {
    expect(found(twoOfThree, policy(...lines))).toEqual(what)
  })

  it('believes whom this home registered, and whom the former policy believed', () => {
    const after = policy(...three, 'group q 2 a b c', 'quorum q', `approver ${lead}`)
    expect(found(twoOfThree, after, [lead])).toEqual([])
    expect(found(after, after)).toEqual([])
  })

  it('calls a change weaker when there are too many witnesses to try every set of them', () => {
    const many = Array.from({ length: 15 }, (_, at) => witness(`w${at}`, 20 + at))
    const all = policy(...many, `group q all ${many.map((_, at) => `w${at}`).join(' ')}`, 'quorum q')
    expect(found(all, all)).toEqual(['quorum'])
  })
})
