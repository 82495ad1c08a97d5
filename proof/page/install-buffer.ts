// SPDX-License-Identifier: Apache-2.0
// First of all imports of the page: the verifier's modules use Buffer while they load.
import { PageBuffer } from './page-buffer.ts'

/** Done by loading this file. */
export const bufferInstalled: unknown = Object.assign(globalThis, { Buffer: PageBuffer })
