// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { writeOnce } from '../ledger/index.ts'
import { blanksOf, paperDigest, paperJson, verificationCode, type Paper } from '../kit/paper/paper.ts'
import { instantOf } from '../kit/time.ts'
import { printPaper } from '../kit/paper/print-paper.ts'
import { paperDocx } from '../kit/paper/write-docx.ts'
import { paperFailures } from '../stewardship/papers/index.ts'
import type { CommandCall, CommandOption } from './command.ts'

/** What was written, and how it can be checked. */
export interface WrittenPaper {
  files: string[]
  template: string
  digest: string
  code: string
  /** Pages of the PDF, or null when only a DOCX was written. */
  pages: number | null
  blanks: string[]
  /** Characters that no font has; printed as code points. */
  missingCharacters: string[]
}

/** Options of every command that prints a paper. */
export const paperOptions = {
  output: { type: 'string', short: 'o', doc: { zh: '写入的文件(.pdf 或 .docx);同名 .paper.json 为其内容,供核对', en: 'file to write (.pdf or .docx); its content goes beside it as .paper.json for checking' } },
  pdf: { type: 'boolean', doc: { zh: '写 PDF(不论文件名)', en: 'write a PDF, whatever the file is called' } },
  docx: { type: 'boolean', doc: { zh: '写 DOCX(可用自己的仿宋、小标宋;与 --pdf 同用则两种都写)', en: 'write a DOCX, in which your own fonts apply (with --pdf: both)' } },
} as const satisfies Record<string, CommandOption>

const begunShape = z.looseObject({ created: z.string() })

/** 已开始的文书. The paper as a command that was killed had begun it: where the content beside the file says the same and was only made at another second, that time stays, so that the command can be run again under a clock that runs. */
export function begunPaper(paper: Paper, file: string): Paper {
  const name = contentFile(file)
  if (!existsSync(name)) return paper
  const text = readFileSync(name, 'utf8')
  try {
    const begun = { ...paper, created: instantOf(begunShape.parse(JSON.parse(text)).created) }
    return paperJson(begun) === text ? begun : paper
  } catch {
    return paper // not a paper: writing refuses the name
  }
}

const stemOf = (file: string): string => file.replace(/\.(pdf|docx)$/i, '')
const contentFile = (file: string): string => `${stemOf(file)}.paper.json`

/** 写出文书. Writes the paper's content as canonical JSON, and the paper as PDF, DOCX or both beside it; what an interrupted command began is finished as it was begun (`begunPaper`). Refuses to overwrite another content (PAPER_EXISTS) and a name that tells no format (PAPER_FORMAT). */
export async function writePaper(call: Pick<CommandCall, 'flags'>, given: Paper, file: string): Promise<WrittenPaper> {
  const stem = stemOf(file)
  const paper = begunPaper(given, file)
  const formats = formatsOf(call, file)
  const digest = paperDigest(paper)
  const pdf = formats.includes('pdf') ? await printPaper(paper) : null
  const docx = formats.includes('docx') ? await paperDocx(paper) : null
  const printed = [...(pdf === null ? [] : [{ name: `${stem}.pdf`, bytes: pdf.bytes }]), ...(docx === null ? [] : [{ name: `${stem}.docx`, bytes: docx }])]
  writeAll([{ name: contentFile(file), bytes: Buffer.from(paperJson(paper), 'utf8') }, ...printed])
  return { files: [...printed.map(({ name }) => name), contentFile(file)], template: paper.template, digest, code: verificationCode(digest), pages: pdf?.pages ?? null, blanks: blanksOf(paper), missingCharacters: pdf?.missing ?? [] }
}

/** The content first: it tells a later try what was begun. The same content again is fine; a name with another one is refused before anything is written. */
function writeAll(files: readonly { name: string; bytes: Uint8Array }[]): void {
  const refuseOther = ({ name, bytes }: (typeof files)[number]): void => {
    if (existsSync(name) && !readFileSync(name).equals(bytes)) throw paperFailures.PAPER_EXISTS({ file: name })
  }
  files.forEach(refuseOther)
  for (const file of files) if (!writeOnce(file.name, file.bytes, 0o600)) refuseOther(file)
}

function formatsOf(call: Pick<CommandCall, 'flags'>, file: string): ('pdf' | 'docx')[] {
  const asked = (['pdf', 'docx'] as const).filter((format) => call.flags[format] === true)
  if (asked.length > 0) return asked
  if (/\.pdf$/i.test(file)) return ['pdf']
  if (/\.docx$/i.test(file)) return ['docx']
  throw paperFailures.PAPER_FORMAT({ file })
}

/** The lines that tell a person what was written. */
export function paperLines(written: WrittenPaper, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const { files, blanks, code, digest, pages, missingCharacters } = written
  return [
    ...files.map((file) => `✔ ${file}`),
    `  ${zh ? '校验码' : 'verification code'} ${code}${pages === null ? '' : ` · ${pages} ${zh ? '页' : pages === 1 ? 'page' : 'pages'}`} · SHA-256 ${digest}`,
    ...(blanks.length === 0 ? [] : [zh ? `  ⚠ 待填 ${blanks.length} 处:` : `  ⚠ ${blanks.length} to fill in:`, ...blanks.map((blank) => `    · ${blank}`)]),
    ...(missingCharacters.length === 0 ? [] : [`  ${zh ? '字体没有的字,以码位印出' : 'characters that no font has, printed as code points'}: ${missingCharacters.join(' ')}`]),
  ]
}
