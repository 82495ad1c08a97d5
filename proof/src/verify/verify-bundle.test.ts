// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { once } from '../byte-reader.ts'
import { signStatement, unverifiedStatement } from '../dsse.ts'
import { erasureCertificateStatement, readErasureCertificate, statementDigest } from '../statements.ts'
import type { ErasureCertificate } from '../statements.ts'
import { bundleFlaws, endPackageCopy } from '../testing/flaws.ts'
import { abandonmentFlaws } from '../testing/flaws-of-abandonment.ts'
import { flowFlaws } from '../testing/flaws-of-flows.ts'
import { revisionFlaws } from '../testing/flaws-of-revisions.ts'
import { draftRevised } from '../testing/sample-revised.ts'
import { draftAbandoned } from '../testing/sample-abandoned.ts'
import { addApproval, addEvent, eventAt, sampleDraft } from '../testing/sample-draft.ts'
import { approverOne, approverTwo, requester, samplePolicy, seller } from '../testing/sample-keys.ts'
import { bundleBytes, sealMatter } from '../testing/sample-matter.ts'
import type { Draft } from '../testing/sample-matter.ts'
import { draftOfTwoPackages } from '../testing/sample-two-packages.ts'
import { seededNumbers } from '../testing/seeded-numbers.ts'
import { exitCodeOf, verifySource } from './verify-file.ts'
import type { Verdict } from './verdict.ts'

const vectors = fileURLToPath(new URL('../../vectors/', import.meta.url))
const FLIPS = 2000
const SEED = 20261121

