// SPDX-License-Identifier: Apache-2.0
import { checkLawPack, lawOf } from '../../matter/index.ts'
import { builtInLaw, compareLaws } from '../../law/index.ts'
import { adoptLaw, type AdoptedLaw } from '../../stewardship/law-packs/index.ts'
import { matterOf, neededArgument, neededFlag, readTextFile } from '../call.ts'
import { listFlag, type Command, type Output } from '../command.ts'
import { differenceLines } from '../law-lines.ts'

/** `handover law import PACK --key FILE` */
export const command: Command = {
  name: 'law import',
  summary: { zh: '核验法规包并让本事项采用;放宽须两人,条目不会无声消失', en: 'check a law pack and let the matter use it; loosening takes two people, nothing vanishes silently' },
  usage: 'handover law import PACK|built-in --key FILE [--remove ID…] [--dry-run]',
  example: 'handover law import update.json --key counsel.key',
  options: {
    key: { type: 'string', doc: { zh: '采用人的个人密钥文件', en: 'key file of the person who adopts it' } },
    remove: { type: 'string', multiple: true, doc: { zh: '允许消失的条目(每个写一次)', en: 'an id that may vanish (once for each)' } },
    'dry-run': { type: 'boolean', doc: { zh: '只核验和显示差异,不变更', en: 'check and show the difference only' } },
  },
  run: async (call) => {
    const word = neededArgument(call, 0, { zh: '法规包', en: 'The law pack', command: 'law import' })
    const text = word === 'built-in' ? null : readTextFile(word)
    const { ctx, matter } = await matterOf(call)
    if (call.flags['dry-run'] === true) {
      const law = text === null ? builtInLaw : checkLawPack(matter, text).law
      const difference = compareLaws(await lawOf(ctx, matter), law)
      call.out.result({ dryRun: true, ...difference }, differenceLines(difference, call.out.lang))
      call.out.next(`handover law import ${word} --key FILE`)
      return 0
    }
    const done = await adoptLaw(ctx, matter, { text, keyFile: neededFlag(call, 'key', 'law import'), remove: listFlag(call, 'remove') })
    tell(call.out, done)
    call.out.next(done.asked === null ? 'handover duties' : `handover approve ${done.asked} --key FILE`)
    return 0
  },
}

function tell(out: Output, done: AdoptedLaw): void {
  const zh = out.lang === 'zh'
  const { from, to, changes, articles, affected, vanished, loosened } = done.difference
  const document = { adoption: done.adoption, asked: done.asked, repeated: done.repeated, from, to, changes: changes.length, articles, affected, vanished, loosened }
  if (done.repeated) return out.result(document, zh ? `✔ 本事项已在使用这套法规(${to.slice(0, 12)}…)` : `✔ the matter uses this law already (${to.slice(0, 12)}…)`)
  if (done.asked !== null) {
    return out.result(document, [...differenceLines({ ...done.difference, changes: loosened }, out.lang), zh ? `✔ 其中 ${loosened.length} 处放宽保障,须两人:已申请 ${done.asked};尚未采用,批准后再运行一次` : `✔ ${loosened.length} changes loosen a safeguard and take two people: asked as ${done.asked}; nothing was adopted, run it again once approved`])
  }
  out.result(document, [
    ...differenceLines(done.difference, out.lang), `✔ ${zh ? '已采用' : 'adopted'} ${done.adoption ?? ''} · ${to}`,
    zh ? '  此前的方案已过期,须重新计算并批准(handover plan);受影响的文本已列入义务(handover duties)' : '  plans computed before are stale and have to be computed and approved again (handover plan); what is affected stands among the duties (handover duties)',
  ])
}
