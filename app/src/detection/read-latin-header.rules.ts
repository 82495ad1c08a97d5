// SPDX-License-Identifier: Apache-2.0
import { wordsShortenedAs } from './abbreviated-word.rules.ts'
import { wordMeantBy } from './correct-spelling.rules.ts'
import { abbreviations, formsOfQualities, placeQualifiers } from './header-abbreviations.ts'
import { foreignWords, publishedNames } from './header-lexicon.ts'
import { foreignNameOf } from './header-words-foreign.ts'
import { isQuality, saysNothing } from './header-reading.ts'
import type { HeaderReading } from './header-reading.ts'
import { ambiguousEndings, englishEndings, flagPrefix, pictureOfPerson, storageEndings } from './header-words-english.ts'
import type { InformationType } from './information-types.ts'
import { isForm, readCore } from './read-core.rules.ts'
import { readPinyin, spellingOf } from './read-pinyin.rules.ts'
import { headerTokens, isPiece, splitRunTogether } from './split-header.rules.ts'

interface Ending {
  type: InformationType
  strength: 'sure' | 'maybe'
}

const endings = new Map<string, Ending>()
for (const [type, words] of ambiguousEndings) for (const word of words.trim().split(/\s+/)) endings.set(word, { type, strength: 'maybe' })
for (const [type, words] of englishEndings) for (const word of words.trim().split(/\s+/)) if (!endings.has(word)) endings.set(word, { type, strength: 'sure' })

// Ways to write one word: a list that knows `certificate_no` knows `certificate_nbr` too.
const usual = new Map('identifier id num no nbr no nr no numb no number no nm name nme name cd code cde code addr address adr address addrs address dt date img image pic image pict image picture image'.split(' ').flatMap((word, i, all): [string, string][] => (i % 2 === 0 ? [[word, all[i + 1] ?? '']] : [])))
const hasUsual = new RegExp(`(?:^|_)(?:${[...usual.keys(), ...new Set(usual.values())].join('|')})(?:_|$)`)
const usualWord = (word: string): string => word.split('_').map((token) => usual.get(token) ?? token).join('_')
const usualEndings = new Map<string, Ending | null>()
for (const [word, ending] of endings) {
  if (!word.includes('_') || !hasUsual.test(word)) continue
  const before = usualEndings.get(usualWord(word))
  usualEndings.set(usualWord(word), before === undefined || before?.type === ending.type ? ending : null)
}
const endingOf = (word: string): Ending | undefined => endings.get(word) ?? (word.includes('_') ? (usualEndings.get(usualWord(word)) ?? undefined) : undefined)
// 姓名, 性别, 地址, 民族, 电话, 职业, 学历 behind a word of any kind: values have to agree.
const clearInitialsOfField = new Set(['xm', 'xb', 'dz', 'mz', 'dh', 'zy', 'xl'])
// Abbreviations of two letters mean many things: values have to agree.
const clearShort = new Set(['id', 'ip', 'qq', 'no', 'at', 'on', 'by'])
const photoOfDocument = /_id_?card_(?:front|back|img|image|photo|pic|copy|national|emblem|portrait)|_(?:id_?doc|id_?card|cert|certificate|identification|identity|live|alive|living)_(?:[a-z]+_)?(?:front|back|font|side|hand|hold|portrait)_(?:img|image|photo|pic|picture|copy)s?_|_(?:buyer|user|member|customer|legal|legal_person|legal_representative|holder|applicant|self)_(?:live|alive|cert|id)_(?:img|image|photo|pic|picture)s?_|_(?:face|selfie|id_?card|passport|licen[cs]e)_(?:[a-z]+_)?(?:img|image|photo|pic|picture)s?_(?:url_|path_)?$/

