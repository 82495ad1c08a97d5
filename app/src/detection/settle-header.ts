// SPDX-License-Identifier: Apache-2.0
import { areSingleLatinWords } from './choose-by-values.ts'
import { distinctValues } from './column-scan.ts'
import type { ColumnCounts } from './column-scan.ts'
import { share } from './count-shares.ts'
import { isPersonalType } from './information-types.ts'
import type { InformationType } from './information-types.ts'
import type { HeaderReading } from './header-reading.ts'
import { readHeader, speaksOfPersons } from './read-header.ts'
import { recogniserOf } from './recognisers.ts'
import { areFiles, arePictures, isRefuted } from './refute-by-values.rules.ts'
import { headerTokens } from './split-header.rules.ts'
import { gluedLetter, tablePrefix, withoutPrefix } from './table-prefix.rules.ts'

/** What stands around a column: the name of its data set and of all its columns, its own name null when the file has no header. */
export interface ColumnContext {
  header: string | null
  dataSet: string
  headers: readonly string[]
  /** The comment of the column in its database. */
  comment?: string
  /** The comments of all columns, in the order of `headers`. */
  comments?: readonly string[]
  /** The counts of all columns of the table, for what neighbours show by their values. */
  columns?: readonly ColumnCounts[]
  ruleSet?: string
}

/** Reads the name of a column, and settles one that may mean several things by values and neighbours. */
export function settledHeader(counts: ColumnCounts, context: ColumnContext): HeaderReading {
  if (context.header === null) return { type: null, strength: 'maybe', word: '' }
  const { prefix, isGlued } = neighbours(context)
  const header = readHeader(withoutPrefix(context.header, prefix, isGlued), context.comment)
  if (/^client_?id$/i.test(context.header) && context.headers.some((name) => ofApplications.test(name))) return { ...header, type: 'none', strength: 'sure' }
  if (isPictureOfSomebody(header, counts, context)) return { ...header, type: 'photo', strength: 'sure', isSettled: true }
  if (arePictures(header, counts)) return { ...header, type: 'photo' }
  if (!isRefuted(header, counts)) return isOfNobody(header, counts, context) ? { ...header, type: null, strength: 'maybe' } : settle(header, counts, context)
  // The number of a card that no bank's has the length of is a member's, where there are persons.
  if (header.type === 'resident-id' && /(?:^|_)(?:id_(?:no|num|number)|identity_(?:no|number)|idno|idnumber)$/.test(header.word) && (isAboutPersons(context) || speaksOfPersons([context.header]) || neighbours(context).qualities > 0) && counts.values >= 5 && counts.seen.every(({ text }) => /^[A-Z]?\d{7,12}[A-Z]?$/.test(text))) return { ...header, type: 'national-id-foreign', strength: 'sure', isSettled: true } // of a country with other numbers
  return header.type === 'bank-card' && neighbours(context).hasPersons && counts.seen.every(({ text }) => /^\d{5,}$/.test(text)) ? { ...header, type: 'customer-id', strength: 'sure', isSettled: true } : { ...header, type: null, strength: 'maybe' }
}

// OAuth: the client is a program.
const ofApplications = /client_?secret|redirect_?uri|grant_?types?|access_?token_?validity/i

// In a table that is named after people a picture without more is theirs.
const plainPicture = /^(?:img|image|images|pic|pics|picture|imgs|icon|image_url|img_url|pic_url|图片)$/
const sideOf = /^(?:left|right|front|back|main|my|self|own|img|image|images|pic|pics|picture|url|path|src|file|link|\d|_)+$/

function isPictureOfSomebody(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): boolean {
  if (header.type !== 'none' || !(plainPicture.test(header.word) || /^(?:url|path|file|link)$/.test(header.word)) || context.header === null) return false
  const name = withoutPrefix(context.header, neighbours(context).prefix).toLowerCase()
  if (!/img|image|pic|图片/.test(name) || !(sideOf.test(name) || name === '图片')) return false
  return isAboutPersons(context) && neighbours(context).hasSomebody && neighbours(context).qualities > 0 && areFiles(counts)
}

