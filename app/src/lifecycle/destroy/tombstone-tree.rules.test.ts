// SPDX-License-Identifier: Apache-2.0
import { leafHash, MerkleAccumulator } from '@handover/proof'
import { expect, test } from 'vitest'
import { TombstoneTree } from './tombstone-tree.rules.ts'

test('a tree that is put away and taken up at every size has the roots of one that never was', () => {
  const whole = new MerkleAccumulator()
  let tree = new TombstoneTree()
  for (let at = 0; at < 70; at += 1) {
    expect(Buffer.from(tree.root()), String(at)).toEqual(Buffer.from(whole.root()))
    const leaf = leafHash(Uint8Array.of(at))
    whole.push(leaf)
    tree.push(leaf)
    tree = new TombstoneTree({ size: tree.size, peaks: tree.peaks() })
  }
  expect(tree.size).toBe(70)
  expect(() => new TombstoneTree({ size: 70, peaks: new Uint8Array(32) })).toThrow(RangeError)
})
