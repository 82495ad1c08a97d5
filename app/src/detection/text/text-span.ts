// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from '../information-types.ts'

/** A found span: start, end (exclusive), in UTF-16 units, and its type (PRODUCT §5). */
export type TextSpan = readonly [number, number, InformationType]