// What people and things both have, and dictionaries list: a picture, an occupation, a disease, an age. In a table that knows of no person they are nobody's.
const ofPersonsOnly = new Set<InformationType>(['photo', 'medical', 'preference', 'income', 'job', 'education', 'transaction', 'credit-information', 'age', 'gender', 'ethnicity', 'religion', 'marital-status'])

const ofAnimalsOrMachines = /(?:^|_|\b)(?:animals?|pets?|livestock|cattle|cows?|dogs?|horses?|pigs?|machines?|sensors?|weather|greenhouse)(?:_|\b|$)|宠物|动物|牲畜|牛只|猪只|机器|传感|气象|温室/i
const ofPayroll = /salar(?:y|ies)|payroll|pay_?slip|wages?(?:_|$)|工资|薪|gongzi|xinchou|gehalt|lohn|salario|sueldo|nomina/i

/** Whether a quality stands in a table that names no person: a dictionary of diseases, a catalogue with pictures. Its values alone may still tell. */
function isOfNobody(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): boolean {
  if (header.type === null || !ofPersonsOnly.has(header.type) || context.headers.length < 4) return false
  const { hasSomebody, qualities } = neighbours(context)
  if (!hasSomebody && ofAnimalsOrMachines.test(context.dataSet)) return true
  if (header.type === 'income' && header.strength === 'sure' && ofPayroll.test(context.dataSet)) return false // a list of what is paid out is one of people, whom it may name by a key
  return !hasSomebody && qualities < 3 && !isAboutPersons(context) && (header.type === 'age' || share(header.type, counts) < 0.5) // most small numbers could be ages
}

// Words that name a person's own quality, or a thing's: 身高 of a patient, height of a door.
const needsPersons = new Set<InformationType>(['medical', 'biometric', 'preference', 'transaction', 'credit-information', 'income', 'social-insurance', 'free-text-personal', 'online-id', 'user-name', 'customer-id', 'photo', 'education', 'password', 'payment-account', 'bank-account'])

function settle(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): HeaderReading {
  if (header.type === null || header.strength === 'sure' || header.type === 'none') return header
  const sure: HeaderReading = { ...header, strength: 'sure', isSettled: true }
  const nothing: HeaderReading = { ...header, type: null }
  const { hasPlaces, hasPersons, hasOrganisations } = neighbours(context)
  const isDigits = counts.values > 0 && counts.digitsOnly / counts.values > 0.8
  switch (header.type) {
    case 'person-name':
      return settleName(header, counts, context)
    case 'job':
      return share('job', counts) >= 0.4 || (isAboutPersons(context) && share('job', counts) > 0) ? sure : nothing
    case 'region':
      if (header.word === 'origin') return share('region', counts) >= 0.5 && hasPersons && isAboutPersons(context) ? sure : nothing
      return share('region', counts) >= 0.3 || (hasPlaces && !isDigits && !['area', 'zone', 'location', 'place'].includes(header.word)) ? sure : nothing
    case 'organisation-name':
      if (header.word === '客户名称' || header.word === '客户' || share('person-name', counts) >= 0.5) return settleName(header, counts, context)
      return share('organisation-name', counts) >= 0.3 || (hasOrganisations && !isDigits) ? sure : nothing
    case 'address':
      if (/^add\d?$/.test(header.word)) return share('address', counts) >= 0.3 ? sure : nothing
      return share('address', counts) >= 0.3 || ((hasPersons || hasPlaces) && !isDigits) ? sure : nothing
    case 'landline': // ext: an extension beside telephones, or what extends a record
      return /^ext(?:ension)?$/.test(header.word) ? (neighbours(context).hasSomebody && counts.seen.length > 0 && counts.seen.every(({ text }) => /^(?:x|ext\.?\s?)?\d{2,6}$/i.test(text)) ? sure : nothing) : share('landline', counts) >= 0.5 ? sure : nothing
    case 'postcode':
      return hasPersons && counts.seen.length > 0 && counts.seen.every(({ text }) => /^(?=.*\d)[A-Z\d][A-Z\d -]{2,9}$/i.test(text)) ? sure : nothing
    case 'national-id-foreign':
      return neighbours(context).hasSomebody && counts.seen.length > 0 && counts.seen.every(({ text }) => /^[A-Z]{0,3}\d[\d .-]{5,17}[A-Z]?$/i.test(text)) ? sure : nothing
    case 'photo':
      return hasPersons && (header.word.startsWith('cert') ? counts.seen.length > 0 : areFiles(counts)) ? sure : nothing
    case 'income': // pay, bonus: of staff, or of an order
      if (/revenue|earnings/.test(header.word)) return isAboutPersons(context) && (!hasOrganisations || neighbours(context).qualities >= 2) ? sure : nothing
      return (hasPersons || ofPayroll.test(context.dataSet)) && !(!/salary|wage|income|工资|薪/.test(header.word) && context.headers.slice(0, 200).some((one) => ofTrade.test(one.slice(0, 80)))) ? sure : nothing
    case 'medical':
      return share('medical', counts) >= 0.5 || mayBeOfBody(header, context) ? sure : nothing
    case 'bank-card': // a card of a member, of a hospital: whose number it is, not where money is
      return share('bank-card', counts) >= 0.5 ? sure : hasPersons ? { ...sure, type: 'customer-id' } : nothing
    default:
      if (recogniserOf(header.type) !== undefined && share(header.type, counts) >= 0.5 && !isOwnOfMany(header.type)) return sure
      return needsPersons.has(header.type) && hasPersons ? sure : nothing
  }
}

