// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { inspectText, inspectValue } from './index.ts'
import { disputedVectors, typesOfVectors } from './published-vectors.ts'

const shared = process.env['HANDOVER_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const folder = `${shared}/data/vectors`
const isThere = existsSync(folder)
if (!isThere) process.stderr.write(`SKIPPED: published test vectors are not at ${folder}\n`)

const vector = z.object({ type: z.string(), value: z.string().optional(), text: z.string().optional(), valid: z.boolean().optional(), strict: z.boolean().optional(), count: z.number().optional() })

function vectors(file: string): z.infer<typeof vector>[] {
  return readFileSync(`${folder}/${file}`, 'utf8').trim().split('\n').map((line) => vector.parse(JSON.parse(line)))
}

// Decided against the publisher, because the value fails the standard that it claims.
const ours = typesOfVectors
const disputed = disputedVectors

describe.skipIf(!isThere)('published test vectors', () => {
  it('agrees with id-validator on every resident ID, strict and loose', () => {
    const all = vectors('jxlwqq-id-validator.jsonl')
    expect(all).toHaveLength(21)
    const wrong = all.filter((vector) =>
      inspectValue('resident-id', vector.value ?? '', { region: vector.strict === true ? 'existed-at-birth' : 'ever-existed' }).valid !== vector.valid)
    expect(wrong).toEqual([])
  })

  it.each(['wuming-cn.jsonl', 'presidio-cn-fork.jsonl'])('finds as many as %s expects in each text', (file) => {
    const known = vectors(file).filter((vector) => ours.has(vector.type))
    const wrong = known.filter((vector) => inspectText(vector.text ?? '').filter((span) => ours.get(vector.type)?.includes(span[2])).length !== vector.count)
    process.stderr.write(`${file}: ${known.length - wrong.length} of ${known.length} right, ${vectors(file).length - known.length} of a type we do not have\n`)
    expect(wrong).toEqual([])
  })

  it('agrees with any-rule on forms, the disputed values apart', () => {
    const known = vectors('any-rule.jsonl').filter((vector) => ours.has(vector.type) && !disputed.has(vector.value ?? ''))
    const wrong = known.filter((vector) => (ours.get(vector.type) ?? []).some((type) => inspectValue(type, vector.value ?? '').valid) !== vector.valid)
    process.stderr.write(`any-rule.jsonl: ${known.length - wrong.length} of ${known.length} right, ${disputed.size} disputed\n`)
    expect(wrong).toEqual([])
  })
})
