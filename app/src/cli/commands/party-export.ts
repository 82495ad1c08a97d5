// SPDX-License-Identifier: Apache-2.0
import { ownParty, ownPartyFile, partyFileText, spokenWords, writeInvitation } from '../../matter/index.ts'
import { matterOf, neededFlag } from '../call.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover party export` */
export const command: Command = {
  name: 'party export',
  summary: { zh: '导出本方文件或事项邀请,交给对方', en: "write this party's file, or an invitation to the matter, for the other side" },
  usage: 'handover party export [--invitation] -o FILE',
  example: 'handover party export -o 本方.json',
  options: {
    output: { type: 'string', short: 'o', doc: { zh: '写到哪个文件', en: 'file to write' } },
    invitation: { type: 'boolean', doc: { zh: '导出事项邀请(立项方)', en: 'an invitation to the matter (by its opener)' } },
  },
  run: async (call) => {
    const file = neededFlag(call, 'output', 'party export')
    const { text, digest, party } = call.flags['invitation'] === true ? await invitation(call) : await partyFile(call)
    writeNewFile(file, text)
    const words = spokenWords(digest, call.out.lang)
    call.out.result({ file, party, words: { zh: spokenWords(digest, 'zh'), en: spokenWords(digest, 'en') } }, [
      `✔ ${file}`,
      call.out.lang === 'zh' ? `  换一条渠道(电话)把这六个词读给对方: ${words.join(' ')}` : `  Read these six words to the other side by another way (telephone): ${words.join(' ')}`,
    ])
    return 0
  },
}

async function invitation(call: CommandCall) {
  const { ctx, matter } = await matterOf(call)
  const own = ownParty(matter)
  return { text: writeInvitation(ctx, matter, (await ctx.ledger.logVkey(matter.id)).text), digest: own.digest, party: own.id }
}

/** The file as it stands in the matter when there is one, since its role may differ there; otherwise the home's own. */
async function partyFile(call: CommandCall) {
  const ctx = await call.context()
  const inMatter = ctx.home.settings.currentMatter !== null || textFlag(call, 'matter') !== undefined
  const own = inMatter ? ownParty((await matterOf(call)).matter) : await ownPartyFile(ctx)
  return { text: partyFileText(own), digest: own.digest, party: own.file.party }
}
