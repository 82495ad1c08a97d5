// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import ExcelJS from 'exceljs'
import { afterAll, describe, expect, it } from 'vitest'
import { scanOneSource, type ScanEvent } from './scan-one-source.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-rows-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function scanned(path: string, isByCells: boolean): Promise<ScanEvent[]> {
  const events: ScanEvent[] = []
  for await (const event of scanOneSource(path, {}, () => {}, isByCells ? null : undefined)) if (event.kind !== 'rows') events.push(event)
  return events
}

describe('rows of workbooks and databases counted as bytes', () => {
  it('gives the report of a workbook that cells one by one give: lost digits, gaps, rows wider than the header, texts', async () => {
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet('客户')
    sheet.addRow(['姓名', '手机号', '身份证号', '备注'])
    for (let i = 0; i < 1200; i++) {
      const row: (string | number | null | Date)[] = [`王小${'明芳华伟'[i % 4] ?? ''}`, i % 3 === 0 ? 13_800_000_000 + i : `138${String(i).padStart(8, '0')}`, i % 5 === 0 ? 110_199_199_001_011_200 : '110199199001011217', i % 7 === 0 ? null : `客户${i % 40}要求改约,请打 1391234${String(i).padStart(4, '0')} 联系`]
      if (i > 1100) row.push(null, `多出的第 ${i} 格`)
      sheet.addRow(i % 50 === 0 ? row.slice(0, 2) : row)
    }
    const path = join(folder, 'book.xlsx')
    await book.xlsx.writeFile(path)
    const found = await scanned(path, false)
    expect(found).toEqual(await scanned(path, true))
    expect(found[0]).toMatchObject({ source: { dataSets: [{ rows: 1200, fields: [{ type: 'person-name' }, { type: 'mobile' }, { type: 'resident-id', damaged: 216 }, { type: 'free-text-personal' }, {}, {}] }] } })
  })

  it('gives the report of a database: large row ids, blobs, broken text, nulls, repeated rows', async () => {
    const path = join(folder, 'shop.db')
    const shop = new DatabaseSync(path)
    shop.exec(`create table users(id integer primary key, name text, phone text, face blob, note text);
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 1500) insert into users select i * 3000000000, '李四', '1380000' || (1000 + i), case when i % 3 = 0 then x'00ff' else 'ab' end, case i % 4 when 0 then null when 1 then '' when 2 then cast(x'ff41' as text) else ' 空格 ' end from n;
      create table mixed(a, b); with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) insert into mixed select case when i % 5 = 4 then x'6162' else 'ab' end, case i % 6 when 0 then null when 1 then 'xyz' when 2 then '' else i % 40 end from n;
      create table marks(a text, b text); insert into marks values ('x', 'y'), ('x', 'y'), ('x', null), ('x', '')`)
    shop.close()
    const found = await scanned(path, false)
    expect(found).toEqual(await scanned(path, true))
    expect(found[0]).toMatchObject({ source: { dataSets: [{ name: 'marks', duplicateRows: 1 }, { name: 'mixed', rows: 3000, duplicateRows: 2957 }, { name: 'users', rows: 1500 }] } })
  })
})
