// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { writeOnce } from '../ledger/index.ts'
import { blanksOf, paperDigest, paperJson, verificationCode, type Paper } from '../kit/paper/paper.ts'
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

/** 写出文书. Writes the paper as PDF, DOCX or both, and its content as canonical JSON beside it. Refuses to overwrite another content (PAPER_EXISTS) and a name that tells no format (PAPER_FORMAT). */
export async function writePaper(call: CommandCall, paper: Paper, file: string): Promise<WrittenPaper> {
  const stem = file.replace(/\.(pdf|docx)$/i, '')
  const formats = formatsOf(call, file)
  const digest = paperDigest(paper)
  const files: string[] = []
  const write = (name: string, bytes: Uint8Array): void => {
    // The same content again is fine: a command that was killed can be run again.
    if (!writeOnce(name, bytes, 0o600) && !readFileSync(name).equals(bytes)) throw paperFailures.PAPER_EXISTS({ file: name })
    files.push(name)
  }
  const pdf = formats.includes('pdf') ? await printPaper(paper) : null
  const docx = formats.includes('docx') ? await paperDocx(paper) : null
  if (pdf !== null) write(`${stem}.pdf`, pdf.bytes)
  if (docx !== null) write(`${stem}.docx`, docx)
  write(`${stem}.paper.json`, Buffer.from(paperJson(paper), 'utf8'))
  return { files, template: paper.template, digest, code: verificationCode(digest), pages: pdf?.pages ?? null, blanks: blanksOf(paper), missingCharacters: pdf?.missing ?? [] }
}

function formatsOf(call: CommandCall, file: string): ('pdf' | 'docx')[] {
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
