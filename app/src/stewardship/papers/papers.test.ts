// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { dayOf } from '../../kit/time.ts'
import { blanksOf, paperDigest, textsOf, type Paper } from '../../kit/paper/paper.ts'
import { adviceAnswersSchema, estimateTransfer, isCertain, lawMark, type MatterType } from '../../law/index.ts'
import { draftPaper, missingOf, needOf, paperNames, paperTemplates, sources, type PaperName } from './index.ts'
import { abroadFacts, bareFacts, factsFor, fullFacts } from './papers.fixture.ts'

const langs = ['zh', 'en'] as const
const wordsOf = (paper: Paper): string => textsOf(paper).flat().map(({ text }) => text).join('')
const taker = '乙家居有限公司'

/** What each paper has to say at least (law register §10.4; UX.md §4), as words of the full matter or as the blank that asks for it. */
const required: Readonly<Record<PaperName, readonly string[]>> = {
  'notice-art22': [taker, '400-111-1111', '业务（资产）转让', '2027年1月31日', '姓名、手机号、地址', '银行账号', '会员服务、送货与安装、售后保修', '目的、方式不变', '必要性', '对个人权益的影响', '查阅、复制、更正', '提出异议、注销账户', '会计凭证 30年', '30日内删除', '至少间隔30日'],
  'notice-art23': [taker, '400-111-1111', '会员服务', '接收方的处理方式', '姓名、手机号、地址', '单独同意', '不同意的，这部分信息不会提供', '没有同意转让合同的，这部分信息不移交', '同意', '不同意', '未预先勾选', '随时撤回', '敏感个人信息提供给接收方'],
  'notice-guardian': ['目的、方式和范围', '存储的地点、期限', '安全保障措施', '拒绝的后果', '投诉、举报的渠道', '更正、删除的途径', '其他应当告知的事项', '拒绝转移', '安全评估', '核验监护关系', taker],
  nda: ['甲卫浴有限公司', taker, '无论合同是否成立', '不得重新识别', '逐人签署', '返还或销毁', '境外人员远程查看视为出境'],
  'sharing-agreement': ['处理目的', '处理方式', '个人信息种类', '安全', '监督', '15,100 条记录', '退订、撤回、反对名单', '不得整体或部分再转让', '三年', '重新取得个人同意'],
  'processing-agreement': ['委托期限', '处理方式', '个人信息种类', '不得转委托', '返还或者删除', '书面证明', '协助委托人'],
  'custody-deed': ['丙档案服务有限公司', '41,000', '密钥', '影响评估报告', '对外公布联系方式', '两人同时在场', '备选保管人', '最后一项到期日'],
  'handover-list': ['会员（客户.xlsx）', '5,000', '41,200', '30,100', '合计', '141,040', '未能读取的位置：2 处', '监交人', '退订、撤回、反对名单'],
  'liquidation-announcement': ['91320500MA1AB00002', '清算组负责人', '三十日内', '四十五日内', '0512-00000000', '退还未消费的余额', '丙档案服务有限公司', '不单独出售客户名单', '是债权人'],
  'destruction-approval': [`dst_${'2'.repeat(32)}`, '2,256 条记录', '第一批准人', '第二批准人', '会计档案已鉴定', '冷静期', '够不着'],
  'destruction-certificate': ['2,256 条记录', 'ab'.repeat(32), '安娜、波', '2026年11月20日', '够不着的副本', '无法触及或仅有书面保证的副本：1 份', '不宣称密码学擦除'],
  'complaint-form': ['受理编号', '身份核验', '三十日内', '说明理由', '向人民法院起诉', '不收身份证号'],
  'export-assessment': ['“数据出境安全评估”不够，须走：订立个人信息出境标准合同、个人信息出境认证', '自评估', '4,400', '801', '关键信息基础设施运营者', '数量拆分', '境外接收方所在国家或者地区', '法定代表人', '真实、完整、准确'],
  'export-contract': ['个人信息出境说明', '可以走“订立个人信息出境标准合同”', '十个工作日', '备案-0001', '4,562', '813', '已识别，无', '再向境外第三方提供', '出境后保存地点', '不得与之相冲突'],
  'export-certification': ['证书有效期三年', '认证机构', '15,100 条记录', '个人行使权利的途径', taker],
  'mediation-agreement': ['丁区人民调解委员会', '三十日内', '司法确认', '金额（大写）', '不得放弃的权利'],
}

