// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { z } from 'zod'
import { assessImpact } from './demo-impact.ts'
import type { DemoPeople } from './demo-parts.ts'
import type { FactValue } from '../law/index.ts'
import { writeOnce } from '../ledger/index.ts'
import { dateAt, type Stage } from './stage.ts'

type FactLine = readonly [name: string, ...pairs: string[]]

/** Invented papers of the deal: facts are signed over their digests. */
export const documents = ['交易文件', '影响评估报告', '数据转移协议', '承继承诺', '单独同意文本', '档案鉴定意见', '保管契据', '账册移交清单', '债权人通知清册', '合规审计报告'] as const

function paper(stage: Stage, name: (typeof documents)[number]): string {
  const file = join(stage.folder, 'seller', `${name}.txt`)
  writeOnce(file, Buffer.from(`演示用文件:${name}\n(虚构内容,种子 ${stage.seed})\n`), 0o644)
  return file
}

async function add(stage: Stage, at: string, key: string, lines: readonly FactLine[]): Promise<void> {
  for (const [name, ...pairs] of lines) {
    const evidence = pairs.find((pair) => pair.includes('=@'))?.split('=@')[1] ?? paper(stage, '交易文件')
    await stage.as('seller', at, 'fact', 'add', name, ...pairs.flatMap((pair) => ['--set', pair]), '--evidence', evidence, '--key', key)
  }
}

/** What the transferor's people sign about the company, its inventory and its bases. */
export async function companyFacts(stage: Stage, at: string, { people, deal }: { people: DemoPeople; deal: FactValue<'deal-documents'>['kind'] }): Promise<void> {
  const date = dateAt(at)
  await add(stage, at, people.legal, [
    ['deal-documents', `signedOn=${date}`, `kind=${deal}`],
    ['important-data-checked', 'answer=none-identified', `checkedOn=${date}`],
    ['sector-checked', 'sectors=none'],
    ['inventory-signed-off', 'allSystemsListed=true', 'paperListed=true', 'backupsListed=true', 'processorsListed=true', 'notReadSeen=0'],
    ['grading-approved', 'ruleSet=pipl-28'],
    ['sensitive-review', 'sampled=200', 'corrected=0'],
    ['age-presumption', 'group=adult', 'reason=identity-checked-at-contract'],
    ['basis-register', `approvedOn=${date}`],
    ['circumstances-declared', `declaredOn=${date}`, ...ordinaryDeal],
    ['abroad-access', 'viewers=0', 'processors=0', 'persons=0', 'sensitive=0'],
    ['promises-reviewed', 'version=unknown', `decidedOn=${date}`, 'decision=all-versions-on-file'],
    ...dutiesOfYear(stage, date),
  ])
  const filed = await stage.as('seller', at, 'privacy', 'add', privacyNotice(stage), '--version', 'V2', '--from', '2023-01-01', '--key', people.legal)
  await add(stage, at, people.legal, [['promises-reviewed', `version=${filedNotice.parse(filed.document).notice}`, `decidedOn=${date}`, 'decision=nothing-in-the-way', 'readBy=own-counsel']])
}

const filedNotice = z.looseObject({ notice: z.string() })

/** Where the company stands with the duties of its year, whatever the number of its customers: no system graded so that cryptography is prescribed, an audit of its own last summer, the filings about minors of every year that is due. */
function dutiesOfYear(stage: Stage, date: string): FactLine[] {
  const year = Number(date.slice(0, 4))
  const lastFiled = date.slice(5) > '01-31' ? year - 1 : year - 2
  const filed = Array.from({ length: Math.max(0, lastFiled - 2024) }, (_, at) => 2025 + at)
  return [
    ['crypto-need-checked', `checkedOn=${date}`, 'mlpsLevel=2', 'required=false'],
    ['audit-cycle-checked', 'answer=audited', `checkedOn=${date}`, `reportedOn=${year - 1}-06-30`, 'by=self', `report=@${paper(stage, '合规审计报告')}`],
    ...filed.map((one): FactLine => ['minors-audit-filed', `year=${one}`, `filedOn=${one + 1}-01-20`]),
  ]
}

