// SPDX-License-Identifier: Apache-2.0
import { chineseSource } from './chinese-kernel.ts'
import { compileKernel } from './compile-kernel.ts'
import { formSource } from './form-kernel.ts'
import { splitSource } from './split-kernel.ts'
import { takeSource } from './take-kernel.ts'

/** The kernel as its sources say; kernel.wasm has to be the same. */
export function kernelBytes(): Uint8Array {
  return compileKernel(formSource + chineseSource + splitSource + takeSource)
}
