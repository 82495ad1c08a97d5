// SPDX-License-Identifier: Apache-2.0
import { cityNameLines, countyNameLines, provinceNameLines, regionCodeLines } from './region-table.ts'

interface Years {
  from: number
  to: number
}

const codeLines = regionCodeLines.trim().split('\n')
/** The first four digits of every prefecture that ever existed. */
export const prefectureCodes: ReadonlySet<string> = new Set(codeLines.map((line) => line.slice(0, 4)))
let yearsByCode: Map<string, Years[]> | null = null

/** The years of every code; read when a county is first asked for, which counting columns never does. */
function codeYears(): Map<string, Years[]> {
  if (yearsByCode !== null) return yearsByCode
  yearsByCode = new Map()
  for (const line of codeLines) {
    const [prefix = '', ...entries] = line.split(' ')
    for (const entry of entries) {
      const [ending = '', spans] = entry.split(':')
      yearsByCode.set(prefix + ending, spans === undefined ? [{ from: 0, to: 9999 }] : spans.split('+').map(yearsOf))
    }
  }
  return yearsByCode
}

function yearsOf(span: string): Years {
  const [from = '', to = ''] = span.split('-')
  return { from: from === '' ? 0 : Number(from), to: to === '' ? 9999 : Number(to) }
}

/** Whether a region code of GB/T 2260 was ever in force; with a year, whether it was in that year. */
export function regionExisted(code: string, year: number | null): boolean {
  const spans = codeYears().get(code)
  return spans !== undefined && (year === null || spans.some((span) => year >= span.from && year <= span.to))
}

/** Whether the first four digits name a prefecture that ever existed. */
export function prefectureExisted(code: string): boolean {
  return prefectureCodes.has(code.slice(0, 4))
}

const words = (lines: string): string[] => lines.trim().split(/\s+/)
const shorten = (name: string): string => name.replace(/(特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|自治县|自治旗|地区|省|市|盟|县|区|旗)$/, '')

/** Names of provinces with and without their endings (省、市、自治区). */
export const provinceNames: ReadonlySet<string> = new Set(words(provinceNameLines).flatMap((name) => [name, shorten(name)]))

/** Names of prefectures and cities with and without their endings. */
export const cityNames: ReadonlySet<string> = new Set(words(cityNameLines).flatMap((name) => [name, ...(shorten(name).length >= 2 ? [shorten(name)] : [])]))

/** Full names of districts, counties and county-level cities. */
export const countyNames: ReadonlySet<string> = new Set(words(countyNameLines))

const countries = words(`中国 中华人民共和国 美国 英国 法国 德国 日本 韩国 朝鲜 俄罗斯 加拿大 澳大利亚 新西兰 新加坡 马来西亚 泰国 越南 菲律宾 印度 印度尼西亚 巴西 阿根廷 智利 墨西哥 意大利 西班牙 葡萄牙 荷兰 比利时 瑞士 瑞典 挪威 丹麦 芬兰 波兰 捷克 奥地利 匈牙利 爱尔兰 希腊 土耳其 以色列 埃及 南非 阿联酋 沙特阿拉伯 巴基斯坦 蒙古 缅甸 老挝 柬埔寨 乌克兰 哈萨克斯坦
China USA Canada Brazil Germany France Norway Portugal Australia Argentina Austria Belgium Chile Denmark Finland Hungary India Ireland Italy Netherlands Poland Spain Sweden Japan Korea Russia Mexico Singapore Malaysia Thailand Vietnam Philippines Indonesia Switzerland Greece Turkey Israel Egypt CHN
UK England Scotland Wales Colombia Peru Venezuela Ecuador Bolivia Uruguay Paraguay Cuba Jamaica Haiti Guatemala Honduras Nicaragua Panama Iran Iraq Syria Lebanon Jordan Kuwait Qatar Bahrain Oman Yemen Afghanistan Pakistan Bangladesh Nepal Bhutan Myanmar Laos Cambodia Mongolia Kazakhstan Uzbekistan Georgia Armenia Azerbaijan Ukraine Belarus Moldova Romania Bulgaria Serbia Croatia Slovenia Slovakia Bosnia Montenegro Albania Macedonia Estonia Latvia Lithuania Iceland Luxembourg Malta Cyprus Morocco Algeria Tunisia Libya Sudan Ethiopia Kenya Uganda Tanzania Rwanda Ghana Nigeria Senegal Cameroon Angola Zambia Zimbabwe Mozambique Madagascar Namibia Botswana Yugoslavia Czechia Fiji Barbados Bahamas Liechtenstein Monaco Andorra Greenland Deutschland España Brasil Österreich Schweiz Suisse Italia México`)
/** Names of countries. */
export const countryNames: ReadonlySet<string> = new Set([...countries, 'United States', 'United Kingdom', 'Czech Republic', 'New Zealand', 'South Africa', 'South Korea', 'United Arab Emirates', 'Saudi Arabia', 'Sri Lanka', 'Costa Rica', 'El Salvador', 'Puerto Rico', 'Dominican Republic', 'Trinidad and Tobago', 'Ivory Coast', 'United States of America', 'Russian Federation', 'Great Britain', 'The Netherlands', 'North Korea', 'Hong Kong', 'Taiwan', 'Macao'])

