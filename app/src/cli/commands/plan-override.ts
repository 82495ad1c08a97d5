// SPDX-License-Identifier: Apache-2.0
import { checkOverride, overrideParameters, overridePlan } from '../../lifecycle/hand-over/index.ts'
import { requestApproval } from '../../stewardship/access/index.ts'
import { matterOf, neededFlag, readTextFile } from '../call.ts'
import { listFlag, textFlag, type Command } from '../command.ts'

/** `handover plan override` */
export const command: Command = {
  name: 'plan override',
  summary: { zh: '改判:经具名的人批准,某些字段改为留用、封存或销毁', en: 'override: named people decide that fields are kept, sealed or destroyed' },
  usage: 'handover plan override --data-set ID [--field N …] --outcome kept|sealed|destroyed --reason-file FILE [--request --key FILE]',
  example: 'handover plan override --data-set ds_… --field 3 --outcome sealed --reason-file 理由.txt --request --key 李明.key',
  options: {
    'data-set': { type: 'string', doc: { zh: '数据集编号', en: 'id of the data set' } },
    field: { type: 'string', multiple: true, doc: { zh: '字段序号,从 1 起;不写即全部', en: 'number of a field from 1; all when left out' } },
    outcome: { type: 'string', doc: { zh: '改为', en: 'the new end' } },
    'reason-file': { type: 'string', doc: { zh: '写明理由的文件,加密保存', en: 'file with the reason; kept encrypted' } },
    request: { type: 'boolean', doc: { zh: '先提出申请', en: 'ask for approval first' } },
    key: { type: 'string', doc: { zh: '申请人的个人密钥文件', en: 'key file of who asks' } },
  },
  run: async (call) => {
    const reason = readTextFile(neededFlag(call, 'reason-file', 'plan override'))
    const override = { dataSetId: neededFlag(call, 'data-set', 'plan override'), positions: listFlag(call, 'field').map((text) => Number(text) - 1), outcome: neededFlag(call, 'outcome', 'plan override'), reason }
    const { ctx, matter } = await matterOf(call)
    if (call.flags['request'] === true) {
      await checkOverride(ctx, matter, override)
      const { request, repeated } = await requestApproval(ctx, matter, { act: 'gate-override', parameters: await overrideParameters(ctx, matter, override), keyFile: textFlag(call, 'key') ?? neededFlag(call, 'key', 'plan override') })
      call.out.result({ request: request.id, repeated }, `✔ ${request.id}`)
      call.out.next(`handover approve ${request.id} --key FILE`)
      return 0
    }
    const { id, approval } = await overridePlan(ctx, matter, override)
    call.out.result({ override: id, approval }, call.out.lang === 'zh' ? `✔ 已改判 ${id};重新运行 handover plan 生效` : `✔ overridden ${id}; run handover plan again`)
    call.out.next('handover plan')
    return 0
  },
}
