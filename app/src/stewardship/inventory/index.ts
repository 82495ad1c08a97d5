// SPDX-License-Identifier: Apache-2.0
// The door of the inventory: the register of processing activities.
export { buildRegister, type RegisterMatter } from './build-register.ts'
export { inventoryFailures } from './inventory-failures.ts'
export { registerOfReport, type ReportForRegister } from './register-of-report.ts'
export { missingParts, missingWords, type ProcessingRegister, type RegisterEntry } from './register.ts'
export { writeRegister, type RegisterWords } from './write-register.ts'
