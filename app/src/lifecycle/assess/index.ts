// SPDX-License-Identifier: Apache-2.0
// The door of assess: facts that people sign for the gates.
export { addFact, type NewFact } from './add-fact.ts'
export { assessFailures } from './assess-failures.ts'
export { factPredicateType, type Evidence, type FactRecord } from './fact.ts'
export { factValueOfPairs, readFactValue } from './fact-value.ts'
export { factsByName, loadFacts } from './load-facts.ts'
export { loadFactRows, type FactRow } from './facts.store.ts'
