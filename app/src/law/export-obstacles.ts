// SPDX-License-Identifier: Apache-2.0
// Obstacles of going abroad beside those of the main table; spread into `obstacleTable`.

/** 出境障碍. Rules G01, G03. */
export const exportObstacleTable = {
  EXPORT_ANSWERS_MISSING: {
    rule: 'G01', conf: 'P', law: '个人信息保护法 第三十八条; 促进和规范数据跨境流动规定 第三条至第八条', zh: '出境问答没有答复,路径不能判定', en: 'The export questionnaire is not answered, so no route can be determined',
    remedy: { zh: '运行 handover export-check 查看已知的数字,再 handover fact add export-answers', en: 'See handover export-check for what is known, then handover fact add export-answers' },
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
