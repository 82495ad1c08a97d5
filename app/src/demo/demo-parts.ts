// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { TreatmentFile } from '../lifecycle/classify/index.ts'
import { readSigningKey } from '../matter/index.ts'
import { factsOfPlan } from './demo-facts.ts'
import { realTime, type PartyName, type Stage } from './stage.ts'

/** Key files of the people who act; the counsel of the broker signs on a device of its own. */
export interface DemoPeople {
  lead: string
  legal: string
  counsel: string
}

/** 结局. What a finished story leaves: the balance, and the files that prove it. */
export interface Ending {
  close: unknown
  sheet: string[]
  bundle: string
  policy: string
  packageFile?: string
}

const companies: Record<PartyName, { role: string; name: string; code: string; contact: string }> = {
  seller: { role: 'transferor', name: '沪上净阑卫生设备有限公司', code: '91310199MA1K4D0042', contact: '021-00000001' },
  buyer: { role: 'transferee', name: '江岚卫浴科技有限公司', code: '91330199MA2H1C004W', contact: '0571-00000002' },
  broker: { role: 'advisor', name: '衡桥数据顾问有限公司', code: '91310199MA1F5B00XE', contact: '021-00000003' },
  custodian: { role: 'custodian', name: '沪上恒存档案保管有限公司', code: '91310199MA1G7E00X6', contact: '021-00000004' },
}

const initSchema = z.object({ party: z.string(), words: z.object({ zh: z.array(z.string()) }) })
const keySchema = z.object({ vkey: z.string() })
const requestSchema = z.object({ request: z.string() })

/** Each party makes its own home, keys and party file; on the running clock these are real homes, not a demo's. */
export async function openHomes(stage: Stage, at: string, parties: readonly PartyName[]): Promise<void> {
  await Promise.all(parties.map(async (party) => {
    const { role, name, code, contact } = companies[party]
    await stage.as(party, at, 'init', '--role', role, '--company', name, '--credit-code', code, '--contact', contact, ...(at === realTime ? [] : ['--demo-seed', `${stage.seed}/${party}`]))
    await exportOnce(stage, party, at, partyFile(stage, party))
  }))
}

/** The transferor opens the matter with the others' files; the others join; each pair compares six words. */
export async function joinAndConfirm(stage: Stage, at: string, matter: { name: string; type: string; settings: readonly string[]; others: readonly PartyName[] }): Promise<void> {
  const settings = matter.settings.flatMap((setting) => ['--set', setting])
  const files = matter.others.flatMap((party) => ['--party', partyFile(stage, party)])
  const opened = await stage.as('seller', at, 'init', matter.name, '--type', matter.type, '--role', 'transferor', '--code', 'DEMO', ...settings, ...files)
  const sellerWords = initSchema.parse(opened.document).words.zh.join(' ')
  const invitation = join(stage.post, '邀请.json')
  if (!existsSync(invitation)) await stage.as('seller', at, 'party', 'export', '--invitation', '-o', invitation)
  for (const party of matter.others) {
    const joined = await stage.as(party, at, 'init', matter.name, '--join', invitation, '--role', companies[party].role, '--words', sellerWords)
    await stage.as('seller', at, 'party', 'import', partyFile(stage, party), '--words', initSchema.parse(joined.document).words.zh.join(' '))
  }
}

