// SPDX-License-Identifier: Apache-2.0
import type { Day } from '../kit/time.ts'
import { addDays, dayOf, daysBetween } from '../kit/time.ts'
import { seededRandom, type SeededRandom } from './seeded-random.ts'

/** An invented customer; the ID number passes its checksum but its county code was never assigned, so it belongs to nobody. */
export interface InventedPerson {
  number: number
  name: string
  gender: '男' | '女'
  birthDate: Day
  residentId: string
  mobile: string
  email: string
  region: string
  address: string
  branch: Branch
}

/** Branches of the demo company; 苏州门店 stays with the transferor. */
export const branches = ['浦东门店', '徐汇门店', '杭州门店', '苏州门店'] as const
/** A branch of the demo company. */
export type Branch = (typeof branches)[number]

const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文']
const compoundSurnames = ['欧阳', '上官', '司马', '诸葛', '东方', '慕容', '令狐', '皇甫']
const givenCharacters = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文斌婷雪梅琳晨宇欣怡佳俊峰浩然子轩梓涵雨桐思远嘉慧晓东志鹏海波春红少卿若溪亦凡景行知行念慈青云望舒砚秋']
const minorityNames = ['阿依古丽·买买提', '迪丽娜尔·艾山', '扎西·多吉', '巴特尔·苏和', '古丽米娜·阿布都']
const rareNames = ['王䶮', '李㛃', '张𠮷', '陈堃', '刘喆']
const places: readonly { region: string; county: string; roads: readonly string[] }[] = [
  { region: '上海市浦东新区', county: '310199', roads: ['张杨路', '东方路', '浦建路', '锦绣路', '成山路'] },
  { region: '上海市徐汇区', county: '310199', roads: ['漕溪北路', '天钥桥路', '龙华西路', '宛平南路'] },
  { region: '浙江省杭州市西湖区', county: '330199', roads: ['文三路', '古墩路', '天目山路', '保俶北路'] },
  { region: '江苏省苏州市姑苏区', county: '320599', roads: ['人民路', '干将西路', '桐泾北路', '东大街'] },
]
const mailHosts = ['example.com', 'example.net', 'example.org']
const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** So many invented customers from a seed: adults, about 2 % under 14 and 2 % under 18. */
export function inventPeople(seed: string, count: number, today: Day): InventedPerson[] {
  const random = seededRandom(`${seed}/people`)
  const people = Array.from({ length: count }, (_, number) => inventPerson(random, number, today))
  return people.map((person, index) => {
    const parent = people[index - 1]
    return person.number % 50 === 49 && parent !== undefined ? shareHousehold(person, parent) : person
  })
}

/** Two people of one household who gave the shop the same telephone: a trap for anybody who merges persons by mobile alone. */
function shareHousehold(person: InventedPerson, parent: InventedPerson): InventedPerson {
  return { ...person, mobile: parent.mobile, region: parent.region, address: parent.address, branch: parent.branch }
}

/** Whether an invented customer is under fourteen on this day (nobody is invented within a year of that birthday). */
export function isChild(person: InventedPerson, on: Day): boolean {
  return daysBetween(person.birthDate, on) < 14 * 365.25
}

/** The check digit of an 18-digit resident ID (GB 11643-1999, MOD 11-2). */
export function residentIdCheckDigit(first17: string): string {
  const sum = idWeights.reduce((total, weight, index) => total + weight * Number(first17[index]), 0)
  return '10X98765432'.charAt(sum % 11)
}

/** One invented customer with this number, drawn from a stream. */
export function inventPerson(random: SeededRandom, number: number, today: Day): InventedPerson {
  const gender = random.chance(0.5) ? '男' : '女'
  const birthDate = inventBirthDate(random, today)
  const place = random.pick(places)
  const branch = place.region.includes('苏州') ? '苏州门店' : place.region.includes('杭州') ? '杭州门店' : place.region.includes('徐汇') ? '徐汇门店' : '浦东门店'
  const sequence = String(random.below(500) * 2 + (gender === '男' ? 1 : 0)).padStart(3, '0')
  const first17 = `${place.county}${birthDate.replaceAll('-', '')}${sequence}`
  return {
    number,
    name: inventName(random),
    gender,
    birthDate,
    residentId: first17 + residentIdCheckDigit(first17),
    // Exchange blocks 0000–0009 of two segments: well-formed, not sold to subscribers.
    mobile: `${random.pick(['199', '198'])}000${String(number % 100_000).padStart(5, '0')}`,
    email: `kehu${number}@${random.pick(mailHosts)}`,
    region: place.region,
    address: `${place.region}${random.pick(place.roads)}${random.below(900) + 1}号${random.below(30) + 1}幢${random.below(28) + 1}0${random.below(4) + 1}室`,
    branch,
  }
}

function inventBirthDate(random: SeededRandom, today: Day): Day {
  const draw = random.next()
  const years = draw < 0.02 ? 5 + random.below(8) : draw < 0.04 ? 15 + random.below(2) : 19 + random.below(60)
  return addDays(dayOf(`${Number(today.slice(0, 4)) - years}-01-01`), -random.below(360))
}

function inventName(random: SeededRandom): string {
  if (random.chance(0.01)) return random.pick(minorityNames)
  if (random.chance(0.01)) return random.pick(rareNames)
  const surname = random.chance(0.03) ? random.pick(compoundSurnames) : random.pick(surnames)
  const given = random.chance(0.15) ? random.pick(givenCharacters) : random.pick(givenCharacters) + random.pick(givenCharacters)
  return surname + given
}
