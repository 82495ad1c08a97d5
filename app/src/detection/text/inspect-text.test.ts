// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cells, heldOut, measure } from '../../../../tools/text/measure.ts'
import { inspectText } from '../index.ts'
import { decodeModel, Tagger } from './index.ts'

const found = (text: string): string[] => inspectText(text).map(([start, end, type]) => `${type} ${text.slice(start, end)}`)
const names = (text: string): (readonly [number, number])[] => inspectText(text).flatMap(([start, end, type]) => (type === 'person-name' ? [[start, end] as const] : []))

describe('names in free text', () => {
  it('finds names in sentences that the model has not learned from, at least as well as was promised', () => {
    const news = measure([...heldOut('news'), ...heldOut('news-2')], names)
    const cvs = measure([...heldOut('cv'), ...heldOut('cv-2')], names)
    expect(news.f1).toBeGreaterThan(0.75)
    expect(news.overlapRecall).toBeGreaterThan(0.88)
    expect(cvs.f1).toBeGreaterThan(0.8)
  })

  it('finds Chinese, transliterated, minority and Japanese names and leaves titles out', () => {
    expect(found('应邀来访的爱沙尼亚总统图诺·凯尔今天会见了外交部长覃正浦。').filter((one) => one.startsWith('person'))).toEqual(['person-name 图诺·凯尔', 'person-name 覃正浦'])
    expect(found('牧民买买提江·吐尔逊说，今年收成很好。')).toEqual(['person-name 买买提江·吐尔逊'])
    expect(found('客户王女士来电反映水龙头漏水')).toEqual(['person-name 王'])
  })

  it('finds names in Latin letters beside a title, with a known given name, or in pinyin', () => {
    expect(found('Zhang Wei先生，美国国籍')).toEqual(['person-name Zhang Wei'])
    expect(found('contact John Smith for the Power Cable of New York')).toEqual(['person-name John Smith'])
  })

  it('finds nothing in ordinary sentences that begin with surnames', () => {
    for (const text of ['石油价格大幅上涨', '高度重视安全生产工作', '马上就要过年了', '温度太高，注意防暑', '方便群众就是方便自己', '周末送货', '黄金周期间游客很多']) expect(found(text)).toEqual([])
  })

  it('takes an account for a name only where a part of it is a full name', () => {
    expect(found('转发@精彩电影：好看 //@美食达人小厨房:想吃')).toEqual([])
    expect(found('谢谢@危国栋-律师 的解答')).toEqual(['person-name 危国栋'])
    expect(found('写信给 zhang@example.com').filter((one) => one.startsWith('person'))).toEqual([])
  })

  it('marks what a name repeats in the same text', () => {
    const text = '记者采访了厂长危国栋。谈起往事，危国栋感慨万千。'
    expect(found(text).filter((one) => one.endsWith('危国栋'))).toHaveLength(2)
  })

  it('marks the given name alone and the surname before a title of a full name in the same text', () => {
    expect(found('校长危国栋家住乡下。学生们都喜欢危校长，老人至今叫他国栋。村里人都记得国栋的故事。').filter((one) => /危$|name 国栋/.test(one))).toEqual(['person-name 危', 'person-name 国栋', 'person-name 国栋'])
  })

  it('finds the reporters of datelines and bylines, and takes the dateline for no address', () => {
    for (const text of ['新华社北京１月３日电（记者危国栋、段永清）今天下午，会议在京举行。', '本报济南1月5日讯 记者危国栋、通讯员段永清报道：今天下午，会议举行。', '据新华社北京３月２１日电 记者危国栋、段永清报道：春耕全面展开。']) {
      expect(found(text).filter((one) => /person|address/.test(one)), text).toEqual(['person-name 危国栋', 'person-name 段永清'])
    }
  })

  it('takes no sign, number or function word for a name, however wide it is written', () => {
    for (const text of ['气温为３·５摄氏度至９·８摄氏度，风力３－４级。', '增长１２．６％，达到二○○○亿元，其中出口四百万余吨。', '票数比为３∶１，从此以后，任何人都可以当选。', '马克思主义中国化的最新成果']) expect(found(text).filter((one) => one.startsWith('person')), text).toEqual([])
  })

  it('takes few words of sentences that name nobody for names', () => {
    const texts = heldOut('nobody').map(({ text }) => text)
    const taken = texts.reduce((sum, text) => sum + names(text).length, 0)
    expect(taken / texts.join('').length).toBeLessThan(4 / 1000)
  })

  it('gives places in UTF-16 units, in order and without overlap, whatever stands before', () => {
    const text = '😀😀联系人：危国栋，电话13800138001，住上海市黄浦区南京东路100号'
    const spans = inspectText(text)
    expect(spans.map(([start, end]) => text.slice(start, end))).toEqual(['危国栋', '13800138001', '上海市黄浦区南京东路100号'])
    for (let at = 1; at < spans.length; at++) expect(spans[at]?.[0]).toBeGreaterThanOrEqual(spans[at - 1]?.[1] ?? 0)
  })
})

describe('addresses in free text', () => {
  it('finds whole, partial and English ones', () => {
    expect(found('请送到浙江省杭州市西湖区文三路478号华星时代广场A座12楼')).toEqual(['address 浙江省杭州市西湖区文三路478号华星时代广场A座12楼'])
    expect(found('机床厂宿舍15栋')).toEqual(['address 机床厂宿舍15栋'])
    expect(found('ship to 350 Fifth Avenue, New York, NY 10118')).toEqual(['address 350 Fifth Avenue, New York, NY 10118'])
  })
})

describe('whole cells', () => {
  it('holds an address in ninety-eight of a hundred that people wrote, and in at most one of a hundred sentences without one', () => {
    const holdsAddress = (text: string): boolean => inspectText(text).some((span) => span[2] === 'address')
    const whole = [...cells('addresses'), ...cells('addresses-2')]
    expect(whole.filter(holdsAddress).length).toBeGreaterThanOrEqual(whole.length * 0.98)
    const nobody = heldOut('nobody')
    expect(nobody.filter(({ text }) => holdsAddress(text)).length).toBeLessThanOrEqual(nobody.length / 100)
  })

  it('are addresses from end to end where only a part has the form of one, unless a name stands there', () => {
    expect(found('市南区东海西路37号金都花园A座')).toEqual(['address 市南区东海西路37号金都花园A座'])
    expect(found('危国栋 市南区东海西路37号').filter((one) => /person|address/.test(one))).toEqual(['person-name 危国栋', 'address 市南区东海西路37号'])
  })
})

describe('the built-in model', () => {
  const file = new URL('./model.bin', import.meta.url)

  it('is at most 4 MB', () => {
    expect(statSync(file).size).toBeLessThanOrEqual(4 << 20)
  })

  it('is refused when a part of it is missing', () => {
    const bytes = readFileSync(file)
    expect(() => decodeModel(bytes.subarray(1))).toThrow('damaged')
    expect(() => decodeModel(Buffer.concat([Buffer.from('x'), bytes.subarray(1)]))).toThrow('damaged')
  })

  it('finds the same in one long text as in its sentences', () => {
    const tagger = new Tagger(decodeModel(readFileSync(file)))
    const count = (text: string): number => {
      let sum = 0
      tagger.tag(text, () => sum++)
      return sum
    }
    const sentences = heldOut('news').map(({ text }) => text)
    const apart = sentences.reduce((sum, text) => sum + count(`${text}\n`), 0)
    expect(Math.abs(count(sentences.map((text) => `${text}\n`).join('')) - apart)).toBeLessThan(apart * 0.1)
  })
})
