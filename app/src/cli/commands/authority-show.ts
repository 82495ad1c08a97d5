// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { authorities, letterSubjects, openLetters } from '../../law/index.ts'
import { counselFailures, isAuthority, isLetterSubject, letterDocument, loadLetters } from '../../stewardship/counsel/index.ts'
import { matterOf, neededArgument } from '../call.ts'
import { textFlag, type Command } from '../command.ts'
import { printable } from '../grade-lines.ts'

/** `handover authority show LETTER` */
export const command: Command = {
  name: 'authority show',
  summary: { zh: '一件往来函件:内容、摘要、原文件', en: 'one letter from or to an authority: what it says, its note, its document' },
  usage: 'handover authority show LETTER [-o FILE]',
  example: 'handover authority show ltr_… -o 来函.pdf',
  options: { output: { type: 'string', short: 'o', doc: { zh: '写出原文件', en: 'write the document' } } },
  run: async (call) => {
    const id = neededArgument(call, 0, { zh: '函件编号', en: 'The letter', command: 'authority show' })
    const { ctx, matter } = await matterOf(call)
    const letters = await loadLetters(ctx, matter)
    const letter = letters.find((one) => one.letter === id)
    if (letter === undefined) throw counselFailures.LETTER_UNKNOWN({ letter: id.slice(0, 40) })
    const output = textFlag(call, 'output')
    if (output !== undefined) {
      const document = await letterDocument(ctx, matter, id)
      if (document === undefined) throw counselFailures.LETTER_WITHOUT_DOCUMENT({ letter: id })
      writeFileSync(output, document, { mode: 0o600, flag: 'wx' })
    }
    const { lang } = call.out
    const zh = lang === 'zh'
    const waits = openLetters(letters).includes(letter)
    const [authority, subject] = [isAuthority(letter.authority) ? authorities[letter.authority][lang] : letter.authority, isLetterSubject(letter.subject) ? letterSubjects[letter.subject][lang] : letter.subject]
    call.out.result({ ...letter, waits, written: output ?? null }, [
      `■ ${letter.letter}  ${letter.dated} ${letter.direction === 'in' ? '←' : '→'} ${authority} · ${subject}`,
      ...(letter.number === null ? [] : [`  ${printable(letter.number)}`]),
      ...(letter.due === null ? [] : [zh ? `  期限 ${letter.due}${waits ? ',待答复' : ',已答复'}` : `  due ${letter.due}, ${waits ? 'waits for an answer' : 'answered'}`]),
      ...(letter.answers === null ? [] : [zh ? `  答复 ${letter.answers}` : `  answers ${letter.answers}`]),
      ...(letter.note === '' ? [] : [`  ${printable(letter.note)}`]),
      ...(letter.document === null ? [] : [`  ${printable(letter.fileName)} · SHA-256 ${letter.document}`]),
      ...(output === undefined ? [] : [`✔ ${output}`]),
    ])
    return 0
  },
}
