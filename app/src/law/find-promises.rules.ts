// SPDX-License-Identifier: Apache-2.0
// Finds promises in the text of a privacy notice (隐私政策) by fixed phrases: what is denied, and what is left open by 除非 / 除…外 / 但以下情形除外 (rule E15). It proposes; a person decides.
import type { FoundPromise, PromiseException, PromiseKind } from './standing-state.ts'

/** Raised whenever the phrases change, so that stored findings can be told from new ones. */
export const finderVersion = 2

/** 条款. One sentence or list item of the text with its number and its place (paragraph, line or page of the file). */
export interface Clause {
  number: number
  place: number
  text: string
  /** List marker at its beginning, e.g. `1、` or `(二)`: its style and its number. */
  marker: { style: string; at: number } | null
  /** First clause of its piece of text. */
  opens: boolean
}

const markers: readonly { style: string; pattern: RegExp }[] = [
  { style: 'digit', pattern: /^(\d{1,2})\s*[、.．)）](?!\d)/ },
  { style: 'bracket-digit', pattern: /^[（(](\d{1,2})[)）]/ },
  { style: 'circle', pattern: /^([①-⑳])/ },
  { style: 'letter', pattern: /^[（(]?([a-z])[)）.、]/i },
  { style: 'han', pattern: /^([一二三四五六七八九十]{1,3})、/ },
  { style: 'bracket-han', pattern: /^[（(]([一二三四五六七八九十]{1,3})[)）]/ },
  { style: 'bullet', pattern: /^[•·●▪\-–—*]\s*()/ },
]
const inlineMarker = /(?<=[：:；;。,，\s])(?=(?:\d{1,2}[、.．](?!\d)|[（(]\d{1,2}[)）]|[①-⑳]))/u

/** Cuts pieces of text (paragraphs, lines) into clauses, numbered from 1 over the whole text. */
export function clausesOf(pieces: readonly { place: number; text: string }[]): Clause[] {
  const cut = pieces.flatMap(({ place, text }) => text.split(/\n/).flatMap((line) => line.split(/(?<=[。；;！!？?])/u).flatMap((sentence) => sentence.split(inlineMarker)).map((part) => part.trim()).filter((part) => part !== '').map((part, at) => ({ place, text: part, opens: at === 0 }))))
  return cut.map((clause, at) => ({ ...clause, number: at + 1, marker: markerOf(clause.text) }))
}

function markerOf(text: string): Clause['marker'] {
  for (const { style, pattern } of markers) {
    const found = pattern.exec(text)
    if (found === null) continue
    const said = found[1] ?? ''
    const digit = Number(said)
    if (said === '') return { style, at: 0 }
    if (Number.isInteger(digit)) return { style, at: digit }
    if (style === 'circle') return { style, at: said.charCodeAt(0) - '①'.charCodeAt(0) + 1 }
    if (style === 'letter') return { style, at: said.toLowerCase().charCodeAt(0) - 96 }
    return { style, at: hanNumber(said) }
  }
  return null
}

const hanDigits = '零一二三四五六七八九'
/** 三十六 → 36; two-place numbers are enough for list items and periods. */
function hanNumber(text: string): number {
  const plain = text.replace('两', '二').replace('半', '')
  const [tens, ones] = plain.includes('十') ? plain.split('十') : ['零', plain]
  const of = (digit: string | undefined, empty: number): number => (digit === undefined || digit === '' ? empty : hanDigits.indexOf(digit))
  return plain.includes('十') ? of(tens, 1) * 10 + of(ones, 0) : of(ones, 0)
}

