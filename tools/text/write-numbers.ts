// SPDX-License-Identifier: Apache-2.0
import type { Choices } from './random.ts'

const digits = [...'零一二三四五六七八九']

/** Writes numbers and days as newspapers, forms and posts do. */
export class NumberWriter {
  private readonly random: Choices

  constructor(random: Choices) {
    this.random = random
  }

  /** A number: of digits, of characters, a share, a span, about so many. */
  number(): string {
    const { random } = this
    const draw = random.next()
    if (draw < 0.2) return String(random.between(1, 99))
    if (draw < 0.34) return String(random.between(1950, 2025))
    if (draw < 0.46) return `${random.between(1, 999)}${random.pick(['.', '.', '．', '·'])}${random.between(1, 99)}`
    if (draw < 0.53) return String(random.between(100, 99999999))
    if (draw < 0.6) return random.pick(['一', '二', '三', '几', '十几', '数十', '上百', '近千', '两', '五十多', '好几', '上万', '几千', '数百', '成百上千', '一九九八', '2', '3', '10', '100'])
    if (draw < 0.8) return this.about(this.inWords(random.between(1, random.pick([10, 30, 100, 1_000, 10_000, 99_999]))))
    if (draw < 0.86) return this.about(`${random.between(1, 9999)}`)
    if (draw < 0.9) return `百分之${this.inWords(random.between(1, 100))}${random.chance(0.3) ? `点${random.pick(digits)}` : ''}`
    if (draw < 0.92) return `${random.pick([...'三四五六八十'])}分之${random.pick([...'一二三四'])}`
    if (draw < 0.95) return `${random.between(1, 99)}${random.pick(['—', '－', '至', '到', '∶', '／', '～'])}${random.between(1, 99)}`
    if (draw < 0.97) return random.pick(['两三', '三四', '四五', '五六', '七八', '八九', '三五', '七八十', '两三百', '四五千', '五六万'])
    return Array.from({ length: 4 }, () => random.pick([...'一二三七八九○〇零'])).join('')
  }

  /** A day: 3月5日, 元月10日至12日, 三月中旬. */
  day(): string {
    const { random } = this
    const draw = random.next()
    if (draw < 0.6) return `${random.between(1, 12)}月${random.between(1, 31)}日`
    if (draw < 0.7) return `${random.between(1, 12)}月${random.between(1, 15)}日${random.pick(['至', '到', '—', '、'])}${random.between(16, 31)}日`
    if (draw < 0.8) return `${random.between(1, 31)}日`
    if (draw < 0.95) return `${this.inWords(random.between(1, 12))}月${this.inWords(random.between(1, 31))}日`
    return `${random.pick(['元', '正', '腊', '一', '三', '六', '十一'])}月${random.pick(['上旬', '中旬', '下旬', '初', '底', '初三', '十五'])}`
  }

  private about(number: string): string {
    const { random } = this
    const before = random.chance(0.2) ? random.pick(['近', '约', '逾', '达', '超过', '不足', '第', '共', '上']) : ''
    return before + number + (random.chance(0.4) ? random.pick(['多', '余', '万', '万多', '万余', '亿', '亿多', '千', '百余', '来', '几', '万零五百']) : '')
  }

  /** Below 100,000 in characters: 一万二千三百零五. */
  private inWords(value: number): string {
    if (value < 10) return digits[value] ?? ''
    let words = ''
    let gap = false
    for (const [unit, name] of [[10_000, '万'], [1_000, '千'], [100, '百'], [10, '十'], [1, '']] as const) {
      const digit = Math.floor(value / unit) % 10
      if (digit === 0) gap = words !== ''
      else {
        words += (gap ? '零' : '') + (digits[digit] ?? '') + name
        gap = false
      }
    }
    return words.replace(/^一十/, '十')
  }
}
