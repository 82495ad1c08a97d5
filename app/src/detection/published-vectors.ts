// SPDX-License-Identifier: Apache-2.0
// What published test vectors call a type, and what we decided against their publishers (docs/decisions/0007-disputed-identifiers.md).
import type { InformationType } from './information-types.ts'

/** Our types by the name that the collected vectors use. */
export const typesOfVectors: ReadonlyMap<string, readonly InformationType[]> = new Map<string, readonly InformationType[]>([
  ['CN_RESIDENT_ID', ['resident-id']], ['PHONE', ['mobile', 'landline']], ['CN_MOBILE', ['mobile']], ['CN_LANDLINE', ['landline']], ['BANK_CARD', ['bank-card']], ['CN_PASSPORT', ['passport']],
  ['CN_HKMO_PERMIT', ['hk-mo-travel-permit']], ['CN_PLATE', ['licence-plate']], ['CN_POSTCODE', ['postcode']], ['CN_MILITARY_ID', ['military-id']], ['CN_USCC', ['uscc']], ['EMAIL', ['email']],
  ['IPV4', ['ip-address']], ['IPV6', ['ip-address']], ['MAC', ['mac-address']], ['IMEI', ['imei']], ['PERSON_NAME_ZH', ['person-name']],
])

/** Vectors that fail the standard that they claim: value and why. */
export const disputedVectors: ReadonlyMap<string, string> = new Map([
  ['123456789012345', 'IMEI: the Luhn digit is wrong (3GPP TS 23.003 annex B)'], ['1234567890123456', 'IMEI: 16 digits are IMEISV, which has no check digit'], ['12345678901234567', 'IMEI: no number of 17 digits exists'],
  ['6234567890', 'bank card: ten digits (ISO/IEC 7812-1: 13 to 19 with issuer)'],
  ['123456991010193', 'resident ID: region 1234 never existed (GB/T 2260)'], ['12345619991205131x', 'resident ID: region 1234 never existed (GB/T 2260)'], ['622223199912051311', 'resident ID: the check digit is wrong (GB 11643)'],
  ['K034169(1)', 'identity card of Hong Kong: national-id-foreign, not resident-id'], ['5686611(1)', 'identity card of Macao: national-id-foreign, not resident-id'], ['U193683453', 'identity card of Taiwan: national-id-foreign, not resident-id'],
])