/** Two people of the transferor, and the broker's counsel, who keeps the key on a device of its own. */
export async function addPeople(stage: Stage, at: string): Promise<DemoPeople> {
  const keys = { lead: join(stage.folder, 'people', '李明.key'), legal: join(stage.folder, 'people', '王芳.key'), counsel: join(stage.folder, 'people', '陈律师.key') }
  mkdirSync(join(stage.folder, 'people'), { recursive: true, mode: 0o700 })
  const vkeys: Record<string, string> = {}
  for (const [who, file] of Object.entries(keys)) {
    vkeys[who] = existsSync(file) ? readSigningKey(file).vkey.text : keySchema.parse((await stage.as(who === 'counsel' ? 'broker' : 'seller', at, 'user', 'key', '-o', file)).document).vkey
  }
  const broker = initSchema.parse((await stage.as('broker', at, 'init')).document).party
  // Names stand in files: a command line is read by everybody on the machine.
  for (const [who, name] of Object.entries({ lead: '李明', legal: '王芳', counsel: '陈律师' })) writeFileSync(nameFile(stage, who), `${name}\n`, { mode: 0o600 })
  await stage.as('seller', at, 'user', 'add', '--name', `@${nameFile(stage, 'lead')}`, '--role', 'lead', '--vkey', vkeys['lead'] ?? '')
  await stage.as('seller', at, 'user', 'add', '--name', `@${nameFile(stage, 'legal')}`, '--role', 'legal', '--vkey', vkeys['legal'] ?? '')
  const { people } = z.object({ people: z.array(z.object({ vkey: z.string() })) }).parse((await stage.as('seller', at, 'user', 'list')).document)
  if (people.some((person) => person.vkey === vkeys['counsel'])) return keys
  // Somebody of another party is let in by two people of ours.
  const counsel = ['user', 'add', '--name', `@${nameFile(stage, 'counsel')}`, '--role', 'counsel', '--party', broker, '--vkey', vkeys['counsel'] ?? '']
  const { request } = requestSchema.parse((await stage.as('seller', at, ...counsel, '--request', '--key', keys.lead)).document)
  await stage.as('seller', at, 'approve', request, '--key', keys.legal)
  await stage.as('seller', at, ...counsel)
  return keys
}

const nameFile = (stage: Stage, who: string): string => join(stage.folder, 'people', `${who}-姓名.txt`)

/** Witnesses of the other parties, then the trust policy with log, witnesses, parties and approvers. */
export async function setUpLog(stage: Stage, at: string, witnesses: readonly PartyName[]): Promise<void> {
  const { document } = await stage.as('seller', at, 'log', 'show')
  const { log } = z.object({ log: z.string() }).parse(document)
  for (const party of witnesses) await stage.witness(party, [log])
  const policy = policyFile(stage)
  if (!existsSync(policy)) {
    const lines = witnesses.flatMap((party) => ['--witness', join(stage.post, `witness-${party}.json`)])
    await stage.as('seller', at, 'policy', 'write', ...lines, '--needed', String(witnesses.length), '-o', policy)
  }
  if (!(await stage.hasEvent(at, 'PolicyChanged'))) await stage.as('seller', at, 'policy', 'set', policy)
}

/** Approvals: people of the transferor in its home, the counsel by a file that it signs elsewhere. */
export async function approveByTwo(stage: Stage, at: string, asked: { request: string; approvers: readonly string[]; counsel?: string }): Promise<void> {
  for (const key of asked.approvers) await stage.as('seller', at, 'approve', asked.request, '--key', key)
  if (asked.counsel === undefined) return
  const file = join(stage.post, `申请-${asked.request}.json`)
  const signed = join(stage.post, `申请-${asked.request}-已签.json`)
  if (!existsSync(signed)) {
    await stage.as('seller', at, 'approval', 'export', asked.request, '-o', file)
    await stage.as('broker', at, 'approve', file, '--key', asked.counsel, '-o', signed)
  }
  await stage.as('seller', at, 'approval', 'import', signed)
}

const planSchema = z.object({ plan: z.string(), lines: z.array(z.object({ ds: z.string(), rule: z.string() })) })

/** Computes the plan, signs what names it, and has it approved by two people. */
export async function approvePlan(stage: Stage, at: string, people: DemoPeople): Promise<void> {
  const { plan, lines } = planSchema.parse((await stage.asMay('seller', at, [0, 3], 'plan')).document)
  await factsOfPlan(stage, { at, key: people.legal, plan, consentBased: [...new Set(lines.filter((line) => line.rule === 'X15').map((line) => line.ds))] })
  const { document } = await stage.as('seller', at, 'plan', 'request', '--key', people.lead)
  await approveByTwo(stage, at, { request: requestSchema.parse(document).request, approvers: [people.legal] })
  await stage.as('seller', at, 'plan', 'approve')
}

