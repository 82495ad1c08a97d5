// SPDX-License-Identifier: Apache-2.0
import { dispositions, partyRoles, type PartyRole } from '../../law/index.ts'
import { differenceOf, type BalanceSheet } from './balance-sheet.ts'
import { gateOverrideText, closedText, copyEndText, copyWords, demoClockText, dispositionWords, equationLine, numberText, verdictWord, withoutReceiptsText } from './sheet-lines.ts'

/** 平衡表打印页. One A4 page without any outside resource; room for the company seal (公章, UX §10: at least 45 × 45 mm); the same sheet gives the same bytes. */
export function sheetPage(sheet: BalanceSheet): string {
  const closed = sheet.closedAt === null ? '尚未办结 not closed' : `办结 closed <b>${escaped(closedText(sheet.closedAt, 'zh'))}</b> (${escaped(closedText(sheet.closedAt, 'en'))})${sheet.matter.demo ? ' · 法定时间为注入时钟 declared clock' : ''}`
  return printedPage(sheet, { title: '平衡表', heading: ['客户信息处置平衡表', 'Balance sheet of customer information'], facts: closed, more: '' })
}

/** What a printed page says around the balance: its heading, when the matter ended, and a part of its own before the seals (HTML). */
export interface PrintedPage {
  title: string
  heading: readonly [string, string]
  facts: string
  more: string
}

/** The page of a balance sheet with room for the seals of all parties; for the sheets of a closed and of an abandoned matter. */
export function printedPage(sheet: BalanceSheet, page: PrintedPage): string {
  const { balance } = sheet
  const subjects = sumOf(balance.subjectsBy)
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(`${page.title} ${sheet.matter.code}`)}</title>
<style>${style}</style>
</head>
<body>
<h1>${page.heading[0]}<small>${page.heading[1]}</small></h1>
<p class="facts">事项 Matter <b>${escaped(sheet.matter.code)}</b> · ${page.facts}</p>
${sheet.matter.demo ? `<p class="demo">${escaped(demoClockText('zh'))} · ${escaped(demoClockText('en'))}</p>` : ''}
<p class="equation">${escaped(equationLine(sheet, 'zh'))}</p>
<table>
<thead><tr><th scope="col">去向 Disposition</th><th scope="col">字段值 Field values</th><th scope="col">记录 Records</th><th scope="col">主体 Subjects</th></tr></thead>
<tbody>
${dispositions.map((name) => row(`${dispositionWords[name].zh} ${dispositionWords[name].en}`, [balance.dispositions[name], balance.recordsBy[name], balance.subjectsBy[name]])).join('\n')}
${row('混合 mixed', [null, balance.recordsBy.mixed, balance.subjectsBy.mixed])}
${sheet.pending + sheet.inTransit === 0 ? '' : row('待定与在途 pending and in transit', [sheet.pending + sheet.inTransit, null, null])}
</tbody>
<tfoot>
${row('收 Received', [balance.discovered, balance.records, subjects])}
${row(`差额 Difference · ${verdictWord(sheet, 'zh')} ${verdictWord(sheet, 'en')}`, [differenceOf(sheet), balance.records - sumOf(balance.recordsBy), null])}
</tfoot>
</table>
<table>
<thead><tr><th scope="col">副本 Copies</th><th scope="col" class="words">了结 Ended</th></tr></thead>
<tbody>
${sheet.copies.map((line) => `<tr><th scope="row">${escaped(`${copyWords[line.kind].zh} ${copyWords[line.kind].en}`)}</th><td class="words">${escaped(copyEndText(line, 'zh'))}<br><small>${escaped(copyEndText(line, 'en'))}</small></td></tr>`).join('\n')}
</tbody>
<tfoot>${row('未了结 Open', [sheet.copiesOpen])}</tfoot>
</table>
${page.more}${proofPart(sheet)}
<section class="seals">
${inOrder(sheet.parties).map((party) => `<div class="seal"><p>${escaped(party.name)}<br><small>${escaped(party.creditCode)} · ${escaped(roleWords[party.role])}</small></p><div class="box" aria-label="公章 seal"></div><p class="day">日期 Date:　　　　年　　月　　日</p></div>`).join('\n')}
</section>
</body>
</html>
`
}

/** What lets a reader check the sheet without us. */
function proofPart(sheet: BalanceSheet): string {
  const log = sheet.log === null ? '' : `<dt>日志 Log</dt><dd>${escaped(sheet.log.origin)} · ${sheet.log.size}</dd><dt>检查点根 Checkpoint root</dt><dd class="hash">${escaped(sheet.log.root)}</dd><dt>见证 Witnesses</dt><dd>${escaped(sheet.log.witnesses.join('、') || '0')}</dd>`
  return `<dl>
