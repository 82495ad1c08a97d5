// SPDX-License-Identifier: Apache-2.0
// How a verdict is told apart and said in a few words when two settings are compared.
import type { Words } from '../../kit/failure.ts'
import { lawMark, outcomeWords, spellObstacle, type ObstacleCode, type SpelledObstacle, type Verdict } from '../../law/index.ts'

/** 告知或同意. On what a transfer rests: notice alone, separate consent, the guardian's consent; null where nothing is to be transferred, or it needs neither. */
export type TransferRoute = 'notice' | 'consent' | 'guardian'

/** 结局. How values end under one setting, by which row, resting on what, waiting for what. */
export interface PlanEnd {
  outcome: Verdict['outcome']
  route: TransferRoute | null
  rule: string
  alsoRules: readonly string[]
  law: string
  conf: string
  waitsFor: readonly ObstacleCode[]
  /** The conditions in words. */
  conditions: readonly SpelledObstacle[]
  until: string | null
  holder: string | null
  override: string | null
}

/** What a comparison keeps of a verdict. */
export function endOf(verdict: Verdict, override: string | null): PlanEnd {
  const { outcome, rule, alsoRules, law, conf, conditions, until, holder } = verdict
  return { outcome, route: routeOf(verdict), rule, alsoRules, law, conf, waitsFor: [...new Set(conditions.map((one) => one.code))], conditions: conditions.map(spellObstacle), until, holder, override }
}

function routeOf({ needs }: Verdict): TransferRoute | null {
  if (needs.consents.includes('agree-guardian')) return 'guardian'
  if (needs.consents.length > 0) return 'consent'
  return needs.notices.length > 0 ? 'notice' : null
}

/** Equal for ends that are the same to whoever decides. */
export function endKey({ outcome, route, rule, alsoRules, waitsFor, until, holder, override }: PlanEnd): string {
  return JSON.stringify([outcome, route, rule, alsoRules, waitsFor, until, holder, override])
}

const routeWords: Record<TransferRoute, Words> = {
  notice: { zh: '告知即可', en: 'notice is enough' }, consent: { zh: '须单独同意', en: 'needs separate consent' }, guardian: { zh: '须监护人同意', en: "needs the guardian's consent" },
}

/** An end in a few words, e.g. 待定(须单独同意;待:尚未取得单独同意); conditions in `unsaid` are left out, where both sides of a comparison have them. */
export function endWords(end: PlanEnd, lang: 'zh' | 'en', unsaid: readonly ObstacleCode[] = []): string {
  const zh = lang === 'zh'
  const waits = saidConditions(end, unsaid).map((found) => found[lang])
  const inside = [
    ...(end.route === null ? [] : [routeWords[end.route][lang]]),
    ...(waits.length === 0 ? [] : [`${zh ? '待:' : 'waits for: '}${[...new Set(waits)].join(zh ? '、' : ', ')}`]),
    ...(end.outcome === 'sealed' ? [end.until === null ? (zh ? '终日未定' : 'no end yet') : `${zh ? '至 ' : 'until '}${end.until}`] : []),
    ...(end.override === null ? [] : [zh ? '已改判' : 'overridden']),
  ]
  return `${outcomeWords[end.outcome][lang]}${inside.length === 0 ? '' : `(${inside.join(zh ? ';' : '; ')})`}`
}

/** The row of an end with its law and mark, and those of the conditions that `endWords` says. */
export function endSource(end: PlanEnd, lang: 'zh' | 'en', unsaid: readonly ObstacleCode[] = []): string {
  const sources = saidConditions(end, unsaid).map((found) => `${found.rule} ${lawMark(found, lang)}`)
  return [...new Set([`${[end.rule, ...end.alsoRules].join('+')} ${lawMark(end, lang)}`, ...sources])].join(' · ')
}

function saidConditions(end: PlanEnd, unsaid: readonly ObstacleCode[]): SpelledObstacle[] {
  return end.outcome === 'pending' ? end.conditions.filter((found) => !unsaid.includes(found.code)) : []
}
