// SPDX-License-Identifier: Apache-2.0
// Reads foreign places, countries, languages and currencies in Chinese off the locale data in Node (Unicode CLDR; Unicode licence v3, words-icu.LICENSE): words of the characters that transliterated names have, and no names.
// node tools/text/list-places.ts > tools/text/words-places.txt
const isWord = (text: string): boolean => /^[\u4e00-\u9fff]{2,8}$/.test(text)
const pairs = Array.from({ length: 26 * 26 }, (_, number) => String.fromCharCode(65 + Math.floor(number / 26), 65 + (number % 26)))

function named(type: Intl.DisplayNamesType, codes: readonly string[]): string[] {
  const names = new Intl.DisplayNames('zh', { type, fallback: 'none' })
  return [...new Set(codes.flatMap((code) => names.of(code) ?? []).filter(isWord))]
}

/** Towns that name time zones: 伊尔库茨克时间. */
function towns(): string[] {
  const names = Intl.supportedValuesOf('timeZone').flatMap((timeZone) => ['shortGeneric', 'longGeneric'].flatMap((timeZoneName) => new Intl.DateTimeFormat('zh', { timeZone, timeZoneName: timeZoneName === 'shortGeneric' ? 'shortGeneric' : 'longGeneric' }).formatToParts(0).filter((part) => part.type === 'timeZoneName').map((part) => part.value.replace(/(?:夏令|标准)?时间$/, ''))))
  return [...new Set(names.filter((name) => isWord(name) && !/[东西南北]部$|^(?:中国|协调世界|格林尼治)/.test(name)))]
}

const languageCodes = [...pairs, ...pairs.flatMap((pair) => Array.from({ length: 26 }, (_, number) => pair + String.fromCharCode(65 + number)))].map((code) => code.toLowerCase())
const lists: [string, string[]][] = [['外地', towns()], ['国', named('region', pairs)], ['外词', [...named('language', languageCodes), ...named('currency', Intl.supportedValuesOf('currency')).filter((name) => !/[年\d(（]/.test(name))]]]
process.stdout.write('# Made by list-places.ts from Unicode CLDR in Node (Unicode licence v3, words-icu.LICENSE).\n')
for (const [kind, list] of lists) process.stdout.write(`[${kind}]\n${list.join(' ')}\n`)
