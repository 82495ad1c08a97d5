// SPDX-License-Identifier: Apache-2.0
import { parseEnvelope, toHex, sha256, utf8 } from '@handover/proof'
import { appendFileSync } from 'node:fs'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tablesOfMatter } from '../../cli/quality-tables.ts'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from '../../lifecycle/discover/fixture.ts'
import { ingestSources } from '../../lifecycle/discover/index.ts'
import { bookCertificate, checkQuality, issueCertificate, totalOf, type CertificateHead, type QualityCertificate, type QualityFinding, type QualityReport } from './index.ts'
import { qualityRuleCodes, ruleSource } from './quality-rules.ts'
import { testDay } from './quality.fixture.ts'

let at: TestHome
let file: string
let report: QualityReport
let certificate: QualityCertificate
const findings: QualityFinding[] = []
const head = (): CertificateHead => ({ issuedAt: at.ctx.now(), clock: 'declared', matter: { code: at.matter.code }, party: { name: '测试卫浴有限公司', creditCode: '91310000MA1FL0000N' } })

beforeAll(async () => {
  at = await openTestHome('quality')
  const lines = registerLines(inventTestPeople(30))
  file = at.write('客户登记.csv', lines.map((line, i) => (i === 3 ? line.replace(/1[3-9]\d{9}/, '12800000001') : line)))
  await ingestSources(at.ctx, at.matter, { paths: [file] })
  const scope = await tablesOfMatter(at.ctx, at.matter)
  report = await checkQuality({ ...scope, today: testDay, staleYears: 3, found: (found) => void findings.push(...found) })
  certificate = await issueCertificate(report, head(), 'zh')
}, 300_000)
afterAll(async () => { await at.remove() })

async function pagesOf(bytes: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(bytes.slice()), { mergePages: false })
  return text.map((page) => page.normalize('NFKC').replace(/\s+/g, ''))
}

describe('the certificate of quality', () => {
  it('speaks of the data sets and records of the books', async () => {
    const [set] = report.sources[0]?.dataSets ?? []
    expect(set).toMatchObject({ rows: 30, findings: { INVALID_VALUE: 1 } })
    expect(set?.id).toMatch(/^ds_[0-9a-f]{32}$/)
    const records = await at.ctx.db.query<{ id: Buffer }>('select id from record')
    expect(findings.map(({ rule, place }) => `${place} ${rule}`)).toEqual(['4 INVALID_VALUE'])
    expect(records.map(({ id }) => id.toString('hex'))).toContain(findings[0]?.recordId)
  })

  it('prints every rule with its count, every column, what was not checked, the digest on every page and room for the seal', async () => {
    const pages = await pagesOf(certificate.pdf.bytes)
    expect(pages).toHaveLength(certificate.pdf.pages)
    expect(certificate.digest).toBe(toHex(sha256(utf8(certificate.json))))
    for (const [i, page] of pages.entries()) {
      expect(page).toContain(certificate.digest)
      expect(page).toContain(at.matter.code)
      expect(page).toContain(`第${i + 1}页,共${pages.length}页`)
    }
    const all = pages.join('')
    for (const words of ['不符合该类型', '2月30日', '三、没有检查的内容', '没有向公安', '测试卫浴有限公司', '91310000MA1FL0000N', '手机号', '声明的时间', '日期:']) expect(all).toContain(words)
    expect(all).not.toContain('12800000001')
    const english = await issueCertificate(report, head(), 'en')
    expect(english.digest).toBe(certificate.digest)
    expect((await pagesOf(english.pdf.bytes)).join('')).toContain('Whatwasnotchecked')
  }, 240_000)

  it('says the sources of its rules in English to an English reader', () => {
    expect(qualityRuleCodes.filter((code) => /\p{Script=Han}/u.test(ruleSource(code, 'en')))).toEqual([])
    expect(ruleSource('STALE', 'en')).toBe('PIPL art. 8; the years are a default of this product; no law gives any')
  })

  it('is the same in every byte when it is issued again', async () => {
    const again = await issueCertificate(report, head(), 'zh')
    expect(again.json).toBe(certificate.json)
    expect(Buffer.compare(Buffer.from(again.pdf.bytes), Buffer.from(certificate.pdf.bytes))).toBe(0)
  }, 240_000)

  it('is signed and booked once, by digests and counts alone', async () => {
    const first = await bookCertificate(at.ctx, at.matter, certificate, report)
    const again = await bookCertificate(at.ctx, at.matter, certificate, report)
    expect(again).toMatchObject({ certificate: first.certificate, statement: first.statement, seq: first.seq, repeated: true })
    const events = await at.ctx.ledger.eventsOfType(at.matter.id, 'QualityCertified')
    expect(events.map((event): unknown => JSON.parse(event.json))).toMatchObject([{ certificate: first.certificate, statement: first.statement, rows: 30, rowsWithFindings: totalOf(report).rowsWithFindings }])
    expect(events[0]?.json).not.toMatch(/客户|手机/)
    const payload = Buffer.from(parseEnvelope(first.envelope).payload, 'base64').toString('utf8')
    expect(payload).toContain(certificate.digest)
    expect(payload).toContain(toHex(sha256(certificate.pdf.bytes)))
  })

  it('is refused for a matter whose source is not what the books have', async () => {
    appendFileSync(file, 'x\n')
    await expect(tablesOfMatter(at.ctx, at.matter)).rejects.toMatchObject({ code: 'QUALITY_SOURCE_DIFFERS' })
  })
})
