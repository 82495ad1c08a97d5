// SPDX-License-Identifier: Apache-2.0
import type { Choices } from './random.ts'

/** Words by class. */
export type Words = ReadonlyMap<string, readonly string[]>

// Surnames by the share of people who bear them, the first in five steps (公安部 2020 报告: 王 and 李 each about 7 %).
const frequent: readonly (readonly [number, string])[] = [
  [26, '王李张刘陈'], [22, '杨黄赵吴周徐孙马朱胡郭何高林罗'], [20, '郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈'],
  [18, '姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝'],
]

/** Puts transliterations together as known ones are: each syllable follows one that it follows in a known word. */
class SyllableChain {
  private readonly followers = new Map<string, string[]>()
  private readonly random: Choices

  constructor(known: readonly string[], syllables: ReadonlySet<string>, random: Choices) {
    this.random = random
    for (const word of known) {
      if (word.length < 2 || ![...word].every((one) => syllables.has(one))) continue
      for (let at = 0; at <= word.length; at++) {
        const before = word[at - 1] ?? ''
        this.followers.set(before, [...(this.followers.get(before) ?? []), word[at] ?? ''])
      }
    }
  }

  /** A word of two to seven syllables. */
  word(): string {
    for (;;) {
      let word = ''
      for (let last = ''; word.length <= 7; ) {
        last = this.random.pick(this.followers.get(last) ?? [''])
        if (last === '') break
        word += last
      }
      if (word.length >= 2 && word.length <= 7) return word
    }
  }
}

/** Invents names of persons out of the pieces of words-names.txt. */
export class NameInventor {
  private readonly words: Words
  private readonly random: Choices
  private readonly rare: readonly string[]
  private readonly compound: readonly string[]
  private readonly anyGiven: readonly string[]
  private readonly syllables: SyllableChain
  private readonly ordinary: { words: readonly string[]; nameLike: readonly string[] }

  constructor(words: Words, random: Choices, surnames: { single: ReadonlySet<string>; compound: ReadonlySet<string> }, given: { anyGiven: readonly string[]; words: readonly string[]; nameLike: readonly string[] }) {
    this.words = words
    this.random = random
    this.rare = [...surnames.single]
    this.compound = [...surnames.compound]
    this.anyGiven = given.anyGiven
    this.ordinary = given
    this.syllables = new SyllableChain(['洋', '男洋', '女洋', '外地', '国'].flatMap((kind) => words.get(kind) ?? []), new Set(words.get('译字')), random)
  }

  private from(kind: string): string {
    return this.random.pick(this.words.get(kind) ?? [])
  }

  surname(): string {
    const draw = this.random.next() * 100
    let sum = 0
    for (const [share, list] of frequent) if (draw < (sum += share)) return this.random.pick([...list])
    return draw < 97 ? this.random.pick(this.rare) : this.random.pick(this.compound)
  }

  /** 姓名: a surname and one or two characters; now and then a word (高兴, 建国), a doubled character, or any character. */
  chinese(): string {
    const { random } = this
    const surname = this.surname()
    const draw = random.next()
    const tail = random.chance(0.55) ? '男尾' : '女尾'
    if (draw < 0.21) return surname + (random.chance(0.16) ? random.pick(this.anyGiven) : this.from(random.chance(0.25) ? '名首' : tail))
    if (draw < 0.28) return surname + this.from('词名')
    if (draw < 0.295) return surname + random.pick(this.ordinary.words)
    if (draw < 0.31) return random.pick(this.ordinary.nameLike)
    if (draw < 0.34) { const one = this.from('女尾'); return surname + one + one }
    if (draw < 0.47) return surname + (random.chance(0.5) ? random.pick(this.anyGiven) + this.from(tail) : this.from('名首') + random.pick(this.anyGiven))
    if (draw < 0.5) return surname + random.pick(this.anyGiven) + random.pick(this.anyGiven)
    if (draw < 0.6) return surname + this.from(tail) + this.from(tail)
    if (draw < 0.605) return surname + this.surname() + this.from('女尾') + this.from('女尾')
    return surname + this.from('名首') + this.from(tail)
  }

  /** A transliterated family name. */
  foreignLast(): string {
    const { random } = this
    if (random.chance(0.5)) return this.from('洋')
    return this.transliterated()
  }

  /** A transliterated word that nobody may have heard: as the known ones are put together, or any syllables. */
  transliterated(): string {
    const { random } = this
    if (random.chance(0.6)) return this.syllables.word()
    let name = ''
    for (let left = random.pick([2, 3, 3, 3, 4, 4, 4, 5, 5, 6]); left > 0; left--) name += this.from('译字')
    return name
  }

  /** A transliterated name: a known one, or syllables. */
  foreign(): string {
    const { random } = this
    const last = (): string => this.foreignLast()
    const draw = random.next()
    if (draw < 0.55) return last()
    const first = random.chance(0.7) ? this.from(random.chance(0.7) ? '男洋' : '女洋') : last()
    if (draw < 0.6) return `${random.pick(['J', 'A', 'M', 'D', 'R', 'W', 'C'])}·${last()}`
    if (draw < 0.66) return first
    if (draw < 0.72) return `${first}·${random.chance(0.5) ? this.from('男洋') : last()}·${last()}`
    if (draw < 0.75) return `${first}·${random.pick(['冯·', '德·', '范·', '本·'])}${last()}`
    return `${first}${random.chance(0.95) ? '·' : random.pick(['', '•', '.', '．'])}${last()}`
  }

  japanese(): string {
    return this.from('日姓') + (this.random.chance(0.88) ? this.from('日名') : '')
  }

  korean(): string {
    return this.from('韩姓') + this.from('韩字') + (this.random.chance(0.92) ? this.from('韩字') : '')
  }

  minority(): string {
    const { random } = this
    const parts = [this.from('少名')]
    while (parts.length < 3 && random.chance(0.55)) parts.push(this.from('少名'))
    return parts.join(random.chance(0.6) ? '·' : '')
  }

  /** A given name alone (建国, 秀英), as stories and letters call people. */
  given(): string {
    const { random } = this
    const draw = random.next()
    if (draw < 0.3) return this.from('词名')
    const tail = random.chance(0.5) ? '男尾' : '女尾'
    return (random.chance(0.85) ? this.from('名首') : random.pick(this.anyGiven)) + this.from(tail)
  }

  nickname(): string {
    const { random } = this
    const draw = random.next()
    if (draw < 0.4) return this.from('昵')
    if (draw < 0.52) return this.given()
    if (draw < 0.7) return random.pick(['小', '老', '阿', '大']) + (random.chance(0.6) ? this.surname() : this.from('女尾'))
    if (draw < 0.85) { const one = this.from(random.chance(0.6) ? '女尾' : '男尾'); return one + one }
    return this.from(random.chance(0.5) ? '女尾' : '男尾') + random.pick(['哥', '姐', '子', '儿', '妹', '爷', '总'])
  }

  /** A person of any kind, as often as newspapers name them. */
  anyone(): string {
    const draw = this.random.next()
    if (draw < 0.55) return this.chinese()
    if (draw < 0.75) return this.foreign()
    if (draw < 0.8) return this.japanese()
    if (draw < 0.84) return this.korean()
    if (draw < 0.88) return this.minority()
    if (draw < 0.93) return this.from('古人')
    return this.nickname()
  }
}
