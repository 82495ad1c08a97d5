// SPDX-License-Identifier: Apache-2.0
// How often a verdict by name agrees with what the author of a field wrote beside it: tens of thousands of fields that nobody of us named or labelled.
import { ColumnScan, columnVerdict, isPersonalType } from '../../app/src/detection/index.ts'
import type { ColumnCounts, InformationType } from '../../app/src/detection/index.ts'
import { seededRandom } from '../../app/src/demo/index.ts'
import type { MinedField } from './mined-fields.ts'
import { makers, usualMaker } from './sample-values.ts'

// Strict: the first words of a comment must end so. Not the detector's own lists.
const meanings: readonly (readonly [InformationType, RegExp])[] = [
  ['person-name', /(?:姓名|真名|^名字|真实名字|人名字|联系人|收货人|收件人|寄件人|负责人|法人|法定代表人|法人代表|申请人|投保人|被保险人|受益人|经办人|持卡人|开户人|户名|主治医生|医生|司机|患者|家长|驾驶员|曾用名)(?:名称|的?姓名|的?名字)?$/],
  ['user-name', /(?:昵称|用户名|登录名|登录账号|登录帐号|花名|会员名|登录号)$/], ['customer-id', /(?:会员卡?号|会员编号|客户号|客户编号|用户编号|病案号|病历号|就诊卡号|就诊号|门诊号|住院号|学号|学籍号|会员码)$/],
  ['gender', /性别$/], ['birth-date', /(?:出生日期|生日|出生年月日?|出生时间)$/], ['age', /(?:年龄|岁数)$/], ['ethnicity', /(?:民族|种族)$/], ['marital-status', /(?:婚姻状况|婚姻状态|婚姻|婚否)$/], ['education', /(?:学历|学位|文化程度|教育程度|所学专业)$/], ['job', /(?:职业|职务|职位|职称|岗位|工种)(?:名称)?$/],
  ['income', /(?:收入|工资|薪资|薪水|薪酬|年薪|月薪|底薪)$/], ['resident-id', /(?:身份证号?码?|身份证件号码?|证件号码?|公民身份号码)$/], ['passport', /护照号?码?$/], ['driver-licence', /(?:驾驶证号?码?|驾驶证档案编号)$/],
  ['mobile', /(?:手机号?码?|联系电话|电话号?码?|联系方式|联系号码|电话|座机号?码?|固话|固定电话|传真号?码?|传真)$/], ['email', /(?:邮箱|电子邮箱|电子邮件|邮箱地址|邮件地址)$/], ['address', /(?:详细地址|收货地址|住址|联系地址|家庭住址|居住地址|通讯地址|注册地址|门牌号|街道地址|户籍地址|办公地址|经营地址)$/],
  ['region', /(?:省份|城市|区县|国籍|籍贯|户籍地|国家|所在地区|所在省|所在市|出生地)(?:名称)?$/], ['postcode', /(?:邮编|邮政编码)$/], ['geo-location', /(?:经度|纬度|经纬度|坐标)$/], ['bank-card', /(?:银行卡号?|银行卡号码|信用卡号)$/], ['bank-account', /(?:银行账号|银行帐号|银行账户|银行账户号|收款账号|开户账号|结算账号)$/],
  ['social-insurance', /(?:社保号|社保卡号|医保卡号|社会保障号码?|医保号|公积金账号)$/], ['medical', /(?:诊断|过敏史|既往史|病史|血型|身高|体重|血压|症状|病种|主诉|心率|体温|病情|孕周|疾病名称|手术名称|诊断名称)$/], ['photo', /(?:头像|人脸照片?|照片|头像地址|头像url|头像链接|证件照|自拍照|身份证正面照?片?|身份证反面照?片?)$/i],
  ['online-id', /(?:微信号|QQ号?码?|openid|unionid|设备指纹|设备号|设备id|微信openid|抖音号)$/i], ['licence-plate', /(?:车牌号?码?|号牌号码)$/], ['vin', /(?:车架号|车辆识别代号|车辆识别码|vin码?)$/i], ['preference', /(?:爱好|兴趣|偏好)$/], ['free-text-personal', /(?:备注|留言|评论内容|反馈内容|自我介绍|个人简介|个性签名|评价内容)$/], ['password', /(?:密码|口令)$/],
]
const nobodys = /(?:时间|日期|状态|类型|类别|次数|数量|总数|金额|标识符?|是否.*|单号|订单号|开关|级别|等级|比例|列表|集合|数组|链接|序号|流水号|时间戳|时长|版本号?|价格|单价|大小|长度|域名|端口|渠道|来源|场景|模式|配置|枚举|描述|说明|标题|内容|商品名称|产品名称|机型|规格|区号|编码|枚举值)$/
const unclear = /是否|类型|状态|不为空|必填|和|或|及|与|隐藏|信息|列表|查询|商户号|横坐标|纵坐标|[xy]坐标|\//
const mayBeSomebodys = /用户|会员|客户|买家|患者|病|药|处方|怀孕|残疾|过敏|手术|照片|图片|城市|省|市级|区县|学历|教育|职位|岗位|唯一|openid|健康|征信|信用|逾期|备注|说明|投诉|反馈|个人|关注者/i

