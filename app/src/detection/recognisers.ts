// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from './information-types.ts'
import type { Recogniser } from './recogniser.ts'
import { education, ethnicity, gender, job, maritalStatus, medical, religion } from './recognisers/closed-lists.ts'
import { password, secret } from './recognisers/credentials.ts'
import { age, birthDate } from './recognisers/dates.ts'
import { email, iccid, imei, imsi, ipAddress, macAddress, onlineId } from './recognisers/electronic.ts'
import { bankAccount, bankCard, businessRegistrationNumber, invoiceNumber, taxId, uscc } from './recognisers/financial.ts'
import { nationalIdForeign } from './recognisers/national-ids.ts'
import { organisationName, personName } from './recognisers/names.ts'
import { address, geoLocation, postcode, region } from './recognisers/places.ts'
import { foreignPermanentResidentId, residentId } from './recognisers/resident-id.ts'
import { landline, mobile } from './recognisers/telephone.ts'
import { driverLicence, hkMoTravelPermit, mainlandTravelPermit, militaryId, passport } from './recognisers/travel-documents.ts'
import { licencePlate, vin } from './recognisers/vehicle.ts'

/** All recognisers: data and validators; a new one is a file in `recognisers/` and a word here. */
export const recognisers: readonly Recogniser[] = [
  residentId, foreignPermanentResidentId, passport, hkMoTravelPermit, mainlandTravelPermit, militaryId, driverLicence, nationalIdForeign, mobile, landline, email, bankCard, bankAccount, uscc,
  businessRegistrationNumber, taxId, invoiceNumber, licencePlate, vin, imei, imsi, iccid, ipAddress, macAddress, onlineId, postcode, geoLocation, birthDate, age, gender,
  ethnicity, maritalStatus, education, religion, job, medical, password, secret, region, personName, address, organisationName,
]

const byType = new Map<InformationType, Recogniser>(recognisers.map((recogniser) => [recogniser.type, recogniser]))

/** The recogniser of a type; undefined for types that headers alone tell. */
export function recogniserOf(type: InformationType): Recogniser | undefined {
  return byType.get(type)
}
