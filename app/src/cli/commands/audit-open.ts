// SPDX-License-Identifier: Apache-2.0
import { auditNatures, openAudit } from '../../stewardship/audit-binder/index.ts'
import { matterOf, neededFlag, oneOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover audit open` */
export const command: Command = {
  name: 'audit open',
  summary: { zh: '合规审计立项:26 个法定审计点,自动填入事项证据', en: 'open a compliance audit: the 26 statutory points, prefilled with the matter’s evidence' },
  usage: 'handover audit open --key FILE [--nature self|ordered] [--from DAY] [--to DAY]',
  example: 'handover audit open --from 2026-01-01 --to 2026-11-20 --key 王芳.key',
  options: {
    nature: { type: 'string', doc: { zh: '性质:self 自行,ordered 部门要求(默认 self)', en: 'self or ordered by an authority (default self)' } },
    from: { type: 'string', doc: { zh: '审计期间起(默认一年前)', en: 'period from (default one year ago)' } },
    to: { type: 'string', doc: { zh: '审计期间止(默认今天)', en: 'period to (default today)' } },
    key: { type: 'string', doc: { zh: '签署人的个人密钥文件', en: 'key file of who signs' } },
  },
  run: async (call) => {
    const keyFile = neededFlag(call, 'key', 'audit open')
    const nature = oneOf(textFlag(call, 'nature') ?? 'self', auditNatures, { what: '--nature', command: 'audit open' })
    const { ctx, matter } = await matterOf(call)
    const audit = await openAudit(ctx, matter, { nature, from: textFlag(call, 'from'), to: textFlag(call, 'to'), keyFile })
    call.out.result(audit, `✔ ${audit.id} · ${audit.from} – ${audit.to}`)
    call.out.next('handover audit show')
    return 0
  },
}
