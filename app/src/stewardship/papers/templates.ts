// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../kit/failure.ts'
import { blanksOf, type Block, type LayoutName, type Paper } from '../../kit/paper/paper.ts'
import { exportAssessment, exportCertification, exportContract } from './abroad.rules.ts'
import { nda, processingAgreement, sharingAgreement } from './agreements.rules.ts'
import { custodyDeed, handoverList } from './custody.rules.ts'
import { destructionApproval, destructionCertificate } from './destruction.rules.ts'
import { complaintForm, mediationAgreement } from './dispute.rules.ts'
import { draftOf, type Draft } from './draft.ts'
import { liquidationAnnouncement } from './liquidation.rules.ts'
import { noticeArt22, noticeArt23, noticeGuardian } from './notices.rules.ts'
import { paperFailures } from './papers-failures.ts'
import type { PaperFacts } from './paper-facts.ts'
import type { SourceName } from './sources.ts'

/** 模板. What a paper is called, on which page it is set, on which articles it rests, and how it is written. */
interface PaperTemplate extends Words {
  layout: LayoutName
  version: number
  basis: readonly SourceName[]
  write(draft: Draft): Block[]
}

/** 文书模板. Every template by its name; PIA and audit reports are written in their own rooms with the same kit. */
export const paperTemplates = {
  'notice-art22': { zh: '关于个人信息接收方的告知书', en: 'Notice of the recipient of personal information', layout: 'form', version: 2, basis: ['pipl22', 'pipl30'], write: noticeArt22 },
  'notice-art23': { zh: '向其他处理者提供个人信息的告知与单独同意书', en: 'Notice and separate consent to the provision of personal information', layout: 'form', version: 3, basis: ['pipl23', 'pipl29', 'ndr62'], write: noticeArt23 },
  'notice-guardian': { zh: '不满十四周岁未成年人个人信息转移监护人告知书', en: 'Notice to the guardian of a child under fourteen', layout: 'form', version: 2, basis: ['pipl31', 'child10'], write: noticeGuardian },
  nda: { zh: '保密协议', en: 'Non-disclosure agreement', layout: 'agreement', version: 1, basis: ['civil501', 'trade10'], write: nda },
  'sharing-agreement': { zh: '个人信息转移（共享）协议', en: 'Agreement on the provision of personal information', layout: 'agreement', version: 1, basis: ['ndr12', 'ndr14'], write: sharingAgreement },
  'processing-agreement': { zh: '个人信息委托处理协议', en: 'Agreement on entrusted processing', layout: 'agreement', version: 1, basis: ['pipl21', 'pipl59'], write: processingAgreement },
  'custody-deed': { zh: '封存资料保管契据', en: 'Custody deed', layout: 'agreement', version: 1, basis: ['pipl47s', 'company239', 'custodyPractice'], write: custodyDeed },
  'handover-list': { zh: '客户信息交接清单', en: 'List of customer information handed over', layout: 'form', version: 1, basis: ['ndr12'], write: handoverList },
  'liquidation-announcement': { zh: '清算公告', en: 'Announcement of liquidation', layout: 'official', version: 1, basis: ['company235', 'consumer22', 'pipl47'], write: liquidationAnnouncement },
  'destruction-approval': { zh: '个人信息销毁审批单', en: 'Approval of destruction', layout: 'form', version: 1, basis: ['pipl47', 'archives18'], write: destructionApproval },
  'destruction-certificate': { zh: '个人信息销毁证明', en: 'Certificate of destruction', layout: 'form', version: 1, basis: ['pipl47', 'gb35273delete', 'gb46864'], write: destructionCertificate },
  'complaint-form': { zh: '个人信息投诉受理单', en: 'Complaint form', layout: 'form', version: 1, basis: ['pipl50', 'ndr20'], write: complaintForm },
  'mediation-agreement': { zh: '调解协议书', en: 'Mediation agreement', layout: 'agreement', version: 1, basis: ['mediation33'], write: mediationAgreement },
  'export-assessment': { zh: '数据出境安全评估申报材料（草稿）', en: 'Application for the security assessment of data export (draft)', layout: 'form', version: 1, basis: ['pipl38', 'exportAssess', 'exportForms'], write: exportAssessment },
  'export-contract': { zh: '个人信息出境标准合同备案材料（草稿）', en: 'Filing of the standard contract for export of personal information (draft)', layout: 'form', version: 1, basis: ['pipl38', 'scc6', 'scc7', 'exportForms'], write: exportContract },
  'export-certification': { zh: '个人信息出境认证申请材料（草稿）', en: 'Application for certification of the export of personal information (draft)', layout: 'form', version: 1, basis: ['pipl38', 'cert', 'exportForms'], write: exportCertification },
} as const satisfies Record<string, PaperTemplate>

/** The name of a template. */
export type PaperName = keyof typeof paperTemplates

/** The names of all templates. */
export const paperNames: readonly PaperName[] = Object.keys(paperTemplates).filter(isPaperName)

/** Whether a template of this name exists. */
export function isPaperName(word: string): word is PaperName {
  return Object.hasOwn(paperTemplates, word)
}

/** 起草文书. Writes a paper from the facts of a matter; what nobody has said is marked, never invented. Refuses an unknown name (PAPER_UNKNOWN). */
export function draftPaper(name: string, facts: PaperFacts, lang: 'zh' | 'en'): Paper {
  if (!isPaperName(name)) throw paperFailures.PAPER_UNKNOWN({ name: name.slice(0, 40), names: paperNames.join(', ') })
  const template: PaperTemplate = paperTemplates[name]
  return {
    template: `${name}/${template.version}`, lang, layout: template.layout, title: template[lang], subtitle: lang === 'zh' ? `事项 ${facts.matter.code}` : `Matter ${facts.matter.code}`,
    about: lang === 'zh' ? `事项 ${facts.matter.code}` : `Matter ${facts.matter.code}`, created: facts.now, blocks: template.write(draftOf(facts, lang)),
  }
}

/** What a paper would still miss, without printing it. */
export function missingOf(name: PaperName, facts: PaperFacts, lang: 'zh' | 'en'): string[] {
  return blanksOf(draftPaper(name, facts, lang))
}
