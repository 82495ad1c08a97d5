// SPDX-License-Identifier: Apache-2.0
import { dayOf, instantOf } from '../../kit/time.ts'
import { cautiousPositions } from '../../law/index.ts'
import type { PaperCategory, PaperFacts } from './paper-facts.ts'
import type { PaperName } from './templates.ts'

const general: PaperCategory[] = [{ words: { zh: '姓名', en: 'name' }, isSensitive: false, values: 4981 }, { words: { zh: '手机号', en: 'mobile number' }, isSensitive: false, values: 4975 }, { words: { zh: '地址', en: 'address' }, isSensitive: false, values: 3120 }]
const sensitive: PaperCategory[] = [{ words: { zh: '银行账号', en: 'bank account' }, isSensitive: true, values: 810 }]

/** For tests and golden pictures: a whole matter of invented parties with everything said. */
export const fullFacts: PaperFacts = {
  today: dayOf('2026-11-22'), now: instantOf('2026-11-22T02:00:00.000Z'), isClockDeclared: false, matter: { code: 'WEIYU-2026', type: 'asset-transfer', openedOn: dayOf('2026-09-01') },
  parties: [
    { role: 'transferor', name: '甲卫浴有限公司', creditCode: '91320500MA1AB00002', contact: '400-000-0000' }, { role: 'transferee', name: '乙家居有限公司', creditCode: '91310000MA1FL0000N', contact: '400-111-1111' },
    { role: 'custodian', name: '丙档案服务有限公司', creditCode: '91330000MA2AB00009', contact: '0571-00000000' }, { role: 'liquidator', name: '甲卫浴有限公司清算组', creditCode: 'TEST-0004', contact: '0512-00000000' }, { role: 'mediator', name: '丁区人民调解委员会', creditCode: 'TEST-0005', contact: '0512-11111111' },
  ],
  successor: true, transferorSurvives: true, receiverChangesPurpose: false, isRecipientAbroad: false, abroad: null, residualCopyDays: 30, cutoffDay: '2027-01-31', positions: cautiousPositions,
  categories: [...general, ...sensitive], purposes: ['会员服务', '送货与安装', '售后保修'], bases: ['contract', 'consent'],
  retention: [{ text: 'RT01 会计凭证 30年', textEn: 'RT01 accounting vouchers, 30 years', source: '会计档案管理办法 附表1', conf: 'S' }, { text: 'RT06 涉税资料 10年', textEn: 'RT06 tax-relevant documents, 10 years', source: '税收征收管理法实施细则 第二十九条', conf: 'P' }],
  dataSets: [
    { number: 1, name: '会员', source: '客户.xlsx', kind: 'xlsx', records: 5000, values: 41200, persons: 4890, moved: { records: 0, persons: 0 }, categories: [...general, ...sensitive], endings: [{ outcome: 'transferred', values: 30100 }, { outcome: 'destroyed', values: 8100 }, { outcome: 'sealed', values: 3000 }] },
    { number: 2, name: '订单', source: '订单.csv', kind: 'csv', records: 12480, values: 99840, persons: 4102, moved: { records: 0, persons: 0 }, categories: general, endings: [{ outcome: 'transferred', values: 61840 }, { outcome: 'sealed', values: 38000 }] },
  ],
  persons: { all: 4890, sensitive: 801, under14: 3, under18: 12, unknownAge: 40, countedOn: dayOf('2026-11-20') },
  plan: { id: `pln_${'1'.repeat(32)}`, isApproved: true, transferRecords: 15100, transferValues: 91940, transferPersons: 4400, sealedValues: 41000, keptValues: 0, destroyedValues: 8100, anonymisedValues: 0, pendingValues: 0 },
  copies: { open: 3, byKind: { original: 2, vault: 1 }, outOfReach: 1 },
  orders: [{ id: `dst_${'2'.repeat(32)}`, status: 'final', scope: 'vault', records: 2256, values: 8100, copies: 1, requestedAt: instantOf('2026-11-18T02:00:00.000Z'), requestedBy: '安娜', approvedBy: ['安娜', '波'], identitiesVerified: true, destroyedAt: instantOf('2026-11-20T02:00:00.000Z'), certificate: 'ab'.repeat(32), outOfReach: 1 }],
  overrides: [],
  notRead: 2,
}

/** The same matter with a recipient abroad, whose numbers ask for a standard contract or certification. */
export const abroadFacts: PaperFacts = {
  ...fullFacts, isRecipientAbroad: true,
  abroad: {
    year: 2026, planned: { persons: 4400, sensitive: 801 }, undecided: { persons: 12, sensitive: 12 }, otherMatters: { persons: 0, sensitive: 0 }, seen: { persons: 0, sensitive: 0 }, elsewhere: { persons: 150, sensitive: 0 },
    total: { persons: 4562, sensitive: 813 }, allowed: ['standard-contract', 'certification'], reasons: [{ zh: '累计敏感个人信息 813 人,不满 10,000', en: 'Sensitive information of 813 persons, fewer than 10,000', law: '促进和规范数据跨境流动规定 第八条', conf: 'P' }],
    ciio: false, importantData: 'none-identified', done: { route: 'standard-contract', number: '备案-0001', hasDocument: true, validUntil: null },
  },
}

/** The full matter as this paper is drawn from it: papers of an export need one. */
export function factsFor(name: PaperName): PaperFacts {
  return name.startsWith('export-') ? abroadFacts : fullFacts
}

/** The same matter before anybody said anything but who opened it: every other fact is missing. */
export const bareFacts: PaperFacts = {
  ...fullFacts, parties: fullFacts.parties.slice(0, 1), cutoffDay: null, categories: [], purposes: [], bases: [], retention: [], dataSets: [], persons: null, plan: null, copies: { open: 0, byKind: {}, outOfReach: 0 }, orders: [], notRead: 0,
}
