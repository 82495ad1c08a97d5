// SPDX-License-Identifier: Apache-2.0

/** A token of a text: its number in the vocabulary and where it stands (UTF-16 units). */
export interface Token {
  id: number
  start: number
  end: number
}

const pieceMax = 64

/** Cuts texts as BERT's tokenizers do (Devlin 2019): Chinese characters and signs alone, runs of letters and digits into the longest pieces of the vocabulary, in small letters. */
export class WordPieces {
  private readonly ids: ReadonlyMap<string, number>
  private readonly unknown: number
  readonly first: number
  readonly last: number

  private constructor(ids: ReadonlyMap<string, number>, special: readonly [number, number, number]) {
    this.ids = ids
    ;[this.unknown, this.first, this.last] = special
  }

  /** Reads a vocabulary, one token a line; null when it lacks [UNK], [CLS] or [SEP]. */
  static open(lines: readonly string[]): WordPieces | null {
    const ids = new Map(lines.map((line, id) => [line, id]))
    const [unknown, first, last] = ['[UNK]', '[CLS]', '[SEP]'].map((name) => ids.get(name))
    return unknown === undefined || first === undefined || last === undefined ? null : new WordPieces(ids, [unknown, first, last])
  }

  /** The tokens of a text, without the special ones at its ends. */
  cut(text: string): Token[] {
    const tokens: Token[] = []
    for (const match of text.matchAll(/[\p{Script=Latin}\p{N}]{1,64}|\S/gu)) {
      const run = match[0].toLowerCase()
      if (run.length !== match[0].length || run.length === 1) tokens.push({ id: this.ids.get(run) ?? this.unknown, start: match.index, end: match.index + match[0].length })
      else this.cutRun(run, match.index, tokens)
    }
    return tokens
  }

  private cutRun(run: string, start: number, tokens: Token[]): void {
    const before = tokens.length
    for (let at = 0; at < run.length;) {
      let end = Math.min(run.length, at + pieceMax) + 1
      let id: number | undefined
      while (id === undefined && --end > at) id = this.ids.get((at === 0 ? '' : '##') + run.slice(at, end))
      if (id === undefined) {
        tokens.length = before
        tokens.push({ id: this.unknown, start, end: start + run.length })
        return
      }
      tokens.push({ id, start: start + at, end: start + end })
      at = end
    }
  }
}
