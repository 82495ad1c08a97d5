// SPDX-License-Identifier: Apache-2.0
import { Failure, fillWords, type FailureFacts, type Words } from '../kit/failure.ts'
import { citationIn } from './citation.rules.ts'
import { ruleOf } from './law-data.ts'
import { obstacleTable } from './obstacle-table.ts'

/** What an obstacle says, the same for every matter: its law, the rule of the register it belongs to, how sure the register is, and the way out. */
export interface ObstacleWords extends Words {
  /** 法律依据 as printed beside the refusal. */
  law: string
  /** Rule of the law register, e.g. `E02`, or row of the decision table, e.g. `X28`. */
  rule: string
  /** Confidence mark of the law register (P, S, K, J …); only `P` may be shown as certain. */
  conf: string
  remedy: Words
  /** The citation is the same whichever rule meets it: a condition of this product or of a record, not the duty of that rule. */
  everywhere?: true
  /** The citation names the articles of several rules; a rule that meets it cites its own. */
  several?: true
}

/** 引据. The law that an obstacle rests on where it was met, and how sure the register is of it. */
export interface Cited {
  law: string
  conf: string
}

/** Symbolic code of an obstacle; explained by `handover explain CODE`. */
export type ObstacleCode = keyof typeof obstacleTable

/** 障碍. A reason why a step may not happen yet, or why a value's disposition is not final: code, rule, how many, and facts that fill the sentence; never a personal value. */
export interface Obstacle {
  code: ObstacleCode
  rule: string
  counts?: Readonly<Record<string, number>>
  facts?: FailureFacts
  /** Which ones these are, by id or symbolic name: an override covers those that people saw, and no others in the same number. */
  things?: readonly string[]
  /** Set where another rule than the table's, or a line of the calendar, raises the obstacle. */
  cites?: Cited
}

/** One obstacle; the rule is that of the table unless another rule raises the same obstacle. */
export function obstacle(code: ObstacleCode, more: Partial<Omit<Obstacle, 'code'>> = {}): Obstacle {
  return {
    code,
    rule: more.rule ?? obstacleTable[code].rule,
    ...(more.counts === undefined ? {} : { counts: more.counts }),
    ...(more.facts === undefined ? {} : { facts: more.facts }),
    ...(more.things === undefined ? {} : { things: more.things }),
    ...(more.cites === undefined ? {} : { cites: more.cites }),
  }
}

/**
 * 引据随规则. The obstacle as this rule raises it: it cites that rule's law and, of the two marks, the less certain one, because a rule whose text was read does not make a default of ours certain.
 * Obstacles of the rule itself, those that already cite their own line and those that are the same everywhere stay as they are.
 */
export function raisedBy(rule: { id: string } & Cited, found: Obstacle): Obstacle {
  const words: ObstacleWords = obstacleTable[found.code]
  const isOwn = words.rule === rule.id && words.several !== true
  if (isOwn || words.everywhere === true || found.cites !== undefined) return { ...found, rule: rule.id }
  return { ...found, rule: rule.id, cites: { law: rule.law, conf: lessCertain(words.conf, rule.conf) } }
}

/** P alone is certain, a mixed mark less so, a mark without P least; between equals the rule's own counts. */
function lessCertain(obstacles: string, rules: string): string {
  const doubt = (conf: string): number => (conf === 'P' ? 0 : conf.startsWith('P') ? 1 : 2)
  return doubt(obstacles) > doubt(rules) ? obstacles : rules
}

/** The words of an obstacle code, or undefined when there is no such code; for `handover explain`. */
export function explainObstacle(code: string): ObstacleWords | undefined {
  const table: Readonly<Record<string, ObstacleWords>> = obstacleTable
  return Object.hasOwn(table, code) ? table[code] : undefined
}

/** An obstacle in full sentences of both languages, ready to print: what is missing, the law, how sure, the way out. */
export interface SpelledObstacle extends Obstacle {
  law: string
  conf: string
  zh: string
  en: string
  remedy: Words
}

/** Spells an obstacle out; counts and facts fill the braces of its sentences. One that a rule raised outside of a gate (a verdict of the decision table) cites that rule of the shipped law. */
export function spellObstacle(raised: Obstacle): SpelledObstacle {
  const rule = ruleOf(raised.rule)
  const found = rule === undefined ? raised : raisedBy({ id: rule.id, law: rule.src, conf: rule.conf }, raised)
  const words: ObstacleWords = obstacleTable[found.code]
  const facts = { ...found.counts, ...found.facts }
  // The one fact that is a citation is said like every other one.
  const fill = (lang: 'zh' | 'en'): FailureFacts => ('source' in facts && typeof facts.source === 'string' ? { ...facts, source: citationIn(lang, facts.source) } : facts)
  return {
    ...found,
    law: found.cites?.law ?? words.law,
    conf: found.cites?.conf ?? words.conf,
    zh: fillWords(words.zh, fill('zh')),
    en: fillWords(words.en, fill('en')),
    remedy: { zh: fillWords(words.remedy.zh, fill('zh')), en: fillWords(words.remedy.en, fill('en')) },
  }
}

/** A refusal of one step that carries every obstacle, not the first one; exit code 15 (UX.md §5). */
export class Refused extends Failure {
  readonly obstacles: readonly Obstacle[]

  constructor(obstacles: readonly Obstacle[], step: string) {
    super('OBSTACLES_UNMET', refusedWords, { step, n: obstacles.length, codes: obstacles.map((found) => found.code).join(', ') })
    this.name = 'Refused'
    this.obstacles = obstacles
  }
}

const refusedWords = {
  exit: 15,
  zh: '{step}:还有 {n} 项障碍没有消除({codes}),这一步没有执行,什么都没有改变',
  en: '{step}: {n} obstacles stand in the way ({codes}); the step was not taken and nothing was changed',
  remedy: { zh: '运行 handover gate 查看每一项的依据和办法,逐项办妥后重试', en: 'Run handover gate to see the law and the way out of each, settle them, then try again' },
}

/** Throws one `Refused` with all obstacles when there are any. */
export function refuseIfAny(obstacles: readonly Obstacle[], step: string): void {
  if (obstacles.length > 0) throw new Refused(obstacles, step)
}
