// SPDX-License-Identifier: Apache-2.0
import { envelopeText, readErasureCertificate, unverifiedStatement } from '@handover/proof'
import { runDestruction } from '../../lifecycle/destroy/index.ts'
import { databaseFailures, isDatabaseAddress, type ReadOptions } from '../../sources/index.ts'
import { matterOf, neededArgument, oneOf } from '../call.ts'
import { certificateLines } from '../certificate-lines.ts'
import { databaseLogins, writerOptions } from '../database-logins.ts'
import { listFlag, textFlag, type Command, type CommandCall } from '../command.ts'
import { writeNewFile } from '../write-new-file.ts'

const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'latin1'] as const

/** `handover destroy run ORDER` */
export const command: Command = {
  name: 'destroy run',
  summary: { zh: '执行已批准的销毁命令,出具销毁证明(密库的先为待定)', en: 'carry out an approved order and issue its certificate (pending first for the vault)' },
  usage: 'handover destroy run ORDER [--allow-write] [--leave-refused] [--write-as ADDRESS --password-file FILE] [-o FILE]',
  example: 'handover destroy run ord_0123… --allow-write -o 销毁证明.json',
  options: {
    'allow-write': { type: 'boolean', doc: { zh: '允许改写和删除原始文件(请先停用相关系统)', en: 'allow rewriting and deleting original files (stop what uses them first)' } },
    'leave-refused': { type: 'boolean', doc: { zh: '已开始的命令:不能只删一部分的文件(数据库:清查后变过的行)原样留下,写入证明,其副本不了结', en: 'in an order that has begun: files of which no part can be removed (databases: rows that changed since) stay as they are; the certificate names them, their copies stay open' } },
    'write-as': { type: 'string', multiple: true, doc: { zh: '数据库:在其中删除的账号(与入账时同一主机、端口和库;可重复),如 mysql://eraser@127.0.0.1:3306/crm', en: 'databases: login that may delete there (same host, port and database as at ingest; repeatable), e.g. mysql://eraser@127.0.0.1:3306/crm' } },
    'keep-pages': { type: 'boolean', doc: { zh: '数据库:删除后不重建表(重建会锁表);证明写明空闲页未清', en: 'databases: do not write tables anew after the deletion (that locks them); the certificate says so' } },
    ...writerOptions,
    encoding: { type: 'string', doc: { zh: '入账时指定过的文本编码', en: 'text encoding as given at ingest' } },
    delimiter: { type: 'string', doc: { zh: '入账时指定过的分隔符', en: 'separator as given at ingest' } },
    'no-header': { type: 'boolean', doc: { zh: '入账时指定过第一行就是数据', en: 'the first row is data, as given at ingest' } },
    output: { type: 'string', short: 'o', doc: { zh: '证明写到哪个文件', en: 'file for the certificate' } },
  },
  run: async (call) => {
    const orderId = neededArgument(call, 0, { zh: '销毁命令编号', en: 'The order', command: 'destroy run' })
    const writeAs = [...(await databaseLogins(call, { isFull: true }, addressesToWrite(call))).values()]
    const { ctx, matter } = await matterOf(call)
    const { order, certificate, repeated } = await runDestruction(ctx, matter, orderId, { allowWrite: call.flags['allow-write'] === true, leaveRefused: call.flags['leave-refused'] === true, readAs: readAs(call), writeAs, keepPages: call.flags['keep-pages'] === true })
    const file = textFlag(call, 'output')
    if (file !== undefined) writeNewFile(file, `${envelopeText(certificate)}\n`)
    const signed = readErasureCertificate(unverifiedStatement(certificate))
    call.out.result({ order: order.id, status: order.status, repeated, certificate: signed, file: file ?? null }, certificateLines(signed, call.out.lang))
    call.out.next(order.status === 'pending-final' ? 'handover key turn' : 'handover copies')
    return 0
  },
}

/** Only addresses without anything secret in them; whatever is not one is refused as every other odd address. */
function addressesToWrite(call: CommandCall): string[] {
  const given = listFlag(call, 'write-as')
  if (given.some((address) => !isDatabaseAddress(address))) throw databaseFailures.CONNECTOR_REFUSED()
  return given
}

function readAs(call: CommandCall): ReadOptions {
  const encoding = textFlag(call, 'encoding')
  const delimiter = textFlag(call, 'delimiter')
  return {
    ...(encoding === undefined ? {} : { encoding: oneOf(encoding, encodings, { what: '--encoding', command: 'destroy run' }) }),
    ...(delimiter === undefined ? {} : { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    ...(call.flags['no-header'] === true ? { header: 'none' as const } : {}),
  }
}
