// SPDX-License-Identifier: Apache-2.0
import { NameInventor, type Words } from './invent-names.ts'
import { PlaceInventor, type Regions } from './invent-places.ts'
import { NumberWriter } from './write-numbers.ts'
import { Choices } from './random.ts'
import { japaneseEnd, readIcuFrequentWords, readIcuPairs, readOpenccWords, readTemplates, readWords } from './read-words.ts'

/** A piece of text that is a name (1), an address (2) or an organisation (3). */
export interface Marked {
  text: string
  spans: [number, number, 1 | 2 | 3][]
}

/** What the generator takes from the detection room, so that both know the same surnames and regions. */
export interface Facts {
  surnames: ReadonlySet<string>
  compoundSurnames: ReadonlySet<string>
  regions: Regions
}

/** How often each section is drawn. */
const shares: readonly (readonly [string, number])[] = [['news', 40], ['negative', 18], ['plain', 14], ['履历', 10], ['微博', 12], ['网络', 10], ['客服', 8], ['合同', 6], ['小说', 6], ['帖', 22], ['娱乐', 16], ['闲话', 12], ['名人帖', 14], ['杂帖', 16], ['press', 60]]

const suffixes = [...'者员家性化率力度品机器厂店业量费法学界型式线网站台队组会团党军兵犯病症药车船树花草鱼权案版板杯场处带单点额房感馆级件节金局具剧库款类里楼论民面片期球群人色市室手书税所堂体头物系县乡心星园院章证州区镇村河山湖岛桥路']
const prefixes = [...'老小大新副总超非反多单双高低全半短长前后主次再可每各该本某']

/** Writes sentences by the templates of this folder; the same seed writes the same ones. */
export class SentenceWriter {
  readonly names: NameInventor
  readonly places: PlaceInventor
  private readonly numbers: NumberWriter
  readonly ordinaryPairs: readonly string[]
  readonly frequentPairs: readonly string[]
  /** Usual words of three and four characters. */
  readonly longWords: readonly string[]
  private readonly random: Choices
  private readonly words: Words
  private readonly templates: ReadonlyMap<string, readonly string[]>
  private readonly pairs: readonly string[]
  private readonly surnamePairs: readonly string[]
  private readonly parts = new Map<string, readonly (string | readonly string[])[]>()

  constructor(seed: number, facts: Facts) {
    this.random = new Choices(seed)
    this.numbers = new NumberWriter(this.random)
    this.words = readWords()
    this.templates = readTemplates()
    const own = new Set([...this.words].filter(([kind]) => !/^(男|女|名首|词名|昵|日|韩|少|古|洋|译|姓)/.test(kind)).flatMap(([, list]) => list.flatMap(pairsIn)))
    const more = readOpenccWords()
    const allPairs = [...readIcuPairs(), ...more.filter((word) => word.length === 2)]
    this.pairs = allPairs.filter((pair) => !japaneseEnd.test(pair))
    this.surnamePairs = this.pairs.filter((pair) => facts.surnames.has(pair[0] ?? ''))
    const japanese = new Set(this.words.get('日姓'))
    this.ordinaryPairs = [...new Set([...allPairs.filter((pair) => own.has(pair) || (!japaneseEnd.test(pair) && !japanese.has(pair))), ...[...facts.regions.cities, ...facts.regions.provinces].flatMap(pairsIn), ...[...this.words].filter(([kind]) => /^(名|名高|动|副|形|连|时|职|外职|报)$/.test(kind)).flatMap(([, list]) => list.filter((word) => word.length === 2))])]
    const isUsualWord = new Set(this.ordinaryPairs)
    const frequent = readIcuFrequentWords()
    this.frequentPairs = frequent.filter((word) => word.length === 2 && isUsualWord.has(word))
    this.longWords = [...new Set([...[...frequent, ...more].filter((word) => word.length > 2), ...[...this.words].filter(([kind]) => /^(名|名高|动|副|形|连|时|职|外职|成语|景|外地|国|报)$/.test(kind)).flatMap(([, list]) => list.filter((word) => word.length === 3 || word.length === 4))])]
    const anyGiven = [...new Set(allPairs.map((pair) => pair[1] ?? ''))].filter((one) => one !== '' && !'的了是不在有我他这们你她它吗吧呢啊哦被把'.includes(one))
    this.names = new NameInventor(this.words, this.random, { single: facts.surnames, compound: facts.compoundSurnames }, { anyGiven, words: this.pairs, nameLike: this.surnamePairs })
    this.places = new PlaceInventor(this.words, this.random, facts.regions, { person: () => this.names.chinese(), transliterated: () => this.names.transliterated() })
  }

