// SPDX-License-Identifier: Apache-2.0
// Bytes only, for worker threads too: no driver, no database.
export { WireArray, wireArrayOf, type WireType } from './wire-array.ts'
