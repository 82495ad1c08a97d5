// SPDX-License-Identifier: Apache-2.0
import { compareScans, readScanReport, type Changes, type DataSetDifference, type ScanDifference } from '../../lifecycle/classify/index.ts'
import { neededArgument, readTextFile } from '../call.ts'
import type { Command } from '../command.ts'
import { printable } from '../grade-lines.ts'

/** `handover inventory compare OLD.json NEW.json` */
export const command: Command = {
  name: 'inventory compare',
  summary: { zh: '两次清查的差异:数据源、数据集、字段、类型、数量的新增、消失、变更', en: 'what differs between two scans: sources, data sets, fields, types and counts that are new, gone or changed' },
  usage: 'handover inventory compare OLD.json NEW.json [--fail-on-change]',
  example: 'handover scan ./exports --json > 11月.json && handover inventory compare 10月.json 11月.json',
  options: { 'fail-on-change': { type: 'boolean', doc: { zh: '有差异时以 3 退出', en: 'exit 3 when anything differs' } } },
  run: async (call) => {
    const [before, after] = [0, 1].map((at) => {
      const file = neededArgument(call, at, { zh: '清查报告', en: 'A scan report', command: 'inventory compare' })
      return readScanReport(readTextFile(file), file)
    })
    if (before === undefined || after === undefined) throw new Error('assertion failed: two files were read')
    const found = compareScans(before, after)
    call.out.result(found, humanLines(found, call.out.lang))
    const isChanged = found.sources.length > 0 || found.notRead.new.length > 0 || found.notRead.gone.length > 0
    return isChanged && call.flags['fail-on-change'] === true ? 3 : 0
  },
}

const marks = { new: '+', gone: '−', changed: '~', same: '=' } as const

function humanLines(found: ScanDifference, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const { counts } = found
  const total = (kind: keyof typeof counts): string => `+${counts[kind].new} −${counts[kind].gone} ~${counts[kind].changed} =${counts[kind].same}`
  return [
    ...found.sources.flatMap((source) => [
      `${marks[source.status]} ${printable(source.source)}${source.was === null ? '' : ` (${zh ? '原名' : 'was'} ${printable(source.was)})`}${source.sameBytes ? (zh ? ' · 内容相同' : ' · same bytes') : ''}`,
      ...source.dataSets.flatMap((set) => setLines(set)),
    ]),
    ...(found.ruleSets === null ? [] : [zh ? `注意:两份报告的分级规则集不同(${found.ruleSets.from.join('、')} → ${found.ruleSets.to.join('、')}),级别的变化可能由此而来` : `Note: the reports were graded by different rule sets (${found.ruleSets.from.join(', ')} → ${found.ruleSets.to.join(', ')})`]),
    ...found.notRead.new.map((one) => `+ ${zh ? '未读取' : 'not read'} ${printable(one.where)} ${one.code}`),
    ...found.notRead.gone.map((one) => `− ${zh ? '未读取' : 'not read'} ${printable(one.where)} ${one.code}`),
    `${zh ? '数据源' : 'Sources'} ${total('sources')} · ${zh ? '数据集' : 'data sets'} ${total('dataSets')} · ${zh ? '字段' : 'fields'} ${total('fields')}`,
  ]
}

function setLines(set: DataSetDifference): string[] {
  return [`  ${marks[set.status]} ${printable(set.name)}  ${changesText(set.changes)}`.trimEnd(), ...set.fields.map((field) => `      ${marks[field.status]} #${field.index + 1} ${printable(field.name).slice(0, 24)}  ${changesText(field.changes)}`.trimEnd())]
}

function changesText(changes: Changes): string {
  return Object.entries(changes).map(([key, { from, to }]) => `${key} ${from ?? '–'} → ${to ?? '–'}`).join(' · ')
}
