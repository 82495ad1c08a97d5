// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from '../information-types.ts'

/** Labels of characters: outside; begin, inside, end and single of a name; begin, inside, end of an address and of an organisation. */
export const labels = { outside: 0, nameBegin: 1, nameInside: 2, nameEnd: 3, nameSingle: 4, addressBegin: 5, addressInside: 6, addressEnd: 7, organisationBegin: 8, organisationInside: 9, organisationEnd: 10 } as const
/** Number of labels. */
export const labelCount = 11
/** Bytes that a row of weights takes: one a label, filled up to whole words of 32 bits. */
export const rowBytes = 12

/** The types that the model finds, by kind. */
export const kinds: readonly InformationType[] = ['none', 'person-name', 'address', 'organisation-name']

/** Labels after which something new may begin. */
export const endings: readonly number[] = [labels.outside, labels.nameEnd, labels.nameSingle, labels.addressEnd, labels.organisationEnd]
/** Labels that may follow an ending. */
export const starts: readonly number[] = [labels.outside, labels.nameBegin, labels.nameSingle, labels.addressBegin, labels.organisationBegin]

/** Which labels may come before each label. */
export const before: readonly (readonly number[])[] = Array.from({ length: labelCount }, (_, label) => {
  if (starts.includes(label)) return endings
  const begin = label <= labels.nameSingle ? labels.nameBegin : label <= labels.addressEnd ? labels.addressBegin : labels.organisationBegin
  return [begin, begin + 1]
})
