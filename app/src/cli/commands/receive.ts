// SPDX-License-Identifier: Apache-2.0
import { receivePackage, type Receiving } from '../../lifecycle/hand-over/index.ts'
import { neededArgument, neededFlag } from '../call.ts'
import { listFlag, textFlag, type Command } from '../command.ts'

/** How many differences are listed on screen; the acceptance has all. */
const shownMax = 50

/** `handover receive FILE` */
export const command: Command = {
  name: 'receive',
  summary: { zh: '验收移交包:核验、装入、从自己的库读回、签验收单', en: 'receive a package: verify, load, read back, sign the acceptance' },
  usage: 'handover receive FILE --into sqlite:FILE|postgres://USER@HOST/DB|mysql://USER@HOST/DB|folder:DIR -o ACCEPTANCE [--policy FILE] [--previous FILE…]',
  example: 'handover receive 移交包.tar --into sqlite:客户.sqlite --policy 信任策略.txt -o 验收单.tar',
  options: {
    into: { type: 'string', doc: { zh: '接收目标:sqlite:文件、postgres://用户@主机/库、mysql://用户@主机/库、folder:目录', en: 'destination: sqlite:FILE, postgres://user@host/db, mysql://user@host/db, folder:DIR' } },
    output: { type: 'string', short: 'o', doc: { zh: '验收单写到哪个文件', en: 'file for the acceptance' } },
    policy: { type: 'string', doc: { zh: '信任策略文件(给过一次后记住)', en: 'trust policy (remembered after the first time)' } },
    'password-file': { type: 'string', doc: { zh: '数据库口令文件(默认 PGPASSWORD、~/.pgpass 或 MYSQL_PWD)', en: 'file with the password of the database (default PGPASSWORD, ~/.pgpass or MYSQL_PWD)' } },
    previous: { type: 'string', multiple: true, doc: { zh: '增量包:此前收到的移交包文件(可重复给出),用于整体读回', en: 'for a delta package: files of the earlier packages (repeatable), to read back everything' } },
    reload: { type: 'boolean', doc: { zh: '先清除目标里这个包的内容,再重新装入', en: 'remove what the destination has of this package and load it again' } },
  },
  run: async (call) => {
    const file = neededArgument(call, 0, { zh: '移交包文件', en: 'The package', command: 'receive' })
    const into = neededFlag(call, 'into', 'receive')
    const output = neededFlag(call, 'output', 'receive')
    const ctx = await call.context()
    const received = await receivePackage(ctx, {
      file, into, output, matter: textFlag(call, 'matter'), policyFile: textFlag(call, 'policy'), passwordFile: textFlag(call, 'password-file'), reload: call.flags['reload'] === true, previous: listFlag(call, 'previous'), language: call.out.lang,
    })
    call.out.result(received, linesOf(received, call.out.lang === 'zh', output))
    if (received.status === 'complete') call.out.next(`handover reconcile ${output} -o RECONCILIATION`)
    return received.status === 'complete' ? 0 : 3
  },
}

function linesOf(received: Receiving, zh: boolean, output: string): string[] {
  const { differences } = received
  const head = received.status === 'complete'
    ? `✔ ${zh ? `逐条一致:${received.records} 条 / ${received.values} 个字段值` : `everything matches: ${received.records} records / ${received.values} values`} · ${received.package}`
    : `✗ ${zh ? `差异 ${received.found} 处(移交包共 ${received.records} 条)` : `${received.found} differences (${received.records} records in the package)`} · ${received.package}`
  return [
    head,
    `  ${zh ? `核验 ${received.checks} 项通过 · 装入 ${received.loaded} 段 · 从 ${received.destination} 读回` : `${received.checks} checks passed · ${received.loaded} segments loaded · read back from ${received.destination}`}  → ${output}`,
    ...received.notes.map((note) => `  ⚠ ${note}`),
    ...differences.slice(0, shownMax).map((one) => `  ✗ ${kinds[one.kind][zh ? 'zh' : 'en']}  ${one.recordId}  ${one.dataSet}${one.fields.map((index, at) => ` · ${index} ${one.titles[at] ?? ''}`).join('')}`),
    ...(received.found > shownMax ? [`  … ${received.found - shownMax}`] : []),
  ]
}

const kinds = {
  missing: { zh: '缺失', en: 'missing' }, extra: { zh: '多出', en: 'extra' }, duplicate: { zh: '重复', en: 'duplicate' }, changed: { zh: '被改', en: 'changed' },
} as const
