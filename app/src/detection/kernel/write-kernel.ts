// SPDX-License-Identifier: Apache-2.0
// node app/src/detection/kernel/write-kernel.ts: compiles the sources of the kernel into kernel.wasm, which the program loads. To be run after any change to them, or to the rules whose numbers stand in them.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kernelBytes } from './kernel-bytes.ts'

writeFileSync(join(import.meta.dirname, 'kernel.wasm'), kernelBytes())
