// SPDX-License-Identifier: Apache-2.0
// Obstacles of going abroad beside those of the main table; spread into `obstacleTable`.

/** 出境障碍. Rules G01, G02, G03. */
export const exportObstacleTable = {
  ABROAD_ACCESS_UNANSWERED: {
    rule: 'G01', conf: 'P', law: '个人信息保护法 第三十八条; 促进和规范数据跨境流动规定 第三条至第八条', zh: '是否有人从境外查看客户信息(境外查看即出境;港澳台属境外),没有答复', en: 'Nobody answered whether anybody looks at customer information from abroad, which is an export (Hong Kong, Macau and Taiwan are abroad)',
    remedy: { zh: '核实后 handover fact add abroad-access;没有境外查看的,四项都填 0', en: 'Find out, then handover fact add abroad-access; where nobody does, all four numbers are 0' },
  },
  EXPORT_ANSWERS_MISSING: {
    rule: 'G01', conf: 'P', law: '个人信息保护法 第三十八条; 促进和规范数据跨境流动规定 第三条至第八条', zh: '出境问答没有答复,路径不能判定', en: 'The export questionnaire is not answered, so no route can be determined',
    remedy: { zh: '运行 handover export-check 查看已知的数字,再 handover fact add export-answers', en: 'See handover export-check for what is known, then handover fact add export-answers' },
  },
  EXPORT_CONSENT_MISSING: {
    rule: 'G02', conf: 'P', law: '个人信息保护法 第三十九条', zh: '以同意为基础的信息要出境,尚未取得出境的单独同意(沉默不是同意)', en: 'Information that rests on consent goes abroad and separate consent to that has not been given (silence is not consent)',
    remedy: { zh: '发送第三十九条告知,就出境另行征求同意并导入选择(handover choice import,选择 agree-export);未同意的不移交给境外', en: 'Send the Article 39 notice, ask for this consent as a choice of its own and import the answers (handover choice import, choice agree-export); without it nothing goes abroad' },
  },
  EXPORT_CONSENT_REFUSED: {
    rule: 'G02', conf: 'P', law: '个人信息保护法 第三十九条、第四十四条', zh: '拟移交集中有 {records} 条记录的本人不同意出境', en: 'The persons of {records} records in the set to be transferred refused to let it go abroad',
    remedy: { zh: '重新计算方案,把拒绝者移出(handover plan)', en: 'Compute the plan again so that they leave the set (handover plan)' },
  },
  EXPORT_ROUTE_TOO_WEAK: {
    rule: 'G01', conf: 'P', law: '促进和规范数据跨境流动规定 第七条、第八条', zh: '登记的路径({route})不够,按当年累计人数须为 {needed}', en: 'The recorded route ({route}) is not enough; by this year’s numbers it must be {needed}',
    remedy: { zh: '办理所需机制后重新登记 handover fact add export-route-done', en: 'Complete the mechanism needed, then record it with handover fact add export-route-done' },
  },
  EXPORT_NUMBER_MISSING: {
    rule: 'G01', conf: 'P', law: '个人信息保护法 第三十八条', zh: '路径({route})没有文号或没有文件', en: 'The route ({route}) has no number or no document',
    remedy: { zh: '登记文号和文件:handover fact add export-route-done --set number=… --evidence 文件', en: 'Record number and document: handover fact add export-route-done --set number=… --evidence FILE' },
  },
} as const
