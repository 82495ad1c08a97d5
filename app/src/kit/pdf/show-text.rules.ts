// SPDX-License-Identifier: Apache-2.0

/** What a template is given: plain JSON, never source text. */
export type PrintValue = string | number | boolean | null | readonly PrintValue[] | { readonly [key: string]: PrintValue }

/** Values as they can be shown, and the characters that no font has. */
export interface Shown {
  value: PrintValue
  /** `U+20BB7`, each once, in the order of the code points. */
  missing: string[]
}

/** 生僻字. Replaces every character that no font can show by its code point in 〔〕, so that a rare name never prints as an empty box: what is missing is told in a note (GB/T 9704 leaves no blanks). */
export function showable(value: PrintValue, covers: (codePoint: number) => boolean): Shown {
  const missing = new Set<number>()
  const shown = replaced(value, (text) => shownText(text, covers, missing))
  return { value: shown, missing: [...missing].sort((a, b) => a - b).map(codePointName) }
}

/** The way a code point is written in print. */
export function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
}

function replaced(value: PrintValue, text: (value: string) => string): PrintValue {
  if (typeof value === 'string') return text(value)
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) return value.map((one) => replaced(one, text))
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, text)]))
}

const isList = (value: readonly PrintValue[] | { readonly [key: string]: PrintValue }): value is readonly PrintValue[] => Array.isArray(value)

function shownText(text: string, covers: (codePoint: number) => boolean, missing: Set<number>): string {
  let shown = ''
  for (const character of text.replaceAll('\r\n', '\n')) {
    const code = character.codePointAt(0) ?? 0
    if (character === '\n' || covers(code)) shown += character
    else if (character === '\t' || character === '\u00a0') shown += ' '
    else {
      missing.add(code)
      shown += `〔${codePointName(code)}〕`
    }
  }
  return shown
}