// Who of the seller's own staff did it, by key: a foreign key, no customer's number (DETECTION.md §2).
const keyOfOperator = /^(?:[a-z]+_)?(?:create|created|creator|creater|update|updated|updater|modify|modified|modifier|delete|deleted|edit|edited|editor|admin|administrator|operator|operate|operation|oper|audit|auditor|approve|approver|approved|check|checker|handle|handler|assign|assignee|assigned|publish|publisher|submit|last_modified|last_update|record|recorder|staff|employee|emp|manager|sys)_(?:user|member|usr)?_?(?:id|uid|userid)$/
// How old a thing is, or for how long it counts.
const ageOfThing = /^(?:car|vehicle|house|building|room|company|account|machine|device|equipment|domain|tree|loan|stock|inventory|data|log|cache|session|token|cookie|max|min|pet|plant|animal|acct|policy|store|shop|debt|receivable|truck|ship|engine|tyre|asset|file|message|queue|invoice)_age(?:_[a-z]+)?$/

/** Reads a name of a column in letters: its longest known ending in English, pinyin or shortened words; without one, what stands inside it, and what its words may be short for. */
export function readLatinHeader(text: string): HeaderReading {
  const tokens = withHeadLast(headerTokens(text))
  const whole = tokens.join('_')
  const published = publishedNames.get(whole)
  if (published !== undefined) return { type: published, strength: 'sure', word: whole }
  if (!endings.has(whole) && flagPrefix.test(`_${whole}_`)) return { type: 'none', strength: 'sure', word: whole }
  if (tokens[0] === 'gmt' && tokens.length > 1 && !/birth/.test(whole)) return { type: 'none', strength: 'sure', word: whole } // gmt_create, gmt_pay: when
  if (!endings.has(whole) && (keyOfOperator.test(whole) || ageOfThing.test(whole))) return { type: 'none', strength: 'sure', word: whole }
  if (photoOfDocument.test(`_${whole}_`) || pictureOfPerson.test(whole)) return { type: 'photo', strength: 'sure', word: whole }
  const foreign = endings.has(whole) ? null : foreignNameOf(tokens, false)
  if (foreign !== null) return { ...foreign, strength: 'sure' }
  const spelt = endings.has(whole) ? null : spellingOf(tokens.join(''))
  if (spelt !== null) return { type: spelt, strength: 'sure', word: whole }
  const asWritten = readTokens(tokens)
  const ofWhom = asWritten === null ? roleLast(tokens) : fieldOfRole(tokens, asWritten)
  if (ofWhom !== null) return ofWhom
  if (tokens.length > 1 && asWritten?.word === whole && asWritten.type === 'none') return asWritten // the whole name is known
  const foreignWord = asWritten === null || isBroad(asWritten) ? foreignNameOf(tokens, true) : null
  if (foreignWord !== null) return { ...foreignWord, strength: 'sure' }
  const split = tokens.flatMap(splitRunTogether)
  if (asWritten !== null && isForm(asWritten)) return beforeForm(split) ?? asWritten
  if (tokens.length > 1 && (asWritten === null ? anyName.has(tokens.at(-1) ?? '') : anyName.has(asWritten.word))) {
    const thing = nameOfThing(split)
    if (thing !== null) return thing
  }
  if (asWritten !== null && yields(asWritten)) return beforeForm(split, true) ?? asWritten
  if (asWritten !== null && cardNumber.test(asWritten.word) && tokens.length > asWritten.word.split('_').length) return cardOf(tokens, asWritten)
  if (asWritten !== null && !isBroad(asWritten)) return asWritten
  const found = telling(readWords(split)) ?? telling(readSpelling(tokens)) ?? telling(readWords(split.flatMap(lengthened))) ?? telling(readShortened(split))
  return found ?? (tokens.length > 1 && units.has(tokens.at(-1) ?? '') ? readLatinHeader(tokens.slice(0, -1).join('_')) : (readCorrected(tokens) ?? asWritten ?? saysNothing))
}

