// SPDX-License-Identifier: Apache-2.0
import { lawPackText, signLawPack } from '../../stewardship/law-packs/index.ts'
import { neededArgument, neededFlag } from '../call.ts'
import type { Command } from '../command.ts'
import { lawFilesOf } from '../law-source.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover law pack FOLDER -o FILE --title TITLE` */
export const command: Command = {
  name: 'law pack',
  summary: { zh: '把一个文件夹的法规文件签署成法规包,供各事项采用', en: 'sign a folder of law files as a pack that matters can adopt' },
  usage: 'handover law pack FOLDER -o FILE --title TITLE',
  example: 'handover law pack ./law -o update.json --title 2026-12',
  options: {
    output: { type: 'string', short: 'o', doc: { zh: '写入的文件', en: 'the file to write' } },
    title: { type: 'string', doc: { zh: '法规包的名称', en: 'what the pack is called' } },
  },
  run: async (call) => {
    const folder = neededArgument(call, 0, { zh: '文件夹', en: 'The folder', command: 'law pack' })
    const file = neededFlag(call, 'output', 'law pack')
    const title = neededFlag(call, 'title', 'law pack')
    const files = lawFilesOf(folder)
    const ctx = await call.context()
    const pack = signLawPack(ctx.signer.noteSigner, { title, issuedAt: ctx.now(), files, where: folder })
    writeNewFile(file, lawPackText(pack))
    call.out.result({ file, title, issuedAt: pack.issuedAt, signedBy: ctx.signer.vkey.name }, `✔ ${file}`)
    call.out.next(`handover law import ${file} --dry-run`)
    return 0
  },
}
