// SPDX-License-Identifier: Apache-2.0
import type { ReadOptions, TextEncoding } from '../sources/index.ts'
import { oneOf } from './call.ts'
import { textFlag, type CommandCall } from './command.ts'

/** Text encodings that a command line may name. */
export const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'latin1'] as const satisfies readonly TextEncoding[]

/** How a source is to be read, from the options of a command; refuses an encoding that we do not know. */
export function readOptions(call: CommandCall, command: string): ReadOptions {
  const encoding = textFlag(call, 'encoding')
  const delimiter = textFlag(call, 'delimiter')
  return {
    ...(encoding === undefined ? {} : { encoding: oneOf(encoding, encodings, { what: '--encoding', command }) }),
    ...(delimiter === undefined ? {} : { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    ...(call.flags['no-header'] === true ? { header: 'none' as const } : {}),
  }
}
