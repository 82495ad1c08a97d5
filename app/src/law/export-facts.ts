// SPDX-License-Identifier: Apache-2.0
// Facts of the questionnaire on going abroad that nobody but a person can answer (law register §3.9; rules G01, G03, C04).
import { z } from 'zod'
import type { PartyRole } from './nouns.ts'

/** 免予情形. Cases in which the three mechanisms are not asked for, whatever the number (跨境规定 第三条至第六条); `none` = none is claimed. */
export const exportExemptions = ['none', 'contract-with-person', 'cross-border-hr', 'emergency', 'foreign-origin', 'free-trade-zone'] as const
export type ExportExemption = (typeof exportExemptions)[number]

const count = z.int().min(0)
const seller: readonly PartyRole[] = ['transferor', 'liquidator', 'advisor']

/** Fact kinds of the export questionnaire; spread into `factTable`. */
export const exportFacts = {
  'export-answers': {
    evidence: 'required', signers: seller, per: 'matter', zh: '出境问答已答复', en: 'export questionnaire answered', rules: ['G01', 'G03'],
    value: z.strictObject({
      /** 关键信息基础设施运营者. */
      ciio: z.boolean(),
      exemption: z.enum(exportExemptions),
      /** Persons exported since 1 January of `year` outside this home's books: by other systems, and by other entities of the group (no splitting, 标准合同办法 第四条). */
      year: z.int().min(2024).max(2100), elsewherePersons: count, elsewhereSensitive: count,
    }),
  },
  'abroad-access': {
    evidence: 'optional', signers: seller, per: 'matter', zh: '境外查看情况', en: 'access from abroad', rules: ['G01', 'C04'],
    value: z.strictObject({
      /** People and processors outside the mainland (Hong Kong, Macau and Taiwan count as outside) who can look at values of this matter, and of how many persons. */
      viewers: count, processors: count, persons: count, sensitive: count,
    }),
  },
} as const
