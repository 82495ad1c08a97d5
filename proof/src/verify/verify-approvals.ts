// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import { canonicalJson } from '../jcs.ts'
import type { JsonObject } from '../jcs.ts'
import { approvalDigest, readApproval } from '../statements.ts'
import type { StatementsByKind } from './bundle-statements.ts'
import { eventsOf } from './matter-events.ts'
import type { BodyOf } from './matter-events.ts'
import { isCount, isJsonMembers, objectOf, readShape } from '../shape.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import type { Words } from './words.ts'

/** Acts for which the requester is not one of the two (CONTRACTS §18, `two-person-acts.ts` of the app). */
const TWO_APPROVERS = ['destroy', 'backup-deletion', 'gate-override', 'shorten-retention', 'revise-records', 'restore-unwitnessed']

/** Acts that may be done only a cooling-off after they were approved. */
const COOLED_ACTS = ['destroy', 'backup-deletion']
const COOLING_SETTING = 'cooling_off_hours'
const HOUR_MS = 3_600_000

/** An approval that was granted, with the parameters that the people signed. */
export type Granted = { seq: number; ts: string; body: BodyOf<'ApprovalGranted'>; parameters: JsonObject; approvers: ReadonlySet<string>; coolingOffHours: number }

/**
 * Each granted approval: the people whom the event names signed exactly these parameters in this matter, two different keys at least; and
 * each hand-over, override, revision, destruction, shorter cooling-off and close had one before it, for itself (CONTRACTS §18).
 */
export function checkApprovals(bundle: OpenedBundle, statements: StatementsByKind): Words {
  const granted = grantedApprovals(bundle, statements)
  refuseUnapproved(bundle, granted)
  const cooled = granted.filter(({ body }) => COOLED_ACTS.includes(body.act)).map(({ coolingOffHours }) => coolingOffHours)
  const least = cooled.length === 0 || bundle.index.format === 'handover-bundle/v1' ? { zh: '', en: '' } : { zh: `,冷静期至少 ${Math.min(...cooled)} 小时`, en: `, cooling-off of ${Math.min(...cooled)} hours at least` }
  const overridden = eventsOf(bundle.events, 'GateOverridden').map(({ body }) => `${body.rule}→${body.until}`)
  const named = overridden.length === 0 ? { zh: '', en: '' } : { zh: `;依律师意见改判关卡 ${overridden.join('、')}`, en: `; gate rules overridden on counsel's opinion: ${overridden.join(', ')}` }
  const unverified = granted.filter(({ body }) => !body.identitiesVerified).length
  return unverified === 0
    ? { zh: `${granted.length} 项,均为两人分别签名${least.zh}${named.zh}`, en: `${granted.length}, each signed by two${least.en}${named.en}` }
    : { zh: `${granted.length} 项,其中 ${unverified} 项两人身份未核验${least.zh}${named.zh}`, en: `${granted.length}, of which ${unverified} with identities not verified${least.en}${named.en}` }
}

/** The granted approvals with their signers. Refuses one that too few signed, or people other than those it names. */
export function grantedApprovals(bundle: OpenedBundle, statements: StatementsByKind): Granted[] {
  return eventsOf(bundle.events, 'ApprovalGranted').map(({ body, seq, ts }) => {
    const { requester, approvers, parameters } = signersOf(bundle, statements, body)
    const needed = TWO_APPROVERS.includes(body.act) ? 2 : 1
    const isComplete = approvers.size >= needed && approvers.size + (requester ? 1 : 0) >= 2
    if (!isComplete) throw new ProofError('APPROVAL', `event ${seq} (${body.act}): ${approvers.size} approvers signed, ${needed} are needed beside the requester`)
    if (body.by.length < needed || body.by.some((person) => !approvers.has(person))) throw new ProofError('APPROVAL', `event ${seq} (${body.act}): it names people who did not sign`)
    return { seq, ts, body, parameters, approvers, coolingOffHours: coolingOffOf(bundle, { seq, act: body.act }) }
  })
}

const hasCoolingOff = objectOf({ coolingOffHours: isCount })

/** Hours that the act had to wait; refuses an approval that does not say it, or another length than the settings in force then. */
function coolingOffOf({ events, index }: OpenedBundle, { seq, act }: { seq: number; act: string }): number {
  if (!COOLED_ACTS.includes(act) || index.format === 'handover-bundle/v1') return 0
  const { coolingOffHours } = readShape(hasCoolingOff, events.find((event) => event.seq === seq)?.json, `the cooling-off of event ${seq}`)
  const changes = eventsOf(events, 'SettingsChanged').filter(({ body }) => body.key === COOLING_SETTING)
  const [before, after] = [changes.findLast((change) => change.seq < seq)?.body.to, changes.find((change) => change.seq > seq)?.body.from]
  const isOther = [before, after].some((setting) => setting !== undefined && setting !== String(coolingOffHours))
  if (coolingOffHours < 1 || isOther) throw new ProofError('APPROVAL', `event ${seq} (${act}): a cooling-off of ${coolingOffHours} hours is not that of the settings`)
  return coolingOffHours
}

/** Who signed an approval of this request: people by the names of their keys, the requester apart. Refuses another act, matter or other parameters. */
function signersOf(bundle: OpenedBundle, statements: StatementsByKind, granted: BodyOf<'ApprovalGranted'>): { requester: boolean; approvers: Set<string>; parameters: JsonObject } {
  const approvers = new Set<string>()
  let requester = false
  let parameters: JsonObject = {}
  for (const opened of statements.get('approval') ?? []) {
    const approval = readApproval(opened.statement)
    if (approval.request !== granted.request) continue
    if (approvalDigest(approval) !== granted.digest || approval.act !== granted.act) throw new ProofError('APPROVAL', `${granted.request}: another act or other parameters were approved`)
    if (approval.matter !== bundle.index.matter) throw new ProofError('APPROVAL', `${granted.request}: approved in another matter`)
    parameters = approval.parameters
    for (const { name } of opened.signedBy) {
      if (name === approval.requestedBy) requester = true
      else approvers.add(name)
    }
  }
  return { requester, approvers, parameters }
}

