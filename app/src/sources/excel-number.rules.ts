// SPDX-License-Identifier: Apache-2.0
import type { Cell, CellExtras } from './source-events.ts'

/** What kind of moment a number format shows. */
export type DateFormat = 'date' | 'time' | 'date-time' | null

// ECMA-376 part 1, 18.8.30: built-in formats, and those of Chinese locales (27–36, 50–58).
const builtInDates = new Map<number, DateFormat>([
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id): [number, DateFormat] => [id, 'date']),
  ...[18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56].map((id): [number, DateFormat] => [id, 'time']),
  [22, 'date-time'],
])

/** Tells whether a number format shows a date, a time or both; quoted text, colours and locales in it do not count. */
export function dateFormat(id: number, code: string | undefined): DateFormat {
  if (code === undefined) return builtInDates.get(id) ?? null
  const plain = (code.split(';')[0] ?? '').replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[(?![hms]+\])[^\]]*\]/gi, '')
  if (/\[[hms]+\]/i.test(plain) || /general|[0#?]/i.test(plain.replace(/s\.0+/gi, ''))) return null // elapsed time and plain numbers
  const hasDate = /[yd年月日]/i.test(plain) || /^[^hs]*m[^hs]*$/i.test(plain)
  const hasTime = /[hs时分秒]/i.test(plain)
  if (!hasDate && !hasTime) return null
  return hasDate && hasTime ? 'date-time' : hasDate ? 'date' : 'time'
}

const DAY_MS = 86_400_000

/** ISO text of a serial date (CONTRACTS §1); null for serials that are no date, such as the 29 February 1900 that never was. */
export function serialToIso(serial: number, format: DateFormat, is1904: boolean): string | null {
  if (format === null || !Number.isFinite(serial) || serial < 0 || serial >= 2_958_466) return null
  const days = Math.floor(serial)
  const ms = Math.round((serial - days) * DAY_MS)
  if (format === 'time' && days === 0) return new Date(ms).toISOString().slice(11, ms % 1000 === 0 ? 19 : 23)
  if (!is1904 && (days === 0 || days === 60)) return null
  const epoch = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30)
  const iso = new Date(epoch + days * DAY_MS + ms).toISOString()
  if (ms === 0 && format === 'date') return iso.slice(0, 10)
  return iso.slice(0, iso.endsWith('.000Z') ? 19 : 23)
}

/** The cell of a stored number: its lexeme, or the ISO date its format shows; long integers are flagged, since Excel keeps 15 digits only. */
export function numberCell(lexeme: string, format: DateFormat, formatText: string | undefined, is1904: boolean): Cell {
  const extras: CellExtras = { cellType: 'number', ...(formatText === undefined ? {} : { numberFormat: formatText }) }
  if (format !== null) {
    const iso = serialToIso(Number(lexeme), format, is1904)
    if (iso === null) return { value: lexeme, extras: { ...extras, flag: 'impossible-date' } }
    return { value: iso, extras: { ...extras, cellType: 'date', rawSerial: lexeme } }
  }
  const size = Math.abs(Number(lexeme))
  if (Number.isInteger(size) && size >= 1e15) return { value: lexeme, extras: { ...extras, flag: 'precision-lost' } }
  if (Number.isInteger(size) && size >= 1e10 && !lexeme.includes('.')) return { value: lexeme, extras: { ...extras, flag: 'number-as-id' } }
  return { value: lexeme, extras }
}