  /** The next sentence, of any kind. */
  next(): Marked {
    let draw = this.random.next() * shares.reduce((sum, [, share]) => sum + share, 0)
    for (const [section, share] of shares) if ((draw -= share) < 0) return this.ofSection(section)
    return this.ofSection('news')
  }

  /** The next sentence of one section. */
  ofSection(section: string): Marked {
    const sentence: Marked = { text: '', spans: [] }
    this.expand(this.random.pick(this.templates.get(section) ?? []), sentence, 0)
    sentence.text = this.roughened(sentence.text)
    return sentence
  }

  private expand(template: string, into: Marked, depth: number): void {
    for (const part of this.partsOf(template)) {
      if (typeof part !== 'string') this.expand(this.random.pick(part), into, depth)
      else if (part.startsWith('{')) this.fill(part.slice(1, -1), into, depth)
      else into.text += part
    }
  }

  private partsOf(template: string): readonly (string | readonly string[])[] {
    let parts = this.parts.get(template)
    if (parts === undefined) {
      parts = (template.match(/\{[^}]+\}|\[[^\]|]*\|[^\]]*\]|[^{[]+|\[/g) ?? []).map((part) => (part.startsWith('[') && part.includes('|') ? part.slice(1, -1).split('|') : part))
      this.parts.set(template, parts)
    }
    return parts
  }

  private fill(slot: string, into: Marked, depth: number): void {
    const tagged = this.tagged(slot)
    if (tagged !== null) {
      into.spans.push([into.text.length, into.text.length + tagged[0].length, tagged[1]])
      into.text += tagged[0]
      return
    }
    const templates = this.templates.get(slot)
    if (templates !== undefined) return depth < 4 ? this.expand(this.random.pick(templates), into, depth + 1) : undefined
    into.text += this.plain(slot)
  }

  private tagged(slot: string): [string, 1 | 2 | 3] | null {
    const { names, places, random } = this
    switch (slot) {
      case '人': return [random.chance(0.94) ? names.chinese() : names.anyone(), 1]
      case '谁': return [names.anyone(), 1]
      case '外': return [names.foreign(), 1]
      case '译全': return [`${random.pick(this.words.get('男洋') ?? [])}·${random.pick(this.words.get('洋') ?? [])}`, 1]
      case '日': return [names.japanese(), 1]
      case '韩': return [names.korean(), 1]
      case '少': return [names.minority(), 1]
      case '昵': return [names.nickname(), 1]
      case '名字': return [names.given(), 1]
      case '古': return [random.pick(this.words.get('古人') ?? []), 1]
      case '某': return [names.surname() + random.pick(['某', '某', '某', '某某', '某甲']), 1]
      case '小姓': return [random.pick(['小', '老', '小', '大', '阿']) + names.surname(), 1]
      case '姓': return [names.surname(), 1]
      case '洋机': return [random.pick([names.foreignLast(), random.pick(this.words.get('洋') ?? []), places.foreignPlace()]) + random.pick(['公司', '大学', '研究所', '基金会', '银行', '集团', '航空公司', '汽车公司', '学院', '俱乐部', '队', '通讯社', '法院', '医院', '出版社', '实验室', '博物馆', '电视台']), 3]
      case '址': return [places.address(), 2]
      case '机': return [places.organisation(), 3]
      case '司': return [places.company(), 3]
      case '校': return [places.school(), 3]
      default: return null
    }
  }

