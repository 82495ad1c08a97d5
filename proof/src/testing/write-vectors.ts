// SPDX-License-Identifier: Apache-2.0
// Run by hand when a format changes: node proof/src/testing/write-vectors.ts
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { bundleFlaws } from './flaws.ts'
import { abandonmentFlaws } from './flaws-of-abandonment.ts'
import { flowFlaws } from './flaws-of-flows.ts'
import { revisionFlaws } from './flaws-of-revisions.ts'
import { sampleDraft } from './sample-draft.ts'
import { samplePolicy } from './sample-keys.ts'
import { bundleBytes, sealMatter } from './sample-matter.ts'

const folder = fileURLToPath(new URL('../../vectors/', import.meta.url))
for (const part of ['valid', 'invalid']) mkdirSync(`${folder}${part}`, { recursive: true })
writeFileSync(`${folder}policy.txt`, samplePolicy)
writeFileSync(`${folder}valid/bundle-of-the-parties.tar.gz`, gzipSync(await bundleBytes(sealMatter(sampleDraft())), { level: 9 }))
writeFileSync(`${folder}valid/bundle-for-the-public.tar.gz`, gzipSync(await bundleBytes(sealMatter(sampleDraft()), 'public'), { level: 9 }))
for (const flaw of [...bundleFlaws, ...flowFlaws, ...abandonmentFlaws, ...revisionFlaws]) {
  const draft = sampleDraft()
  flaw.bend(draft)
  writeFileSync(`${folder}invalid/${flaw.name}.tar.gz`, gzipSync(await bundleBytes(sealMatter(draft)), { level: 9 }))
}