/** Nothing special about the invented deal: each circumstance is answered, none is there. */
const ordinaryDeal = ['ciio', 'broker', 'foreignControl', 'foreignListing', 'derivedData', 'outsidersSaw', 'marketing', 'eCommerceStops', 'prepaid', 'joinsOwnData', 'jointProcessing', 'foreignRequest', 'stateArchives'].map((name) => `${name}=false`)

/** The invented transferor's privacy notice; it promises nothing that stands in the way of the deal. */
function privacyNotice(stage: Stage): string {
  const file = join(stage.folder, 'seller', '隐私政策.txt')
  writeOnce(file, Buffer.from('隐私政策(虚构)\n第一条 我们收集您的姓名、联系方式和订单信息,用于履行订单和售后服务。\n第二条 因合并、分立、解散、被宣告破产等原因需要转移个人信息的,我们会告知您接收方的名称和联系方式。\n第三条 您可以随时查阅、更正、删除您的个人信息。\n'), 0o644)
  return file
}

/** What has to be signed before anything leaves, and the impact assessment over it; `guardiansAgreed` of the answers were checked. */
export async function factsBeforePacking(stage: Stage, at: string, { people, guardiansAgreed }: { people: DemoPeople; guardiansAgreed: number }): Promise<void> {
  const date = dateAt(at)
  await add(stage, at, people.legal, [
    ['notice-text-approved', `texts=@${paper(stage, '单独同意文本')}`, 'kinds=art22,art23,art30,art31', `approvedOn=${date}`, 'plain=true', 'prominent=true', 'listed=true'],
    ['recipient-reviewed', `form=@${paper(stage, '数据转移协议')}`, `reviewedOn=${date}`, 'security=adequate', 'integrity=adequate', 'violations=none-found'],
    ['child-rules-ready', `rules=@${paper(stage, '承继承诺')}`, `inForceOn=${date}`, 'namedPerson=true'],
    ['withdrawal-tested', `testedOn=${date}`, 'asEasyAsGiving=true', 'serviceNotRefused=true'],
    ['child-assessment', `report=@${paper(stage, '影响评估报告')}`, `assessedOn=${date}`, 'by=self'],
    ['transfer-agreement-signed', `agreement=@${paper(stage, '数据转移协议')}`, `signedOn=${date}`, 'signedBy=transferor,transferee', 'names={"purpose":true,"method":true,"scope":true,"security":true}'],
    ['successor-undertaking-signed', `undertaking=@${paper(stage, '承继承诺')}`, `signedOn=${date}`, 'samePurpose=true', 'accepts={"rights":true,"retention":true,"pendingRequests":true,"optOuts":true}'],
    ['announcement-published', `publishedOn=${date < '2026-09-15' ? date : '2026-09-15'}`, 'where=own-website', 'reason=no-working-contact'],
    ['separate-consent-text-approved', `text=@${paper(stage, '单独同意文本')}`, `approvedOn=${date}`, 'free.onePurposeEach=true', 'free.noPreTick=true', 'free.notMerged=true'],
    ...(guardiansAgreed === 0 ? [] : [['guardian-consent-checked', 'method=guardian-account', `checked=${guardiansAgreed}`] satisfies FactLine]),
    ['opt-outs-brought-in', `on=${date}`, 'systems=2', 'entries=0'],
    ['restore-test-passed', `testedOn=${date}`, 'backupEnds=2026-11-20'],
  ])
  await assessImpact(stage, at, people)
}

