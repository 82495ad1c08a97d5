// SPDX-License-Identifier: Apache-2.0
import type { Words } from './invent-names.ts'
import type { Choices } from './random.ts'

/** Names of regions, as the detection room knows them. */
export interface Regions {
  provinces: readonly string[]
  cities: readonly string[]
  counties: readonly string[]
}

const latin = 'ABCDEFGH'

/** Invents addresses, companies, schools and institutions. */
export class PlaceInventor {
  private readonly words: Words
  private readonly random: Choices
  private readonly regions: Regions
  private readonly person: () => string
  private readonly transliterated: () => string

  constructor(words: Words, random: Choices, regions: Regions, inventors: { person: () => string; transliterated: () => string }) {
    this.words = words
    this.random = random
    this.regions = regions
    this.person = inventors.person
    this.transliterated = inventors.transliterated
  }

  private from(kind: string): string {
    return this.random.pick(this.words.get(kind) ?? [])
  }

  private maybe(share: number, part: () => string): string {
    return this.random.chance(share) ? part() : ''
  }

  /** A region's name without or with its ending. */
  region(): string {
    const { random, regions } = this
    const draw = random.next()
    if (draw < 0.3) return random.pick(regions.provinces)
    if (draw < 0.62) return random.pick(regions.cities)
    if (draw < 0.72) return random.pick(regions.counties)
    if (draw < 0.8) return random.pick(regions.counties).replace(/(?<=..)[市县区]$/, '')
    return random.pick(regions.provinces) + random.pick(regions.counties)
  }

  /** A place of any kind. */
  place(): string {
    const draw = this.random.next()
    if (draw < 0.45) return this.region()
    if (draw < 0.65) return this.from('国内地')
    if (draw < 0.8) return this.from('外地')
    if (draw < 0.92) return this.from('国')
    return this.village()
  }

  /** A transliterated place: a known one, or syllables, now and then with what kind of place it is. */
  foreignPlace(): string {
    const { random } = this
    if (random.chance(0.3)) return this.from('外地')
    return this.transliterated() + this.maybe(0.65, () => random.pick(['州', '市', '省', '岛', '港', '河', '山', '湾', '城', '地区', '半岛', '海峡', '群岛', '机场', '大街', '广场']))
  }

  /** A sight, a hall or a part of a town. */
  sight(): string {
    const { random } = this
    const words = this.words.get(random.chance(0.5) ? '商号' : '名') ?? []
    return this.maybe(0.3, () => random.pick(this.regions.cities)) + random.pick(words) + random.pick(['阁', '楼', '厅', '宫', '寺', '庙', '塔', '亭', '桥', '湖', '山', '岭', '峰', '谷', '河', '江', '溪', '泉', '洞', '岛', '湾', '滩', '公园', '广场', '大桥', '大厦', '水库', '机场', '火车站', '体育馆', '体育场', '大剧院', '礼堂', '展览馆', '纪念馆', '故居', '陵园', '古镇', '老街', '遗址', '风景区', '自然保护区', '开发区', '油田', '煤矿', '高速公路', '铁路', '三镇', '两岸', '流域', '盆地', '古城', '胡同'])
  }

  private village(): string {
    const { random } = this
    const body = random.chance(0.4) ? `${random.pick([...'张王李刘陈杨黄赵周吴徐孙马朱胡郭何高林罗'])}${random.pick(['家', '', '各', '家'])}` : random.pick(this.words.get('商号') ?? []) 
    return body + random.pick(['村', '庄', '屯', '沟', '湾', '镇', '乡', '桥', '店', '集', '寨', '堡', '铺', '坪', '营', '坝'])
  }

  private road(): string {
    const { random } = this
    if (random.chance(0.6)) return this.from('路')
    return random.pick(this.words.get(random.chance(0.5) ? '商号' : '名') ?? []) + random.pick(['路', '街', '大道', '巷', '弄', '胡同', '大街', '东路', '西路', '南路', '北路', '中路', '一路', '二街', '里'])
  }

