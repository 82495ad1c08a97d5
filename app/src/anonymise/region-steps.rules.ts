// SPDX-License-Identifier: Apache-2.0
import { cityNames, leadingRegion, provinceNames } from '../detection/index.ts'

const endings = /(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$/
const fullNameByShort = new Map([...cityNames, ...provinceNames].filter((name) => endings.test(name)).map((name) => [name.replace(endings, ''), name]))
const municipalities: ReadonlySet<string> = new Set(['北京市', '上海市', '天津市', '重庆市'])

/** 省市区. What an address or a chain of region names becomes step by step: down to its district, its city, its province. Empty where it begins with no province or city that we know. */
export function regionSteps(text: string): string[] {
  const chain: string[] = []
  let rest = text.replace(/^(?:中华人民共和国|中国)/, '')
  while (chain.length < 3) {
    rest = rest.replace(/^[\s/,，、>·-]+/, '')
    const written = rest.slice(0, leadingRegion(rest))
    if (written === '') break
    rest = rest.slice(written.length)
    const name = fullNameByShort.get(written) ?? written
    // 北京市北京市朝阳区 and 北京市市辖区朝阳区 say nothing more with the second name.
    if (written === '市辖区' || name === chain.at(-1)) continue
    if (!continues(chain, name, written)) break
    chain.push(name)
  }
  return chain.map((_, at) => chain.slice(0, at + 1).join('')).toReversed()
}

/** Whether a name goes on with a chain: a province or city first, a city below a province, then a district or county. A road called after a city (上海市黄浦区南京东路) does not. */
function continues(chain: readonly string[], name: string, written: string): boolean {
  const above = chain.at(-1)
  if (above === undefined) return provinceNames.has(name) || cityNames.has(name)
  if (provinceNames.has(above) && !municipalities.has(above) && cityNames.has(name)) return true
  return /(?:区|县|旗|市|自治州|盟)$/.test(written)
}
