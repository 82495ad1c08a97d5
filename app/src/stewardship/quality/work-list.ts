// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { isInformationType } from '../../detection/index.ts'

/** The sheets and columns of a work list (更正清单); a list that comes back is known by them. */
export const workListLayout = {
  format: 'handover-quality-work-list/1',
  sheets: { list: '更正清单', guide: '填写说明', code: '代码' },
  columns: ['序号', '数据源', '数据集', '行号', '列名', '记录编号', '现值(已脱敏)', '类别', '错误原因', '更正值', '代码'],
  columnsEn: ['No.', 'Source', 'Data set', 'Row', 'Column', 'Record', 'Value (masked)', 'Kind', 'Reason', 'Correction', 'Code'],
  at: { masked: 6, correction: 9, code: 10 },
} as const

/** What the hidden sheet says of each source that was checked: enough to find cells again and to check what is written into them. */
export const workListSource = z.strictObject({
  source: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/),
  dataSets: z.array(z.strictObject({ name: z.string(), rows: z.int(), fields: z.array(z.strictObject({ name: z.string(), type: z.string().refine(isInformationType) })) })),
})

/** Head of the hidden sheet. */
export const workListHead = z.strictObject({ format: z.literal(workListLayout.format), today: z.iso.date(), staleYears: z.int().positive(), listed: z.int(), found: z.int() })

/** One source of a work list. */
export type WorkListSource = z.infer<typeof workListSource>
/** What a work list says of itself. */
export type WorkListHead = z.infer<typeof workListHead>

/** The address of a cell: source, data set, row and field by number; no field for a row as a whole. */
export interface CellAddress {
  source: number
  dataSet: number
  ordinal: number
  field: number | null
}

/** An address as the hidden column carries it. */
export function addressCode({ source, dataSet, ordinal, field }: CellAddress): string {
  return `${source}.${dataSet}.${ordinal}.${field ?? 'row'}`
}

/** Reads an address; null for anything else. */
export function readAddress(code: string): CellAddress | null {
  const match = /^(\d{1,6})\.(\d{1,6})\.(\d{1,10})\.(\d{1,6}|row)$/.exec(code)
  return match === null ? null : { source: Number(match[1]), dataSet: Number(match[2]), ordinal: Number(match[3]), field: match[4] === 'row' ? null : Number(match[4]) }
}
