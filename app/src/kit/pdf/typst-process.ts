// SPDX-License-Identifier: Apache-2.0
import { NodeCompiler, PdfStandard } from '@myriaddreamin/typst-ts-node-compiler'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { readFont, type PdfFont } from './font-file.ts'
import { showable, type PrintValue } from './show-text.rules.ts'

// The process in which documents are typeset: native code can be ended only together with its process, and what it takes of memory goes back with it.

/** What is asked: the source of a template, and its values as JSON text. */
const order = z.object({ id: z.number(), template: z.string(), values: z.string(), createdSeconds: z.number() })

/** What is answered. */
export type TypstAnswer = { id: number; pdf: Uint8Array; pages: number; missing: string[]; megabytes: number } | { id: number; why: string } | { id: -1; why: string }

const room = import.meta.dirname
const faces = ['400Regular/NotoSansSC_400Regular.ttf', '700Bold/NotoSansSC_700Bold.ttf']
/** Fonts with further characters, used where they are installed: Hong Kong's has about two thousand rare characters more. */
const furtherFaces = [['@expo-google-fonts/noto-sans-hk', '400Regular/NotoSansHK_400Regular.ttf'], ['@expo-google-fonts/noto-sans-tc', '400Regular/NotoSansTC_400Regular.ttf'], ['@expo-google-fonts/noto-sans-jp', '400Regular/NotoSansJP_400Regular.ttf']] as const

const fonts = loadFonts()
const compiler = NodeCompiler.create({ workspace: room, fontArgs: [{ fontBlobs: fonts.map((font) => font.bytes) }] })
const families = [...new Set(fonts.map((font) => font.family))]
const covers = (codePoint: number): boolean => fonts.some((font) => font.covers(codePoint))

process.on('message', (message) => {
  const asked = order.parse(message)
  answer(print(asked))
})
process.on('disconnect', () => process.exit(0)) // nobody waits for it any more
answer({ id: -1, why: 'ready' })

function answer(told: TypstAnswer): void {
  process.send?.(told)
}

function loadFonts(): PdfFont[] {
  const require = createRequire(import.meta.url)
  const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`))
  const own = folderOf('@expo-google-fonts/noto-sans-sc')
  const further = furtherFaces.flatMap(([name, face], i) => {
    const file = fileOf(() => join(folderOf(name), face))
    return file === null ? [] : [readFont(readFileSync(file), String.fromCharCode(66 + i))]
  })
  return [...faces.map((face) => readFont(readFileSync(join(own, face)), 'A')), ...further]
}

/** A font that is not installed is none. */
function fileOf(find: () => string): string | null {
  try {
    const file = find()
    return existsSync(file) ? file : null
  } catch {
    return null
  }
}

function print({ id, template, values, createdSeconds }: z.infer<typeof order>): TypstAnswer {
  const { value, missing } = showable(z.json().parse(JSON.parse(values)), covers)
  const main = join(room, 'main.typ')
  compiler.addSource(main, template)
  compiler.mapShadow(join(room, 'values.json'), Buffer.from(JSON.stringify({ ...asRecord(value), missing, families })))
  try {
    const compiled = compiler.compile({ mainFilePath: main, resetRead: true })
    const document = compiled.result
    if (document === null) return { id, why: reasonOf(compiled) }
    const pdf = compiler.pdf(document, { pdfStandard: PdfStandard.A_2b, creationTimestamp: createdSeconds })
    return { id, pdf, pages: document.numOfPages, missing, megabytes: Math.round(process.memoryUsage().rss / 1e6) }
  } catch (error) {
    return { id, why: error instanceof Error ? withoutValues(error.message) : 'unknown' }
  } finally {
    compiler.resetShadow()
    compiler.evictCache(0)
  }
}

function asRecord(value: PrintValue): { readonly [key: string]: PrintValue } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : { values: value }
}

/** Where in the template, and what is wrong with it; its values are not told. */
function reasonOf(compiled: { takeDiagnostics(): Parameters<NodeCompiler['fetchDiagnostics']>[0] | null }): string {
  const found = compiled.takeDiagnostics()
  const list = z.array(z.object({ message: z.string() })).safeParse(found === null ? [] : compiler.fetchDiagnostics(found))
  return list.success ? list.data.map(({ message }) => withoutValues(message)).slice(0, 3).join('; ') : 'unknown'
}

const withoutValues = (message: string): string => message.replace(/(?:\\?")[^"]*(?:\\?")/g, '"…"').slice(0, 300)
