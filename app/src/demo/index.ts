// SPDX-License-Identifier: Apache-2.0
export { encodeGb18030 } from './encode-gb18030.ts'
export { makeDemoSources, type DemoSources, type DemoSourcesOrder } from './demo-sources.ts'
export { playDemo, stories, type DemoOrder } from './play-demo.ts'
// The stage and its parts, for stories that play a matter of their own.
export { companyFacts, factsBeforePacking } from './demo-facts.ts'
export { addPeople, approvePlan, joinAndConfirm, openHomes, setUpLog, type DemoPeople } from './demo-parts.ts'
export { openStage, type Stage } from './stage.ts'