/** What a comment says that its field is; null when it does not say it in so many words. */
export function meaningOf(comment: string): InformationType | null {
  const first = comment.split(/[:：,，;；。.、(（[【\n]|\s(?=\S)/).map((part) => part.trim()).find((part) => part !== '') ?? ''
  if (first.length > 16 || /[?�]/.test(first)) return null
  const plain = first.replace(/^(?:用户|客户)?的/, '').replace(/字段$/, '')
  const found = meanings.find(([, ending]) => ending.test(plain))
  if (found !== undefined) return unclear.test(first) ? null : found[0]
  return /[\u4e00-\u9fff]/.test(plain) && nobodys.test(plain) && !mayBeSomebodys.test(first) ? 'none' : null
}

/** What came of it. */
export interface Agreement {
  fields: number
  personal: number
  found: number
  nobodys: number
  flagged: number
}

const makerOf: Readonly<Record<string, string>> = { ...usualMaker, medical: 'diagnosis', photo: 'url', 'geo-location': 'words', 'social-insurance': 'digits10', 'driver-licence': 'id18', preference: 'hobby', password: 'bcrypt' }

function makerOfNobodys(comment: string): string {
  const first = comment.split(/[:：,，;；。、(（]/)[0] ?? ''
  const kinds: readonly (readonly [RegExp, string])[] = [[/时间|日期/, 'stamp'], [/金额|价格|费/, 'amount'], [/是否/, 'bool'], [/状态|类型|级别|等级|枚举|类别/, 'small'], [/数量|次数|总数|时长|大小|长度|比例/, 'int'], [/链接|url|地址/i, 'url'], [/号$|编码|编号|标识|id$/i, 'serial'], [/描述|说明|内容|原因/, 'plainnote']]
  return kinds.find(([form]) => form.test(first))?.[1] ?? 'words'
}

const countsByMaker = new Map<string, ColumnCounts>()

function countsOf(maker: string): ColumnCounts {
  const known = countsByMaker.get(maker)
  if (known !== undefined) return known
  const [make, random, scan] = [makers[maker] ?? (() => ''), seededRandom(maker), new ColumnScan()]
  for (let row = 0; row < 60; row++) scan.add(make(random, row), row + 2)
  countsByMaker.set(maker, scan.counts)
  return scan.counts
}

/** Takes each class for a table with invented values as the comments say, and adds up how far verdicts agree with them; each name and meaning once. */
export function agreement(fields: readonly MinedField[], withComments: boolean): Agreement {
  const sum: Agreement = { fields: fields.length, personal: 0, found: 0, nobodys: 0, flagged: 0 }
  const seen = new Set<string>()
  for (const table of Map.groupBy(fields, ({ source, owner }) => `${source}/${owner}`).values()) {
    const said = table.map(({ description }) => meaningOf(description))
    if (table.length < 4 || table.length > 120 || !said.some((type) => type !== null && type !== 'none')) continue
    const columns = table.map(({ description }, i) => countsOf(said[i] === null || said[i] === 'none' ? makerOfNobodys(description) : (makerOf[said[i] ?? ''] ?? 'words')))
    const [headers, comments] = [table.map(({ name }) => name), withComments ? table.map(({ description }) => description) : []]
    table.forEach(({ name, owner }, i) => {
      const type = said[i] ?? null
      const counts = columns[i]
      if (type === null || counts === undefined || seen.has(`${name}|${type}`)) return
      seen.add(`${name}|${type}`)
      const verdict = columnVerdict(counts, { header: name, headers, dataSet: owner, comments, columns, comment: comments[i] ?? '' })
      if (type === 'none') [sum.nobodys, sum.flagged] = [sum.nobodys + 1, sum.flagged + Number(verdict.type !== 'none')]
      else [sum.personal, sum.found] = [sum.personal + 1, sum.found + Number(isPersonalType(verdict.type))]
    })
  }
  return sum
}
