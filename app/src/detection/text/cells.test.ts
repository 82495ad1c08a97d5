// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { knownFacts } from '../../../../tools/text/known-facts.ts'
import { SentenceWriter } from '../../../../tools/text/write-sentences.ts'
import { inspectText, inspectValue } from '../index.ts'

const holdsAddress = (text: string): boolean => inspectText(text).some((span) => span[2] === 'address')

describe('name cells', () => {
  it('take Chinese, traditional, minority, pinyin and western names', () => {
    for (const name of ['张伟', '欧阳修远', '王芳', '陳冠宇', '买买提·吐尔逊', '阿不都热合曼', '迪丽热巴', '扎西顿珠', 'Zhang Wei', 'WANG XIAOMING', 'LI/NA', 'John Smith', 'Müller, Hans']) expect(inspectValue('person-name', name).valid, name).toBe(true)
  })

  it('refuse words, goods and places', () => {
    for (const word of ['满意', '黄金', '上海', '南京东路', 'Power Cable', 'New York', '订单', '发货']) expect(inspectValue('person-name', word).valid, word).toBe(false)
  })
})

describe('whole-cell addresses', () => {
  it('are taken whole, partial, abbreviated, without numbers and in English order', () => {
    const addresses = ['北京市海淀区中关村大街27号', '湖北武汉洪山区珞喻路1037号', '朝阳区建国路93号万达广场8号楼1202', '文三路138号东方通信大厦', '幸福小区3栋2单元501', '万科城市花园15-2-301', '清华园1号', '机床厂宿舍15栋', '山东临沂兰陵县向城镇', '解放西路与人民路交叉口', '四川省成都市武侯区人民南路', 'Room 302, Building 1, No. 88 Keyuan Road, Pudong New Area, Shanghai', '221B Baker Street, London']
    for (const address of addresses) {
      expect(inspectValue('address', address).valid, address).toBe(true)
      expect(holdsAddress(address), address).toBe(true)
    }
  })

  it('are found in ninety-seven of a hundred invented ones, and in fewer than one of a hundred ordinary sentences', () => {
    const writer = new SentenceWriter(12, knownFacts)
    const addresses = Array.from({ length: 400 }, () => writer.places.address())
    expect(addresses.filter(holdsAddress).length).toBeGreaterThan(388)
    const sentences = Array.from({ length: 1_000 }, () => writer.next()).filter((one) => !one.spans.some((span) => span[2] === 2)).map((one) => one.text)
    expect(sentences.filter(holdsAddress).length).toBeLessThan(sentences.length / 100)
    expect(sentences.filter((text) => inspectValue('address', text).valid).length).toBeLessThan(sentences.length / 100)
  })

  it('are not what sentences about places say', () => {
    for (const text of ['小区停水了', '社区志愿者上门服务', '镇静剂过敏', '城市里的生活节奏快', '快递到了小区门口', '武汉三镇灯火通明', '2号楼电梯坏了']) expect(holdsAddress(text), text).toBe(false)
  })
})
