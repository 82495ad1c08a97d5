// SPDX-License-Identifier: Apache-2.0
// The prove room's only door: the close with its balance sheet, receipts, the proof bundle.
export { balanceSheet, isBalanced, type BalanceSheet, type CopyLine } from './balance-sheet.ts'
export { closeMatter, closeParameters, refuseOpenBooks } from './close-matter.ts'
export { exportProof, type ExportedProof } from './export-proof.ts'
export { receiptByCode, receiptByKeys, type IssuedReceipt } from './issue-receipt.ts'
export { proveFailures } from './prove-failures.ts'
export { sealReceipts, type SealedReceipts } from './seal-receipts.ts'
export { equationLine, sheetDocument, sheetLines } from './sheet-lines.ts'
export { sheetPage } from './sheet-page.ts'
export { abandonLines } from './abandon-lines.ts'
export { abandonNotices, abandonParameters, declareAbandonment, settleAbandonment, stillOpen, type Abandonment } from './abandon-matter.ts'
export { abandonReasons, type AbandonReason } from './abandon-notice.ts'
export { destroyReceived, takeReturnProof, type Returned, type TakenProof } from './abandon-returns.ts'
