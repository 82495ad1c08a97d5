// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** A rule of STYLE.md that a line breaks. */
export interface Finding {
  file: string
  line: number
  why: string
}

/** A piece of a source file, with its first line. */
export interface Piece {
  line: number
  text: string
}

/** One source file taken apart just enough for the checks: no syntax tree, but strings and comments are told from code. */
export interface SourceFile {
  /** From the root of the repository, with `/`. */
  path: string
  lines: string[]
  /** The text with comments and the insides of strings blanked, line by line. */
  code: string[]
  strings: Piece[]
  comments: Piece[]
  imports: Import[]
}

/** One import or re-export: what it names and, for our own files, the path from the root. */
export interface Import {
  line: number
  from: string
  target: string | null
  names: string[]
}

/** All TypeScript sources below some folders of the repository. */
export function readSources(root: string, folders: string[]): SourceFile[] {
  const paths = folders.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name.replaceAll('\\', '/')}`))
  return paths
    .filter((path) => /\.tsx?$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path))
    .toSorted()
    .map((path) => takeApart(path, readFileSync(join(root, path), 'utf8')))
}

/** Whether a file is a test or belongs to tests alone. */
export function isTest(path: string): boolean {
  return /\.(test|fixture)\.tsx?$|\/(testing|fixtures?)\/|\/(test-[a-z-]+|[a-z-]*fixture(\.store)?)\.ts$/.test(path)
}

/** Tells strings and comments from code. */
export function takeApart(path: string, text: string): SourceFile {
  const pieces = splitText(text)
  const strings = pieces.filter((piece) => piece.kind === 'string')
  const comments = pieces.filter((piece) => piece.kind === 'comment')
  const code = pieces.map((piece) => (piece.kind === 'code' ? piece.text : blank(piece))).join('').split('\n')
  return { path, lines: text.split('\n'), code, strings, comments, imports: importsOf(path, text, pieces) }
}

interface Token extends Piece {
  kind: 'code' | 'string' | 'comment'
}

// A slash begins a regular expression where a value may begin; elsewhere it divides.
const pattern = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"|`|(?<=(?:^|[(,=:[!&|?{};>+\n]|\breturn|\bcase)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*/g

function splitText(text: string): Token[] {
  const tokens: Token[] = []
  let line = 1
  const push = (kind: Token['kind'], piece: string): void => {
    if (piece !== '') tokens.push({ kind, text: piece, line })
    line += piece.split('\n').length - 1
  }
  let at = 0
  const finder = new RegExp(pattern)
  for (;;) {
    finder.lastIndex = at
    const match = finder.exec(text)
    if (match === null) break
    const end = match[0] === '`' ? templateEnd(text, match.index) : match.index + match[0].length
    push('code', text.slice(at, match.index))
    push(match[0].startsWith('/*') || match[0].startsWith('//') ? 'comment' : 'string', text.slice(match.index, end))
    at = end
  }
  push('code', text.slice(at))
  return tokens
}

/** The end of a template literal; what stands in `${…}` counts as part of it. */
function templateEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; ) {
    if (text[at] === '`') return at + 1
    if (text.startsWith('${', at)) at = expressionEnd(text, at + 2)
    else at += text[at] === '\\' ? 2 : 1
  }
  return text.length
}

/** The end of an expression in a template, past its closing brace. */
function expressionEnd(text: string, start: number): number {
  const finder = new RegExp(`${pattern.source}|[{}]`, 'g')
  finder.lastIndex = start
  let depth = 1
  for (let match = finder.exec(text); match !== null; match = finder.exec(text)) {
    if (match[0] === '{') depth++
    if (match[0] === '}') depth--
    if (depth === 0) return finder.lastIndex
    if (match[0] === '`') finder.lastIndex = templateEnd(text, match.index)
  }
  return text.length
}

function blank(piece: Piece): string {
  return piece.text.replace(/[^\n]/g, ' ')
}

function importsOf(path: string, text: string, pieces: Token[]): Import[] {
  const imports: Import[] = []
  pieces.forEach((piece, index) => {
    const before = pieces.slice(Math.max(0, index - 12), index).map((token) => (token.kind === 'code' ? token.text : ' ')).join('')
    const head = /(?:^|[\n;])\s*(?:import|export)\b[^;]*?\bfrom\s*$|\bimport\s*\(\s*$|(?:^|\n)\s*import\s*$/.exec(before)
    if (piece.kind !== 'string' || head === null) return
    const from = piece.text.slice(1, -1)
    const clause = head[0].split(/\b(?:import|export)\b/).at(-1) ?? ''
    const names = clause.match(/[A-Za-z_$][\w$]*/g) ?? []
    imports.push({ line: piece.line, from, target: from.startsWith('.') ? normalize(join(dirname(path), from)) : null, names: names.filter((name) => !/^(type|as|from)$/.test(name)) })
  })
  return imports
}
