// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawText, pngOf, textPdf } from './files/draw-text.ts'
import { docxOf, emlOf, gb18030Of, scannedPdf, tarGzOf, tarOf, xlsOf } from './files/write-files.ts'
import { draws } from './hostile/hostile-file.ts'
import { inlineRow, rawBook, rawZip } from './hostile/raw-zip.ts'

/** One file of a folder as a firm may have it, and what a scan must find: sources with their data rows, and places that are not read. */
export interface MixedFile {
  name: string
  bytes: Buffer | string
  /** Rows of each data set, by source. */
  sources: { source: string; kind: string; rows: number[] }[]
  notRead: string[]
}

interface Person {
  name: string
  mobile: string
}

type Maker = (folder: string, person: () => Person) => MixedFile

const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗']
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚']

const tableOf = (people: readonly Person[]): string[][] => [['姓名', '手机号'], ...people.map(({ name, mobile }) => [name, mobile])]
const csvOf = (people: readonly Person[]): string => tableOf(people).map((row) => `${row.join(',')}\n`).join('')
const one = (source: string, kind: string, ...rows: number[]): MixedFile['sources'][number] => ({ source, kind, rows })
const some = (person: () => Person, count: number): Person[] => Array.from({ length: count }, person)

/** Makers of files, one for each kind; the slow ones (recognition) stand last. */
const makers: readonly (readonly [string, Maker])[] = [
  ['csv', (name, person) => ({ name: `${name}.csv`, bytes: csvOf(some(person, 5)), sources: [one(`${name}.csv`, 'csv', 5)], notRead: [] })],
  ['csv-gb18030', (name, person) => ({ name: `${name}.csv`, bytes: gb18030Of(csvOf(some(person, 4))), sources: [one(`${name}.csv`, 'csv', 4)], notRead: [] })],
  ['xlsx', (name, person) => ({ name: `${name}.xlsx`, bytes: rawBook({ rows: [tableOf(some(person, 3)).map((row, i) => inlineRow(i + 1, row)).join('')] }), sources: [one(`${name}.xlsx`, 'xlsx', 3)], notRead: [] })],
  ['xls', (name, person) => ({ name: `${name}.xls`, bytes: xlsOf({ 客户: tableOf(some(person, 3)) }), sources: [one(`${name}.xls`, 'xls', 3)], notRead: [] })],
  ['json', (name, person) => ({ name: `${name}.json`, bytes: JSON.stringify({ list: some(person, 6) }), sources: [one(`${name}.json`, 'json', 6)], notRead: [] })],
  ['ndjson', (name, person) => ({ name: `${name}.ndjson`, bytes: some(person, 4).map((record) => `${JSON.stringify(record)}\n`).join(''), sources: [one(`${name}.ndjson`, 'json', 4)], notRead: [] })],
  ['txt', (name, person) => ({ name: `${name}.txt`, bytes: some(person, 3).map((who) => `客户${who.name}来电，回拨 ${who.mobile}。\n`).join(''), sources: [one(`${name}.txt`, 'text', 3)], notRead: [] })],
  ['docx', (name, person) => ({ name: `${name}.docx`, bytes: docxOf({ paragraphs: ['服务合同', ...some(person, 2).map((who) => `乙方：${who.name}  电话：${who.mobile}`)], tables: [tableOf(some(person, 3))] }), sources: [one(`${name}.docx`, 'docx', 3, 3)], notRead: [] })],
  ['pdf', (name, person) => ({ name: `${name}.pdf`, bytes: textPdf(some(person, 2).map((who) => `${who.name} 电话 ${who.mobile}`).join('\n\n#pagebreak()\n')), sources: [one(`${name}.pdf`, 'pdf', 2)], notRead: [] })],
  ['eml', (name, person) => {
    const people = some(person, 2)
    return { name: `${name}.eml`, bytes: emlOf({ from: '客服 <service@example.com>', to: '经办 <desk@example.com>', subject: '名单', text: '见附件', attached: [{ name: 'list.csv', type: 'text/csv', data: csvOf(people) }] }), sources: [one(`${name}.eml`, 'eml', 2, 2, 1), one(`${name}.eml!list.csv`, 'csv', 2)], notRead: [] }
  }],
  ['zip', (name, person) => ({ name: `${name}.zip`, bytes: rawZip([{ name: 'a/b.csv', data: csvOf(some(person, 2)) }]), sources: [one(`${name}.zip`, 'zip'), one(`${name}.zip!a/b.csv`, 'csv', 2)], notRead: [] })],
  ['tar', (name, person) => ({ name: `${name}.tar`, bytes: tarOf([{ name: 'b.csv', data: csvOf(some(person, 2)) }]), sources: [one(`${name}.tar`, 'tar'), one(`${name}.tar!b.csv`, 'csv', 2)], notRead: [] })],
  ['tgz', (name, person) => ({ name: `${name}.tgz`, bytes: tarGzOf([{ name: 'b.csv', data: csvOf(some(person, 2)) }]), sources: [one(`${name}.tgz`, 'gzip'), one(`${name}.tgz!${name.split('/').at(-1)}.tar`, 'tar'), one(`${name}.tgz!${name.split('/').at(-1)}.tar!b.csv`, 'csv', 2)], notRead: [] })],
  ['broken', (name) => ({ name: `${name}.csv`, bytes: '姓名,备注\n张三,"\n', sources: [], notRead: [`${name}.csv`] })],
  ['unknown', (name) => ({ name: `${name}.rar`, bytes: Buffer.from('526172211a0700', 'hex'), sources: [], notRead: [`${name}.rar`] })],
  ['lock', (name) => ({ name: `${dirname(name)}/~$${name.split('/').at(-1)}.docx`, bytes: 'x', sources: [], notRead: [`${dirname(name)}/~$${name.split('/').at(-1)}.docx`] })],
  ['png', (name, person) => {
    const who = person()
    return { name: `${name}.png`, bytes: pngOf(drawText(`客户登记\n\n姓名 ${who.name}\n\n电话 ${who.mobile}`)), sources: [one(`${name}.png`, 'image', 1)], notRead: [] }
  }],
  ['scan', (name, person) => {
    const who = person()
    return { name: `${name}.pdf`, bytes: scannedPdf([drawText(`客户登记\n\n姓名 ${who.name}\n\n电话 ${who.mobile}`)]), sources: [one(`${name}.pdf`, 'pdf', 1)], notRead: [] }
  }],
]