// Large cities and first-level divisions abroad that customers' tables are full of; whole values only.
const placesAbroad = new Set(
  `Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|Ontario|Quebec|Québec|British Columbia|Alberta|Manitoba|Saskatchewan|Nova Scotia|New South Wales|Queensland|Victoria|Tasmania|England|Scotland|Wales|Bavaria|Catalonia|Lombardy
|London|Paris|Berlin|Madrid|Rome|Roma|Vienna|Wien|Amsterdam|Brussels|Lisbon|Lisboa|Dublin|Athens|Warsaw|Prague|Budapest|Bucharest|Sofia|Stockholm|Oslo|Copenhagen|Helsinki|Reykjavik|Zurich|Geneva|Geneve|Genève|Bern|Munich|München|Hamburg|Frankfurt|Cologne|Köln|Stuttgart|Leipzig|Dresden|Dusseldorf|Düsseldorf|Bremen|Hannover|Nuremberg|Lyon|Marseille|Toulouse|Bordeaux|Lille|Nantes|Nice|Strasbourg|Dijon|Reims|Barcelona|Valencia|Seville|Sevilla|Malaga|Bilbao|Milan|Milano|Turin|Torino|Naples|Napoli|Florence|Venice|Bologna|Genoa|Porto|Manchester|Birmingham|Liverpool|Leeds|Glasgow|Edinburgh|Bristol|Cardiff|Belfast|Cork|Krakow|Gdansk|Brno|Salzburg|Graz|Antwerp|Rotterdam|The Hague|Utrecht|Gothenburg|Malmo|Bergen|Aarhus|Espoo|Tampere|Moscow|Saint Petersburg|Kiev|Kyiv|Minsk|Riga|Vilnius|Tallinn|Istanbul|Ankara|Zagreb|Belgrade|Ljubljana|Bratislava|Luxembourg
|Los Angeles|Chicago|Houston|Phoenix|Philadelphia|San Antonio|San Diego|Dallas|San Jose|Austin|Jacksonville|Fort Worth|Columbus|Charlotte|San Francisco|Indianapolis|Seattle|Denver|Boston|El Paso|Detroit|Nashville|Portland|Memphis|Oklahoma City|Las Vegas|Louisville|Baltimore|Milwaukee|Albuquerque|Tucson|Fresno|Sacramento|Kansas City|Atlanta|Miami|Oakland|Minneapolis|Tulsa|Cleveland|New Orleans|Orlando|Tampa|Pittsburgh|Cincinnati|St. Louis|Salt Lake City|Redmond|Bellevue|Cupertino|Mountain View|Palo Alto|Cambridge|Reno|Madison|Toronto|Montreal|Montréal|Vancouver|Calgary|Edmonton|Ottawa|Winnipeg|Halifax|Mexico City|México D.F.|Guadalajara|Monterrey|Buenos Aires|Santiago|Lima|Bogota|Bogotá|Caracas|Quito|Rio de Janeiro|São Paulo|Sao Paulo|São José dos Campos|Brasília|Brasilia|Salvador|Recife|Curitiba|Porto Alegre|Campinas|Montevideo|Havana
|Tokyo|Osaka|Kyoto|Yokohama|Nagoya|Sapporo|Seoul|Busan|Bangkok|Jakarta|Manila|Kuala Lumpur|Hanoi|Ho Chi Minh City|Delhi|New Delhi|Mumbai|Bangalore|Chennai|Kolkata|Hyderabad|Pune|Karachi|Lahore|Dhaka|Colombo|Kathmandu|Dubai|Abu Dhabi|Riyadh|Doha|Tel Aviv|Jerusalem|Beirut|Tehran|Baghdad|Cairo|Lagos|Nairobi|Johannesburg|Cape Town|Casablanca|Tunis|Algiers|Accra|Sydney|Melbourne|Brisbane|Perth|Adelaide|Canberra|Hobart|Darwin|Auckland|Wellington|Sidney|Beijing|Shanghai|Guangzhou|Shenzhen|Chengdu|Hangzhou|Nanjing|Wuhan|Tianjin|Chongqing|Suzhou|Xiamen|Qingdao|Dalian|Taipei|Kaohsiung|Kowloon`
    .split(/[|\n]+/).filter((name) => name !== ''),
)

