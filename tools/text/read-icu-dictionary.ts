// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'

/** A word of ICU's dictionary of Chinese and Japanese, and its cost: the smaller, the more frequent the word. */
export type WordCost = readonly [string, number]

/** Reads that dictionary out of the running node, which carries ICU's data whole (Unicode licence v3; layout: ICU4C udata, dictionarydata.h and ucharstrie.h of ICU 78). Refuses a node without it. */
export function readIcuDictionary(): WordCost[] {
  const bytes = readFileSync(process.execPath)
  const words: WordCost[] = []
  new TrieReader(trieIn(bytes), (word, cost) => words.push([word, cost])).read()
  return words
}

const dataName = 'brkitr/cjdict.dict'

/** The 16-bit units of the dictionary's trie, found by the table of contents of the common data. */
function trieIn(bytes: Buffer): (at: number) => number {
  const mark = bytes.indexOf(Buffer.from([0xda, 0x27, 0x14, 0, 0, 0, 0, 0, 2, 0, ...Buffer.from('CmnD')]))
  if (mark < 2) throw new Error('this node carries no data of ICU')
  const contents = mark - 2 + bytes.readUInt16LE(mark - 2)
  for (let entry = 0; entry < bytes.readUInt32LE(contents); entry++) {
    const name = contents + bytes.readUInt32LE(contents + 4 + entry * 8)
    if (!bytes.toString('latin1', name, bytes.indexOf(0, name)).endsWith(dataName)) continue
    const head = contents + bytes.readUInt32LE(contents + 8 + entry * 8)
    const indexes = head + bytes.readUInt16LE(head)
    const trie = indexes + bytes.readInt32LE(indexes)
    return (at) => bytes.readUInt16LE(trie + 2 * at)
  }
  throw new Error('the data of ICU in this node have no dictionary')
}

/** Walks a UCharsTrie: nodes are values, branches, or runs of units. */
class TrieReader {
  private readonly unit: (at: number) => number
  private readonly found: (word: string, cost: number) => void

  constructor(unit: (at: number) => number, found: (word: string, cost: number) => void) {
    this.unit = unit
    this.found = found
  }

  read(): void {
    this.node(0, '')
  }

  private node(start: number, before: string): void {
    let at = start
    let word = before
    for (;;) {
      let lead = this.unit(at++)
      if (lead >= 0x8000) return this.found(word, this.value(at, lead & 0x7fff)[0])
      if (lead >= 0x40) {
        const [value, after] = this.innerValue(at, lead)
        this.found(word, value)
        at = after
        lead &= 0x3f
      }
      if (lead < 0x30) return lead === 0 ? this.branch(at + 1, this.unit(at) + 1, word) : this.branch(at, lead + 1, word)
      for (let left = lead - 0x30 + 1; left > 0; left--) word += String.fromCharCode(this.unit(at++))
    }
  }

  private branch(start: number, count: number, word: string): void {
    let at = start
    let length = count
    while (length > 5) {
      const [jump, after] = this.jump(at + 1)
      this.branch(after + jump, length >> 1, word)
      length -= length >> 1
      at = after
    }
    for (; length > 1; length--) {
      const next = word + String.fromCharCode(this.unit(at))
      const lead = this.unit(at + 1)
      const [value, after] = this.value(at + 2, lead & 0x7fff)
      if (lead >= 0x8000) this.found(next, value)
      else this.node(after + value, next)
      at = after
    }
    this.node(at + 1, word + String.fromCharCode(this.unit(at)))
  }

  private pair(at: number): number {
    return this.unit(at) * 65_536 + this.unit(at + 1)
  }

  private value(at: number, lead: number): [number, number] {
    if (lead < 0x4000) return [lead, at]
    return lead < 0x7fff ? [(lead - 0x4000) * 65_536 + this.unit(at), at + 1] : [this.pair(at), at + 2]
  }

  private innerValue(at: number, lead: number): [number, number] {
    if (lead < 0x4040) return [(lead >> 6) - 1, at]
    return lead < 0x7fc0 ? [((lead & 0x7fc0) - 0x4040) * 1024 + this.unit(at), at + 1] : [this.pair(at), at + 2]
  }

  private jump(at: number): [number, number] {
    const lead = this.unit(at)
    if (lead < 0xfc00) return [lead, at + 1]
    return lead === 0xffff ? [this.pair(at + 1), at + 3] : [(lead - 0xfc00) * 65_536 + this.unit(at + 1), at + 2]
  }
}
