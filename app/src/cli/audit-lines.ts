// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../context.ts'
import { auditWords, lawMark } from '../law/index.ts'
import { loadMatterState } from '../lifecycle/hand-over/index.ts'
import type { Matter } from '../matter/index.ts'
import { binderEvents, evidenceOfPoints, loadBinder, resultWords, standingFindings, type AuditContent, type Binder } from '../stewardship/audit-binder/index.ts'

/** The binder of a matter with the evidence of every point, ready for the screen and the report. */
export async function auditContentOf(ctx: Context, matter: Matter): Promise<{ binder: Binder; content: AuditContent }> {
  const binder = await loadBinder(ctx, matter)
  const state = await loadMatterState(ctx, matter)
  const events = await binderEvents(ctx, matter)
  const names = await ctx.vault.openLabels(matter.id, 'person-name')
  const handler = matter.parties.find(({ role }) => role === 'transferor') ?? matter.parties.find(({ isSelf }) => isSelf)
  const content: AuditContent = {
    now: ctx.now(), isClockDeclared: matter.isDemo, matter: { code: matter.code }, handler: handler === undefined ? null : { name: handler.file.name, creditCode: handler.file.creditCode },
    nameOf: (person) => names.get(person) ?? person, audit: binder.audit, samples: binder.samples, points: evidenceOfPoints(state, events), findings: standingFindings(binder.findings), events: events.all,
  }
  return { binder, content }
}

/** One line for each point, and its finding. */
export function pointLines({ points, findings, audit, samples }: AuditContent, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const breaches = [...findings.values()].filter(({ result, fixedOn }) => result === 'does-not-conform' && fixedOn === null)
  return [
    zh ? `审计 ${audit.id} · ${audit.from} – ${audit.to} · 有结论 ${findings.size}/${points.length} · 未整改 ${breaches.length} · 抽样 ${samples.length} 次` : `Audit ${audit.id} · ${audit.from} – ${audit.to} · findings ${findings.size}/${points.length} · not fixed ${breaches.length} · samples ${samples.length}`,
    ...points.flatMap((evidence) => {
      const finding = findings.get(evidence.point.id)
      const suggested = evidence.suggestion === 'judge' ? (zh ? '须人工判断' : 'people must judge') : `${zh ? '规则提示' : 'suggested'}: ${resultWords[evidence.suggestion][lang]}`
      return [
        `${finding === undefined ? '?' : finding.result === 'does-not-conform' ? '✗' : '✔'} ${evidence.point.id} ${auditWords(evidence.point).title[lang]}  ${lawMark({ law: evidence.point.law, conf: 'P' }, lang)}`,
        `    ${evidence.rules.map((rule) => `${rule.rule} ${rule.status}`).join(', ') || '–'} · ${zh ? '事件' : 'events'} ${evidence.events.count} · ${suggested}`,
        ...(finding === undefined ? [] : [`    ${resultWords[finding.result][lang]}: ${finding.text}${finding.due === null ? '' : ` · ${zh ? '整改期限' : 'fix by'} ${finding.due}${finding.fixedOn === null ? '' : ` ✔ ${finding.fixedOn}`}`}`]),
      ]
    }),
  ]
}
