// SPDX-License-Identifier: Apache-2.0
import { concludeReconciliation, countersignReconciliation, readAcceptanceFile, reconcileAcceptance, withdrawPackage, type Reconciling } from '../../lifecycle/reconcile/index.ts'
import { matterOf, neededArgument, neededFlag } from '../call.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'

const shownMax = 50

/** `handover reconcile ACCEPTANCE` */
export const command: Command = {
  name: 'reconcile',
  summary: { zh: '逐条对账,双方签认同一个根', en: 'reconcile record by record; both sides sign one root' },
  usage: 'handover reconcile ACCEPTANCE -o FILE [--list FILE]   |   --countersign FILE [--acceptance ACCEPTANCE] -o FILE   |   --conclude FILE   |   ACCEPTANCE|PACKAGE --withdraw',
  example: 'handover reconcile 验收单.tar -o 对账单.json',
  options: {
    output: { type: 'string', short: 'o', doc: { zh: '对账单写到哪个文件', en: 'file for the reconciliation' } },
    countersign: { type: 'string', doc: { zh: '接收方:会签对方签过的对账单', en: "recipient: countersign the sender's reconciliation" } },
    acceptance: { type: 'string', doc: { zh: '会签时核对本方的验收单文件', en: 'when countersigning: the own acceptance, to be compared' } },
    conclude: { type: 'string', doc: { zh: '转让方:双方签过的对账单入账', en: 'sender: book the reconciliation that both signed' } },
    list: { type: 'string', doc: { zh: '把全部差异逐行写到哪个文件(NDJSON:记录编号、种类、字段)', en: 'file for all differences, one a line (NDJSON: record id, kind, fields)' } },
    withdraw: { type: 'boolean', doc: { zh: '撤回移交包(按有差异的验收单,或按包编号),字段值退回待定', en: 'withdraw the package (by an acceptance with differences, or by its number); its values become pending again' } },
  },
  run: async (call) => {
    const countersign = textFlag(call, 'countersign')
    if (countersign !== undefined) return countersignFile(call, countersign)
    const conclude = textFlag(call, 'conclude')
    if (conclude !== undefined) return concludeFile(call, conclude)
    const file = neededArgument(call, 0, { zh: '验收单文件', en: 'The acceptance', command: 'reconcile' })
    return call.flags['withdraw'] === true ? withdraw(call, file) : reconcile(call, file)
  },
}

async function reconcile(call: CommandCall, file: string): Promise<number> {
  const output = textFlag(call, 'output')
  const { ctx, matter } = await matterOf(call)
  const found = await reconcileAcceptance(ctx, matter, { file, output, list: textFlag(call, 'list'), language: call.out.lang })
  call.out.result(found, linesOf(found, call.out.lang === 'zh'))
  if (found.status === 'matched') call.out.next(`handover reconcile --countersign ${output ?? 'FILE'} -o SIGNED`)
  return found.status === 'matched' ? 0 : 3
}

function linesOf(found: Reconciling, zh: boolean): string[] {
  if (found.status === 'matched') return [`✔ ${zh ? `逐条一致:${found.matched} 条` : `all ${found.matched} records match`} · ${found.package}`, `  ${zh ? '根' : 'root'} ${found.root ?? ''}`, ...(found.file === null ? [] : [`  → ${found.file}`])]
  const { matched, missing, extra, changed, duplicate } = found
  return [
    `✗ ${zh ? `一致 ${matched} · 缺失 ${missing} · 多出 ${extra} · 被改 ${changed} · 重复 ${duplicate}` : `${matched} match · ${missing} missing · ${extra} extra · ${changed} changed · ${duplicate} doubled`} · ${found.package}`,
    ...found.differences.slice(0, shownMax).map((one) => `  ✗ ${one.kind}  ${one.recordId}${one.fields.length === 0 ? '' : `  ${zh ? '字段' : 'fields'} ${one.fields.join(', ')}`}`),
    ...(found.found > shownMax ? [`  … ${found.found - shownMax}${zh ? '(全部:--list 文件)' : ' (all of them: --list FILE)'}`] : []),
    `  ${zh ? '请接收方改正后再次 receive;改正不了的,用 --withdraw 撤回后重新签发' : 'Have the recipient put it right and receive again; if it cannot, withdraw with --withdraw and issue a new package'}`,
  ]
}

async function countersignFile(call: CommandCall, file: string): Promise<number> {
  const output = neededFlag(call, 'output', 'reconcile')
  const { ctx, matter } = await matterOf(call)
  const signed = await countersignReconciliation(ctx, matter, { file, acceptance: textFlag(call, 'acceptance'), output, language: call.out.lang })
  const zh = call.out.lang === 'zh'
  call.out.result(signed, [`✔ ${zh ? `已会签:${signed.matched} 条` : `countersigned: ${signed.matched} records`} · ${signed.package}`, `  ${zh ? '根' : 'root'} ${signed.root}`, `  → ${output}`])
  call.out.next(`handover reconcile --conclude ${output}`)
  return 0
}

async function concludeFile(call: CommandCall, file: string): Promise<number> {
  const { ctx, matter } = await matterOf(call)
  const done = await concludeReconciliation(ctx, matter, file)
  const zh = call.out.lang === 'zh'
  const outcome = done.outcome === 'transferred' ? (zh ? '已移交' : 'transferred') : zh ? '已封存' : 'sealed'
  call.out.result(done, `✔ ${zh ? `双方签认,${done.values} 个字段值入账为${outcome}` : `both signed; ${done.values} values booked as ${outcome}`} · ${done.package}${done.repeated ? (zh ? '(此前已入账)' : ' (booked before)') : ''}`)
  return 0
}

async function withdraw(call: CommandCall, given: string): Promise<number> {
  const { ctx, matter } = await matterOf(call)
  const done = await withdrawPackage(ctx, matter, /^pkg_[0-9a-f]{32}$/.test(given) ? given : await packageOfAcceptance(call, given))
  const zh = call.out.lang === 'zh'
  call.out.result(done, `✔ ${zh ? `移交包已撤回,${done.values} 个字段值退回待定` : `package withdrawn; ${done.values} values are pending again`} · ${done.package}${done.repeated ? (zh ? '(此前已撤回)' : ' (withdrawn before)') : ''}`)
  call.out.next('handover pack')
  return 0
}

/** The acceptance is recorded first: it is the reason for the withdrawal. */
async function packageOfAcceptance(call: CommandCall, file: string): Promise<string> {
  const { ctx, matter } = await matterOf(call)
  const policy = await ctx.ledger.policy(matter.id)
  const { acceptance, digest } = await readAcceptanceFile(file, policy?.text, call.out.lang)
  if ((await ctx.ledger.eventByEffect(matter.id, `package/${acceptance.package}/acceptance/${digest}`)) === undefined) await reconcileAcceptance(ctx, matter, { file, output: undefined, list: undefined, language: call.out.lang })
  return acceptance.package
}
