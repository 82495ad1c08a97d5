// SPDX-License-Identifier: Apache-2.0
// Who would go abroad, counted in persons from the same stream that judges the records (law register §3.9).
import { isPresent } from '@handover/proof'
import type { Context } from '../../context.ts'
import { exportDoneOf, exportRoute, viewersAbroad, type ExportState, type FactsByName, type PersonsAbroad } from '../../law/index.ts'
import type { Matter } from '../../matter/index.ts'
import { exportedInYear, streamExported } from './export-count.store.ts'
import type { JudgedKind, JudgedRecord, JudgedUnit } from './evaluate-records.ts'
import { SubjectSet } from './subject-set.ts'

/** Persons of whom something wants to go to the transferee, and those whose values nobody could judge yet. */
export interface ExportTally {
  add(judged: JudgedRecord): void
  /** Adds a person whom an earlier package took. */
  addSent(subjectId: string, isSensitive: boolean): void
  planned(): PersonsAbroad
  undecided(): PersonsAbroad
}

/** What a record's values want: `go` also while they only wait for notices, consents or the route itself; `open` while they cannot be judged (rows X28, X29). */
interface KindWish {
  go: boolean
  goSensitive: boolean
  open: boolean
}

/** Begins a tally of the persons who go abroad; feed it every judged record once. */
export function newExportTally(): ExportTally {
  const going = new SubjectSet()
  const sensitive = new SubjectSet()
  const withOpen = new SubjectSet()
  const sensitiveWithOpen = new SubjectSet()
  const wishes: KindWish[] = []
  return {
    add({ kind, subjectId }) {
      if (subjectId === null) return
      const wish = (wishes[kind.number] ??= wishOf(kind))
      if (wish.go) going.add(subjectId)
      if (wish.goSensitive) sensitive.add(subjectId)
      if (wish.go || wish.open) withOpen.add(subjectId)
      // What nobody classified may be sensitive (X28: unknown is never presumed harmless).
      if (wish.goSensitive || wish.open) sensitiveWithOpen.add(subjectId)
    },
    addSent(subjectId, isSensitive) {
      going.add(subjectId)
      withOpen.add(subjectId)
      if (!isSensitive) return
      sensitive.add(subjectId)
      sensitiveWithOpen.add(subjectId)
    },
    planned: () => ({ persons: going.size, sensitive: sensitive.size }),
    undecided: () => ({ persons: withOpen.size - going.size, sensitive: sensitiveWithOpen.size - sensitive.size }),
  }
}

/** 出境状态. Everything the rules on going abroad ask of a matter, or null when nobody outside the mainland receives, looks, or was sent anything this year; whether anybody answered for those who look is `abroadAnswered`. */
export async function exportStateOf(ctx: Context, matter: Matter, facts: FactsByName, tally: ExportTally): Promise<ExportState | null> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const access = facts['abroad-access']?.at(-1)?.value
  const viewers = viewersAbroad(facts)
  const recipients = matter.settings.recipient_overseas ? Math.max(1, matter.parties.filter((party) => party.role === 'transferee').length) : 0
  const year = Number(ctx.today().slice(0, 4))
  const { here, others } = await exportedInYear(ctx.db, scope, year)
  // What was sent abroad stays an export, also when the settings say later that the recipient is not abroad.
  if (recipients + viewers + here.persons === 0) return null
  const nobody = { persons: 0, sensitive: 0 }
  let known = nobody
  for await (const batch of streamExported(ctx.db, scope, year)) {
    for (const { subject_id: subjectId, sensitive } of batch) tally.addSent(subjectId, sensitive)
    known = { persons: known.persons + batch.length, sensitive: known.sensitive + batch.filter(({ sensitive }) => sensitive).length }
  }
  const isGoing = recipients > 0 || here.persons > 0
  const answers = facts['export-answers']?.at(-1)?.value
  const counts = {
    year, planned: isGoing ? addPersons(tally.planned(), { persons: Math.max(0, here.persons - known.persons), sensitive: Math.max(0, here.sensitive - known.sensitive) }) : nobody,
    undecided: isGoing ? tally.undecided() : nobody, otherMatters: others, seen: access === undefined ? nobody : { persons: access.persons, sensitive: access.sensitive },
    elsewhere: answers?.year === year ? { persons: answers.elsewherePersons, sensitive: answers.elsewhereSensitive } : nobody,
  }
  // Answers of a former year say nothing about this one: the counters begin again on 1 January.
  const current = answers?.year === year ? answers : undefined
  const result = exportRoute({ counts, ciio: current?.ciio ?? null, exemption: current?.exemption ?? null, importantData: facts['important-data-checked']?.at(-1)?.value.answer ?? null })
  return { recipients, viewers, counts, result, done: exportDoneOf(facts) }
}

function addPersons(one: PersonsAbroad, other: PersonsAbroad): PersonsAbroad {
  return { persons: one.persons + other.persons, sensitive: one.sensitive + other.sensitive }
}

function wishOf({ units, presence }: JudgedKind): KindWish {
  const filled = units.filter(({ unit }) => unit.positions.some((position) => isPresent(presence, position)))
  const going = filled.filter(wantsToGo)
  return {
    go: going.some(({ facts }) => facts.holdsPersons),
    goSensitive: going.some(({ facts }) => facts.grade === 'sensitive' || facts.biometric !== 'none' || (facts.ageGroup === 'unknown' ? facts.agePresumption : facts.ageGroup) === 'under14'),
    open: filled.some(({ facts, verdict }) => facts.holdsPersons && verdict.outcome === 'pending' && !wantsToGoVerdict(verdict)),
  }
}

function wantsToGo({ verdict }: JudgedUnit): boolean {
  return verdict.outcome === 'transferred' || wantsToGoVerdict(verdict)
}

/** A transfer that waits says on which notices and consents it rests. */
function wantsToGoVerdict(verdict: JudgedUnit['verdict']): boolean {
  return verdict.outcome === 'pending' && (verdict.needs.notices.length > 0 || verdict.needs.consents.length > 0)
}