const never = '(?:不会|不得(?!不)|不可(?!避免|抗力)|绝不|决不|从不|从未|永不|不再|不予|(?<!不得)不(?=向|将|对|与|把|给|另|挪|出售|出租|售卖|共享|分享|提供|转让|转移|披露|透露|泄露|泄漏|外泄|外传|公开|传输|移交|用于|作他用|会)|禁止|严禁|杜绝|拒绝(?=向|将|对|把)|(?:do|does|will|shall|would|is|are|may)\\s+not|never|won\'t|don\'t|(?<![a-z])no\\s+(?:\\w+\\s+){0,2}(?:data|information|details?)(?![a-z]))'
/** To you, for you: what is denied there is a service. */
const toYou = '(?<!(?:为|向|给)(?:您|你|用户)[^。,，]{0,4})'
const give = `(?:${toYou}提供|共享|分享|披露|透露|公开|转让|转移|移交|转交|交换|泄露|泄漏|外泄|外传|出借|给(?!您|你|用户|予|出)|share|disclose|provide|transfer|pass(?:ed)? (?:on )?to|give|hand(?:ed)? (?:over|on|to)|reveal|release)`
const others = '(?:第三方|第三人|任何(?:其他)?(?:公司|组织|机构|个人|单位|主体|人|方)|他人|别人|旁人|他方|其他(?:公司|组织|机构|个人|单位|主体|人|方|企业)|third part(?:y|ies)|anyone|others|other compan(?:y|ies))'
/** The denial reaches on over commas, not into what follows 但, a condition, or what we do do. */
const on = (most: number): string => `(?:(?!但|如需|如果|若|我们(?:会|将|可能|也|仅|只)|\\.\\s)[^。；;]){0,${most}}?`
/** Giving as such, whatever and to whomever: 提供 of a service is none. */
const giveAtAll = `(?:(?!提供)${give}|${toYou}提供(?![^。,，]{0,12}(?:服务|产品|功能|帮助|支持|保障|保证|担保|广告|推送)))`
const use = '(?:使用|利用|用于|用作|用来|挪作|作他用|(?<![a-z])use(?:d)?(?![a-z]))'
const keep = '(?:保存|保留|留存|存储|储存|(?<![a-z])(?:retain|keep|store)(?:ed|d)?(?![a-z]))'
const secret = '(?:绝对|严格|完全|永久|予以|承担|负有?|履行|为您)[^。,，]{0,6}保密(?!协议|条款|合同|制度|措施|等级|承诺书|级)|保守[^。,，]{0,8}秘密|(?:keep|kept|remains?) (?:\\w+ ){0,4}(?:strictly )?confidential'
const insideOnly = '(?:仅|只|仅限|限于|only)[^。,，]{0,12}?(?:本公司|我司|我们|公司内|内部|本单位|本店|by us|within (?:our|the) company|internally|internal use)[^。,，]{0,8}?(?:使用|处理|保存|知悉|查看|访问|掌握|use|$)'

const keptFor = /(?:保存|保留|存储|留存|储存)[^。]{0,30}?(?:(?:\d{1,4}|[一二两三四五六七八九十]{1,3})\s*个?(?:年|月|日|天)|(?:最短|必需|必要)的?(?:期限|期间|时间))|(?:在|于)[^。]{0,30}?(?:期限|期间|时间)内[^。]{0,10}?(?:保存|保留|存储|留存|储存)|(?:retain|keep|store)[^.]{0,60}?\d{1,3} (?:years?|months?|days?)/iu

