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

  it('are found in ninety-eight of a hundred invented ones, and in fewer than one of a hundred ordinary sentences', () => {
    const writer = new SentenceWriter(12, knownFacts)
    const addresses = Array.from({ length: 400 }, () => writer.places.address())
    expect(addresses.filter(holdsAddress).length).toBeGreaterThanOrEqual(392)
    const sentences = Array.from({ length: 1_000 }, () => writer.next()).filter((one) => !one.spans.some((span) => span[2] === 2)).map((one) => one.text)
    expect(sentences.filter(holdsAddress).length).toBeLessThan(sentences.length / 100)
    expect(sentences.filter((text) => inspectValue('address', text).valid).length).toBeLessThan(sentences.length / 100)
  })

  it('are taken in short, rural, western forms that a column of values never rests on', () => {
    const addresses = ['3号楼2单元501', '12栋3单元602室', 'A座1203', '保利香槟国际2期5-2-1102', '纺织厂宿舍', '火车站广场东侧', '新华路中段', '云南省红河州元阳县新街镇土锅寨村', '呼伦贝尔市陈巴尔虎旗巴彦哈达苏木', '农一师阿拉尔市十二团三连', '九龙旺角弥敦道688号', '新北市板桥区文化路一段188巷3弄5号', 'Flat 12B, Tower 3, Festival City, Tai Wai, Shatin, N.T., Hong Kong', 'Via Roma 15, 00184 Roma', 'P.O. Box 1234, Springfield, IL 62701']
    for (const address of addresses) {
      expect(holdsAddress(address), address).toBe(true)
      expect(inspectValue('address', address).valid, address).toBe(true)
    }
    for (const text of ['I walked 5 miles down the street', '3号楼电梯坏了', '订单在A座', '巴西队3-2', '值班人员一组', '请到学校对面', '生产一线二组']) expect(holdsAddress(text), text).toBe(false)
  })

  it('are not what sentences about places say', () => {
    for (const text of ['小区停水了', '社区志愿者上门服务', '镇静剂过敏', '城市里的生活节奏快', '快递到了小区门口', '武汉三镇灯火通明', '2号楼电梯坏了']) expect(holdsAddress(text), text).toBe(false)
  })
})
