// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '@handover/proof'
import { factKind } from '../../law/index.ts'
import { loadFacts } from '../../lifecycle/assess/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover fact list` */
export const command: Command = {
  name: 'fact list',
  summary: { zh: '已登记的事实(含被取代的)', en: 'recorded facts, superseded ones too' },
  usage: 'handover fact list [-m CODE]',
  example: 'handover fact list --json',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const facts = (await loadFacts(ctx, matter)).map((fact) => ({ ...fact, digest: fact.digest.toString('hex') }))
    call.out.result({ facts }, facts.length === 0 ? '–' : facts.map((fact) => `${fact.supersededBy === null ? '✔' : '✗'} ${fact.name} ${factKind(fact.name)[call.out.lang]}  ${canonicalJson(fact.value)}  ${fact.signedBy}  ${fact.recordedAt}`))
    return 0
  },
}
