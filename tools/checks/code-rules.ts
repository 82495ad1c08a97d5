// SPDX-License-Identifier: Apache-2.0
import { isTest, type Finding, type SourceFile } from './source-file.ts'

/** The rules of STYLE that a line of code can break by itself: pure rules, SQL in its place, no personal values near books and logs, doc comments, open tasks. */
export function codeFindings(files: SourceFile[]): Finding[] {
  return files.flatMap((file) => [...impureRules(file), ...strayedSql(file), ...personalValues(file), ...undocumentedExports(file), ...todos(file), ...timedAssertions(file), ...runawayPatterns(file)])
}

const impure: [RegExp, string][] = [
  [/\bawait\b|\basync\b/, 'a rule is pure: no await'],
  [/\bnew Date\(\s*\)|\bDate\.now\(|\bperformance\.|\bprocess\./, 'a rule is pure: time and surroundings come in as parameters'],
  [/\bMath\.random\b|\brandom(Bytes|UUID|Int)\b/, 'a rule is pure: no randomness'],
]
const impureModules = /^(node:(?!assert)|pg$|fs$)|\.store\.ts$/

function impureRules(file: SourceFile): Finding[] {
  if (!/\.rules\.tsx?$/.test(file.path)) return []
  const inCode = file.code.flatMap((text, index) => impure.flatMap(([pattern, why]) => (pattern.test(text) ? [finding(file, index + 1, why)] : [])))
  const inImports = file.imports.filter((entry) => impureModules.test(entry.from)).map((entry) => finding(file, entry.line, `a rule is pure: it must not import ${entry.from}`))
  return [...inCode, ...inImports]
}

const sql = /\b(SELECT\s[\s\S]*\sFROM\s|INSERT\s+INTO\s|UPDATE\s+[\w"$.{}]+\s+SET\s|DELETE\s+FROM\s|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|VIEW|ROLE|DATABASE|SCHEMA)\s)|^['"`]\s*(select\s[\s\S]*\sfrom\s|insert\s+into\s|delete\s+from\s|update\s+\w+\s+set\s)/
/** Where SQL may stand: stores, our own database room, readers of foreign databases, the demo's foreign shop database, tests. */
const sqlPlaces = /\.store\.ts$|^app\/src\/(store|sources|demo)\//

function strayedSql(file: SourceFile): Finding[] {
  if (sqlPlaces.test(file.path) || isTest(file.path) || !file.path.startsWith('app/')) return []
  return file.strings.filter((piece) => sql.test(piece.text)).map((piece) => finding(file, piece.line, 'SQL stands only in *.store.ts, the migrations of store/ and the readers of sources/'))
}

const logs = /\bconsole\.|\bprocess\.(stdout|stderr)\b|\.log\(|\.say\(/

function personalValues(file: SourceFile): Finding[] {
  if (isTest(file.path)) return []
  const isBooks = /^(app\/src\/ledger|proof)\//.test(file.path)
  const speaks = file.code.some((text) => logs.test(text))
  if (!isBooks && !speaks) return []
  const why = isBooks ? 'ledger and proof never see a PersonalValue' : 'what logs or speaks never sees a PersonalValue'
  return file.imports.filter((entry) => entry.names.includes('PersonalValue') || entry.names.includes('personalValue')).map((entry) => finding(file, entry.line, why))
}

// A group that is repeated, and a part of it that is nothing but a repetition: (?:a|\d+)+ reads forty digits in as many ways as they can be cut.
const repeatedGroup = /\((?:\?:)?([^()]*)\)[+*]/g
const onlyRepetition = /^(?:(?:\\.|\[[^\]]*\]|[^\\[\]?*+])[?*])*(?:\\.|\[[^\]]*\]|[^\\[\]?*+])[+*]$/

/** Patterns whose time doubles with each character of a hostile text (SECURITY.md P26). */
function runawayPatterns(file: SourceFile): Finding[] {
  if (isTest(file.path) || !/^(app|proof)\//.test(file.path)) return []
  return file.lines.flatMap((text, index) => (/^\s*(?:\/\/|\*|\/\*)/.test(text) ? [] : [...text.matchAll(repeatedGroup)]
    .filter(([, body]) => body?.split('|').some((part) => onlyRepetition.test(part)))
    .map(([pattern]) => finding(file, index + 1, `${pattern.slice(0, 20)}…${pattern.slice(-8)} repeats a repetition: its time may double with each character (P26)`))))
}

const exported = /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|const|let|type|interface)\s+(\w+)/

function undocumentedExports(file: SourceFile): Finding[] {
  if (isTest(file.path) || !/^(app|proof|tools)\//.test(file.path)) return []
  return file.lines.flatMap((text, index) => {
    const name = exported.exec(text)?.[1]
    if (name === undefined || isDocumented(file, index, name)) return []
    return [finding(file, index + 1, `${name} is exported and has no doc comment`)]
  })
}

/** A type derived from the documented list above it (`export type Grade = (typeof grades)[number]`, z.infer) shares that comment. */
function isDocumented(file: SourceFile, index: number, name: string): boolean {
  const before = file.lines[index - 1]?.trim() ?? ''
  if (before.endsWith('*/')) return true
  const text = file.lines[index] ?? ''
  return text.startsWith(`export type ${name} = `) && /\(typeof \w+\)|typeof \w+|z\.(infer|output|input)</.test(text) && before !== '' && !before.startsWith('//')
}

function todos(file: SourceFile): Finding[] {
  const pattern = /\b(TODO|FIXME|XXX|HACK)\b(?!\s*\(?#\d+)/
  return file.comments.flatMap((piece) =>
    piece.text.split('\n').flatMap((text, index) => (pattern.test(text) ? [finding(file, piece.line + index, 'TODO only with an issue number: TODO #12')] : [])),
  )
}

const timed = /\bexpect\(.*(\b(performance|Date)\.now\(|\.(seconds|elapsedMs)\b).*\)\.(not\.)?to(BeLess|BeGreater)Than/

/** A machine may be as slow as it likes: benchmarks measure, tests never do. */
function timedAssertions(file: SourceFile): Finding[] {
  if (!isTest(file.path)) return []
  return file.code.flatMap((text, index) => (timed.test(text) ? [finding(file, index + 1, 'a test asserts no seconds; count the work, or measure in bench/')] : []))
}

function finding(file: SourceFile, line: number, why: string): Finding {
  return { file: file.path, line, why }
}
