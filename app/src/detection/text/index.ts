// SPDX-License-Identifier: Apache-2.0
// The door of the text model for the tools that train and measure it; the rest of the program enters by ../index.ts.
export { cityNames, countyNames, provinceNames } from '../regions.ts'
export { compoundSurnames, surnames } from '../recognisers/names.ts'
export { addWord, foldedWord, plainClass, unitClass, wordBytes } from './characters.ts'
export type { Characters } from './characters.ts'
export { featureCount, lexicalCount, Piece, rowCount } from './features.ts'
export { before, endings, labelCount, labels } from './labels.ts'
export { builtInModel, decodeModel, encodeModel } from './model.ts'
export type { Model } from './model.ts'
export { Tagger } from './tagger.ts'