  private plain(slot: string): string {
    const { random, places } = this
    switch (slot) {
      case '地': return places.place()
      case '译地': return places.foreignPlace()
      case '景点': return places.sight()
      case '数': return this.numbers.number()
      case '月日': return this.numbers.day()
      case '派': return this.derived()
      case '量2': return random.pick(this.words.get('量') ?? [])
      case '字': return random.pick(['JL-Z900', 'A6', 'Pro', 'abc', 'iPhone6', 'Windows', 'B2B', 'vip', 'Q3', 'XH', 'GDP', 'WTO', 'CEO'])
      case '网名': return this.accountName()
      case '词': return this.anyWord()
      case '生': return this.unknownWord()
      case '物': return random.pick(this.words.get('名') ?? [])
      case '情': return random.pick('[泪] [哈哈] [偷笑] [心] [爱你] [抓狂] [鼓掌] [围观] [怒] [汗] [可爱] [思考] [话筒] [嘻嘻] [给力] [威武] [花心] [衰]'.split(' '))
      case '头': return random.pick(['【早报】', '【快讯】', '【转】', '【视频】', '【组图】'])
      case '们': return random.pick(['们', '', ''])
      case '码': return random.pick(['zRtYuP', 'aB3kLm', 'RyQw7H', 'zjXdOe', 'hbVg8s'])
      case '长词': return random.pick(this.longWords)
      case '词高': return random.pick(this.surnamePairs)
      default: {
        if (/^(名|动|形)$/.test(slot)) {
          if (random.chance(0.24)) return this.anyWord()
          if (random.chance(0.03)) return this.shortened()
        }
        const list = this.words.get(slot)
        if (list === undefined) throw new Error(`no class {${slot}}`)
        return random.pick(list)
      }
    }
  }

  /** A word of the dictionary: mostly a frequent one, now and then a rare one, one that begins as a name does, or one of three or four characters. */
  private anyWord(): string {
    const { random } = this
    const draw = random.next()
    if (draw < 0.36) return random.pick(this.frequentPairs)
    if (draw < 0.48) return random.pick(this.longWords)
    if (draw < 0.55) return this.derived()
    return random.pick(draw < 0.75 ? this.surnamePairs : this.pairs)
  }

  /** A derived word (志愿者, 老字号): a word of two characters and what often stands behind or before one, of which no dictionary has all. */
  private derived(): string {
    const { random } = this
    const word = random.pick(random.chance(0.35) ? this.surnamePairs : random.chance(0.7) ? this.frequentPairs : this.pairs)
    const draw = random.next()
    if (draw < 0.7) return word + random.pick(suffixes)
    if (draw < 0.9) return random.pick(prefixes) + word
    return word + random.pick(this.frequentPairs)
  }

  /** A shortened word (申奥, 沈大): the first characters of two or three words; unknown to the dictionary and yet no name. */
  private shortened(): string {
    const { random } = this
    const first = random.pick(random.chance(0.5) ? this.surnamePairs : this.pairs)[0] ?? ''
    return first + (random.pick(this.pairs)[0] ?? '') + (random.chance(0.25) ? (random.pick(this.pairs)[1] ?? '') : '')
  }

  /** A word that no dictionary has (网络新词): characters that do not belong together. */
  private unknownWord(): string {
    const { random } = this
    const any = (): string => random.pick(this.pairs)[random.chance(0.5) ? 0 : 1] ?? ''
    const draw = random.next()
    if (draw < 0.35) return any() + any()
    if (draw < 0.5) return any() + any() + any()
    if (draw < 0.65) return random.pick(this.pairs) + any()
    if (draw < 0.8) return any() + random.pick(this.pairs)
    if (draw < 0.9) { const one = any(); return one + one }
    return this.shortened()
  }

  /** 账号名: words, letters and digits; no name of a person. */
  private accountName(): string {
    const { random } = this
    const word = (): string => random.pick(random.chance(0.5) ? this.pairs : (this.words.get('名') ?? []))
    return random.pick([word() + word(), word() + random.pick(['的', '爱', '小', '大', '不', '爱吃', '在']) + word(), `${word()}${random.between(1, 2099)}`, `${word()}_${word()}`, `${word()}-${random.pick(['vip', 'Lily', 'Q', 'abc'])}`])
  }

  // Posts and notes often lack the full stop, or have it in ASCII.
  private roughened(text: string): string {
    if (this.random.chance(0.1)) return text.replace(/[。.]$/, '')
    return this.random.chance(0.06) ? text.replaceAll('，', ',').replaceAll('：', ':') : text
  }
}

function pairsIn(word: string): string[] {
  const pairs = []
  for (let at = 0; at + 2 <= word.length; at++) pairs.push(word.slice(at, at + 2))
  return pairs
}