const patterns: readonly { kind: PromiseKind; pattern: RegExp }[] = [
  { kind: 'no-third-party', pattern: new RegExp(`${never}[^。]{0,60}?(?:${give}[^。]{0,40}?${others}|${others}[^。]{0,50}?${give}|对外${give}|${on(40)}${giveAtAll})|${secret}|${insideOnly}`, 'iu') },
  { kind: 'no-sale', pattern: new RegExp(`${never}[^。]{0,40}?(?:出售|贩卖|售卖|买卖|倒卖|出租|sell|sold|rent)`, 'iu') },
  { kind: 'no-export', pattern: new RegExp(`${never}[^。]{0,40}?(?:出境|境外|跨境|国外|海外|abroad|overseas|outside (?:of )?(?:the )?(?:mainland|china))|(?:存储|储存|保存|存放)(?:于|在)[^。]{0,12}境内|(?:仅|只)[^。]{0,20}境内|${never}[^。]{0,12}?离开(?:中国|大陆|境内)`, 'iu') },
  { kind: 'purpose-only', pattern: new RegExp(`(?:仅|只|仅限|限于|只会|仅会|solely|only)[^。]{0,12}?(?:用于|用作|used for|for the purpose)|${never}[^。]{0,30}?(?:用于|用作)[^。]{0,20}?(?:其他|其它|无关|以外|之外)|${never}[^。]{0,20}?用[^。]{0,20}?(?:其他|其它|别的)(?:用途|目的)|${never}${on(30)}${use}|(?:仅|只)[^。,，]{0,12}使用`, 'iu') },
  { kind: 'delete-on-closure', pattern: /(?:注销|关闭(?:您的)?(?:账户|账号|帐户|帐号)|停止(?:运营|服务|经营)|close(?:d)? (?:your|the) account)[^。]{0,60}?(?:删除|匿名化|销毁|清除|delete|erase)/iu },
  { kind: 'retention-limit', pattern: new RegExp(`${never}${on(20)}${keep}|${keptFor.source}`, 'iu') },
  { kind: 'separate-consent', pattern: new RegExp(`(?:单独|另行|再次|重新|事先|明示)[^。]{0,12}同意[^。]{0,40}?${give}|${give}[^。]{0,60}?(?:征得|取得|获得)[^。]{0,10}(?:单独|明示|另行)[^。]{0,4}同意|separate consent`, 'iu') },
  { kind: 'tell-before-transfer', pattern: /(?:合并|分立|收购|兼并|重组|破产|清算|解散|转让|转移|merger|acquisition)[^。]{0,80}?(?:告知|通知|notify|inform)|(?:告知|通知)[^。]{0,40}?(?:接收方|受让方|新的(?:持有|处理|运营))/iu },
  { kind: 'successor-bound', pattern: /(?:新的|接收|受让|承继|继受|new)[^。]{0,50}?(?:继续受|继续履行|继续遵守|受(?:本|此)[^。]{0,10}约束|bound by)/iu },
]

/** The subject before the denial is somebody else: the user, or the third party itself. */
const notOurs = /(?:如|如果|若|假如|倘若|(?:您|你|用户)(?:选择|决定|拒绝|可以?|有权)?|第三方|合作方|合作伙伴|受托方|服务商|供应商|接收方|该(?:公司|机构|第三方))(?:也|均|亦|都|将|应|应当|承诺)?$/u

/** 承诺. Promises of a text, each with the number of its clause and what it leaves open. A clause that denies or limits giving, disclosing, using, keeping or exporting is one whatever its object: one too many costs a decision, one too few a broken word. A question, a title that ends in one, and a denial whose subject is the user or a third party are none. */
export function findPromises(clauses: readonly Clause[]): FoundPromise[] {
  return clauses.flatMap((clause, at) => {
    if (/[？?]$/u.test(clause.text)) return []
    const kinds = patterns.filter(({ kind, pattern }) => promisesIt(clause.text, kind, pattern)).map(({ kind }) => kind)
    if (kinds.length === 0) return []
    const exceptions = exceptionsOf(clauses, at)
    return kinds.map((kind) => ({ kind, clause: clause.number, exceptions, days: kind === 'retention-limit' ? daysOf(clause.text) : null }))
  })
}

/** Kinds that are a denial; of the others the user may well be the subject (您注销账户后,我们…). */
const denials: readonly PromiseKind[] = ['no-third-party', 'no-sale', 'no-export', 'purpose-only']

function promisesIt(text: string, kind: PromiseKind, pattern: RegExp): boolean {
  if (!denials.includes(kind)) return pattern.test(text)
  // The first denial of a clause may be the user's (您不提供手机号的,我们不会…), the next one ours.
  for (let from = 0, found = pattern.exec(text); found !== null; found = pattern.exec(text.slice(from))) {
    const at = from + found.index
    const before = text.slice(0, at).split(/[，,：:]/u).at(-1) ?? ''
    if (!notOurs.test(before.trim())) return true
    from = at + 1
  }
  return false
}