/** An approval counts for what follows it, from the end of its cooling-off until it was withdrawn. */
function refuseUnapproved({ events, index }: OpenedBundle, granted: readonly Granted[]): void {
  const withdrawn = new Map(eventsOf(events, 'ApprovalWithdrawn').map(({ body, seq }) => [body.request, seq]))
  const need = (act: string, done: { seq: number; ts: string }, fits: (approval: Granted) => boolean): void => {
    const given = granted.filter((approval) => approval.body.act === act && approval.seq < done.seq && fits(approval))
    const standing = given.filter(({ body }) => (withdrawn.get(body.request) ?? Number.POSITIVE_INFINITY) > done.seq)
    if (standing.length === 0) throw new ProofError('APPROVAL', `event ${done.seq} was done without the approval to ${act} for it${given.length > 0 ? ': it had been withdrawn' : ''}`)
    const isCool = standing.some(({ ts, coolingOffHours }) => Date.parse(done.ts) >= Date.parse(ts) + coolingOffHours * HOUR_MS)
    if (!isCool) throw new ProofError('APPROVAL', `event ${done.seq} was done before the cooling-off of its approval to ${act} was over`)
  }
  const plans = eventsOf(events, 'PlanApproved')
  for (const plan of plans) need('hand-over', plan, ({ parameters }) => isOfPlan(parameters, plan.body))
  for (const issued of eventsOf(events, 'PackageIssued')) {
    need('hand-over', issued, ({ parameters }) => isListed(parameters['to'], issued.body.to) && plans.some((plan) => plan.seq < issued.seq && isOfPlan(parameters, plan.body)))
  }
  for (const overridden of eventsOf(events, 'PlanOverridden')) need('gate-override', overridden, (approval) => approval.body.request === overridden.body.approval)
  for (const overridden of eventsOf(events, 'GateOverridden')) {
    need('gate-override', overridden, ({ body, parameters }) => body.request === overridden.body.approval && isOfOverride(parameters, overridden.body))
  }
  for (const intended of eventsOf(events, 'DestructionIntended')) {
    need('destroy', intended, ({ parameters }) => parameters['order'] === intended.body.order && parameters['recordSet'] === intended.body.recordSet)
  }
  const shortened = index.format === 'handover-bundle/v1' ? [] : eventsOf(events, 'SettingsChanged').filter(({ body }) => body.key === COOLING_SETTING && Number(body.to) < Number(body.from))
  for (const changed of shortened) {
    need('weaken-safeguard', changed, ({ parameters }) => parameters['setting'] === COOLING_SETTING && parameters['from'] === Number(changed.body.from) && parameters['to'] === Number(changed.body.to))
  }
  // Records that are only gone leave no other event, and what the original is said to hold follows this one.
  for (const rescanned of eventsOf(events, 'SourceRescanned').filter(({ body }) => body.changed + body.gone > 0)) {
    const { scan, changed, gone } = rescanned.body
    need('revise-records', rescanned, ({ parameters }) => parameters['scan'] === scan && parameters['changed'] === changed && parameters['gone'] === gone)
  }
  const revisions = eventsOf(events, 'RecordsRevised')
  for (const revised of revisions) {
    const { scan, ds } = revised.body
    const ofScan = revisions.filter(({ body }) => body.scan === scan)
    const changed = ofScan.reduce((sum, { body }) => sum + body.records, 0)
    need('revise-records', revised, ({ parameters }) => parameters['scan'] === scan && parameters['changed'] === changed)
    if (ofScan.some(({ seq, body }) => seq !== revised.seq && body.ds === ds)) throw new ProofError('APPROVAL', `event ${revised.seq}: the scan ${scan} revised its data set twice`)
  }
  for (const closed of eventsOf(events, 'MatterClosed')) {
    const { booksRoot, records, discovered } = closed.body
    need('close', closed, ({ parameters }) => parameters['booksRoot'] === booksRoot && parameters['records'] === records && parameters['discovered'] === discovered)
  }
}

function isOfPlan(parameters: JsonObject, body: BodyOf<'PlanApproved'>): boolean {
  return parameters['plan'] === body.plan && parameters['digest'] === body.digest
}

/** The people signed exactly this rule, these obstacles in these numbers (where they are booked), this opinion and this last day. */
function isOfOverride(parameters: JsonObject, body: BodyOf<'GateOverridden'>): boolean {
  const codes = parameters['codes']
  const isSame = Array.isArray(codes) && codes.length === body.codes.length && body.codes.every((code) => codes.includes(code))
  const isSameNumber = countsText(parameters) === countsText(body)
  return isSame && isSameNumber && (['rule', 'article', 'opinion', 'reason', 'until'] as const).every((key) => parameters[key] === body[key])
}

/** The member `counts` as text; overrides of before numbers were signed have none. */
function countsText(of: object): string {
  const counts: unknown = Object.hasOwn(of, 'counts') ? Reflect.get(of, 'counts') : null
  return isJsonMembers(counts) ? canonicalJson(counts) : 'null'
}

function isListed(list: JsonObject[string] | undefined, item: string): boolean {
  return Array.isArray(list) && list.includes(item)
}
