// SPDX-License-Identifier: Apache-2.0
import { isInformationType } from './information-types.ts'
import { plainText } from './normalise-text.ts'
import { fail, pass, todayInChina } from './recogniser.ts'
import type { Check, CheckOptions } from './recogniser.ts'
import { recogniserOf } from './recognisers.ts'
import { isAddressAlone, isWesternAddress } from './text/addresses.ts'

/** Tells whether a value is of a type, and its normal form; the code says why not. An ID number's prefecture must have existed; `options.region` asks for more, since no list of counties is complete. */
export function inspectValue(type: string, value: string, options: Partial<CheckOptions> = {}): Check {
  const recogniser = isInformationType(type) ? recogniserOf(type) : undefined
  if (recogniser === undefined) return fail('UNKNOWN_TYPE')
  const text = plainText(value)
  if (text.length > 4096) return fail('BAD_LENGTH')
  const check = recogniser.check(text, { region: options.region ?? 'prefecture-existed', today: options.today ?? todayInChina() })
  // Asked of one value alone, forms count that a column of values never rests on (3号楼2单元501).
  return type === 'address' && !check.valid && (isAddressAlone(text) || isWesternAddress(text)) ? pass(text) : check
}

/** The form under which an identity key is compared (CONTRACTS §14): mobile in 11 digits, ID in 18 characters, e-mail in lower case, numbers of customers as written without outer spaces. Null for what is no key: broken, masked or empty values. */
export function normaliseKey(type: string, value: string, options: Partial<CheckOptions> = {}): string | null {
  const text = plainText(value)
  if (text === '' || /[*＊]/.test(text)) return null
  if (type === 'customer-id') return text.toUpperCase()
  const check = inspectValue(type, text, options)
  return check.valid ? check.normalised : null
}
