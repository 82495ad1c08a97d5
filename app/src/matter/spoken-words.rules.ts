// SPDX-License-Identifier: Apache-2.0

/** 口令词. Six words that two people read to each other on the telephone to compare a party file: 66 bits of its digest (CONTRACTS §11). */
export function spokenWords(digest: Uint8Array, lang: 'zh' | 'en'): string[] {
  return indexes(digest).map((index) => wordOf(index, lang))
}

/** Whether the words that were heard, in Chinese or English, with any separators, are those of the digest. */
export function areWordsOf(digest: Uint8Array, heard: string): boolean {
  const zh = letters(heard)
  return zh === letters(spokenWords(digest, 'zh').join('')) || zh === letters(spokenWords(digest, 'en').join(''))
}

const wordCount = 6
const bitsPerWord = 11

function indexes(digest: Uint8Array): number[] {
  const bits = [...digest.subarray(0, 9)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from({ length: wordCount }, (_, at) => Number.parseInt(bits.slice(at * bitsPerWord, (at + 1) * bitsPerWord), 2))
}

/** 32 qualities × 64 things = 2,048 words, each said in one breath. */
function wordOf(index: number, lang: 'zh' | 'en'): string {
  const quality = qualities[lang][index >> 6] ?? ''
  const thing = things[lang][index & 63] ?? ''
  return lang === 'zh' ? `${quality}${thing}` : `${quality}-${thing}`
}

function letters(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[^\p{L}]/gu, '')
}

const qualities = {
  zh: [...'红黄蓝绿白黑紫金银铜铁木石纸布玉大小长短高矮老新冷热快慢甜酸圆方'],
  en: 'red yellow blue green white black purple gold silver copper iron wooden stone paper cloth jade big little long short tall low old new cold hot fast slow sweet sour round square'.split(' '),
} as const

const things = {
  zh: ('狮子 猴子 兔子 熊猫 骆驼 乌龟 蝴蝶 蜜蜂 鲤鱼 青蛙 公鸡 山羊 苹果 香蕉 葡萄 西瓜 樱桃 柠檬 核桃 花生 萝卜 土豆 辣椒 南瓜 面包 饺子 月饼 豆腐 茶壶 酒杯 筷子 雨伞 ' +
    '帽子 手套 眼镜 钥匙 锤子 剪刀 铅笔 毛笔 算盘 灯笼 风筝 气球 足球 吉他 钢琴 口琴 火车 轮船 飞机 马车 风车 水井 城墙 宝塔 拱桥 帐篷 月亮 彩虹 雪花 沙滩 瀑布 火山').split(' '),
  en: ('lion monkey rabbit panda camel turtle butterfly bee carp frog rooster goat apple banana grape melon cherry lemon walnut peanut radish potato pepper pumpkin bread dumpling mooncake tofu teapot cup chopstick umbrella ' +
    'hat glove glasses key hammer scissors pencil brush abacus lantern kite balloon football guitar piano harmonica train ship plane carriage windmill well wall pagoda bridge tent moon rainbow snowflake beach waterfall volcano').split(' '),
} as const
