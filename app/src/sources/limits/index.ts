// SPDX-License-Identifier: Apache-2.0
// A door for code that runs before a worker has loaded anything else.
export { workerEnvironment } from '../compiled-code.ts'
export { usualLimits } from '../source-limits.ts'
