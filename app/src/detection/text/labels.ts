// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from '../information-types.ts'

/** Labels of characters: outside; begin, inside, end and single of a name; in an address; in and end of an organisation. */
export const labels = { outside: 0, nameBegin: 1, nameInside: 2, nameEnd: 3, nameSingle: 4, address: 5, organisation: 6, organisationEnd: 7 } as const
/** Number of labels, and of bytes that a row of weights takes. */
export const labelCount = 8

/** The types that the model finds, by kind. */
export const kinds: readonly InformationType[] = ['none', 'person-name', 'address', 'organisation-name']

const { outside, nameBegin, nameInside, nameEnd, nameSingle, address, organisation, organisationEnd } = labels

/** Labels after which something new may begin. */
export const endings: readonly number[] = [outside, nameEnd, nameSingle, address, organisationEnd]

/** Which labels may come before each label. */
export const before: readonly (readonly number[])[] = [endings, endings, [nameBegin, nameInside], [nameBegin, nameInside], endings, endings, [...endings, organisation], [organisation]]
