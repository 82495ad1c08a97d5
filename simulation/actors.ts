// SPDX-License-Identifier: Apache-2.0
// Who acts, and how: each actor follows a script of its own until it ends or is refused too often, and some do whatever comes to mind.
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SeededRandom } from '../app/src/demo/index.ts'
import { canaryLine, treatWords, writeRegister, type ActingParty, type World } from './world.ts'

/** One command of one party. `name` is the same in every run of a seed, whatever the ids. */
export interface Act {
  name: string
  party: ActingParty
  argv: readonly string[]
  /** Time that passes before it, in minutes. */
  wait?: number
}

/** What the actors know: files that lie about, and ids that have come up. */
export interface Scene {
  world: World
  random: SeededRandom
  /** Requests, orders and holds in the order in which they came up. */
  requests: { id: string; act: string }[]
  orders: string[]
  holds: string[]
  plans: string[]
  files: Record<'package' | 'acceptance' | 'reconciliation' | 'countersigned' | 'exported' | 'signed' | 'register', string[]>
  customers: number
  count: number
}

type Step = (scene: Scene) => Act | null
type People = keyof World['people']

const at = (scene: Scene, ...names: string[]): string => join(scene.world.folder, ...names)
const fresh = (scene: Scene, name: string): string => at(scene, 'post', `${++scene.count}-${name}`)
const seller = (name: string, argv: readonly string[], wait?: number): Act => ({ name, party: 'seller', argv, ...(wait === undefined ? {} : { wait }) })
const lastOf = <T>(list: readonly T[]): T | undefined => list.at(-1)
const lastFile = (files: readonly string[]): string | undefined => files.findLast((file) => existsSync(file))
const newest = (scene: Scene, act: string): string | undefined => scene.requests.findLast((request) => request.act === act)?.id

function written(scene: Scene, kind: keyof Scene['files'], file: string): string {
  scene.files[kind].push(file)
  return file
}

const approve = (act: string, person: People): Step => (scene) => {
  const request = newest(scene, act)
  return request === undefined ? null : seller(`approve ${act} by ${person}`, ['approve', request, '--key', scene.world.people[person]])
}

const fact = (name: string, ...pairs: string[]): Step => (scene) =>
  seller(`fact ${name}`, ['fact', 'add', name, ...pairs.flatMap((pair) => ['--set', pair]), '--evidence', at(scene, 'seller', '交易文件.txt'), '--key', scene.world.people.legal])

const tell = (notice: string): Step => (scene) => {
  const file = fresh(scene, '送达.csv')
  const lines = Array.from({ length: scene.customers }, (_, number) => canaryLine(number).split(',')[1] ?? '').filter((_, number) => number % 5 !== 4)
  writeFileSync(file, ['手机号,结果,时间', ...lines.map((mobile) => `${mobile},送达,2026-09-10 10:00`)].join('\n'))
  return seller(`notice import ${notice}`, ['notice', 'import', file, '--notice', notice, '--channel', 'sms'])
}

const minimisation: Step = (scene) => {
  const plan = lastOf(scene.plans)
  return plan === undefined ? null : fact('minimisation-approved', `plan=${plan}`)(scene)
}

const counsel = {
  export: ((scene) => {
    const request = newest(scene, 'destroy')
    return request === undefined ? null : seller('approval export', ['approval', 'export', request, '-o', written(scene, 'exported', fresh(scene, '申请.json'))])
  }) satisfies Step,
  sign: ((scene) => {
    const file = lastFile(scene.files.exported)
    return file === undefined ? null : { name: 'approve file by counsel', party: 'broker', argv: ['approve', file, '--key', scene.world.people.counsel, '-o', written(scene, 'signed', fresh(scene, '已签.json'))] }
  }) satisfies Step,
  import: ((scene) => {
    const file = lastFile(scene.files.signed)
    return file === undefined ? null : seller('approval import', ['approval', 'import', file])
  }) satisfies Step,
}

const handing: readonly Step[] = [
  (scene) => seller('pack', ['pack', '--to', 'transferee', '-o', written(scene, 'package', fresh(scene, '移交包.tar'))]),
  (scene) => receive(scene, lastFile(scene.files.package)),
  (scene) => reconcile(scene, lastFile(scene.files.acceptance)),
  (scene) => countersign(scene, lastFile(scene.files.reconciliation)),
  (scene) => conclude(scene, lastFile(scene.files.countersigned)),
]

function receive(scene: Scene, file: string | undefined): Act | null {
  if (file === undefined) return null
  const previous = scene.files.package.filter((one) => one !== file && existsSync(one)).flatMap((one) => ['--previous', one])
  return { name: 'receive', party: 'buyer', argv: ['receive', file, '--into', `sqlite:${at(scene, 'buyer', '客户.sqlite')}`, '-o', written(scene, 'acceptance', fresh(scene, '验收单.tar')), '--policy', at(scene, 'post', '信任策略.txt'), ...(scene.random.chance(0.5) ? previous : [])] }
}