/** Writes the treatment file from the data sets that were found, and registers it. */
export async function treat(stage: Stage, at: string, treatment: (titleSets: readonly string[]) => TreatmentFile): Promise<void> {
  const template = join(stage.folder, 'seller', '处理情况-样表.json')
  const file = join(stage.folder, 'seller', '处理情况.json')
  if (!existsSync(template)) await stage.as('seller', at, 'treat', '--template', '-o', template)
  const found = z.object({ dataSets: z.array(z.object({ dataSet: z.union([z.string(), z.number()]) })) }).parse(JSON.parse(readFileSync(template, 'utf8')))
  writeFileSync(file, JSON.stringify(treatment(found.dataSets.map((set) => String(set.dataSet)).filter((name) => name.endsWith('#above'))), null, 2))
  await stage.as('seller', at, 'treat', '--file', file)
}

/** Before anything is erased every customer gets a code under which their receipt is kept, encrypted (CONTRACTS §9); who has the list can send the codes out. */
export async function sealReceipts(stage: Stage, at: string): Promise<void> {
  const codes = join(stage.folder, 'seller', '回执码.csv')
  if (!existsSync(codes)) await stage.as('seller', at, 'receipt', 'seal', '-o', codes)
}

const orderSchema = z.object({ order: z.string(), request: z.string(), status: z.string() })

/** Asks for the destruction of a copy (the vault, all originals) and has it approved by two besides the requester; an order that ran already is left alone. */
export async function requestDestruction(stage: Stage, { at, people, scope }: { at: string; people: DemoPeople; scope: 'vault' | 'originals' }): Promise<string> {
  const { order, request, status } = orderSchema.parse((await stage.as('seller', at, 'destroy', 'request', '--scope', scope, '--key', people.lead)).document)
  if (status === 'requested') await approveByTwo(stage, at, { request, approvers: [people.legal], counsel: people.counsel })
  return order
}

/** Whether the transferor's matter was closed by an earlier run, after which its commands refuse every change. */
export async function isClosed(stage: Stage, at: string): Promise<boolean> {
  if (!existsSync(join(stage.folder, 'seller', 'home', 'home.json'))) return false
  const anyExit = Array.from({ length: 256 }, (_, exit) => exit) // a home without a matter refuses
  const { document } = await stage.asMay('seller', at, anyExit, 'matter', 'show')
  return z.object({ status: z.literal('closed') }).safeParse(document).success
}

/** Two people approve the close; the sheet is printed and the bundle exported. */
export async function closeAndProve(stage: Stage, at: string, people: DemoPeople): Promise<Ending> {
  const { document } = await stage.as('seller', at, 'close', 'request', '--key', people.lead)
  await approveByTwo(stage, at, { request: requestSchema.parse(document).request, approvers: [people.legal] })
  return proveClosed(stage, at)
}

/** The result again after the end; the witnesses are there in case the last publication was interrupted. */
export async function showClosed(stage: Stage, { at, witnesses }: { at: string; witnesses: readonly PartyName[] }): Promise<Ending> {
  stage.step('事项此前已办结,再次出示结果', 'the matter was closed before; its result is shown again', Number.POSITIVE_INFINITY)
  await setUpLog(stage, at, witnesses)
  return proveClosed(stage, at)
}

/** Closes what is approved, or shows what is closed: prints the sheet and exports the bundle. */
export async function proveClosed(stage: Stage, at: string): Promise<Ending> {
  const closed = await stage.as('seller', at, 'close', '-o', join(stage.folder, 'seller', '去向表.html'))
  const bundle = join(stage.folder, '证据包.tar')
  await stage.as('seller', at, 'export', 'proof', '-o', bundle)
  return { close: closed.document, sheet: closed.human, bundle, policy: policyFile(stage) }
}

function policyFile(stage: Stage): string {
  return join(stage.post, '信任策略.txt')
}

function partyFile(stage: Stage, party: PartyName): string {
  return join(stage.post, `${party}.json`)
}

async function exportOnce(stage: Stage, party: PartyName, at: string, file: string): Promise<void> {
  if (!existsSync(file)) await stage.as(party, at, 'party', 'export', '-o', file)
}