// Of a body, or of a thing that is sent to somebody: alone, or beside a word for whose it is, in a table that keeps more than one quality of people; words that say even less only where patients are.
const ofBodyAlone = /^(?:(?:body|user|patient|baby|child|birth|current|target|start|initial|last|my|stu|student|member|left|right|eye|avg|cm|kg|value|\d|_)*(?:height|weight|temperature|vision|smoke|hips|bust))(?:_(?:cm|kg|value|c))?$/
const ofMedicine = /patient|medic|clinic|hospital|health|diagnos|nurs|doctor|ward|inpatient|outpatient|患者|病|医|诊|体检|护理|健康|养老/i
const ofTrade = /order|price|amount|quantity|shipp?|deliver|freight|stock|订单|单价|价格|金额|数量|运费|库存/i
const medicineOrThing = new Set('condition conditions pressure medicine drug drugs operation insulin finding findings examination assessment prognosis observation observations subjective objective impression impressions complaint complaints advice instructions history outcome dosage_taken cause treatment_given notes_clinical test_name result results tw mb xy xt bq rh alt ast tg plt fbg hip chest adl zl sslx zdxx jcsj jcjg jcjl sph cyl axis iop ros pe_text meds therapy dosage ultrasound operation_name examine_result implant breath hearing'.split(' '))

function mayBeOfBody(header: HeaderReading, context: ColumnContext): boolean {
  const { hasPersons, hasThings, qualities, prefix, isGlued } = neighbours(context)
  const name = headerTokens(withoutPrefix(context.header ?? '', prefix, isGlued)).join('_')
  if (medicineOrThing.has(header.word)) return hasPersons && ofMedicine.test(context.dataSet)
  if (/^(?:height|weight|temperature|vision|smoke|hips|bust)$/.test(header.word) && /[a-z]/.test(name)) return hasPersons && ofBodyAlone.test(name) && !hasThings && (qualities >= 2 || isAboutPersons(context) || ![context.dataSet, ...context.headers.slice(0, 200)].some((one) => ofTrade.test(one.slice(0, 80))))
  return hasPersons && (qualities > 0 || !hasThings)
}

// Forms that most numbers have say nothing.
const isOwnOfMany = (type: InformationType): boolean => (recogniserOf(type)?.chance ?? 1) >= 0.5 && needsPersons.has(type)

