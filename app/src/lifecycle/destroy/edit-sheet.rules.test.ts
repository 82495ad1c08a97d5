// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { behindLast, eachUsedString, editSheet, keepStrings } from './edit-sheet.rules.ts'
import type { RowFate } from './row-fate.rules.ts'

const keepFirst = Buffer.of(0b0000_0001)
const fates = (...pairs: [number, RowFate][]): Map<number, RowFate> => new Map(pairs)
const sheet = (rows: string, after = ''): string => `<worksheet><sheetData>${rows}</sheetData>${after}</worksheet>`

test('a row that goes leaves a gap, a cell that goes keeps its place and style, everything else is as it was', () => {
  const rows = ['<row r="1"><c r="A1" t="s"><v>0</v></c></row>', '<row r="2" ht="12"><c r="A2" s="4" t="s"><v>1</v></c><c r="C2" s="7" t="str"><v>x</v></c></row>', '<row r="4"><c r="A4"><v>9</v></c></row>']
  expect(editSheet(sheet(rows.join('\n')), fates([4, 'goes'], [2, keepFirst]))).toEqual({
    xml: sheet(`${rows[0]}\n<row r="2" ht="12"><c r="A2" s="4" t="s"><v>1</v></c><c r="C2" s="7"/></row>\n`), losesFormulas: false, droppedRelations: [],
  })
})

test('rows and cells without references are counted, prefixes are understood, quoted brackets do not end a tag', () => {
  const xml = '<x:worksheet><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c><x:c note="a>b" t="inlineStr"><x:is><x:t>乙</x:t></x:is></x:c></x:row><x:row/><x:row><x:c><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>'
  expect(editSheet(xml, fates([1, keepFirst], [3, 'goes']))).toMatchObject({ xml: '<x:worksheet><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c><x:c/></x:row><x:row/></x:sheetData></x:worksheet>' })
})

test('a cell that shared a formula whose text is gone keeps the value it shows', () => {
  const rows = '<row r="2"><c r="A2"><f t="shared" ref="A2:A3" si="0">B2</f><v>1</v></c></row><row r="3"><c r="A3"><f t="shared" si="0"/><v>2</v></c></row>'
  expect(editSheet(sheet(rows), fates([2, 'goes']))).toEqual({ xml: sheet('<row r="3"><c r="A3"><v>2</v></c></row>'), losesFormulas: true, droppedRelations: [] })
})

test('links of cells that go are taken out with their relations', () => {
  const links = '<hyperlinks><hyperlink ref="B2" r:id="rId1"/><hyperlink ref="B3" r:id="rId2"/></hyperlinks>'
  const change = editSheet(sheet('<row r="2"><c r="B2"><v>1</v></c></row><row r="3"><c r="B3"><v>1</v></c></row>', links), fates([2, keepFirst]))
  expect(change).toMatchObject({ droppedRelations: ['rId1'] })
  expect(typeof change === 'string' ? change : change.xml).toContain('<hyperlinks><hyperlink ref="B3" r:id="rId2"/></hyperlinks>')
})

test('comments and CDATA are refused, since a tag in them would be taken for a row', () => {
  for (const odd of ['<!-- <row r="2"> -->', '<c><is><t><![CDATA[</row>]]></t></is></c>']) expect(editSheet(sheet(`<row r="1">${odd}</row>`), fates([1, 'goes']))).toEqual(expect.any(String))
})

test('shared strings that nothing shows are emptied, the places of the others stay', () => {
  const strings = '<sst count="3"><si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r></si><si><t xml:space="preserve"> 丁 </t></si></sst>'
  const used: number[] = []
  eachUsedString(sheet('<row r="1"><c r="A1" t="s"><v>2</v></c><c r="B1"><v>1</v></c></row>'), (index) => used.push(index))
  expect(used).toEqual([2])
  expect(keepStrings(strings, (index) => index === 2, { index: 0 })).toBe('<sst count="3"><si><t/></si><si><t/></si><si><t xml:space="preserve"> 丁 </t></si></sst>')
})

test('a window ends behind a row, whatever the prefix, and not at a word that only looks like one', () => {
  expect(behindLast('<row r="1"></row><row r="2"><c>', 'row')).toBe(17)
  expect(behindLast('<x:row></x:row><x:arrow></x:arrow>', 'row')).toBe(15)
  expect(behindLast('<row r="1"/>', 'row')).toBe(0)
})
