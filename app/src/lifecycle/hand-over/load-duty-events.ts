// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { dayOf, instantOf, type Instant } from '../../kit/time.ts'
import type { DutyEvents } from '../../law/index.ts'
import { notices } from '../../law/nouns.ts'
import { bodyOfEvent, type EventType } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'

const noticeBody = z.object({ notice: z.enum(notices), delivered: z.int(), announced: z.int() })
const packageBody = z.object({ package: z.string() })
const adoptionBody = z.object({ review: z.array(z.string()) })
const reviewBody = z.object({ subject: z.string() })
const findingBody = z.object({ audit: z.string(), finding: z.int(), point: z.string(), result: z.string(), due: z.string().transform(dayOf).nullable() })
const resolvedBody = z.object({ ageGroups: z.record(z.string(), z.int()) })
const settledBody = z.object({ duty: z.string(), on: z.string().transform(dayOf) })

/** 义务的起因. The moments of the ledger from which the calendar's duties run (law register §11). */
export async function loadDutyEvents(ctx: Context, matter: Matter): Promise<DutyEvents> {
  const of = async <T>(type: EventType, body: z.ZodType<T>): Promise<{ at: Instant; body: T }[]> =>
    (await ctx.ledger.eventsOfType(matter.id, type)).map((event) => ({ at: instantOf(event.at), body: body.parse(bodyOfEvent(event.json)) }))
  const accepted = new Map((await of('AcceptanceReceived', packageBody)).map(({ at, body }) => [body.package, at]))
  const first = async (type: EventType): Promise<Instant | null> => (await of(type, z.unknown())).at(0)?.at ?? null
  return {
    now: ctx.now(), cutoffDay: matter.settings.cutoff_day === null ? null : dayOf(matter.settings.cutoff_day), residualDays: matter.settings.residual_copy_days,
    notices: lastTold(await of('NoticeResultsImported', noticeBody)),
    packages: (await of('PackageIssued', packageBody)).map(({ at, body }) => ({ id: body.package, issuedAt: at, acceptedAt: accepted.get(body.package) ?? null })),
    reconciledAt: (await of('Reconciled', z.unknown())).at(-1)?.at ?? null, abandonDeclaredAt: await first('AbandonmentDeclared'), abandonedAt: await first('MatterAbandoned'),
    lawReviews: openReviews(await of('LawAdopted', adoptionBody), await of('LawReviewed', reviewBody)),
    findings: standingBreaches(await of('AuditFindingRecorded', findingBody)),
    minorsSeen: Math.max(0, ...(await of('SubjectsResolved', resolvedBody)).map(({ body: { ageGroups } }) => (ageGroups['under14'] ?? 0) + (ageGroups['under18'] ?? 0))),
    settled: (await of('DutySettled', settledBody)).map(({ body }) => body),
  }
}

/** Breaches that stand: each until it is settled by a document; another finding on the same point takes its place only when that is due no later, so that nobody moves a day by finding it again. */
function standingBreaches(findings: readonly { at: Instant; body: z.infer<typeof findingBody> }[]): DutyEvents['findings'] {
  const breaches = findings.flatMap(({ at, body: { result, due, ...body } }) => (result === 'does-not-conform' && due !== null ? [{ ...body, at, due }] : []))
  return breaches.filter((one, place) => !breaches.some((later, other) => other > place && later.audit === one.audit && later.point === one.point && later.due <= one.due))
}

/** The last results of each kind that reached somebody; results that only bounced start no wait. */
function lastTold(results: readonly { at: Instant; body: z.infer<typeof noticeBody> }[]): DutyEvents['notices'] {
  const told = results.filter(({ body }) => body.delivered + body.announced > 0)
  return [...new Map(told.map(({ at, body }) => [body.notice, { kind: body.notice, lastAt: at }])).values()]
}

/** Subjects of adoptions that nobody reviewed since, each once, from its first open adoption. */
function openReviews(adoptions: readonly { at: Instant; body: { review: string[] } }[], reviews: readonly { at: Instant; body: { subject: string } }[]): DutyEvents['lawReviews'] {
  const open = new Map<string, Instant>()
  const nothing: readonly string[] = []
  const happened = [...adoptions.map(({ at, body }) => ({ at, opens: body.review, settles: nothing })), ...reviews.map(({ at, body }) => ({ at, opens: nothing, settles: [body.subject] }))]
  for (const { at, opens, settles } of happened.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : b.opens.length - a.opens.length))) {
    for (const subject of settles) open.delete(subject)
    for (const subject of opens) if (!open.has(subject)) open.set(subject, at)
  }
  return [...open].map(([subject, since]) => ({ subject, since }))
}
