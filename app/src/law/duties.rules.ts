// SPDX-License-Identifier: Apache-2.0
// The calendar of a matter: every duty, wait and keeping time with its due time and its reason, and the obstacles that overdue duties are.
import type { Words } from '../kit/failure.ts'
import { addDays, dayInChina, instantOf, type Day } from '../kit/time.ts'
import { workCalendar } from './calendar.rules.ts'
import { countDeadline, isOverdue, type CountedDeadline } from './deadline.rules.ts'
import type { Duty, DutyStatus } from './duties.ts'
import { dutyLines, type DutyLine, type DutyStart } from './duties-lines.rules.ts'
import type { MatterState } from './matter-state.ts'
import type { GuardedStep } from './nouns.ts'
import { obstacle, type Obstacle } from './obstacles.ts'

/** 义务日历. All duties of a matter from its facts and happenings, the earliest first; pure, so that gates, screens and calendar files agree. */
export function dutiesOf(state: MatterState): Duty[] {
  const duties = dutyLines.flatMap((line) => line.starts(state).map((start) => dutyOf(line, start, state)))
  return duties.toSorted((a, b) => (a.deadline.due === b.deadline.due ? (a.id < b.id ? -1 : 1) : a.deadline.due < b.deadline.due ? -1 : 1))
}

/**
 * 逾期的障碍. Overdue duties as obstacles: BLOCK stops every step, HIGH stops the close and warns before, the rest warns. A duty is left out only where its own rule already objects before this step (`objecting`), and not where that
 * rule asks about something else: breaches that audits found, and letters other than ordered audits.
 */
export function dutyObstacles(state: MatterState, step: GuardedStep, objecting: ReadonlySet<string>): { duty: Duty; obstacle: Obstacle; stops: boolean }[] {
  return dutiesOf(state)
    .filter((duty) => duty.status === 'overdue' && !(objecting.has(duty.rule) && isAskedByRule(duty, state)))
    .map((duty) => ({
      duty, stops: duty.sev === 'BLOCK' || (duty.sev === 'HIGH' && step === 'close'),
      obstacle: obstacle('DUTY_OVERDUE', { rule: duty.rule, facts: { duty: duty.id, due: duty.deadline.dueDay, source: duty.deadline.source, act: endingAct(duty) }, cites: { law: duty.deadline.source, conf: duty.deadline.conf } }),
    }))
}

/** The command that does end a duty: the act that it waits for, or a person's word where that counts. */
function endingAct(duty: Duty): string {
  return isSettledByHand(duty) || duty.endsBy === null ? `handover duties done ${duty.id}` : duty.endsBy
}

/** Whether the rule of a duty raises an obstacle of its own when it is overdue: M05 asks for the audit and not for its findings, M07 for ordered audits and not for other letters. */
function isAskedByRule({ deadline: { id } }: Duty, { authorities }: MatterState): boolean {
  if (id === 'finding') return false
  return id !== 'letter' || authorities.overdue === authorities.auditOrders.overdue
}

/** Whether a person's word may end a duty: never where its rule stops a step or the close and a signed fact or an event can say it, or one person could talk a stop away. */
export function isSettledByHand({ sev, endsBy }: Pick<Duty, 'sev' | 'endsBy'>): boolean {
  return endsBy === null || !isStop(sev)
}

/** Whether an overdue duty of this weight stops a step or the close. */
export function isStop(sev: Duty['sev']): boolean {
  return sev === 'BLOCK' || sev === 'HIGH'
}

function dutyOf(line: DutyLine, start: DutyStart, state: MatterState): Duty {
  const { law, dutyEvents } = state
  const deadline = start.dueDay === undefined ? counted(line, start, state) : setDeadline(line, start, start.dueDay, state)
  const id = `${line.line}-${line.rule}-${typeof line.which === 'number' ? `${line.which}-` : ''}${start.key}`
  const sev = law.ruleById.get(line.rule)?.sev ?? 'LOW'
  const endsBy = line.endsBy ?? null
  const doneOn = start.doneOn ?? (isSettledByHand({ sev, endsBy }) ? dutyEvents.settled.find(({ duty }) => duty === id)?.on : undefined) ?? null
  const over = isOverdue(deadline, dutyEvents.now)
  return {
    id, kind: line.kind, deadline, rule: line.rule, sev, endsBy, who: line.who, status: statusOf(line, { over, isDone: doneOn !== null }), doneOn,
    late: doneOn !== null && doneOn > deadline.dueDay, count: start.count ?? null,
  }
}

function statusOf(line: DutyLine, { over, isDone }: { over: boolean; isDone: boolean }): DutyStatus {
  if (isDone) return 'done'
  if (!over) return 'open'
  return line.kind === 'duty' ? 'overdue' : 'done' // a wait that passed and a keeping time that ended need nobody
}

function counted(line: DutyLine, start: DutyStart, state: MatterState): CountedDeadline {
  const which = typeof line.which === 'function' ? line.which(state) : line.which
  return countDeadline(line.line, start.at, { lines: state.law.deadlines, calendar: workCalendar(state.law.calendarYears), ...(which === undefined ? {} : { which }) })
}

/** What is due on a day that somebody set: an authority, a contract, the setting of a matter, an approval. */
const setWords: Readonly<Record<string, Words & { force: CountedDeadline['force']; source: string; conf: string }>> = {
  letter: { zh: '答复主管部门来函', en: 'Answer the letters of authorities', force: 'legal', source: 'PIPL 64', conf: 'P/J' },
  finding: { zh: '整改审计发现的问题', en: 'Put right what an audit found', force: 'product', source: 'PIPL 54', conf: 'P/J' },
  seal: { zh: '保管人保存封存信息', en: 'The custodian keeps the sealed sets', force: 'legal', source: 'PIPL 47', conf: 'P' },
  override: { zh: '改判到期,此后不再有效', en: 'An override ends and no longer counts', force: 'product', source: '产品规定', conf: 'J' },
  route: { zh: '出境评估或认证有效期届满', en: 'The export assessment or certificate ends', force: 'legal', source: '跨境规定 9; 认证办法 8', conf: 'P' },
}

function setDeadline(line: DutyLine, start: DutyStart, dueDay: Day, state: MatterState): CountedDeadline {
  const known = state.law.deadlines.find(({ id }) => id === line.line)
  const words = setWords[line.line] ?? { zh: known?.what ?? line.line, en: known?.whatEn ?? line.line, force: known?.force ?? 'product', source: known?.source ?? '-', conf: known?.conf ?? 'J' }
  return {
    id: line.line, what: { zh: words.zh, en: words.en }, force: words.force, lawSays: null, start: start.at, due: instantOf(`${addDays(dueDay, 1)}T00:00:00+08:00`), dueDay, countedDay: dueDay, likelyDay: dueDay,
    calendar: 'not-needed', certain: words.conf === 'P', conf: words.conf, source: words.source,
    counted: { zh: `${dayInChina(start.at)} 起,至 ${dueDay} 24:00(日期由设置、来函或批准确定)`, en: `from ${dayInChina(start.at)} until 24:00 on ${dueDay} (a day that a setting, a letter or an approval names)` },
  }
}