function settleName(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): HeaderReading {
  const person = share('person-name', counts)
  const organisation = share('organisation-name', counts)
  const isDigits = counts.values > 0 && counts.digitsOnly / counts.values > 0.8
  if (person >= 0.5 && person >= organisation && (!areSingleLatinWords(counts) || isAboutPersons(context) || neighbours(context).hasPersons)) return { ...header, type: 'person-name', strength: 'sure', isSettled: true }
  if (organisation >= 0.4) return { ...header, type: 'organisation-name', strength: 'sure', isSettled: true }
  if (header.word === '客户名称') return { ...header, type: 'person-name', strength: 'sure', isSettled: true }
  if (/^(?:first|last|middle)$/.test(header.word)) return neighbours(context).isFirstAndLast && !isDigits ? { ...header, strength: 'sure', isSettled: true } : { ...header, type: null }
  if (/^names?$/.test(header.word) && !isDigits && person < 0.2 && ofOrganisations.test(context.dataSet)) return { ...header, type: 'organisation-name', strength: 'sure', isSettled: true }
  const isName = /(?:^|_)(?:c|e)?names?$|员工|客户|^姓$|^名$/.test(header.word)
  const isRole = isName || !/^(?:users?|creat|updat|modif|owner|operator)/.test(header.word)
  if (!isDigits && person < 0.2 && areChosenNames(counts) && isNameOfSomebody(context)) return { ...header, type: 'user-name', strength: 'sure', isSettled: true }
  if (person === 0 && counts.values >= 10 && counts.seen.some(({ text }) => /[\u4e00-\u9fff]/.test(text)) && !counts.seen.every(({ text }) => /^[\u4e00-\u9fff]{2,4}$/.test(text))) return { ...header, type: null }
  if (isDigits || counts.words > counts.values * 0.5 || !isRole) return { ...header, type: null }
  if (person < 0.1 && counts.values >= 10 && counts.seen.every(({ text }) => /^[\u4e00-\u9fffA-Za-z\d()]{2,}$/.test(text) && /[\u4e00-\u9fff]{2}/.test(text))) return { ...header, type: null } // words of Chinese, and hardly one is a name
  return (isName && isAboutPersons(context)) || (person >= 0.2 && isAboutPersons(context)) ? { ...header, type: 'person-name', strength: 'sure', isSettled: true } : { ...header, type: null }
}

// The table itself is a list of companies.
const ofOrganisations = /(?:^|_)(?:compan(?:y|ies)|organi[sz]ations?|corporations?|enterprises?|employers?|firms?)$|^(?:公司|企业|单位)(?:信息|名录|表)?$/i

// member_name with 听雨, Lucky99 and 暖暖的阳光: what people call themselves.
const nameOfSomebody = /(?:^|_)(?:member|mem|user|usr|customer|cust|client|buyer|fans?|follower|author|comment(?:er)?|creat(?:or|er)|poster|publisher|sender|from|to|reply|anchor|player|operator|friend|invit(?:er|ee|or)|visitor|viewer|guest|leader|sponsor|participant|winner|helper|referrer|parent|coach|craftsman|waiter|agent)(?:_user|_member)?_names?$|^(?:(?:to|from|at|reply|create|add|post)_)?(?:user|usr|member|author|poster|anchor|sender|player|follower|fans?|friend|creator|publisher|commenter|nick)$|(?:会员|用户|客户|买家|粉丝|好友|主播|玩家|评论人|作者|发布人|邀请人|参与人|中奖人)(?:名|名称|名字)$/

// Tables that people write into under a name of their own.
const ofWriters = /comment|message|guestbook|feedback|reply|replies|chat|danmu|barrage|fans|follow|vote|sign_?in|review|post|tweet|留言|评论|反馈|弹幕|粉丝|聊天|签到|投票/i

function isNameOfSomebody(context: ColumnContext): boolean {
  const name = headerTokens(withoutPrefix(context.header ?? '', neighbours(context).prefix)).join('_')
  return nameOfSomebody.test(name) || nameOfSomebody.test(context.header ?? '') || (/^(?:names?|bm|bmch|ch|chm|wm|nc)$/.test(name) && (isAboutPersons(context) || (neighbours(context).hasSomebody && ofWriters.test(context.dataSet))))
}

const ofThings = /(?:公司|集团|企业|工厂|商行|商店|商城|[店厂部处科局院校系组队所站室课类型品费单版级])$|[:/\\{}[\]<>]|^[\d.:-]+$|^[A-Z_\d]+$/

