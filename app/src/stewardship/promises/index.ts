// SPDX-License-Identifier: Apache-2.0
// The door of promises: the transferor's privacy notices and what they promise (rule E15).
export { addPrivacyNotice, type NewPrivacyNotice } from './add-privacy-notice.ts'
export { loadPrivacyNotices, openClauses } from './load-privacy-notices.ts'
export { exceptionWords, promiseWords, type PrivacyNotice } from './privacy-notice.ts'
export { promisesFailures } from './promises-failures.ts'