  private number(): string {
    const { random } = this
    const n = (to: number): string => String(random.between(1, to))
    const draw = random.next()
    if (draw < 0.3) return `${n(999)}号`
    if (draw < 0.4) return `${n(999)}号院${n(30)}号楼${n(6)}单元${n(3000)}${random.pick(['室', '', '号'])}`
    if (draw < 0.55) return `${n(999)}号${n(40)}${random.pick(['栋', '幢', '号楼', '座', '楼'])}${n(3000)}${random.pick(['室', '', '房'])}`
    if (draw < 0.65) return `${n(99)}弄${n(99)}号${n(3000)}室`
    if (draw < 0.75) return `${n(99)}-${n(9)}-${n(3000)}`
    if (draw < 0.85) return `${n(40)}${random.pick(['栋', '幢', '号楼'])}${n(6)}单元${n(3000)}${random.pick(['室', '', '号'])}`
    if (draw < 0.92) return `${random.pick([...latin])}座${n(33)}层${n(3000)}${random.pick(['室', ''])}`
    return `${random.pick(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十二'])}${random.pick(['号楼', '栋', '单元', '组', '队'])}${this.maybe(0.5, () => `${n(99)}号`)}`
  }

  /** 地址, whole or partial. */
  address(): string {
    const { random, regions } = this
    const head = this.maybe(0.45, () => random.pick(regions.provinces)) + this.maybe(0.65, () => random.pick(regions.cities)) + this.maybe(0.7, () => random.pick(regions.counties))
    const draw = random.next()
    if (draw < 0.15) return `${head}${this.village()}${this.village()}${this.maybe(0.5, () => `${random.pick(['一', '二', '三', '四', '五'])}组`)}${this.maybe(0.7, () => `${random.between(1, 200)}号`)}`
    if (draw < 0.3) return `${head}${this.maybe(0.5, () => `${this.from('商号')}街道`)}${this.from('楼盘')}${this.maybe(0.3, () => random.pick(['一期', '二期', 'A区', '北区', '东区']))}${this.number()}`
    const estate = this.maybe(0.4, () => this.from('楼盘'))
    return `${head}${this.maybe(0.15, () => `${this.from('商号')}街道`)}${this.road()}${this.number()}${estate === '' ? '' : estate + this.maybe(0.8, () => this.number())}`
  }

  company(): string {
    const { random } = this
    const body = this.from('商号') + this.maybe(0.2, () => this.from('商号'))
    if (random.chance(0.12)) return `${this.maybe(0.6, () => random.pick(this.regions.cities))}${this.maybe(0.5, () => random.pick(this.regions.counties))}${this.person()}${random.pick(['商店', '经营部', '百货店', '五金店', '餐饮店', '个体诊所', '工作室', '服装店'])}`
    const region = this.maybe(0.7, () => (random.chance(0.3) ? random.pick(this.regions.provinces) : random.pick(this.regions.cities)))
    if (random.chance(0.15)) return `${body}(${random.pick(['中国', '上海', '北京', '深圳', '集团'])})${this.from('行')}${this.from('机尾')}`
    return `${region}${body}${this.maybe(0.9, () => this.from('行'))}${this.from('机尾')}`
  }

  school(): string {
    return this.random.chance(0.35) ? this.from('机') : `${this.random.chance(0.6) ? this.random.pick(this.regions.cities) : this.random.pick(this.regions.provinces)}${this.from('校')}`
  }

  /** An institution, a company or an office. */
  organisation(): string {
    const { random } = this
    const draw = random.next()
    if (draw < 0.55) return this.from('机')
    if (draw < 0.7) return this.company()
    if (draw < 0.8) return this.school()
    return `${this.region()}${random.pick(['市委', '市政府', '省委', '省政府', '县委', '县政府', '公安局', '人民法院', '检察院', '工商局', '税务局', '教育局', '卫生局', '财政局', '人民医院', '中医院', '第一医院', '博物馆', '图书馆', '电视台', '日报社', '派出所', '居委会', '出版社', '足球队', '女排', '篮协', '体校', '乐团', '歌舞团', '京剧院', '铁路局', '海关', '支行', '分行', '党委', '妇联', '总工会', '商会', '研究所', '设计院'])}`
  }
}