/** A name as it was meant: with the slips of the pen put right, or in the singular. */
function readCorrected(tokens: readonly string[]): HeaderReading | null {
  const last = tokens.at(-1) ?? ''
  const corrected = tokens.map((token) => (isKnown(token) ? token : (wordMeantBy(token) ?? token)))
  const singular = /[^s]s$/.test(last) && last.length >= 5 ? [...tokens.slice(0, -1), last.endsWith('ies') ? `${last.slice(0, -3)}y` : last.slice(0, -1)] : null
  return (corrected.join('_') === tokens.join('_') ? null : telling(readWords(corrected))) ?? (singular === null ? null : telling(readWords(singular)))
}

// brnd_nm, wh_name: of a thing, when the word before is short for one.
const anyName = new Set(['nm', 'name', 'names'])

function nameOfThing(tokens: readonly string[]): HeaderReading | null {
  const found = [readTokens(tokens.flatMap(lengthened)), readShortened(tokens)].find((reading) => reading?.type === 'none' && reading.word.includes('_'))
  return found ?? null
}

const cardNumber = /^(?:card_?(?:no|num|number|id|code)|kahao)$/
const bankWords = new Set('bank credit debit pay payment payer payee salary wage repay repayment deposit bind bound union unionpay account acct settle settlement receive receiving refund withdraw user saving savings new old'.split(' '))

// The number of a card without a word for money before it may be that of a membership: mbr_card_no, health_card_no.
function cardOf(tokens: readonly string[], reading: HeaderReading): HeaderReading {
  const before = tokens.at(-1 - reading.word.split('_').length) ?? ''
  if (bankWords.has(before) || before.length <= 1) return reading
  const longer = readTokens(tokens.flatMap(lengthened))
  return longer !== null && longer.type !== reading.type && longer.type !== 'none' ? longer : { ...reading, strength: 'maybe' }
}

const reachesOrIdentifies = new Set<InformationType | null>(['mobile', 'landline', 'email', 'address', 'postcode', 'birth-date', 'gender', 'marital-status', 'religion', 'ethnicity', 'income', 'resident-id', 'passport', 'national-id-foreign', 'driver-licence', 'bank-account', 'bank-card', 'photo', 'online-id'])

/** phone_guardian, street_tenant: a role at the end says whose it is when what stands before it can only be a person's. */
function fieldOfRole(tokens: readonly string[], reading: HeaderReading): HeaderReading | null {
  if (reading.type !== 'person-name' || reading.word.includes('name') || reading.word.endsWith('nm')) return null
  const before = tokens.slice(0, tokens.length - reading.word.split('_').length)
  const found = before.length === 0 ? null : longestTokenEnding(before)
  return found !== null && found.strength === 'sure' && reachesOrIdentifies.has(found.type) && found.word.split('_').length === before.length ? found : null
}

/** nro_cliente, direccion_cliente: other languages say last whose it is. */
function roleLast(tokens: readonly string[]): HeaderReading | null {
  if (tokens.length < 2 || !foreignWords.has(tokens.at(-1) ?? '')) return null
  const words = tokens.flatMap(lengthened)
  const reading = readTokens(words)
  if (reading === null) return null
  const before = words.slice(0, -reading.word.split('_').length).join('_')
  return /^(?:no|num|number|code|id)$/.test(before) && customers.has(reading.word) ? { type: 'customer-id', strength: 'sure', word: tokens.join('_') } : fieldOfRole(words, reading)
}

const customers = new Set('customer client member patient student user buyer'.split(' '))

// country_of_birth, name_of_father: what stands before `of` is the head.
function withHeadLast(tokens: readonly string[]): string[] {
  if (tokens.length > 1 && /^(?:tipo|type)$/.test(tokens[0] ?? '') && tokens[1] !== 'of') return [...tokens.slice(1), 'type'] // tipo_documento
  const of = tokens.indexOf('of')
  if (of <= 0 || tokens[of - 1] === 'next' || of === tokens.length - 1 || endings.has(tokens.join('_'))) return [...tokens]
  if (of < tokens.length - 2 && longestTokenEnding(tokens.slice(-1)) !== null) return tokens.filter((_, i) => i !== of) // head_of_house_name: whose it is stands first
  const head = of - (longestTokenEnding(tokens.slice(0, of))?.word.split('_').length ?? 1)
  return [...tokens.slice(0, head), ...tokens.slice(of + 1), ...tokens.slice(head, of)]
}