function reconcile(scene: Scene, file: string | undefined): Act | null {
  return file === undefined ? null : seller('reconcile', ['reconcile', file, '-o', written(scene, 'reconciliation', fresh(scene, '对账单.json'))])
}

function countersign(scene: Scene, file: string | undefined): Act | null {
  return file === undefined ? null : { name: 'countersign', party: 'buyer', argv: ['reconcile', '--countersign', file, '-o', written(scene, 'countersigned', fresh(scene, '双签.json'))] }
}

function conclude(scene: Scene, file: string | undefined): Act | null {
  return file === undefined ? null : seller('conclude', ['reconcile', '--conclude', file])
}

const runOrder = (wait?: number): Step => (scene) => {
  const order = lastOf(scene.orders)
  return order === undefined ? null : seller('destroy run', ['destroy', 'run', order, '--allow-write'], wait)
}

const destroying = (scope: 'vault' | 'originals'): readonly Step[] => [
  (scene) => seller('receipt seal', ['receipt', 'seal', '-o', fresh(scene, '回执码.csv')]),
  (scene) => seller(`destroy request ${scope}`, ['destroy', 'request', '--scope', scope, '--key', scene.world.people.lead]),
  approve('destroy', 'legal'), counsel.export, counsel.sign, counsel.import, runOrder(), runOrder(25 * 60), runOrder(),
  () => seller('key turn', ['key', 'turn']),
]

const planning: readonly Step[] = [
  () => seller('subjects', ['subjects']), () => seller('plan', ['plan']), minimisation,
  (scene) => seller('plan request', ['plan', 'request', '--key', scene.world.people.lead]), approve('hand-over', 'legal'), () => seller('plan approve', ['plan', 'approve']),
]

const growing: readonly Step[] = [
  (scene) => {
    const file = written(scene, 'register', at(scene, 'seller', `客户-${++scene.count}.csv`))
    writeRegister(file, Array.from({ length: 3 }, () => canaryLine(scene.customers++)))
    return seller('ingest', ['ingest', file])
  },
  () => seller('subjects', ['subjects']),
  (scene) => {
    const file = lastFile(scene.files.register)
    return file === undefined ? null : seller('treat', treatWords(file.split('/').at(-1) ?? ''))
  },
]

const choosing: readonly Step[] = [
  (scene) => {
    const file = fresh(scene, '选择.csv')
    const words = ['agree-transfer', 'object', 'withdraw', 'delete']
    writeFileSync(file, ['手机号,选择,时间', ...Array.from({ length: 3 }, () => `${canaryLine(scene.random.below(scene.customers)).split(',')[1] ?? ''},${scene.random.pick(words)},2026-09-12 10:00`)].join('\n'))
    return seller('choice import', ['choice', 'import', file])
  },
  (scene) => {
    const choice = scene.random.pick(['object', 'withdraw', 'delete'])
    const reason = at(scene, 'reason.txt')
    writeFileSync(reason, 'checked\n')
    return seller(`choice decide ${choice}`, ['choice', 'decide', scene.random.pick(['accept', 'refuse']), '--choice', choice, '--all', '--reason', `@${reason}`])
  },
]

const holding: readonly Step[] = [
  () => seller('hold place', ['hold', 'place', '--reason', 'litigation', '--data-set', '客户.csv']), () => seller('doctor', ['doctor']),
  (scene) => {
    const hold = lastOf(scene.holds)
    return hold === undefined ? null : seller('hold release', ['hold', 'release', hold])
  },
]

const closing: readonly Step[] = [
  fact('access-revoked', 'reviewedOn=2026-10-20', 'accountsEnded=7'), fact('logs-archived', 'from=2026-04-01', 'until=2027-10-31', 'holder=transferor'),
  fact('request-register-reviewed', 'reviewedOn=2026-10-20', 'accountClosures={"received":0,"overdue":0,"extraConditions":false}', 'portability={"received":0,"overdue":0}', 'relatives={"received":0,"overdue":0}'),
  fact('incidents-reviewed', 'reviewedOn=2026-10-20', 'incidents=0'),
  (scene) => seller('close request', ['close', 'request', '--key', scene.world.people.lead]), approve('close', 'legal'),
  (scene) => seller('close', ['close', '-o', fresh(scene, '去向表.html')]), (scene) => seller('export proof', ['export', 'proof', '-o', fresh(scene, '证据包.tar')]),
]

const givingUp: readonly Step[] = [
  (scene) => seller('abandon request', ['abandon', 'request', '--reason', 'financing-failed', '--key', scene.world.people.lead]), approve('abandon', 'legal'),
  (scene) => seller('abandon', ['abandon', '--reason', 'financing-failed', '-o', fresh(scene, '终止通知')]),
]

