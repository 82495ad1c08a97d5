// SPDX-License-Identifier: Apache-2.0
import { buildMultiproof, leafHash, rootOfLeaves, toHex, u64be } from '@handover/proof'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { refusalOf } from '../../test-home.ts'
import { multiproofOf } from './leaf-tree.ts'

let objects = ''
beforeEach(() => {
  objects = mkdtempSync(join(tmpdir(), 'handover-tree-'))
})
afterEach(() => rmSync(objects, { recursive: true, force: true }))

let builds = 0
function treeOf(size: number) {
  const all = Array.from({ length: size }, (_, n) => u64be(n))
  const entries = async function* () {
    builds += 1
    yield* all
  }
  return { leaves: all.map(leafHash), order: { root: toHex(rootOfLeaves(all.map(leafHash))), size, entries } }
}

test('gives the multiproof of a tree in memory for every size up to 40 and for one of several buffers', async () => {
  for (const size of [...Array.from({ length: 40 }, (_, n) => n + 1), 5000]) {
    const { leaves, order } = treeOf(size)
    for (const indices of [[0], [size - 1], [0, Math.floor(size / 2), size - 1].filter((index, at, all) => all.indexOf(index) === at)]) {
      expect((await multiproofOf(objects, order, indices)).map(toHex)).toEqual(buildMultiproof(indices, leaves).map(toHex))
    }
  }
})

test('reads the entries once, also for later receipts, and again when the file was cut', async () => {
  const { order } = treeOf(300)
  builds = 0
  for (const index of [1, 2, 3]) await multiproofOf(objects, order, [index])
  expect(builds).toBe(1)
  const [name = ''] = readdirSync(join(objects, 'trees'))
  const file = join(objects, 'trees', name)
  writeFileSync(file, readFileSync(file).subarray(0, 1000))
  await multiproofOf(objects, order, [1])
  expect(builds).toBe(2)
})

test('refuses a damaged file once and books that are not the committed ones always, and leaves no half file', async () => {
  const { order } = treeOf(300)
  await multiproofOf(objects, order, [1])
  const [name = ''] = readdirSync(join(objects, 'trees'))
  const file = join(objects, 'trees', name)
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
  writeFileSync(file, bytes)
  expect(await refusalOf(multiproofOf(objects, order, [1]))).toBe('LEAF_TREE_DAMAGED')
  expect(await multiproofOf(objects, order, [1])).toHaveLength(buildMultiproof([1], treeOf(300).leaves).length)
  expect(await refusalOf(multiproofOf(objects, { ...order, root: 'f'.repeat(64) }, [1]))).toBe('LEAVES_DIFFER')
  expect(readdirSync(join(objects, 'trees'))).toEqual([name])
})
