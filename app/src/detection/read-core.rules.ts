// SPDX-License-Identifier: Apache-2.0
import type { HeaderReading } from './header-reading.ts'
import type { InformationType } from './information-types.ts'

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

// Words that mean one thing wherever they stand in a name: `phone_biz`, `email_2nd_contact`, `birthday_of_child`.
const coreWords = set(`phone mobile telephone cellphone handphone landline fax email address addr birthday birthdate birth dob born gender sex ethnicity religion marital marriage education diploma occupation profession salary income wage
  idcard passport ssn postcode zipcode postal photo avatar portrait headshot selfie fingerprint allergy allergies diagnosis disease disability medical wechat weixin qq openid unionid firstname lastname surname fullname realname nickname username nationality hometown birthplace hobby
  zip tel shebao gongjijin yibao msisdn nric hkid aadhaar cpf curp dni nino bmi symptom symptoms disease illness diagnose gestational pregnancy pregnant cervical tumor tumour cancer biopsy prescription vaccine allergen citizenship country province city county district
  token password passwd pwd salt interest hobby
  sfz sfzh shoujihao xingming dizhi youxiang iban imei imsi iccid vin`)

// In what forms the values of a type are kept; a form after the word leaves its sense as it is.
const numbers = 'no num nr nbr number code id value val key str text digits hm'
const contacts = 'no num nr number value val addr address account text str ext raw'
const qualities = 'code cd name desc descr description level status flag text label value val id key class group category range band type title amount amt'
const pictures = 'url uri link img image images pic picture pictures path file filename src id key data base64 scan copy'
const formsByType: ReadonlyMap<InformationType, ReadonlySet<string>> = new Map(
  ([
    [numbers, 'resident-id passport hk-mo-travel-permit mainland-travel-permit military-id driver-licence national-id-foreign foreign-permanent-resident-id bank-card bank-account payment-account social-insurance customer-id tax-id uscc business-registration-number invoice-number imei imsi iccid licence-plate vin'],
    [contacts, 'mobile landline email ip-address mac-address online-id user-name'], ['date dt time day year yr month mon at on ymd value val str text', 'birth-date'], ['value val num number years year yrs yr group range band level', 'age'],
    [qualities, 'gender ethnicity religion marital-status education job income'], [pictures, 'photo biometric'], ['name text value val code cd iso iso2 iso3 abbr short plus plus4 ext line detail desc full str', 'address region postcode geo-location'], ['text value val str full', 'person-name'],
    ['name desc description code result text detail value val type level history record info', 'medical'], ['text content body desc tag tags', 'free-text-personal preference'], ['val value str text hash key', 'secret password'],
  ] as const).flatMap(([forms, types]) => types.split(' ').map((type): [string, ReadonlySet<string>] => [type, set(forms)])).flatMap(([type, forms]) => (isType(type) ? [[type, forms] as const] : [])),
)

function isType(text: string): text is InformationType {
  return text !== ''
}

const allForms = new Set([...formsByType.values()].flatMap((forms) => [...forms]))

// Words that say whose, which one or how it is kept, not what it is.
const neutral = set(`a b c i ii iii first second third fourth primary secondary main other others alt alternate alternative backup spare home house work office biz business company corp personal private own contact contacts cell mobile day daytime night evening emergency urgent full new old current cur previous prev former last latest permanent perm temp temporary temporarily
  local cn zh en us english chinese native original orig origin raw plain enc encrypted encrypt cipher masked mask hash hashed md5 sha1 sha256 aes sm4 str txt field column info data value val
  customer client user member buyer seller receiver recipient consignee sender shipper owner holder applicant insured beneficiary guarantor borrower spouse wife husband father mother parent parents guardian child children kid family relative friend employee emp staff manager agent driver teacher student patient doctor guest tenant landlord person people legal billing bill shipping ship delivery mailing registered reg register login bind bound reserved reserve link linked default public international intl domestic of for to from the and or by in`)

const turning = set('verified verify verification confirmed confirm confirmation len length valid invalid is has count cnt total max min limit sent send bounce bounced optin optout unsubscribed unsubscribe config setting settings server host port template queue subject format regex pattern rule policy required optional enabled disabled hint placeholder index idx flag expired expiry expires expire issue issued issuer authority validity check checked matched match mode carrier operator plan bill fee brand model os version')

/** What a word at the end of a name tells. */
type EndingOf = (word: string) => { type: InformationType; strength: 'sure' | 'maybe' } | undefined

/** Whether a refusal is only the form in which something is kept: `…_date`, `…_url`, `…_num`. */
export function isForm(reading: HeaderReading): boolean {
  return reading.type === 'none' && reading.word !== '' && reading.word.split('_').every((token) => allForms.has(token))
}

/** What stands inside a name, when its end says nothing: the last word that means one thing, with words after it that leave its sense as it is. A word that turns the sense (`phone_type`, `email_verified`) leaves nothing; one that is not known leaves it to values and neighbours. */
export function readCore(tokens: readonly string[], endingOf: EndingOf): HeaderReading | null {
  for (let end = tokens.length; end >= 1; end--) {
    for (let start = Math.max(0, end - 4); start < end; start++) {
      const word = tokens.slice(start, end).join('_')
      const found = endingOf(word)
      if (found === undefined || found.type === 'none' || found.strength !== 'sure' || (end - start === 1 ? !coreWords.has(word) : word === 'ship_to' || word === 'bill_to')) continue
      return judged(word, found.type, tokens.slice(end), endingOf)
    }
  }
  return null
}

function judged(word: string, type: InformationType, rest: readonly string[], endingOf: EndingOf): HeaderReading | null {
  const forms = formsByType.get(type)
  let isSure = true
  for (const token of rest) {
    if (/^\d+$/.test(token) || neutral.has(token) || forms?.has(token) === true) continue
    if (type === 'customer-id' || turning.has(token) || endingOf(token)?.type === 'none' || token.length <= 2) return null
    isSure = false
  }
  return { type, strength: isSure ? 'sure' : 'maybe', word }
}
