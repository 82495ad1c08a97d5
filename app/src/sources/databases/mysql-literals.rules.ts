// SPDX-License-Identifier: Apache-2.0
import type { EditCell } from './edit-database.ts'
import type { ForeignField } from './foreign-table.ts'

/** A text column of MySQL whose values are compared by its own rules of equality. */
export interface ComparedField extends ForeignField {
  storedCharset: string
  collation: string
}

const word = /^[a-z0-9_]+$/
const exactNumbers = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'year']
const times = ['date', 'datetime', 'timestamp', 'time']
const nets = ['uuid', 'inet6', 'inet4']

/** The type without its length and attributes. */
export function bareType(declaredType: string | undefined): string {
  return /^[a-z0-9]+/.exec(declaredType ?? '')?.[0] ?? ''
}

/** Whether one row can be found by the value of this column: floats do not equal their own text. */
export function isExactKey(field: ForeignField): boolean {
  return field.form === 'bytes' ? bareType(field.declaredType).endsWith('binary') : field.form === 'bits' || (field.form === 'text' && (isCompared(field) || [...exactNumbers, ...times, ...nets].includes(bareType(field.declaredType))))
}

/** A value as a literal that the server compares with the column exactly as its key does (text by the column's own collation), made of digits and hexadecimal alone; null when there is none. */
export function mysqlKeyOf(field: ForeignField | undefined, value: EditCell): string | null {
  if (field === undefined || value === null) return null
  const type = bareType(field.declaredType)
  if (isCompared(field)) {
    const text = typeof value === 'string' ? `convert(_utf8mb4 x'${Buffer.from(value, 'utf8').toString('hex')}' using ${field.storedCharset})` : `convert(x'${Buffer.from(value).toString('hex')}' using ${field.storedCharset})`
    return `${text} collate ${field.collation}`
  }
  if (field.form === 'bytes') return `x'${Buffer.from(value).toString('hex')}'`
  if (typeof value !== 'string') return null
  if (field.form === 'bits') return /^[01]+$/.test(value) ? `b'${value}'` : null
  if (exactNumbers.includes(type)) return /^-?\d+(?:\.\d+)?$/.test(value) ? value : null
  if (times.includes(type)) return /^[-0-9: .]+$/.test(value) ? `'${value}'` : null
  return nets.includes(type) && /^[0-9a-f:.-]+$/i.test(value) ? `'${value}'` : null
}

function isCompared(field: ForeignField): field is ComparedField {
  return 'storedCharset' in field && 'collation' in field && typeof field.storedCharset === 'string' && typeof field.collation === 'string' && word.test(field.storedCharset) && word.test(field.collation)
}
