// SPDX-License-Identifier: Apache-2.0
export { encodeGb18030 } from './encode-gb18030.ts'
export { inventPerson, residentIdCheckDigit, type InventedPerson } from './invented-people.ts'
export { makeDemoSources, type DemoSources, type DemoSourcesOrder } from './demo-sources.ts'
export { playDemo, stories, type DemoOrder } from './play-demo.ts'
// The stage and its parts, for stories that play a matter of their own.
export { companyFacts, factsBeforeClose, factsBeforeDestroying, factsBeforePacking, factsOfLiquidation } from './demo-facts.ts'
export { addPeople, approveByTwo, approvePlan, closeAndProve, joinAndConfirm, openHomes, requestDestruction, sealReceipts, setUpLog, treat, type DemoPeople, type Ending } from './demo-parts.ts'
export { seededRandom, type SeededRandom } from './seeded-random.ts'
export { destroyAndClose, issuePackage, orderDestruction, postOf, receivePackage, reconcileBoth } from './passing-parts.ts'
export { dateAt, openStage, realTime, type PartyName, type Stage } from './stage.ts'