describe('a bundle', () => {
  it('holds under the policy when nothing is wrong, and is self-declared without one', async () => {
    const bytes = await bundleBytes(sealMatter(sampleDraft()))
    const verdict = await check(bytes)
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
    expect([verdict.what, verdict.trust, exitCodeOf(verdict)]).toEqual(['bundle', 'policy', 0])
    const alone = await verifySource(() => once(bytes))
    expect([alone.ok, alone.trust, exitCodeOf(alone)]).toEqual([true, 'self-declared', 3])
  })

  it('holds with several packages, whose lists tell which record went where, and with a word about the end of a copy', async () => {
    const draft = draftOfTwoPackages()
    endPackageCopy(draft, 'cpy_package')
    const verdict = await check(await bundleBytes(sealMatter(draft)))
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
    expect([verdict.unchecked, exitCodeOf(verdict)]).toEqual([[], 0])
  })

  it('of a deal that failed after everything was reconciled holds as abandoned', async () => {
    const verdict = await check(await bundleBytes(sealMatter(draftAbandoned())))
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(verdict.checks.find(({ name }) => name === 'abandoned')?.detail).toContain('abandoned, not closed; balanced')
  })

  it('holds with records that a delta scan found changed, as two people approved', async () => {
    const verdict = await check(await bundleBytes(sealMatter(draftRevised())))
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
  })

  it('names the gate rules that people overrode, and holds only if they signed just these obstacles, this opinion and this last day', async () => {
    const said = { rule: 'E15', codes: ['PROMISE_IN_THE_WAY'], counts: { PROMISE_IN_THE_WAY: { persons: 9 } }, article: 'CIVIL-509', opinion: 'ab'.repeat(32), reason: 'cd'.repeat(32), until: '2026-12-31' }
    const overridden = async (body: Record<string, unknown>, approvers = [approverOne, approverTwo]): Promise<Verdict> => {
      const draft = sampleDraft()
      const before = draft.events.length
      addApproval(draft, { request: 'apr_override', act: 'gate-override', parameters: said, signers: [requester, ...approvers], by: approvers.map(({ vkey }) => vkey.name) })
      addEvent(draft, 'GateOverridden', { override: 'ovr_1', ...said, approval: 'apr_override', ...body })
      const added = draft.events.splice(before)
      draft.events.splice(draft.events.indexOf(eventAt(draft, 'MatterClosed')), 0, ...added)
      return check(await bundleBytes(sealMatter(draft)))
    }
    const failedOf = (verdict: Verdict): string[] => verdict.checks.filter(({ ok }) => !ok).map(({ name }) => name)
    const good = await overridden({})
    expect(failedOf(good)).toEqual([])
    expect(good.checks.find(({ name }) => name === 'approvals')?.detail).toContain("overridden on counsel's opinion: E15→2026-12-31")
    for (const bend of [{ codes: ['PROMISE_IN_THE_WAY', 'PROMISES_NOT_CHECKED'] }, { rule: 'C01' }, { until: '2027-12-31' }, { opinion: 'ef'.repeat(32) }, { counts: { PROMISE_IN_THE_WAY: { persons: 10 } } }, { counts: null }, { approval: 'apr_other' }]) expect(failedOf(await overridden(bend)), JSON.stringify(bend)).toEqual(['approvals'])
    expect(failedOf(await overridden({}, [approverOne]))).toContain('approvals') // one approver beside the requester is too few
  })

  it('holds with a rule overridden before a destruction only if the certificate says so, and says no more', async () => {
    const said = { rule: 'J07', codes: ['CLAIMS_WITHOUT_HOLD'], counts: { CLAIMS_WITHOUT_HOLD: { claims: 2 } }, article: 'PIPL-47', opinion: 'ab'.repeat(32), reason: 'cd'.repeat(32), until: '2026-12-31' }
    const { reason: _reason, counts: _counts, ...named } = { override: 'ovr_1', ...said, approval: 'apr_override' }
    const failed = async (gateOverrides: ErasureCertificate['gateOverrides'], before: string): Promise<string[]> => {
      const draft = sampleDraft()
      certifyAgain(draft, gateOverrides)
      const count = draft.events.length
      addApproval(draft, { request: 'apr_override', act: 'gate-override', parameters: said, signers: [requester, approverOne, approverTwo], by: [approverOne.vkey.name, approverTwo.vkey.name] })
      addEvent(draft, 'GateOverridden', { override: 'ovr_1', ...said, approval: 'apr_override' })
      const added = draft.events.splice(count)
      draft.events.splice(draft.events.indexOf(eventAt(draft, before)), 0, ...added)
      return (await check(await bundleBytes(sealMatter(draft)))).checks.filter(({ ok }) => !ok).map(({ name }) => name)
    }
    expect(await failed([named], 'DestructionIntended')).toEqual([])
    expect(await failed(undefined, 'DestructionIntended')).toContain('certificates') // left out
    expect(await failed([{ ...named, until: '2027-12-31' }], 'DestructionIntended')).toContain('certificates')
    expect(await failed([named], 'MatterClosed')).toContain('certificates') // named before it was booked
    expect(await failed(undefined, 'MatterClosed')).toEqual([])
  })

  it('of the first format still holds, but says what it does not prove and never answers 0', async () => {
    const verdict = await check(await bundleBytes(sealMatter(draftOfTwoPackages()), 'parties', 'handover-bundle/v1'))
    expect([verdict.ok, verdict.partial, exitCodeOf(verdict)]).toEqual([true, true, 3])
    expect(verdict.unchecked.map((line) => line.split(':')[0])).toEqual(['Events and commitments', 'Copies', 'Packages, acceptance, reconciliation', 'Two-person approvals'])
  })

  it('is the same verdict read from a file with places as read through from the beginning', async () => {
    const bytes = await bundleBytes(sealMatter(draftOfTwoPackages()))
    const slice = (from: number, to: number): AsyncIterable<Uint8Array> => inPieces(bytes.subarray(from, to), 7)
    expect(await verifySource({ open: () => inPieces(bytes, 1000), slice }, { policy: samplePolicy, language: 'en' })).toEqual(await check(bytes))
  })

  it('is refused when it changes between two readings', async () => {
    const bytes = await bundleBytes(sealMatter(sampleDraft()))
    let opened = 0
    const changing = (): AsyncIterable<Uint8Array> => {
      const copy = Uint8Array.from(bytes)
      const at = Buffer.from(copy).indexOf('books.bin\0') + 512 + 4 + 7
      if (++opened > 3) copy[at] = 9
      return once(copy)
    }
    expect(exitCodeOf(await verifySource(changing, { policy: samplePolicy }))).toBe(65)
    expect(opened).toBeGreaterThan(3)
  })

  it('is refused by name when it is still compressed', async () => {
    const verdict = await check(gzipSync(await bundleBytes(sealMatter(sampleDraft()))))
    expect([verdict.what, exitCodeOf(verdict), verdict.checks[0]?.detail]).toEqual(['unknown', 65, expect.stringContaining('FILE_PACKED')])
  })

  it('holds for the public with totals and roots only, and shows no leaf', async () => {
    const bytes = await bundleBytes(sealMatter(sampleDraft()), 'public')
    const verdict = await check(bytes)
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(verdict.unchecked).toHaveLength(1)
    expect(Buffer.from(bytes).includes('inventory.bin')).toBe(false)
    expect(Buffer.from(bytes).includes('statements/')).toBe(false)
  })

  it('holds with a log of more than one level of tiles', async () => {
    const verdict = await check(await bundleBytes(sealMatter({ ...sampleDraft(), logSize: 600 })))
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
  })

  it('is refused when any byte of bundle.json changes', async () => {
    const bytes = await bundleBytes(sealMatter(sampleDraft()))
    const size = Number.parseInt(Buffer.from(bytes.subarray(124, 135)).toString('latin1'), 8)
    const positions = Array.from({ length: 512 + size }, (_, at) => at)
    expect(await acceptedFlips(bytes, positions)).toEqual([])
  })

  it(`is refused when one of ${FLIPS} bytes anywhere changes (seed ${SEED})`, async () => {
    const bytes = await bundleBytes(sealMatter(sampleDraft()))
    const next = seededNumbers(SEED)
    expect(await acceptedFlips(bytes, Array.from({ length: FLIPS }, () => next(bytes.length)))).toEqual([])
  })

  it('is refused when cut anywhere and when bytes are added', async () => {
    const bytes = await bundleBytes(sealMatter(sampleDraft()))
    for (const end of [511, 512, 5000, bytes.length - 1024, bytes.length - 512, bytes.length - 1]) {
      expect(exitCodeOf(await check(bytes.subarray(0, end)))).toBe(65)
    }
    for (const more of [1, 512]) expect(exitCodeOf(await check(Buffer.concat([bytes, Buffer.alloc(more)])))).toBe(65)
  })
})

