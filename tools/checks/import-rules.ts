// SPDX-License-Identifier: Apache-2.0
import { isTest, type Finding, type Import, type SourceFile } from './source-file.ts'

/** Who may import whom (STYLE §1), room by room. `home.ts` and `context.ts` are rooms of one file. Steps are derived from lifecycle/steps.ts. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  kit: [],
  law: ['kit'],
  store: ['kit'],
  sources: ['kit'],
  detection: ['kit'],
  anonymise: ['kit', 'sources', 'detection'],
  objects: ['kit'],
  channels: ['kit'],
  'home.ts': ['kit'],
  jobs: ['kit', 'store'],
  ledger: ['kit', 'law', 'proof', 'store', 'home.ts'],
  vault: ['kit', 'law', 'ledger', 'proof', 'store', 'home.ts'],
  matter: ['kit', 'law', 'ledger', 'proof', 'store', 'home.ts', 'context.ts'],
  backup: ['kit', 'law', 'ledger', 'proof', 'store', 'vault', 'matter', 'home.ts', 'context.ts', 'stewardship/access'],
  witness: ['kit', 'ledger', 'proof', 'store', 'home.ts'],
  http: ['kit', 'law', 'context.ts'],
  web: ['kit', 'law'],
}
const everyStep = ['kit', 'law', 'store', 'sources', 'detection', 'objects', 'channels', 'jobs', 'ledger', 'vault', 'proof', 'matter', 'home.ts', 'context.ts', 'stewardship/access']
const everyStewardship = ['kit', 'law', 'ledger', 'proof', 'store', 'home.ts', 'context.ts', 'stewardship/access']
/** What single rooms of stewardship may know beside that: 质量 looks into files as discovery does, by the same readers and recognisers. */
const furtherOf: Readonly<Record<string, readonly string[]>> = { 'stewardship/access': ['matter'], 'stewardship/quality': ['matter', 'sources', 'detection'], 'stewardship/audit-binder': ['matter'], 'stewardship/counsel': ['matter'], 'stewardship/law-packs': ['matter'], 'stewardship/duties': ['matter'], 'stewardship/promises': ['matter', 'sources'] }
/** These plug the rooms together and may import every one. */
const plugs = /^(demo|cli|context\.ts|open-context\.ts|stories|bench|soak|tests|tools)$/
/** Rooms whose files are words of their own; all others have `index.ts` as their only door. */
const openRooms = /^(kit|proof|home\.ts|context\.ts|open-context\.ts|stories|bench|soak|tools)$/

/** The imports that STYLE §1 forbids: from a room that may not be known, from a later step, or past a room's door. Tests may reach everywhere except out of `proof`. */
export function importFindings(files: SourceFile[], steps: readonly string[]): Finding[] {
  return files.flatMap((file) => file.imports.flatMap((entry) => {
    const why = forbidden(file, entry, steps)
    return why === null ? [] : [{ file: file.path, line: entry.line, why }]
  }))
}

function forbidden(file: SourceFile, entry: Import, steps: readonly string[]): string | null {
  const from = roomOf(file.path)
  const to = entry.target === null ? packageRoom(entry.from) : roomOf(entry.target)
  if (to === null || from === null || from === to) return null
  if (from === 'proof') return 'proof imports nothing of ours'
  if (isTest(file.path)) return null
  if (!isAllowed(from, to, file.path, steps)) return `${from} must not import ${to}${steps.includes(stepName(to)) && steps.includes(stepName(from)) ? ' (a later step: learn of it from ledger events)' : ''}`
  if (entry.target !== null && !openRooms.test(to) && !isDoor(entry.target, from)) return `${to} is entered by its index.ts only`
  return null
}

function isAllowed(from: string, to: string, path: string, steps: readonly string[]): boolean {
  if (plugs.test(from)) return true
  if (to === 'http') return path.endsWith('.routes.ts')
  if (to === 'web') return path.endsWith('.screen.tsx')
  if (from.startsWith('lifecycle/')) return everyStep.includes(to) || isEarlier(to, from, steps)
  if (from.startsWith('stewardship/')) return everyStewardship.includes(to) || (furtherOf[from]?.includes(to) ?? false)
  return mayImport[from]?.includes(to) ?? false
}

function isEarlier(step: string, than: string, steps: readonly string[]): boolean {
  if (step === 'lifecycle/steps.ts') return true
  const at = steps.indexOf(stepName(step))
  return at >= 0 && at < steps.indexOf(stepName(than))
}

function stepName(room: string): string {
  return room.replace(/^lifecycle\//, '')
}

/** The nouns of the law are types and word lists for everybody; context.ts names the types of what it plugs together. */
function isDoor(target: string, from: string): boolean {
  return target.endsWith('/index.ts') || target === 'app/src/law/nouns.ts' || target === 'app/src/lifecycle/steps.ts' || /^(open-)?context\.ts$/.test(from)
}

function packageRoom(specifier: string): string | null {
  return specifier === '@handover/proof' ? 'proof' : null
}

/** The room of a file: `lifecycle/destroy`, `kit`, `proof`, `context.ts`; null for what lies outside all rooms (JSON tables, packages). */
export function roomOf(path: string): string | null {
  if (path.startsWith('proof/src/')) return 'proof'
  const inApp = /^app\/src\/(?:((?:lifecycle|stewardship)\/[^/]+)|([^/]+))/.exec(path)
  if (inApp !== null) return inApp[1] ?? inApp[2] ?? null
  return /^(stories|bench|soak|tests|tools)\//.exec(path)?.[1] ?? null
}

/** The steps of the journey in the order in which lifecycle/steps.ts names them. */
export function stepOrder(stepsText: string, folders: readonly string[]): string[] {
  const place = (step: string): number => stepsText.search(new RegExp(`['"\`]${step}['"\`]`))
  return folders.filter((step) => place(step) >= 0).toSorted((a, b) => place(a) - place(b))
}