// In what a quality is measured: height_cm, salary_rmb.
const units = new Set('cm mm kg kgs lb lbs inch inches ft km sqm m2 yuan rmb cny usd eur hkd yrs years pct percent ltr ml mg'.split(' '))

// Words that yield to a word before them that means one thing: `diagnosis_name`, `email_work`, `phone_contact`.
const yields = (reading: HeaderReading): boolean => reading.strength === 'maybe' || reading.word === 'contact' || reading.word === 'contacts'

/** What stands before a form (`…_date`, `…_url`, `…_num`), as it is written, lengthened, or cut short. */
function beforeForm(tokens: readonly string[], onlySure = false): HeaderReading | null {
  const last = tokens.at(-1) ?? ''
  const found = readBefore(tokens) ?? readBefore([...tokens.slice(0, -1).flatMap(lengthened), last]) ?? (onlySure ? null : withoutForms(readShortened(tokens, true)))
  return found === null || (onlySure && (found.strength !== 'sure' || (/^contacts?$/.test(last) && !contactTypes.has(found.type)))) ? null : found
}

const contactTypes = new Set<InformationType | null>(['mobile', 'landline', 'email', 'online-id'])
const withoutForms = (reading: HeaderReading | null): HeaderReading | null => (reading === null || reading.type === 'none' ? null : reading)

const readBefore = (tokens: readonly string[]): HeaderReading | null => readQuality(tokens) ?? readCore(tokens, endingOf)

const readWords = (tokens: readonly string[]): HeaderReading | null => telling(readTokens(tokens)) ?? readBefore(tokens)

/** Names of which words are cut short: all that the words may stand for, when everything that says something says the same. */
function readShortened(tokens: readonly string[], isLastKept = false): HeaderReading | null {
  let readings: string[][] = [[]]
  for (const token of tokens.slice(-5)) {
    const words = isKnown(token) ? [token] : wordsShortenedAs(token).slice(0, 6)
    const choices = words.length === 0 ? [token] : words
    if (readings.length * choices.length > 24) return null
    readings = readings.flatMap((reading) => choices.map((word) => [...reading, word]))
  }
  const found = readings.map((reading) => telling(readWords(isLastKept ? [...reading.slice(0, -1).flatMap(lengthened), reading.at(-1) ?? ''] : reading.flatMap(lengthened)))).filter((reading) => reading !== null)
  const [first] = found
  if (first === undefined || found.length * 2 < readings.length || found.some((reading) => reading.type !== first.type)) return null
  return { ...first, strength: found.length === readings.length ? first.strength : 'maybe', word: tokens.join('_') }
}

const isKnown = (token: string): boolean => token.length < 3 || endings.has(token) || isPiece(token) || abbreviations.has(token) || foreignWords.has(token)

// `no`, `code`, `number` alone say so little that any other reading of the whole name is better.
const isBroad = (reading: HeaderReading): boolean => reading.type === 'none' && broadEnglish.has(reading.word)
const telling = (reading: HeaderReading | null): HeaderReading | null => (reading === null || isBroad(reading) ? null : reading)
const lengthened = (token: string): string[] => (abbreviations.get(token) ?? (endings.has(token) ? token : (foreignWords.get(token) ?? token))).split('_')

/** Words that say little of what a column is. */
export const broadEnglish: ReadonlySet<string> = new Set('unit units no num number code id ids key val value name level flag status type content detail details body payload account_type'.split(' '))

