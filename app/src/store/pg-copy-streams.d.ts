// SPDX-License-Identifier: Apache-2.0
// The part of pg-copy-streams that we use; the package brings no types.
declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream'
  import type { Submittable } from 'pg'
  /** COPY … TO STDOUT as a stream of bytes. */
  export function to(text: string): Readable & Submittable & { rowCount: number }
  /** COPY … FROM STDIN as a stream to write into. */
  export function from(text: string): Writable & Submittable & { rowCount: number }
}
