// SPDX-License-Identifier: Apache-2.0
import { gradeMatter, packDecisions, readOverridePack, readScanReport, viewOfReport, type GradedView } from '../lifecycle/classify/index.ts'
import type { ResolvedRuleSet } from '../detection/index.ts'
import type { ScanReport } from '../lifecycle/discover/index.ts'
import { matterOf, readTextFile } from './call.ts'
import { textFlag, type CommandCall } from './command.ts'

/** What rule sets say of the scan report that is named, with the decisions of a pack, or else of the matter. */
export async function gradedViews(call: CommandCall, file: string | undefined, ruleSets: readonly ResolvedRuleSet[]): Promise<{ views: GradedView[]; reports: ScanReport[] }> {
  if (file === undefined) {
    const { ctx, matter } = await matterOf(call)
    const views: GradedView[] = []
    for (const rules of ruleSets) views.push(await gradeMatter(ctx, matter, rules))
    return { views, reports: [] }
  }
  const report = readScanReport(readTextFile(file), file)
  const pack = textFlag(call, 'overrides')
  const decisionOf = pack === undefined ? undefined : packDecisions(readOverridePack(readTextFile(pack), pack))
  const both = ruleSets.map((rules) => viewOfReport(report, rules, decisionOf))
  return { views: both.map(({ view }) => view), reports: both.map((one) => one.report) }
}

const gradeWords = { sensitive: ['敏感', 'sensitive'], general: ['一般', 'general'], organisation: ['单位', 'organisation'], none: ['—', '—'], 'as-important': ['按重要数据', 'as important data'] } as const

/** A grade in words; what a rule set of somebody's own calls differently stays as it is. */
export function gradeName(grade: string, lang: 'zh' | 'en'): string {
  return (Object.entries(gradeWords).find(([name]) => name === grade)?.[1] ?? [grade, grade])[lang === 'zh' ? 0 : 1]
}

/** A grade in words, with its level. */
export function gradeText(side: { grade: string; level: string | null }, lang: 'zh' | 'en'): string {
  return `${gradeName(side.grade, lang)}${side.level === null ? '' : ` ${side.level}`}`
}

/** A title of a foreign file may not move the cursor or turn the text around. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, '·')
}
