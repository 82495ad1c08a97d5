// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { compoundSurnames } from '../../app/src/detection/text/index.ts'
import type { MarkedText } from './measure.ts'

/** Newswire whose words carry tags of their parts of speech (词/标记, a paragraph a line): every so-many-th line from an offset. Names are the words tagged `nr`; a surname apart from its given name is joined with it. */
export function readNewswire(file: string, every: number, offset: number): MarkedText[] {
  return readFileSync(file, 'utf8').split('\n').filter((_, line) => line % every === offset).map(paragraph).filter(({ text }) => text !== '')
}

function paragraph(line: string): MarkedText {
  const words = line.trim().split(/\s+/u).filter((word) => word !== '').map(wordAndTag)
  let text = ''
  const names: [number, number][] = []
  for (let at = 0; at < words.length; at++) {
    const start = text.length
    const [word, tag] = words[at] ?? ['', '']
    const [next, nextTag] = words[at + 1] ?? ['', '']
    text += word
    if (tag !== 'nr') continue
    if (nextTag === 'nr' && (word.length === 1 || compoundSurnames.has(word)) && next.length <= 2) {
      text += next
      at++
    }
    names.push([start, text.length])
  }
  return { text, names }
}

function wordAndTag(item: string): readonly [string, string] {
  const slash = item.lastIndexOf('/')
  return [item.slice(0, slash).replace(/^\[/u, ''), item.slice(slash + 1).replace(/\].*$/u, '')]
}
