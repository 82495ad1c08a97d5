// SPDX-License-Identifier: Apache-2.0
// The reconcile room's only door: both sides on one root (CONTRACTS §8).
export { concludeReconciliation, type Concluded } from './conclude-reconciliation.ts'
export { acceptedRecordsFile, type AcceptedRecordsFile } from './accepted-records.ts'
export { compareSent, type SentComparison } from './compare-sent.ts'
export { countersignReconciliation, readReconciliationFile, type Countersigned } from './countersign-reconciliation.ts'
export { readAcceptanceFile, type AcceptanceFile } from './read-acceptance.ts'
export { reconcileAcceptance, type ReconcileOrder, type Reconciling } from './reconcile-acceptance.ts'
export { reconcileFailures } from './reconcile-failures.ts'
export { packageStatements, type PackageStatementRow } from './reconcile.store.ts'
export { withdrawPackage, type Withdrawn } from './withdraw-package.ts'
