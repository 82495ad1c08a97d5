// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { addDays, dayOf } from '../kit/time.ts'
import type { InventedPerson } from './invented-people.ts'
import type { SeededRandom } from './seeded-random.ts'

/** How many customers of the demo signed a contract on paper that lies on a disk as a document. */
const contractCount = 4

/** File names of the demo's contracts (合同), in order; the number of the contract and never its customer. */
export const contractNames: readonly string[] = Array.from({ length: contractCount }, (_, index) => `安装服务合同-${String(index + 1).padStart(3, '0')}.docx`)

/** Writes the contracts into a new folder: customers of the register, so that a contract and its register row are one person's; fewer customers than contracts sign several. Canaries stand in the first contract that does not stay behind, where a test asks for them. */
export function writeContracts(folder: string, people: readonly InventedPerson[], random: SeededRandom, canaries: readonly string[]): void {
  mkdirSync(folder)
  const registered = people.filter((person) => person.number % 5 < 3)
  if (registered.length === 0) return
  let left = canaries
  for (const [index, name] of contractNames.entries()) {
    const person = registered[(index * 7) % registered.length]
    if (person === undefined) continue
    const planted = person.branch === '苏州门店' ? [] : left
    writeFileSync(join(folder, name), docx([...contractLines(person, index, random), ...planted]))
    if (planted.length > 0) left = []
  }
}

function contractLines(person: InventedPerson, index: number, random: SeededRandom): string[] {
  const day = addDays(dayOf('2024-01-08'), random.below(700))
  return [
    '卫浴设备安装服务合同',
    `合同编号:HT-${day.slice(0, 4)}-${String(index + 1).padStart(4, '0')}`,
    `服务门店:${person.branch}`,
    `签订日期:${day}`,
    '甲方:沪上净阑卫生设备有限公司',
    `乙方:${person.name}`,
    `手机号:${person.mobile}`,
    `安装地址:${person.address}`,
    `第一条 甲方为乙方安装${random.pick(['智能马桶', '恒温花洒', '浴室柜'])}一套,并自验收之日起保修三年。`,
    '第二条 乙方付清价款后,甲方于七日内上门安装;改约应提前一日告知。',
    '第三条 甲方将业务整体转让时,乙方同意本合同的权利义务一并转让给受让人(民法典 第五百五十五条)。',
    '第四条 本合同一式两份,双方各执一份,自签字之日起生效。',
  ]
}

const wordNamespace = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const officeRelations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? '')

/** A plain word-processor document of these paragraphs (ECMA-376 Part 1 §11.3.10); the same lines give the same bytes. */
function docx(lines: readonly string[]): Uint8Array {
  const paragraphs = lines.map((line) => `<w:p><w:r><w:t xml:space="preserve">${escaped(line)}</w:t></w:r></w:p>`).join('')
  const parts = {
    '[Content_Types].xml': `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${officeRelations}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `${declaration}<w:document xmlns:w="${wordNamespace}"><w:body>${paragraphs}<w:sectPr/></w:body></w:document>`,
  }
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])), { level: 6, mtime: new Date(2026, 0, 1, 0, 0, 0) })
}
