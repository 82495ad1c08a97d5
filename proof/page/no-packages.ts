// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../src/bytes.ts'
import type { Trust } from '../src/verify/trust.ts'
import type { CheckList } from '../src/verify/verdict.ts'

/** Where a package comes from; as in `verify-package.ts`, whose place this file takes in the page. */
export type PackageSource = { open: () => AsyncIterable<Uint8Array>; identities: readonly string[] }

/** A package is opened with a private key, which has no place in a web page. */
export async function verifyPackage(_source: PackageSource, _trust: Trust, checks: CheckList): Promise<void> {
  await checks.need('form', () => {
    throw new ProofError('PAGE_PACKAGE', 'npx handover-verify PACKAGE --identity FILE')
  })
}
