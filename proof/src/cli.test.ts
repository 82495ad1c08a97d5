// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from './cli.ts'
import { sampleDraft } from './testing/sample-draft.ts'
import { samplePolicy } from './testing/sample-keys.ts'
import { bundleBytes, sealMatter } from './testing/sample-matter.ts'
import { samplePackage } from './testing/sample-package.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-verify-'))
const path = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const bundle = await bundleBytes(sealMatter(sampleDraft()))
const changed = Uint8Array.from(bundle)
changed[20_000] = (changed[20_000] ?? 0) ^ 1
const package_ = await samplePackage()
writeFileSync(path('policy.txt'), samplePolicy)
writeFileSync(path('bad-policy.txt'), 'trust everybody\n')
writeFileSync(path('bundle.tar'), bundle)
writeFileSync(path('changed.tar'), changed)
writeFileSync(path('package.tar'), package_.bytes)
writeFileSync(path('identity.txt'), `# created: now\n${package_.identity}\n`)
writeFileSync(path('holiday.txt'), 'not one of ours\n')

describe('handover-verify', () => {
  const policy = ['--policy', path('policy.txt')]
  it.each<[string, number, string[]]>([
    ['0 for a bundle under the policy', 0, [path('bundle.tar'), ...policy]],
    ['0 for a package opened by its recipient', 0, [path('package.tar'), ...policy, '--identity', path('identity.txt')]],
    ['3 for a bundle that speaks for itself', 3, [path('bundle.tar')]],
    ['65 for a changed byte', 65, [path('changed.tar'), ...policy]],
    ['65 when one of two files is refused', 65, [path('bundle.tar'), path('changed.tar'), ...policy]],
    ['65 for something else', 65, [path('holiday.txt')]],
    ['74 for a file that is not there', 74, [path('missing.tar'), ...policy]],
    ['74 for a folder', 74, [folder, ...policy]],
    ['74 for a policy that is not there', 74, [path('bundle.tar'), '--policy', path('missing.txt')]],
    ['2 for a malformed policy', 2, [path('bundle.tar'), '--policy', path('bad-policy.txt')]],
    ['2 without a file', 2, [...policy]],
    ['2 for an unknown flag', 2, [path('bundle.tar'), '--trust-me']],
    ['0 for help', 0, ['--help']],
  ])('exits with %s', async (_name, exit, argv) => {
    expect((await runQuietly(argv)).exit).toBe(exit)
  })

  it('prints Chinese first, one line a check, and says at the end whether it holds', async () => {
    const { out } = await runQuietly([path('bundle.tar'), ...policy])
    expect(out).toContain('✔ 账平 — 收 13 个值')
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^通过/)
    expect((await runQuietly([path('changed.tar'), ...policy])).out).toMatch(/✗ .*\n拒绝/)
    expect((await runQuietly([path('bundle.tar')])).out).toContain('仅为自述')
    expect((await runQuietly([path('bundle.tar'), ...policy, '--lang', 'en'])).out).toContain('OK: everything holds')
  })

  it('prints the document of PRODUCT §5 with --json', async () => {
    const { out } = await runQuietly([path('changed.tar'), ...policy, '--json'])
    expect(JSON.parse(out)).toMatchObject({ ok: false, what: 'bundle', trust: 'policy', checks: [{ name: 'form', ok: true }, { name: 'index', ok: false }] })
  })
})

async function runQuietly(argv: string[]): Promise<{ exit: number; out: string; error: string }> {
  let [out, error] = ['', '']
  const exit = await run(argv, { out: (text) => (out += text), error: (text) => (error += text) })
  return { exit, out, error }
}
