// SPDX-License-Identifier: Apache-2.0
// The code of a receipt is part of its file format: one definition, in proof/, where the page reads it too.
export { codeOfSecret, secretOfCode } from '@handover/proof'
