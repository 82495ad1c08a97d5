// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { wordEntries } from '../../../../tools/files/write-files.ts'
import { inlineCell, rawBook, rawZip } from '../../../../tools/hostile/raw-zip.ts'
import { readBytes } from './read-bytes.fixture.ts'

const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`
const relation = (id: string, type: string, target: string, mode = ''): string => `<Relationship Id="${id}" Type="http://x/${type}" Target="${target}"${mode}/>`
const external = ' TargetMode="External"'
const sheetRelations = (inner: string) => ({ name: 'xl/worksheets/_rels/sheet1.xml.rels', data: `<Relationships>${inner}</Relationships>` })

describe('a Word document', () => {
  it('gives up everything that somebody wrote: authors of changes, choices, simple fields, variables, building blocks, data of controls, links in headers, a template', async () => {
    const raw = '<w:ins w:id="1" w:author="张三"><w:r><w:t>加</w:t></w:r></w:ins><w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="李四" w:value="13800001112"/></w:dropDownList></w:sdtPr></w:sdt><w:p><w:fldSimple w:instr=" HYPERLINK &quot;mailto:wang@example.com&quot; "><w:r><w:t>写信</w:t></w:r></w:fldSimple></w:p>'
    const relations = [relation('a', 'header', 'header1.xml'), relation('b', 'settings', 'settings.xml'), relation('c', 'glossaryDocument', 'glossary/document.xml'), relation('d', 'people', 'people.xml'), relation('e', 'customXml', '../customXml/item1.xml')].join('')
    const entries = wordEntries({
      paragraphs: ['正文'], raw, author: '孙八', more: [
        { name: 'word/header1.xml', data: `<w:hdr>${paragraph('页眉')}</w:hdr>` },
        { name: 'word/_rels/header1.xml.rels', data: `<Relationships>${relation('h', 'hyperlink', 'mailto:header@example.com', external)}</Relationships>` },
        { name: 'word/settings.xml', data: '<w:settings><w:docVars><w:docVar w:name="客户" w:val="赵六"/></w:docVars></w:settings>' },
        { name: 'word/_rels/settings.xml.rels', data: `<Relationships>${relation('t', 'attachedTemplate', 'file:///C:/Users/zhouqi/t.dotm', external)}</Relationships>` },
        { name: 'word/glossary/document.xml', data: `<w:glossaryDocument>${paragraph('构件周七')}</w:glossaryDocument>` },
        { name: 'word/people.xml', data: '<w15:people><w15:person w15:author="吴八"/></w15:people>' },
        { name: 'customXml/item1.xml', data: '<客户><姓名>郑十</姓名></客户>' },
        { name: 'word/styles.xml', data: '<w:styles/>' },
        { name: 'word/stray.bin', data: 'stray' },
      ],
    })
    const related = entries.map((entry) => (entry.name === 'word/_rels/document.xml.rels' ? { ...entry, data: `<Relationships>${relations}</Relationships>` } : entry))
    const { tables, notRead } = await readBytes('a.docx', rawZip(related))
    expect(tables['a.docx']?.flat()).toEqual(['正文', '写信'])
    expect(tables['a.docx#beside']?.flat().toSorted()).toEqual(['[header] 页眉', '[settings] 赵六', '[glossary] 构件周七', '[people] 吴八', '[deleted] mailto:wang@example.com', '[beside] 张三', '[beside] 李四', '[beside] 13800001112', 'mailto:header@example.com', 'file:///C:/Users/zhouqi/t.dotm', 'creator: 孙八', '[data] 郑十'].toSorted())
    expect(notRead).toEqual(['a.docx!word/stray.bin OTHER_PART'])
  })
})

describe('beside the cells of a workbook', () => {
  const rows = `<row r="1">${inlineCell('A1', '姓名')}</row><row r="2">${inlineCell('A2', '张三')}</row>`

  it('people who commented and texts of old drawings are read, or listed when it is entered in the books', async () => {
    const bytes = rawBook({
      rows: [rows], workbookRels: `<Relationships>${relation('rId1', 'worksheet', 'worksheets/sheet1.xml')}${relation('p', 'person', 'persons/person.xml')}</Relationships>`, more: [
        { name: 'xl/persons/person.xml', data: '<personList><person displayName="李四" userId="li@example.com" providerId="AD"/></personList>' },
        sheetRelations(relation('v', 'vmlDrawing', '../drawings/vmlDrawing1.vml') + relation('w', 'vmlDrawing', '../drawings/vmlDrawing2.vml')),
        { name: 'xl/drawings/vmlDrawing1.vml', data: '<xml><v:shape alt="赵六"><v:textbox><div>按钮王五</div></v:textbox><x:Anchor>1, 2</x:Anchor></v:shape></xml>' },
        { name: 'xl/drawings/vmlDrawing2.vml', data: '<xml><v:textbox><br>x</v:textbox></xml>' },
      ],
    })
    const { tables, notRead } = await readBytes('a.xlsx', bytes)
    expect([tables['表1#beside']?.flat(), tables['a.xlsx#properties']?.flat(), notRead]).toEqual([['赵六', '按钮王五'], ['李四', 'li@example.com'], ['a.xlsx!表1/vmlDrawing2.vml DRAWING']])
    expect((await readBytes('b.xlsx', bytes, { documents: 'whole' })).notRead).toEqual(['b.xlsx!表1/vmlDrawing1.vml TEXT_BOX', 'b.xlsx!表1/vmlDrawing2.vml DRAWING', 'b.xlsx/person.xml PEOPLE'])
  })

  it('names beyond those that are read are listed', async () => {
    const names = Array.from({ length: 10_001 }, (_, i) => `<definedName name="n${i}">1</definedName>`).join('')
    const bytes = rawBook({ rows: [rows], workbookXml: `<workbook xmlns:r="r"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets><definedNames>${names}</definedNames></workbook>` })
    expect((await readBytes('a.xlsx', bytes)).notRead).toEqual(['a.xlsx DEFINED_NAMES'])
  })
})