const planningScript: readonly Step[] = [tell('art23'), tell('art30'), ...planning]

/** The ordinary course of a matter up to the reconciled package: what a run may start behind. */
export const ordinaryCourse = { planned: planningScript, handed: handing, ordered: destroying('vault').slice(0, 6) } as const

/** What actors may set out to do, with its weight. */
const scripts: readonly (readonly [name: string, weight: number, steps: readonly Step[]])[] = [
  ['plan', 4, planningScript], ['hand over', 4, handing], ['destroy vault', 3, destroying('vault')], ['destroy originals', 3, destroying('originals')],
  ['carry out', 2, [runOrder(), runOrder(25 * 60), runOrder(), () => seller('key turn', ['key', 'turn']), runOrder()]], ['grow', 2, growing], ['choices', 2, choosing], ['hold', 1, holding], ['publish', 2, [() => seller('log publish', ['log', 'publish']), () => seller('log verify', ['log', 'verify'])]], ['close', 2, closing], ['give up', 0.15, givingUp],
]

const anyPerson = (scene: Scene): People => scene.random.pick(['lead', 'legal', 'counsel', 'stranger'] as const)
const anyFile = (scene: Scene, kind: keyof Scene['files']): string | undefined => {
  const there = scene.files[kind].filter((file) => existsSync(file))
  return there.length === 0 ? undefined : scene.random.pick(there)
}

/** What people do who follow no script: the wrong person, the same person twice, old files again, ends before their time. */
const whims: readonly Step[] = [
  (scene) => {
    if (scene.requests.length === 0) return null
    const [request, person] = [scene.random.below(scene.requests.length), anyPerson(scene)]
    return seller(`approve request ${request} by ${person}`, ['approve', scene.requests[request]?.id ?? '', '--key', scene.world.people[person]])
  },
  (scene) => {
    if (scene.requests.length === 0) return null
    const [request, person] = [scene.random.below(scene.requests.length), anyPerson(scene)]
    return seller(`withdraw request ${request} by ${person}`, ['approval', 'withdraw', scene.requests[request]?.id ?? '', '--key', scene.world.people[person]])
  },
  (scene) => receive(scene, anyFile(scene, 'package')), (scene) => reconcile(scene, anyFile(scene, 'acceptance')), (scene) => countersign(scene, anyFile(scene, 'reconciliation')), (scene) => conclude(scene, anyFile(scene, 'countersigned')),
  (scene) => {
    const file = anyFile(scene, 'acceptance')
    return file === undefined ? null : seller('reconcile --withdraw', ['reconcile', file, '--withdraw'])
  },
  (scene) => {
    const file = anyFile(scene, 'signed')
    return file === undefined ? null : seller('approval import', ['approval', 'import', file])
  },
  // Files of one kind handed in as another.
  (scene) => {
    const file = anyFile(scene, 'reconciliation')
    return file === undefined ? null : seller('conclude what one side signed', ['reconcile', '--conclude', file])
  },
  (scene) => {
    const file = anyFile(scene, 'package')
    if (file === undefined || !existsSync(file)) return null
    const again = fresh(scene, '再寄.tar')
    copyFileSync(file, again)
    return receive(scene, again)
  },
  (scene) => (scene.orders.length === 0 ? null : seller('destroy run any', ['destroy', 'run', scene.random.pick(scene.orders), '--allow-write'])),
  (scene) => seller('plan request', ['plan', 'request', '--key', scene.world.people[anyPerson(scene)]]),
  (scene) => seller('destroy request', ['destroy', 'request', '--scope', scene.random.pick(['vault', 'originals']), '--key', scene.world.people[anyPerson(scene)]]),
  (scene) => seller('close', ['close', '-o', fresh(scene, '去向表.html')]), () => seller('plan approve', ['plan', 'approve']), () => seller('key turn', ['key', 'turn']),
  (scene) => seller('ingest again', ['ingest', at(scene, 'seller', '客户.csv')]), () => seller('copies', ['copies']), () => seller('treat again', treatWords('客户.csv')),
]

/** An actor with a script and a place in it. */
export interface Actor {
  script: readonly Step[]
  name: string
  next: number
}

/** An actor who sets out to do something; with a name, always the same. */
export function newActor(random: SeededRandom, only?: string): Actor {
  const wanted = scripts.find(([name]) => name === only)
  if (wanted !== undefined) return { name: wanted[0], script: wanted[2], next: 0 }
  let left = random.next() * scripts.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight, script] of scripts) {
    left -= weight
    if (left < 0) return { name, script, next: 0 }
  }
  return { name: 'plan', script: planning, next: 0 }
}

/** What somebody does next; null when there is nothing to do it with. */
export function nextAct(scene: Scene, actor: Actor | null): Act | null {
  if (actor === null) return scene.random.pick(whims)(scene)
  return actor.script[actor.next]?.(scene) ?? null
}