describe('the templates of papers', () => {
  test('every one says what its article asks for, in Chinese, and nothing is left out in English', () => {
    for (const name of paperNames) {
      const [zh, en] = [draftPaper(name, factsFor(name), 'zh'), draftPaper(name, factsFor(name), 'en')]
      for (const words of required[name]) expect(`${name}: ${wordsOf(zh)}`).toContain(words)
      const shape = (paper: Paper): string[] => paper.blocks.map((block) => (block.kind === 'items' ? `${block.kind} ${block.items.length}` : block.kind === 'facts' ? `${block.kind} ${block.rows.length}` : block.kind === 'table' ? `${block.kind} ${block.rows.length}×${block.columns.length}` : block.kind))
      expect([name, ...shape(en)]).toEqual([name, ...shape(zh)])
      expect(blanksOf(en)).toHaveLength(blanksOf(zh).length)
      expect(en.title).toBe(paperTemplates[name].en)
    }
  })

  test('English papers hold Chinese only in names, purposes and the law, never a blank or a sentence', () => {
    for (const name of paperNames) {
      const paper = draftPaper(name, { ...bareFacts, parties: [] }, 'en')
      const own = textsOf(paper).flat().filter(({ as }) => as !== 'law' && as !== 'unverified').map(({ text }) => text).filter((text) => /\p{Script=Han}/u.test(text))
      expect([name, ...own]).toEqual([name])
    }
  })

  test('what nobody said is marked and never invented: without facts no party, count, purpose or day of the full matter appears', () => {
    for (const name of paperNames) {
      const words = wordsOf(draftPaper(name, bareFacts, 'zh'))
      for (const made of [taker, '400-111-1111', '丙档案服务', '4,890', '15,100', '91,940', '会员服务', '2027年1月31日', '银行账号', 'ab'.repeat(32)]) expect(`${name}: ${words}`).not.toContain(made)
      expect(missingOf(name, bareFacts, 'zh').length).toBeGreaterThan(missingOf(name, fullFacts, 'zh').length - 1)
    }
    expect(missingOf('notice-art22', bareFacts, 'zh')).toEqual(expect.arrayContaining(['受让方名称', '受让方联系方式', '个人信息的种类', '处理目的', '保存期限', '交割基准日']))
    expect(missingOf('notice-art22', bareFacts, 'en')).toEqual(expect.arrayContaining(['name of the transferee', 'contact of the transferee']))
  })

  test('retention periods stand with their source and mark: one from memory does not look like certain law', () => {
    for (const name of ['notice-art22', 'notice-art23', 'notice-guardian', 'custody-deed', 'processing-agreement', 'sharing-agreement'] as const) {
      for (const lang of langs) {
        const runs = textsOf(draftPaper(name, fullFacts, lang)).flat()
        for (const { text, textEn, source, conf } of fullFacts.retention) {
          const at = runs.findIndex((run) => run.text.includes(lang === 'zh' ? text : (textEn ?? text)))
          expect(runs[at + 1], `${name} ${lang} ${text}`).toEqual({ text: lawMark({ law: source, conf }, lang), as: isCertain(conf) ? 'law' : 'unverified' })
        }
      }
    }
  })

  test('the list of what was handed over has everything that was in the books, and beside it what moved', () => {
    const moved = { ...fullFacts, dataSets: fullFacts.dataSets.map((set, at) => ({ ...set, moved: { records: set.records - 7 * (at + 1), persons: 11 * (at + 1) } })) }
    for (const lang of langs) {
      const cells = (facts: typeof fullFacts) => draftPaper('handover-list', facts, lang).blocks.flatMap((block) => (block.kind === 'table' ? [textsOf({ ...draftPaper('handover-list', facts, lang), blocks: [block] }).flat().map(({ text }) => text)] : []))[0] ?? []
      expect(cells(moved)).toEqual(expect.arrayContaining(['5,000', '12,480', '4,993', '12,466', '11', '22', '17,480', '17,459']))
      expect(cells(moved)).toEqual(expect.arrayContaining([lang === 'zh' ? '其中已移交记录' : 'of these records transferred']))
      expect(cells(fullFacts)).not.toEqual(expect.arrayContaining([lang === 'zh' ? '其中已移交记录' : 'of these records transferred']))
    }
  })

  test('every paper carries its sources; whatever is not a plain P looks unverified and says so', () => {
    const known = [...Object.values(sources), ...fullFacts.retention.map(({ source, conf }) => ({ law: source, conf }))]
    for (const name of paperNames) {
      for (const lang of langs) {
        const runs = textsOf(draftPaper(name, factsFor(name), lang)).flat().filter(({ as }) => as === 'law' || as === 'unverified')
        expect(runs.length).toBeGreaterThan(0)
        for (const run of runs) {
          const source = known.find((one) => run.text.includes(lawMark(one, lang)))
          if (lang === 'en') expect(run.text).not.toMatch(/\p{Script=Han}/u)
          expect(source).toBeDefined()
          expect([run.text, run.as]).toEqual([run.text, isCertain(source?.conf ?? '') ? 'law' : 'unverified'])
          expect(run.text.includes(lang === 'zh' ? '未核实' : 'unverified')).toBe(run.as === 'unverified')
        }
      }
    }
    expect(wordsOf(draftPaper('liquidation-announcement', fullFacts, 'zh'))).toContain('消费者权益保护法实施条例 第二十一条 · K · 未核实')
  })

  test('a recipient abroad, a change of purpose and a matter without successor change what is said', () => {
    expect(wordsOf(draftPaper('notice-art22', { ...fullFacts, isRecipientAbroad: true }, 'zh'))).toContain('向境外接收方行使权利')
    for (const name of ['notice-art22', 'notice-art23', 'notice-guardian'] as const) {
      const words = (isRecipientAbroad: boolean): string => wordsOf(draftPaper(name, { ...fullFacts, isRecipientAbroad }, 'zh'))
      expect([words(true).includes('同意提供给上列境外接收方'), words(false).includes('境外接收方')], name).toEqual([true, false])
    }
    expect(wordsOf(draftPaper('notice-art22', { ...fullFacts, receiverChangesPurpose: true }, 'zh'))).toContain('须重新取得同意')
    expect(wordsOf(draftPaper('liquidation-announcement', { ...fullFacts, successor: false }, 'zh'))).toContain('没有承接方：停止收集')
    expect(wordsOf(draftPaper('notice-art22', { ...fullFacts, categories: fullFacts.categories.filter(({ isSensitive }) => !isSensitive) }, 'zh'))).not.toContain('转移的必要性')
    expect(wordsOf(draftPaper('notice-art22', { ...fullFacts, isClockDeclared: true }, 'zh'))).toContain('声明的法定时间')
  })

  test('a notice of Article 23 promises no more than the table does: silence holds back what rests on consent, not what goes with a contract', () => {
    const judged = (type: MatterType): string[] => estimateTransfer(type, [{ label: { zh: '', en: '' }, share: 1, facts: { basis: 'contract', contractAssent: true } }], adviceAnswersSchema.parse({ event: 'sell-business' }), { today: dayOf('2026-11-22') }).parts.map(({ moves }) => moves)
    const notice = (type: MatterType, lang: 'zh' | 'en' = 'zh'): string => wordsOf(draftPaper('notice-art23', { ...fullFacts, matter: { ...fullFacts.matter, type } }, lang))
    const bound = { 'asset-transfer': 'by-notice', 'data-only': 'with-consent' } as const
    for (const type of ['asset-transfer', 'data-only'] as const) {
      expect(judged(type), type).toEqual([bound[type]])
      expect(notice(type).includes('您的信息不会提供给接收方；不答复视为不同意'), type).toBe(type === 'data-only')
      expect(notice(type, 'en').includes('If you refuse, your information is not provided'), type).toBe(type === 'data-only')
    }
    for (const words of ['以您的同意为基础处理的信息，以及生物识别信息：您不同意的，这部分信息不会提供给接收方；不答复视为不同意', '告知后随合同移交，不另行征求同意', '提出的，您的信息不移交']) expect(notice('asset-transfer')).toContain(words)
    const guardian = (merger_child: 'guardian_consent' | 'notice_to_guardian'): string => wordsOf(draftPaper('notice-guardian', { ...fullFacts, positions: { ...fullFacts.positions, merger_child } }, 'zh'))
    expect([guardian('guardian_consent'), guardian('notice_to_guardian')].map((words) => words.includes('以同意为基础处理的信息，不答复视为不同意'))).toEqual([false, true])
  })

  test('a paper that the matter must not send is not offered as ready: one of the two notices, a liquidation that is none, an export that goes nowhere', () => {
    const need = (name: PaperName, more: Partial<typeof fullFacts> = {}): string => needOf(name, { ...fullFacts, ...more }).need
    const typed = (type: MatterType, successor = true): Partial<typeof fullFacts> => ({ matter: { ...fullFacts.matter, type }, successor })
    expect([need('notice-art22'), need('notice-art23'), need('liquidation-announcement'), need('export-contract')]).toEqual(['not', 'needed', 'not', 'not'])
    expect([need('notice-art22', { positions: { ...fullFacts.positions, asset_deal: 'art22' } }), need('notice-art23', { positions: { ...fullFacts.positions, asset_deal: 'art22' } })]).toEqual(['needed', 'not'])
    for (const type of ['merger-absorb', 'merger-new', 'split-survive', 'split-new'] as const) expect([need('notice-art22', typed(type)), need('notice-art23', typed(type))], type).toEqual(['needed', 'not'])
    for (const given of [typed('share-transfer'), typed('reorganisation'), typed('stop-product'), typed('dissolution', false), typed('bankruptcy', false)]) expect([need('notice-art22', given), need('notice-art23', given), need('handover-list', given)], given.matter?.type).toEqual(['not', 'not', 'not'])
    expect([need('liquidation-announcement', typed('dissolution', false)), need('notice-guardian'), need('notice-guardian', { persons: null })]).toEqual(['needed', 'needed', 'maybe'])
    expect([needOf('export-contract', abroadFacts).need, needOf('export-assessment', abroadFacts).need]).toEqual(['maybe', 'not'])
  })

  test('a paper of an export says when its mechanism is not the one that the numbers ask for, and when nothing goes abroad', () => {
    expect(wordsOf(draftPaper('export-contract', fullFacts, 'zh'))).toContain('没有登记境外接收方或者境外查看者')
    const open = { ...abroadFacts, abroad: abroadFacts.abroad === null ? null : { ...abroadFacts.abroad, allowed: [] } }
    expect(wordsOf(draftPaper('export-contract', open, 'zh'))).toContain('路径未定')
  })

  test('the same facts give the same paper, and an unknown name is refused', () => {
    expect(paperDigest(draftPaper('nda', fullFacts, 'zh'))).toBe(paperDigest(draftPaper('nda', fullFacts, 'zh')))
    expect(() => draftPaper('constructor', fullFacts, 'zh')).toThrow('PAPER_UNKNOWN')
  })

  test('the certificate of destruction prints every gate rule that people overrode, and has no such part where none was', () => {
    const overrides = [{ rule: 'J07', covered: 'CLAIMS_WITHOUT_HOLD claims 2', article: 'PIPL-47', opinion: 'cd'.repeat(32), on: dayOf('2026-11-20'), until: dayOf('2026-12-31'), approval: 'apr_1' }]
    for (const words of ['J07: CLAIMS_WITHOUT_HOLD claims 2', '2026年12月31日', `${'cd'.repeat(32)} (PIPL-47)`, 'apr_1', '改判的关卡']) expect(wordsOf(draftPaper('destruction-certificate', { ...fullFacts, overrides }, 'zh'))).toContain(words)
    expect(wordsOf(draftPaper('destruction-certificate', { ...fullFacts, overrides }, 'en'))).toContain('Gate rules overridden')
    expect(wordsOf(draftPaper('destruction-certificate', fullFacts, 'zh'))).not.toContain('改判')
  })
})