/** What has to be signed before anything is destroyed. */
export async function factsBeforeDestroying(stage: Stage, at: string, people: DemoPeople): Promise<void> {
  const date = dateAt(at)
  await add(stage, at, people.legal, [
    ['retention-map-approved', `approvedOn=${date}`],
    ['hold-register-reviewed', `reviewedOn=${date}`, 'openClaims=0'],
    ['archive-appraisal', 'answer=no-archives-among-them', `opinion=@${paper(stage, '档案鉴定意见')}`, `on=${date}`],
  ])
}

/** What has to be signed before the close. */
export async function factsBeforeClose(stage: Stage, at: string, people: DemoPeople): Promise<void> {
  const date = dateAt(at)
  await add(stage, at, people.legal, [
    ['access-revoked', `reviewedOn=${date}`, 'accountsEnded=7'],
    ['logs-archived', 'from=2026-04-01', 'until=2027-10-31', 'holder=transferor'],
    ['request-register-reviewed', `reviewedOn=${date}`, 'accountClosures={"received":0,"overdue":0,"extraConditions":false}', 'portability={"received":0,"overdue":0}', 'relatives={"received":0,"overdue":0}'],
    ['incidents-reviewed', `reviewedOn=${date}`, 'incidents=0'],
    ...(stage.customers >= 1_000_000 ? [['protection-officer-filed', `filedOn=${date}`, 'contactPublic=true'] satisfies FactLine] : []),
  ])
}

/** What names the plan: its minimisation, and the evidence of consent for each data set that rests on it. */
export async function factsOfPlan(stage: Stage, of: { at: string; key: string; plan: string; consentBased: readonly string[] }): Promise<void> {
  await add(stage, of.at, of.key, [
    ['minimisation-approved', `plan=${of.plan}`],
    ...of.consentBased.map((dataSet): FactLine => ['consent-evidence', `dataSet=${dataSet}`, 'textVersions=2', 'withdrawalsApplied=true']),
  ])
}

/** What a company that ends without a successor has to sign: stop, guardians of its `children`, books, custody. */
export async function factsOfLiquidation(stage: Stage, at: string, of: { people: DemoPeople; custodian: string; children: number }): Promise<void> {
  const date = dateAt(at)
  await add(stage, at, of.people.legal, [
    ['stop-notice-given', `stoppedCollectingOn=${date}`, `toldOn=${date}`, 'way=individually'],
    ...(of.children === 0 ? [] : [['guardians-told', `toldOn=${date}`, `guardians=${of.children}`] satisfies FactLine]),
    ['closing-announced', `announcedOn=${date}`, 'where=shop-front', 'contact=true'],
    ['notice-text-approved', `texts=@${paper(stage, '债权人通知清册')}`, 'kinds=art31,close30', `approvedOn=${date}`, 'plain=true', 'prominent=true', 'listed=true'],
    ['withdrawal-tested', `testedOn=${date}`, 'asEasyAsGiving=true', 'serviceNotRefused=true'],
    ['books-handed-over', 'to=liquidation-group', `on=${date}`, `list=@${paper(stage, '账册移交清单')}`],
    ['custody-deed-signed', `holder=${of.custodian}`, `deed=@${paper(stage, '保管契据')}`, `signedOn=${date}`, 'until=2057-01-01'],
    ['liquidation-group-formed', 'causeOn=2026-08-20', 'formedOn=2026-08-28', 'members=3', 'by=shareholders'],
    ['liquidation-published', 'causePublishedOn=2026-08-25', 'groupPublishedOn=2026-09-01'],
    ['liquidation-creditors-told', `knownToldOn=${date}`, `announcedOn=${date}`, 'where=newspaper', 'prepaidCustomers=0', 'prepaidTold=0', `ledger=@${paper(stage, '债权人通知清册')}`],
    ['use-limited-to-liquidation', `decidedOn=${date}`, `marketingStoppedOn=${date}`],
    ['tax-office-told', `toldOn=${date}`],
    ['rights-contact-published', `holder=${of.custodian}`, 'where=own-website', `publishedOn=${date}`, 'until=2057-01-01'],
  ])
}
