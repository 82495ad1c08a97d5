// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { inspectTextWith, openOwnModel, ownModelSettings } from '../index.ts'
import { WordPieces } from './word-pieces.ts'

// onnxruntime-node is the operator's, no dependency of ours: HANDOVER_NER_RUNTIME names the folder where it is installed.
const runtime = process.env['HANDOVER_NER_RUNTIME'] ?? import.meta.dirname
const isThere = ((): boolean => {
  try {
    createRequire(join(runtime, 'index.js')).resolve('onnxruntime-node')
    return true
  } catch {
    return false
  }
})()
if (!isThere) process.stderr.write(`SKIPPED: onnxruntime-node is not installed at ${runtime}; the own model ran on nothing (npm install onnxruntime-node elsewhere, HANDOVER_NER_RUNTIME=that folder)\n`)

const made: string[] = []
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '甲', '乙', '丙', '司', 'ab', '##c']
const labels = ['O', 'B-PER', 'I-PER', 'B-ORG', 'I-ORG']
// Label of each token of the vocabulary: a table that a Gather node looks up is the smallest token classification model.
const labelOfToken = [0, 0, 0, 0, 1, 2, 3, 4, 0, 0]

/** Writes a model of one Gather node (onnx.proto3 of ONNX 1.16), with `wide` scores a token. */
function writeModel(wide = labels.length, idToLabel: readonly string[] = labels): string {
  const folder = mkdtempSync(join(tmpdir(), 'own-model-'))
  made.push(folder)
  const scores = new Float32Array(vocabulary.length * wide)
  labelOfToken.forEach((label, token) => (scores[token * wide + Math.min(label, wide - 1)] = 1))
  const shape = (dims: readonly (string | number)[]): Buffer => bytes(2, Buffer.concat(dims.map((dim) => bytes(1, typeof dim === 'string' ? bytes(2, dim) : varint(1, dim)))))
  const value = (name: string, kind: number, dims: readonly (string | number)[]): Buffer => Buffer.concat([bytes(1, name), bytes(2, bytes(1, Buffer.concat([varint(1, kind), shape(dims)])))])
  const table = Buffer.concat([varint(1, vocabulary.length), varint(1, wide), varint(2, 1), bytes(8, 'table'), bytes(9, Buffer.from(scores.buffer))])
  const node = Buffer.concat([bytes(1, 'table'), bytes(1, 'input_ids'), bytes(2, 'logits'), bytes(4, 'Gather')])
  const graph = Buffer.concat([bytes(1, node), bytes(2, 'tiny'), bytes(5, table), bytes(11, value('input_ids', 7, [1, 'n'])), bytes(12, value('logits', 1, [1, 'n', wide]))])
  writeFileSync(join(folder, 'model.onnx'), Buffer.concat([varint(1, 8), bytes(7, graph), bytes(8, varint(2, 13))]))
  writeFileSync(join(folder, 'vocab.txt'), vocabulary.join('\n'))
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ id2label: Object.fromEntries(idToLabel.entries()) }))
  return folder
}

function varint(field: number, value: number): Buffer {
  const out = [field << 3]
  for (let rest = value; ; rest >>>= 7) {
    out.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) return Buffer.from(out)
  }
}

function bytes(field: number, content: Buffer | string): Buffer {
  const body = Buffer.from(content)
  const head = varint(field, body.length)
  head[0] = (field << 3) | 2
  return Buffer.concat([head, body])
}

describe("an operator's own model", () => {
  it('is wanted only when its folder is named', () => {
    expect(ownModelSettings({})).toBeNull()
    expect(ownModelSettings({ HANDOVER_NER_MODEL: '/opt/ner' })).toEqual({ folder: '/opt/ner', runtime: '/opt/ner' })
    expect(ownModelSettings({ HANDOVER_NER_MODEL: '/opt/ner', HANDOVER_NER_RUNTIME: '/opt/ort' })?.runtime).toBe('/opt/ort')
  })

  it('is refused with the way out when onnxruntime-node is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-runtime-'))
    made.push(folder)
    mkdirSync(join(folder, 'empty'))
    await expect(openOwnModel({ folder, runtime: join(folder, 'empty') })).rejects.toMatchObject({ code: 'NER_RUNTIME_MISSING' })
  })

  it('cuts texts into pieces of the vocabulary at their places', () => {
    const pieces = WordPieces.open(vocabulary)
    expect(pieces?.cut('甲abc 乙!')).toEqual([{ id: 4, start: 0, end: 1 }, { id: 8, start: 1, end: 3 }, { id: 9, start: 3, end: 4 }, { id: 5, start: 5, end: 6 }, { id: 1, start: 6, end: 7 }])
    expect(pieces?.cut('😀甲').map((token) => [token.start, token.end])).toEqual([[0, 2], [2, 3]])
    expect(WordPieces.open(['甲'])).toBeNull()
  })
})

describe.skipIf(!isThere)("an operator's own model, run by onnxruntime-node", () => {
  it('finds what its labels say, at places in UTF-16 units, in texts longer than it takes at once', async () => {
    const own = await openOwnModel({ folder: writeModel(), runtime })
    expect(await own.find('😀甲乙乙说丙司')).toEqual([[2, 5, 'person-name'], [6, 8, 'organisation-name']])
    expect(await own.find(`${'说'.repeat(700)}甲乙`)).toEqual([[700, 702, 'person-name']])
    expect(await inspectTextWith('甲乙,电话13800138001', own)).toEqual([[0, 2, 'person-name'], [5, 16, 'mobile']])
    await own.close()
  })

  it('is refused when its answer does not fit its labels, or no label is one of ours', async () => {
    await expect(openOwnModel({ folder: writeModel(3), runtime })).rejects.toMatchObject({ code: 'NER_MODEL_MISMATCH' })
    await expect(openOwnModel({ folder: writeModel(5, ['O', 'A', 'B', 'C', 'D']), runtime })).rejects.toMatchObject({ code: 'NER_MODEL_MISMATCH' })
  })

  it('is refused when a file is missing or is no model', async () => {
    const folder = writeModel()
    writeFileSync(join(folder, 'model.onnx'), 'no model')
    await expect(openOwnModel({ folder, runtime })).rejects.toMatchObject({ code: 'NER_MODEL_UNREADABLE' })
    rmSync(join(folder, 'vocab.txt'))
    await expect(openOwnModel({ folder, runtime })).rejects.toMatchObject({ code: 'NER_MODEL_UNREADABLE' })
    writeFileSync(join(folder, 'config.json'), 'no JSON')
    await expect(openOwnModel({ folder, runtime })).rejects.toMatchObject({ code: 'NER_MODEL_UNREADABLE' })
  })
})
