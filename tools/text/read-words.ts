// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A template, and how often it is drawn. */
export interface Template {
  text: string
  section: string
}

const read = (file: string): string[] => readFileSync(join(import.meta.dirname, file), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'))

/** Words by class, from the files `words-*.txt` of this folder; a line `[class]` begins a class. */
export function readWords(): Map<string, readonly string[]> {
  const words = new Map<string, string[]>()
  for (const file of ['words-general.txt', 'words-names.txt', 'words-proper.txt', 'words-more.txt', 'words-press.txt', 'words-places.txt']) {
    let list: string[] = []
    for (const line of read(file)) {
      const head = /^\[(.+)\]$/.exec(line)?.[1]
      if (head === undefined) list.push(...line.split(/\s+/).filter((word) => word !== ''))
      else if (words.has(head)) list = words.get(head) ?? []
      else words.set(head, (list = []))
    }
  }
  return words
}

/** Templates by section, one a line. */
export function readTemplates(): Map<string, readonly string[]> {
  const sections = new Map<string, string[]>()
  for (const file of ['sentences-news.txt', 'sentences-negative.txt', 'sentences-other.txt', 'sentences-plain.txt', 'sentences-parts.txt', 'sentences-posts.txt', 'sentences-press.txt']) {
    let list: string[] = []
    sections.set(file.replace(/^sentences-|\.txt$/g, ''), list)
    for (const line of read(file)) {
      const head = /^\[([^[\]|]+)\]$/.exec(line)?.[1]
      if (head === undefined) list.push(line)
      else sections.set(head, (list = []))
    }
  }
  return sections
}

/** Pairs of characters that ICU's dictionary takes as one word (words-icu.txt: a first character and its followers a line), made by list-words.ts. */
export function readIcuPairs(): readonly string[] {
  return read('words-icu.txt').flatMap((line) => [...line].slice(1).map((follower) => (line[0] ?? '') + follower))
}

/** Endings of Japanese family names and places, which ICU's dictionary lists too: such words are no proof that a piece is an ordinary word. */
export const japaneseEnd = /[川田村山口本野井崎岛谷岸原冈根代泽坂塚藤桥松]$/

/** Frequent words of two and usual ones of three and four characters (words-icu-frequent.txt), made by list-frequent-words.ts. */
export function readIcuFrequentWords(): readonly string[] {
  return readRests('words-icu-frequent.txt')
}

/** Words of two to four characters that OpenCC knows besides (words-opencc.txt), made by list-opencc-words.ts. */
export function readOpenccWords(): readonly string[] {
  return readRests('words-opencc.txt')
}

const readRests = (file: string): string[] => read(file).flatMap((line) => line.split(' ').slice(1).map((rest) => (line[0] ?? '') + rest))
