// SPDX-License-Identifier: Apache-2.0
import { currentMatter, refuseUnlessBookkeeper } from '../../matter/index.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command } from '../command.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover log proof SEQ`: the tlog-proof of a published event. */
export const command: Command = {
  name: 'log proof',
  summary: { zh: '导出一个事件的存证(tlog-proof)', en: 'exports the proof that an event is in the log (tlog-proof)' },
  usage: 'handover log proof SEQ [-o FILE] [-m MATTER]',
  example: 'handover log proof 12 -o event-12.tlog-proof',
  options: { output: { type: 'string', short: 'o', doc: { zh: '写入的文件(默认输出到屏幕)', en: 'file to write (default: standard output)' } } },
  run: async (call) => {
    const seq = Number(/^[1-9][0-9]{0,14}$/.exec(call.positionals[0] ?? '')?.[0] ?? NaN)
    if (Number.isNaN(seq)) throw cliFailures.MISSING_ARGUMENT({ what: 'SEQ', command: 'log proof' })
    const ctx = await call.context()
    const matter = await currentMatter(ctx, textFlag(call, 'matter'))
    refuseUnlessBookkeeper(matter)
    const proof = await ctx.ledger.proofOf(matter.id, seq)
    const file = textFlag(call, 'output') ?? '-'
    if (file !== '-') writeNewFile(file, proof)
    call.out.result({ seq, file: file === '-' ? null : file, proof }, file === '-' ? proof.trimEnd() : file)
    return 0
  },
}