/** Whether values differ as names do that people choose for themselves: short, hardly any twice, and neither things nor numbers. */
function areChosenNames(counts: ColumnCounts): boolean {
  if (counts.values < 8 || distinctValues(counts) < Math.max(6, counts.values * 0.2) || share('organisation-name', counts) >= 0.1 || counts.words > counts.values * 0.5) return false
  return counts.seen.length > 0 && counts.seen.every(({ text }) => text.length <= 16 && !ofThings.test(text)) && counts.seen.some(({ text }) => !/^[\u4e00-\u9fff]{2,4}$/.test(text) && /[\u4e00-\u9fffA-Za-z]/.test(text))
}

/** Whether the data set is about natural persons, by its name or by what stands in it. */
export function isAboutPersons(context: ColumnContext): boolean {
  return speaksOfPersons([context.dataSet])
}

/** What the columns of a table say together. */
export interface Neighbours {
  /** The mark before the names of the columns, if any, and whether it is a letter glued to them. */
  prefix: string | null
  isGlued: boolean
  hasPlaces: boolean
  hasPersons: boolean
  /** Columns that single somebody out or reach one. */
  hasSomebody: boolean
  /** How many qualities of persons the table keeps. */
  qualities: number
  hasOrganisations: boolean
  /** Columns of goods, parcels and their measures. */
  hasThings: boolean
  /** Columns called first and last: of a name. */
  isFirstAndLast: boolean
}

const somebody = new Set<InformationType>(['person-name', 'user-name', 'customer-id', 'birth-date', 'resident-id', 'passport', 'hk-mo-travel-permit', 'mainland-travel-permit', 'foreign-permanent-resident-id', 'national-id-foreign', 'military-id', 'driver-licence', 'mobile', 'email', 'online-id', 'bank-card', 'payment-account', 'social-insurance', 'password', 'imei', 'biometric'])

const thingsThatAreSent = /width|volume|cargo|freight|goods|sku|product|package|parcel|waybill|货|商品|件数|体积|运单|包裹/i

const neighboursByHeaders = new WeakMap<readonly string[], Neighbours>()

/** What the columns of a table say together; read once a table, since a hostile one has sixteen thousand columns. */
export function neighbours(context: ColumnContext): Neighbours {
  const known = neighboursByHeaders.get(context.headers)
  if (known !== undefined) return known
  const mark = tablePrefix(context.headers)
  const prefix = mark ?? gluedLetter(context.headers, (name) => readHeader(name).strength === 'sure')
  const isGlued = mark === null && prefix !== null
  const readings = context.headers.map((name, i) => readHeader(withoutPrefix(name, prefix, isGlued), context.comments?.[i]))
  const sure = readings.filter((reading) => reading.strength === 'sure').map((reading) => reading.type)
  const found = {
    prefix, isGlued,
    hasPlaces: sure.some((type) => type === 'region' || type === 'address' || type === 'postcode'),
    hasPersons: readings.some(isPersonsOwn) || (context.columns ?? []).some(showsPersons),
    hasSomebody: sure.some((type) => type !== null && somebody.has(type)) || (context.columns ?? []).some(showsPersons),
    qualities: new Set(sure.filter((type) => type !== null && ofPersonsOnly.has(type))).size,
    hasThings: context.headers.some((name) => thingsThatAreSent.test(name.slice(0, 80))),
    isFirstAndLast: ['first', 'last'].every((word) => readings.some((reading) => reading.word === word)),
    hasOrganisations: sure.some((type) => type === 'organisation-name' || type === 'uscc' || type === 'tax-id'),
  }
  neighboursByHeaders.set(context.headers, found)
  return found
}

function isPersonsOwn(reading: HeaderReading): boolean {
  return reading.strength === 'sure' && reading.type !== null && reading.type !== 'free-text-personal' && isPersonalType(reading.type)
}

const showsPersons = (counts: ColumnCounts): boolean => (['resident-id', 'mobile', 'email', 'person-name'] as const).some((type) => share(type, counts) >= 0.8)
