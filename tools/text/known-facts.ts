// SPDX-License-Identifier: Apache-2.0
import { cityNames, compoundSurnames, countyNames, provinceNames, surnames } from '../../app/src/detection/text/index.ts'
import type { Facts } from './write-sentences.ts'

/** Surnames and regions as the detection room knows them. */
export const knownFacts: Facts = {
  surnames,
  compoundSurnames,
  regions: { provinces: [...provinceNames], cities: [...cityNames], counties: [...countyNames] },
}
