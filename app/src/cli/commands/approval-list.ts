// SPDX-License-Identifier: Apache-2.0
import { actRules, loadRequests, loadSignatures } from '../../stewardship/access/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover approval list` */
export const command: Command = {
  name: 'approval list',
  summary: { zh: '审批申请和进度', en: 'requests for approval and how far they are' },
  usage: 'handover approval list [-m CODE]',
  example: 'handover approval list --json',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const requests = []
    for (const request of await loadRequests(ctx.db, ctx.tenant, matter.id)) {
      const signatures = await loadSignatures(ctx.db, ctx.tenant, request)
      const approvedBy = signatures.map((signature) => signature.personId).filter((person) => person !== request.requestedBy)
      requests.push({ ...request, digest: request.digest.toString('hex'), approvedBy, needed: actRules[request.act].approvers })
    }
    call.out.result({ requests }, requests.length === 0 ? '–' : requests.map((request) => `${request.id}  ${actRules[request.act][call.out.lang]}  ${request.status}  ${request.approvedBy.length}/${request.needed}  ${request.coolingOffUntil ?? ''}`))
    return 0
  },
}