<dt>账簿根 Root of the books</dt><dd class="hash">${escaped(sheet.balance.booksRoot)}</dd>
${log}
<dt>去向组合最小的一组 Smallest group of equal dispositions</dt><dd>${numberText(sheet.smallestGroup)}</dd>
${sheet.withoutReceipts.map((one) => `<dt>未封存回执 No receipts</dt><dd>${escaped(withoutReceiptsText(one, 'zh'))}<br><small>${escaped(withoutReceiptsText(one, 'en'))}</small></dd>`).join('')}${sheet.gateOverrides.map((one) => `<dt>改判 Overridden</dt><dd>${escaped(gateOverrideText(one, 'zh'))}<br><small>${escaped(gateOverrideText(one, 'en'))}</small></dd>`).join('')}<dt>核验 Verify</dt><dd class="hash">npx handover-verify BUNDLE.tar --policy policy.txt</dd>
</dl>`
}

function sumOf(by: Record<string, number>): number {
  return Object.values(by).reduce((sum, count) => sum + count, 0)
}

function row(name: string, counts: readonly (number | null)[]): string {
  return `<tr><th scope="row">${escaped(name)}</th>${counts.map((count) => `<td>${count === null ? '' : numberText(count)}</td>`).join('')}</tr>`
}

/** The giver first, then the taker, then the others. */
function inOrder(parties: BalanceSheet['parties']): BalanceSheet['parties'] {
  return parties.toSorted((a, b) => partyRoles.indexOf(a.role) - partyRoles.indexOf(b.role))
}

const roleWords = {
  transferor: '转让方 transferor', transferee: '受让方 transferee', custodian: '保管人 custodian', advisor: '顾问 advisor', liquidator: '清算人 liquidator', auditor: '审计 auditor', mediator: '调解人 mediator',
} as const satisfies Record<PartyRole, string>

const style = `@page{size:A4;margin:20mm 18mm}body{font:11pt/1.5 "Noto Serif SC","Songti SC",SimSun,serif;color:#000;background:#fff;max-width:174mm;margin:0 auto;padding:4mm}
h1{font-size:20pt;text-align:center;margin:0 0 4mm}h1 small{display:block;font-size:10pt;font-weight:normal}small{font-size:8.5pt}.facts{text-align:center;margin:0 0 3mm}.demo{border:1px solid #000;padding:1mm 2mm;text-align:center}
.equation{font-weight:bold;border:2px solid #000;padding:2mm 3mm;white-space:pre-wrap}table{width:100%;border-collapse:collapse;margin:0 0 4mm}th,td{border:1px solid #000;padding:.8mm 2mm;text-align:right;font-variant-numeric:tabular-nums}
th[scope=row],th[scope=col]:first-child,.words{text-align:left}th[scope=row]{font-weight:normal}tfoot th,tfoot td{font-weight:bold}dl{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:0 3mm;font-size:9pt;margin:0 0 4mm}dd{margin:0;overflow-wrap:anywhere}
.hash{font-family:monospace;font-size:8pt;overflow-wrap:anywhere}.seals{display:flex;flex-wrap:wrap;gap:4mm}.seal{width:54mm;break-inside:avoid;display:flex;flex-direction:column}.seal p{margin:0 0 1mm}.box{margin-top:auto;width:48mm;height:48mm;border:1px dashed #888}.day{font-size:9pt}`

/** Text for HTML; names of parties come from their own files, so they are never trusted with markup. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
