// SPDX-License-Identifier: Apache-2.0
import { addPrivacyNotice, promiseWords } from '../../stewardship/promises/index.ts'
import { dayFlag, matterOf, neededArgument, neededDay, neededFlag } from '../call.ts'
import type { Command } from '../command.ts'
import { printable } from '../grade-lines.ts'

/** `handover privacy add FILE` */
export const command: Command = {
  name: 'privacy add',
  summary: { zh: '登记转让方的一版隐私政策,找出其中的承诺', en: "file a version of the transferor's privacy notice and find its promises" },
  usage: 'handover privacy add FILE --version V --from DAY [--until DAY] --key FILE',
  example: 'handover privacy add 隐私政策.docx --version V3.1 --from 2023-07-01 --key 王芳.key',
  options: {
    version: { type: 'string', doc: { zh: '版本名,与分面 privacy-version 的值一致', en: 'name of the version, as the facet privacy-version has it' } },
    from: { type: 'string', doc: { zh: '生效日', en: 'first day in force' } },
    until: { type: 'string', doc: { zh: '失效日;仍在使用的不写', en: 'last day in force; left out while it is in use' } },
    key: { type: 'string', doc: { zh: '登记人的个人密钥文件', en: 'key file of who files it' } },
  },
  run: async (call) => {
    const file = neededArgument(call, 0, { zh: '隐私政策文件', en: 'The file', command: 'privacy add' })
    const given = { file, from: neededDay(call, 'from', 'privacy add'), version: neededFlag(call, 'version', 'privacy add'), until: dayFlag(call, 'until', 'privacy add'), keyFile: neededFlag(call, 'key', 'privacy add') }
    const { ctx, matter } = await matterOf(call)
    const { notice, repeated, notRead } = await addPrivacyNotice(ctx, matter, given)
    const zh = call.out.lang === 'zh'
    call.out.result({ notice: notice.id, version: notice.version, from: notice.from, until: notice.until, sha256: notice.document, clauses: notice.clauses, promises: notice.promises, notRead, repeated }, [
      `✔ ${notice.version} · ${notice.id}${repeated ? (zh ? '(此前已登记)' : ' (recorded before)') : ''}`,
      zh ? `  ${notice.clauses} 个条款,找出 ${notice.promises.length} 处承诺` : `  ${notice.clauses} clauses, ${notice.promises.length} promises found`,
      ...[...new Set(notice.promises.map(({ kind }) => kind))].map((kind) => `    ${promiseWords[kind][call.out.lang]} × ${notice.promises.filter((each) => each.kind === kind).length}`),
      ...notRead.map((where) => `  ⚠ ${zh ? '没有读到' : 'not read'}: ${printable(where)}`),
      zh ? '  程序按固定说法查找,未必找全:请通读全文' : '  Fixed phrases are looked for and some may be missed: read the whole notice',
    ])
    call.out.next('handover privacy check')
    return notRead.length > 0 ? 3 : 0
  },
}
