// SPDX-License-Identifier: Apache-2.0
// The articles that papers cite, with the confidence marks of the law register (§1, §13): one place, so that a mark that changes changes everywhere.
import { isCertain, lawMark } from '../../law/index.ts'
import { cited } from '../../kit/paper/compose.ts'
import type { Run } from '../../kit/paper/paper.ts'

const pipl = (article: string) => ({ law: `个人信息保护法 ${article}`, conf: 'P' })

/** 依据. Sources by a short name. */
export const sources = {
  pipl4: pipl('第四条'), pipl14: pipl('第十四条'), pipl15: pipl('第十五条'), pipl16: pipl('第十六条'), pipl17: pipl('第十七条'), pipl20: pipl('第二十条'), pipl21: pipl('第二十一条'), pipl22: pipl('第二十二条'), pipl23: pipl('第二十三条'), pipl29: pipl('第二十九条'),
  pipl30: pipl('第三十条'), pipl31: pipl('第三十一条'), pipl39: pipl('第三十九条'), pipl44: pipl('第四十四条'), pipl44to50: pipl('第四十四条至第五十条'), pipl47: pipl('第四十七条'), pipl47s: pipl('第四十七条第二款'), pipl50: pipl('第五十条'), pipl51: pipl('第五十一条'),
  pipl55: pipl('第五十五条'), pipl56: pipl('第五十六条'), pipl57: pipl('第五十七条'), pipl59: pipl('第五十九条'), pipl69: pipl('第六十九条'), pipl73: pipl('第七十三条'),
  ndr12: { law: '网络数据安全管理条例 第十二条', conf: 'P' }, ndr14: { law: '网络数据安全管理条例 第十四条', conf: 'P' }, ndr62: { law: '网络数据安全管理条例 第六十二条', conf: 'P' }, ndr20: { law: '网络数据安全管理条例 第二十条', conf: 'P' },
  civil501: { law: '民法典 第五百零一条', conf: 'P' }, civil555: { law: '民法典 第五百五十五条', conf: 'P' }, civil558: { law: '民法典 第五百五十八条', conf: 'P' }, civil188: { law: '民法典 第一百八十八条', conf: 'P' },
  trade10: { law: '反不正当竞争法 第十条', conf: 'P' },
  child9: { law: '儿童个人信息网络保护规定 第九条', conf: 'P' }, child10: { law: '儿童个人信息网络保护规定 第十条', conf: 'P' }, child17: { law: '儿童个人信息网络保护规定 第十七条', conf: 'P' },
  company235: { law: '公司法 第二百三十五条', conf: 'P' }, company229: { law: '公司法 第二百二十九条', conf: 'P' }, company239: { law: '公司法 第二百三十九条', conf: 'P' }, bankruptcy111: { law: '企业破产法 第一百一十一条', conf: 'P' },
  consumer22: { law: '消费者权益保护法实施条例 第二十二条', conf: 'P' }, consumer21: { law: '消费者权益保护法实施条例 第二十一条', conf: 'K' }, prepaid: { law: '法释〔2025〕4号 第七条、第二十三条', conf: 'P' },
  archives18: { law: '会计档案管理办法 第十八条', conf: 'P' }, archives19: { law: '会计档案管理办法 第十九条', conf: 'P' }, archives20: { law: '会计档案管理办法 第二十条', conf: 'P' }, archives21: { law: '会计档案管理办法 第二十一条', conf: 'P' },
  gb35273delete: { law: 'GB/T 35273—2020 3.10', conf: 'P' }, gb35273answer: { law: 'GB/T 35273—2020 8.7', conf: 'P' }, gb35273stop: { law: 'GB/T 35273—2020 6.4', conf: 'P' }, gb35273merge: { law: 'GB/T 35273—2020 9.3', conf: 'P' }, gb35273entrust: { law: 'GB/T 35273—2020 9.1', conf: 'P' },
  gb46864: { law: 'GB 46864—2025（2027年1月1日起施行）', conf: 'S' }, gb42460: { law: 'GB/T 42460—2023', conf: 'S' },
  mediation33: { law: '人民调解法 第三十三条', conf: 'P' }, complaints: { law: '市场监督管理投诉举报处理办法', conf: 'K' },
  exportAssess: { law: '数据出境安全评估办法 第五条', conf: 'K' }, exportForms: { law: '数据出境安全评估办法; 个人信息出境标准合同办法; 个人信息出境认证办法', conf: 'K' },
  scc6: { law: '个人信息出境标准合同办法 第六条', conf: 'P' }, scc7: { law: '个人信息出境标准合同办法 第七条', conf: 'P' }, scc8: { law: '个人信息出境标准合同办法 第八条', conf: 'P' }, noSplitting: { law: '个人信息出境标准合同办法 第四条', conf: 'P' },
  cert: { law: '个人信息出境认证办法 第十条', conf: 'P' }, certOwn: { law: '个人信息出境认证办法 第十条', conf: 'J' },
  pipl38: pipl('第三十八条'),
  withContract: { law: '个人信息保护法 第十三条、第二十三条; 民法典 第五百五十五条', conf: 'P/J' }, otherBasis: { law: '个人信息保护法 第十三条、第二十七条', conf: 'P/J' },
  audit: { law: '个人信息保护合规审计管理办法 附件', conf: 'P' },
  custodyPractice: { law: '法律未规定注销后的联系人，本产品做法', conf: 'J' }, waitPractice: { law: '法律未规定等待期，本产品默认', conf: 'J' }, residualPractice: { law: '法律未规定天数，本产品默认', conf: 'J' }, assetView: { law: '个人信息保护法 第二十二条、第二十三条（法律立场由律师确认）', conf: 'J' },
} as const satisfies Record<string, { law: string; conf: string }>

/** A short name of a source. */
export type SourceName = keyof typeof sources

/** The source behind a sentence of a paper: article and mark; one that is not a plain P looks unverified. */
export function sourceRun(name: SourceName, lang: 'zh' | 'en'): Run {
  return lineRun({ source: sources[name].law, conf: sources[name].conf }, lang)
}

/** The same for a line of the law files that a paper repeats (retention). */
export function lineRun({ source, conf }: { source: string; conf: string }, lang: 'zh' | 'en'): Run {
  return cited(lawMark({ law: source, conf }, lang), isCertain(conf))
}