/** Files of all kinds in a few folders, the same for the same seed; recognised pictures are every twentieth file. People are invented. */
export function mixedFiles(count: number, seed: number): MixedFile[] {
  const draw = draws(seed)
  const person = (): Person => ({ name: `${surnames[Math.floor(draw() * surnames.length)] ?? ''}${given[Math.floor(draw() * given.length)] ?? ''}${given[Math.floor(draw() * given.length)] ?? ''}`, mobile: `138${String(Math.floor(draw() * 1e8)).padStart(8, '0')}` })
  const fast = makers.length - 2
  return Array.from({ length: count }, (_, i) => {
    const [kind, make] = makers[i % 20 === 19 ? fast + (Math.floor(i / 20) % 2) : i % fast] ?? ['', () => ({ name: '', bytes: '', sources: [], notRead: [] })]
    return make(`d${i % 7}/${String(i).padStart(4, '0')}-${kind}`, person)
  })
}

/** Writes such files below a folder. */
export function writeMixedFiles(folder: string, files: readonly MixedFile[]): void {
  for (const { name, bytes } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { out: { type: 'string', short: 'o' }, files: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } } })
  if (values.out === undefined) {
    console.log('node tools/generate-files.ts -o FOLDER [--files 200] [--seed N]     a folder of mixed files with invented people')
    process.exitCode = 2
  } else {
    writeMixedFiles(values.out, mixedFiles(Number(values.files), Number(values.seed)))
    console.log(`${values.files} → ${values.out}`)
  }
}