function readQuality(tokens: readonly string[]): HeaderReading | null {
  if (tokens.length < 2 || !formsOfQualities.has(tokens.at(-1) ?? '')) return null
  const before = longestTokenEnding(tokens.slice(0, -1))
  if (before === null || before.strength !== 'sure' || !(isQuality(before.type) || (before.type === 'medical' && /^(?:n(?:am|m)e?|mc|dm|bm|cd|code|desc|rslt|result)$/.test(tokens.at(-1) ?? '')))) return null
  if (notOfQuantities.has(before.type) && ofAnother.has(tokens.at(-1) ?? '')) return null
  return { ...before, word: tokens.join('_') }
}

// income_type, age_limit: of an income or an age there are no types.
const notOfQuantities = new Set<InformationType | null>(['income', 'birth-date', 'age'])
const ofAnother = new Set(['type', 'typ', 'flag', 'flg', 'status', 'state', 'stat'])

function readTokens(tokens: readonly string[]): HeaderReading | null {
  const found = longestTokenEnding(tokens)
  if (found !== null && (found.type !== 'none' || found.word !== 'name')) return found
  const stored = `_${tokens.join('_')}_`.replace(storageEndings, '_').slice(1, -1)
  if (stored === '' || stored.length === tokens.join('_').length) return found
  return readTokens(stored.split('_'))
}

/** The longest run of words at the end that is known; numbers at the end count for the word before them. */
function longestTokenEnding(tokens: readonly string[]): HeaderReading | null {
  const plain = tokens.join('_').replace(/(?:_?\d)+$/, '')
  const choices = plain === tokens.join('_') || plain === '' ? [tokens] : [tokens, plain.split('_')]
  const found = choices.map(longestIn).filter((one) => one !== null)
  return found.reduce<FoundEnding | null>((best, one) => (best === null || one.tokens > best.tokens ? one : best), null)?.reading ?? null
}

interface FoundEnding {
  reading: HeaderReading
  /** How many words it is made of, without a number at the end. */
  tokens: number
}

function longestIn(choice: readonly string[]): FoundEnding | null {
  const foundAs = (reading: HeaderReading): FoundEnding => ({ reading, tokens: reading.word.split('_').filter((token) => !/^\d+$/.test(token)).length })
  for (let from = Math.max(0, choice.length - 6); from < choice.length; from++) {
    const word = choice.slice(from).join('_')
    const found = endingOf(word)
    if (found === undefined) continue
    if (word === 'state' && from > 0 && !placeQualifiers.has(choice[from - 1] ?? '')) return foundAs({ type: 'none', strength: 'sure', word: choice.slice(from - 1).join('_') })
    const isShort = word.length <= 2 && !clearShort.has(word)
    if (isShort && choice.length > 1 && from > 0 && found.type !== 'none' && !clearInitialsOfField.has(word)) continue
    return foundAs({ type: found.type, strength: isShort ? 'maybe' : found.strength, word })
  }
  return null
}

function readSpelling(tokens: readonly string[]): HeaderReading | null {
  const letters = tokens.join('').replace(/\d+$/, '')
  const kept = /^([a-z]{2,6}?)(?:dm|mc|bm|m|lb|lbdm|lbmc)$/.exec(letters)?.[1] ?? ''
  const quality = kept.length >= 3 || clearInitials.has(kept) ? endings.get(kept) : undefined
  if (quality !== undefined && (isQuality(quality.type) || quality.type === 'medical')) return { type: quality.type, strength: 'sure', word: letters }
  const found = readPinyin(letters, true) ?? (tokens.length > 1 ? readPinyin((tokens.at(-1) ?? '').replace(/\d+$/, ''), true) : null)
  return found === null ? null : { type: found.type, strength: found.isInitials ? 'maybe' : 'sure', word: letters }
}

// 性别, 民族, 学历 by two initials: with 代码, 名称 or 码 after them they are hardly anything else.
const clearInitials = new Set(['xb', 'mz', 'xl'])
