// SPDX-License-Identifier: Apache-2.0
import { loadBinder, sampleEvents } from '../../stewardship/audit-binder/index.ts'
import { matterOf, neededFlag } from '../call.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover audit sample` */
export const command: Command = {
  name: 'audit sample',
  summary: { zh: '从账本随机抽样,记录种子,任何人可复算', en: 'draw a random sample from the ledger by a recorded seed that anybody can draw again' },
  usage: 'handover audit sample --count N [--point AU07] --key FILE | handover audit sample --check',
  example: 'handover audit sample --point AU07 --count 10 --key 王芳.key',
  options: {
    count: { type: 'string', doc: { zh: '抽多少条事件(1–500)', en: 'how many events (1–500)' } },
    point: { type: 'string', doc: { zh: '只抽与该审计点有关的事件', en: 'only events that speak of this point' } },
    check: { type: 'boolean', doc: { zh: '不抽样,复算已有的各次抽样', en: 'draw nothing; draw the earlier samples again and compare' } },
    key: { type: 'string', doc: { zh: '签署人的个人密钥文件', en: 'key file of who signs' } },
  },
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const zh = call.out.lang === 'zh'
    if (call.flags['check'] === true) {
      const { samples } = await loadBinder(ctx, matter) // draws each again, and refuses one that differs
      call.out.result({ samples }, samples.length === 0 ? '–' : samples.map((sample) => `✔ #${sample.number} ${sample.point ?? (zh ? '全部' : 'all')} · ${sample.seqs.length} · ${sample.seed}`))
      return 0
    }
    const count = neededFlag(call, 'count', 'audit sample')
    const sample = await sampleEvents(ctx, matter, { point: textFlag(call, 'point') ?? null, count: /^\d{1,3}$/.test(count) ? Number(count) : 0, keyFile: neededFlag(call, 'key', 'audit sample') })
    const drawn = await Promise.all(sample.seqs.map(async (seq) => ctx.ledger.event(matter.id, seq)))
    call.out.result({ ...sample, events: drawn.map(({ seq, type, at, leafIndex }) => ({ seq, type, at, leafIndex })) }, [
      `✔ ${zh ? '抽样' : 'sample'} #${sample.number} · ${zh ? '种子' : 'seed'} ${sample.seed} · ${zh ? '截至事件' : 'up to event'} ${sample.upTo}`,
      ...drawn.map(({ seq, type, at, leafIndex }) => `  #${seq} ${type} ${at}${leafIndex === null ? '' : ` [${zh ? '日志' : 'log'} ${leafIndex}]`}`),
    ])
    call.out.next('handover audit finding AU.. --result … --text @FILE --key FILE')
    return 0
  },
}