describe('a bundle whose makers signed a lie', () => {
  it.each(bundleFlaws.map((flaw) => [flaw.name, flaw] as const))('%s is refused by its check', async (_name, flaw) => {
    const draft = sampleDraft()
    flaw.bend(draft)
    expect(failedChecks(await check(await bundleBytes(sealMatter(draft))))).toContain(flaw.check)
  })
})

describe('a bundle whose papers hold one by one but not together', () => {
  it.each([...flowFlaws, ...abandonmentFlaws, ...revisionFlaws].map((flaw) => [flaw.name, flaw] as const))('%s is refused, and by the one check that compares them', async (_name, flaw) => {
    const draft = sampleDraft()
    flaw.bend(draft)
    expect(failedChecks(await check(await bundleBytes(sealMatter(draft)))).sort()).toEqual([flaw.check, ...(flaw.also ?? [])].sort())
  })
})

describe('the vectors in proof/vectors', () => {
  it('has one invalid vector for each flaw, and each is refused by its check', async () => {
    const files = readdirSync(`${vectors}invalid`).filter((name) => name.endsWith('.tar.gz')).sort()
    const flaws = [...bundleFlaws, ...flowFlaws, ...abandonmentFlaws, ...revisionFlaws]
    expect(files).toEqual(flaws.map(({ name }) => `${name}.tar.gz`).sort())
    for (const { name, check: expected } of flaws) {
      const verdict = await check(gunzipSync(readFileSync(`${vectors}invalid/${name}.tar.gz`)))
      expect([name, exitCodeOf(verdict), failedChecks(verdict).includes(expected)]).toEqual([name, 65, true])
    }
  })

  it('has valid vectors that hold', async () => {
    for (const [name, exit] of [['bundle-of-the-parties', 0], ['bundle-for-the-public', 0], ['bundle-of-the-parties-v1', 3], ['bundle-for-the-public-v1', 0]] as const) {
      expect([name, exitCodeOf(await check(gunzipSync(readFileSync(`${vectors}valid/${name}.tar.gz`))))]).toEqual([name, exit])
    }
  })
})

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

function check(bytes: Uint8Array): Promise<Verdict> {
  return verifySource(() => once(bytes), { policy: samplePolicy, language: 'en' })
}

function failedChecks(verdict: Verdict): string[] {
  return verdict.checks.filter(({ ok }) => !ok).map(({ name }) => name)
}

/** Positions at which a changed byte was NOT refused with exit 65 and a named check. */
async function acceptedFlips(bytes: Uint8Array, positions: readonly number[]): Promise<number[]> {
  const accepted: number[] = []
  const next = seededNumbers(SEED)
  for (const at of positions) {
    const flipped = Uint8Array.from(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ (1 + next(255))
    const verdict = await check(flipped)
    if (exitCodeOf(verdict) !== 65 || failedChecks(verdict).length === 0) accepted.push(at)
  }
  return accepted
}

/** Signs the certificates of a draft anew with these overridden gate rules; events name the new digests. */
function certifyAgain(draft: Draft, gateOverrides: ErasureCertificate['gateOverrides']): void {
  const digests = new Map<string, string>()
  draft.statements = draft.statements.map((each) => {
    if (each.kind !== 'certificate') return each
    const certificate = { ...readErasureCertificate(unverifiedStatement(each.envelope)), ...(gateOverrides === undefined ? {} : { gateOverrides }) }
    const envelope = signStatement(erasureCertificateStatement(certificate), [seller])
    digests.set(statementDigest(each.envelope), statementDigest(envelope))
    return { ...each, envelope }
  })
  for (const { body } of draft.events) {
    for (const key of ['statement', 'proof']) {
      const digest = body[key]
      if (typeof digest === 'string') body[key] = digests.get(digest) ?? digest
    }
  }
}