// ISO 3166-2 of the United States, Canada, Australia and Brazil: addresses there are written with the code.
const stateCodes = new Set(
  'AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR AB BC MB NB NL NS NT NU ON PE QC SK YT NSW VIC QLD TAS ACT AC AP AM BA CE DF ES GO MG PB PI RJ RN RO RR SE SP TO'.split(' '),
)

/** Whether a text is the postal code of a state or province abroad; two letters, so that only a column full of them says something. */
export const isStateCode = (text: string): boolean => stateCodes.has(text)

/** Whether a text is the name of a province, city, district, county or country, or a chain of such names. */
export function isRegionName(text: string): boolean {
  const parts = text.split(/[\s/,，、>·-]+/).filter((part) => part !== '')
  return parts.length > 0 && parts.length <= 5 && (parts.every(isChain) || countryNames.has(text) || placesAbroad.has(text) || (text.includes('-') && countryNames.has(text.replaceAll('-', ' '))))
}

/** A chain of names without separators, such as 上海市黄浦区; the longest name first. */
function isChain(text: string): boolean {
  let rest = text
  for (let depth = 0; depth < 4 && rest !== ''; depth++) {
    const length = leadingRegion(rest)
    if (length === 0) return false
    rest = rest.slice(length)
  }
  return rest === ''
}

/** Length of the region name that a text begins with; 0 when none. */
export function leadingRegion(text: string): number {
  const names = namesByStart.get(text.slice(0, 2))
  if (names === undefined) return text.length >= 2 && countryNames.has(text) ? text.length : text.startsWith('市辖区') ? 3 : 0
  if (text.length <= Math.max(3, names[0]?.length ?? 0) && countryNames.has(text)) return text.length
  for (const name of names) if (text.startsWith(name)) return name.length
  return 0
}

/** The names that begin with two characters, longest first. */
const namesByStart = new Map<string, string[]>()
for (const name of new Set([...provinceNames, ...cityNames, ...countyNames])) {
  const start = name.slice(0, 2)
  const names = namesByStart.get(start)
  if (names === undefined) namesByStart.set(start, [name])
  else names.push(name)
}
for (const names of namesByStart.values()) names.sort((a, b) => b.length - a.length)

// A table of hashes of the first two characters, looked at in two places: nearly no pair of a sentence that begins no name is marked in both.
const pairHash = (first: number, second: number): number => (Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca6b)) >>> 16
const otherHash = (first: number, second: number): number => (Math.imul(first, 0xc2b2ae35) ^ Math.imul(second, 0x27d4eb2f)) >>> 16
const mayStart = new Uint8Array(65_536)
for (const start of namesByStart.keys()) {
  const first = start.charCodeAt(0), second = start.charCodeAt(1)
  mayStart[pairHash(first, second)] = 1
  mayStart[otherHash(first, second)] = 1
}

/** Whether a region's name may begin at this place: a cheap look at two characters. */
export function isRegionStart(text: string, at: number): boolean {
  if (at + 1 >= text.length) return false
  const first = text.charCodeAt(at), second = text.charCodeAt(at + 1)
  return mayStart[pairHash(first, second)] === 1 && mayStart[otherHash(first, second)] === 1 && namesByStart.has(text.slice(at, at + 2))
}

/** The two characters that a name of a region or country may begin with. */
export const regionStarts: ReadonlySet<string> = new Set([...namesByStart.keys(), '市辖', ...[...countryNames].map((name) => name.slice(0, 2))])