/** What stands in the open part of a promise: after 除非, between 除 and 外, between 未经 and the denial, or in the list that 但以下情形除外 opens. */
function exceptionsOf(clauses: readonly Clause[], at: number): PromiseException[] {
  const clause = clauses[at]
  if (clause === undefined) return []
  const open = [...spans(clause.text), ...(opensList(clause.text) ? itemsAfter(clauses, at) : [])]
  return [...new Set(open.flatMap(named))].toSorted()
}

const spanPatterns = [
  /除非(.{2,120})/u, /除(.{2,80}?)(?:之外|以外|外)/u, /(?:但|但是)(.{2,100}?)(?:除外|的除外|例外)/u, /(?:未经|非经|未获得?|未取得|没有)(.{2,40}?)[，,]?(?:不|绝不|我们不|禁止)/u,
  /(?:在|经|事先)?(?:获得|取得|征得|经过)(.{0,20}?同意)(?:后|之后|的情况下|的前提下|，)/u, /(?:unless|except(?: for| as| when| where)?)\s(.{2,160})/iu, /without\s(.{2,60}?consent)/iu,
]
const spans = (text: string): string[] => (opensList(text) ? [] : spanPatterns.flatMap((pattern) => pattern.exec(text)?.[1] ?? []))
const opensList = (text: string): boolean => /(?:以下|下列|如下)[^。]{0,16}(?:除外|例外)|(?:除外|例外)[：:]\s*$|except[^.]{0,40}(?:following|below)[^.]{0,20}:?\s*$/iu.test(text)

/** The items of the list that follows: the first begins with number one, the others carry the same kind of marker; text in the same piece belongs to its item. */
function itemsAfter(clauses: readonly Clause[], at: number): string[] {
  const first = clauses[at + 1]
  if (first?.marker === null || first === undefined || first.marker.at > 1) return []
  const { style } = first.marker
  const items: string[] = []
  let expected = first.marker.at
  for (const clause of clauses.slice(at + 1)) {
    if (clause.marker?.style === style && (clause.marker.at === expected || style === 'bullet')) expected += style === 'bullet' ? 0 : 1
    else if (clause.marker !== null || clause.opens) break
    items.push(clause.text)
  }
  return items
}

const exceptionWords: readonly { exception: PromiseException; words: RegExp }[] = [
  { exception: 'consent', words: /同意|授权|许可|consent|permission/iu },
  { exception: 'law', words: /法律|法规|法定|监管|司法|行政机关|政府|法院|国家安全|公共安全|公共利益|law|court|authorit/iu },
  { exception: 'restructuring', words: /合并|分立|收购|兼并|重组|资产(?:转让|出售)|破产|清算|merger|acquisition|bankrupt|insolven/iu },
  { exception: 'processor', words: /受托|委托|服务(?:供应|提供)?商|合作伙伴|service provider|processor/iu },
  { exception: 'affiliate', words: /关联(?:公司|方|企业)|集团|affiliate/iu },
  { exception: 'necessary-service', words: /为您提供|履行(?:合同|订单)|完成(?:订单|交易|支付)|配送|支付|必要|perform|deliver/iu },
  { exception: 'anonymised', words: /匿名化|去标识|无法识别|不能识别|统计|anonymi|aggregat/iu },
]

function named(text: string): PromiseException[] {
  const found = exceptionWords.filter(({ words }) => words.test(text)).map(({ exception }) => exception)
  return found.length > 0 ? found : ['other']
}

const unitDays = { 年: 365, 月: 30, 日: 1, 天: 1, year: 365, month: 30, day: 1 } as const

/** The period of a retention clause in days, a year as 365 and a month as 30; null where it names none. */
function daysOf(text: string): number | null {
  const found = /(\d{1,4}|[一二两三四五六七八九十]{1,3})\s*个?(年|月|日|天|years?|months?|days?)/iu.exec(text)
  if (found === null) return null
  const said = found[1] ?? ''
  const unit = (found[2] ?? '').toLowerCase().replace(/s$/u, '')
  const length = Number.isInteger(Number(said)) ? Number(said) : hanNumber(said)
  const days = Object.entries(unitDays).find(([word]) => word === unit)?.[1]
  return days === undefined ? null : length * days
}
