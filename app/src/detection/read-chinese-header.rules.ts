// SPDX-License-Identifier: Apache-2.0
import { isQuality, saysNothing } from './header-reading.ts'
import type { HeaderReading } from './header-reading.ts'
import { chineseEndings, chineseOthers, chineseWriters } from './header-words.ts'
import type { InformationType } from './information-types.ts'

const typeByEnding = new Map<string, InformationType>()
for (const word of chineseOthers) typeByEnding.set(word, 'none')
for (const [type, words] of chineseEndings) for (const word of words.split(' ')) typeByEnding.set(word, type)
const longestEnding = Math.max(...[...typeByEnding.keys()].map((word) => word.length))
/** Words that say little alone: values and neighbours have to agree, or a longer word decides. */
export const broadChinese: ReadonlySet<string> = new Set(['编号', '编码', '代码', '名称', '标识', '内容', '描述', '说明', '简介', 'id', '图片', '地区编码', '号'])
const unsureChinese = new Set(['客户名称', '客户', '区域', '法人', '员工', '学校', '单位', '位置', '额度', '余额', '商户', '姓', '名', '州', '镇', '乡', '小区', '社区', '楼盘', '口味', '度数', '特长', '学生', '老师', '教师', '医生', '甲方', '乙方', '授信', '残疾', '专业', '专业名称', '所学专业', '主播', '店主', '收银', '书记', '民警', '裁判', '监理', '保安', '嘉宾', '称呼', '外号', '角色名', '游戏名', '玩家名', '手术', '疫苗', '体质', '呼吸', '皮肤类型', '用法用量', '步数', '卡路里', '佣金', '个税', '扣税', '应发金额', '实发金额', '提成金额', '收入金额', '扣款合计', '报名号', '缴费号', '宽带账号', '门禁卡号', '抓拍图', '接种部位', '治疗方法', '球镜', '柱镜', '轴位', '心情', '宣言'])

/** Reads a name of a column in simplified characters: its longest known ending; without one, how it is built, the form it is kept in, or what stands inside. */
export function readChineseHeader(text: string): HeaderReading {
  const word = text.toLowerCase().replace(/[\s_:：*#\\|,，。、?？!！"'“”‘’-]+/g, '').replace(/(?:信息|情况|资料|字段)$/, '')
  const whole = typeByEnding.get(word)
  if (whole === undefined && /^(?:是否|有无|能否)/.test(word)) return { type: 'none', strength: 'sure', word: '是否' }
  if (whole === undefined && ofStaff.test(word)) return { type: 'none', strength: 'sure', word }
  const built = whole === undefined ? readBuilt(word, sureBuilds) : null
  if (built !== null) return built
  for (const candidate of [word, word.replace(/(?:[0-9一二三四五]+|[a-z])$/, ''), ...(word.includes('/') ? word.split('/') : [])]) {
    const found = longestKnownEnding(candidate)
    if (found !== null) return isOnlyForm(found) ? (readForm(candidate) ?? readBuilt(candidate, likelyBuilds) ?? found) : found
  }
  return readForm(word) ?? readBuilt(word, likelyBuilds) ?? rightmostInside(word)
}

// 创建人id, 主治医生用户ID: keys of the seller's own staff. 车龄, 库龄: how old a thing is.
const ofStaff = /(?:创建|更新|修改|操作|审核|审批|处理|管理|录入|提交|删除|发布|经办|录单|制单|最后更新|最后修改|指派|分配|负责|医生|护士|教师|老师|员工|店员|客服|职员|销售员?|业务员)(?:人|者|员)?的?(?:用户|账号)?id$|[车房树账库机厂船楼店域]龄$/

/** How names are built of what they speak of and how it is kept, for the many that no list has. */
type Build = readonly [RegExp, InformationType]

const sureBuilds: readonly Build[] = [
  [/(?:照片|(?<![执护牌驾头])照|头像|相片|人像|签名|签字|自拍|影像|身份证(?:正|反)?面?)(?:图片?)?(?:地址|链接|路径|网址|url|文件名?|附件|id|编号)$/, 'photo'],
  [/(?:卡|行|款|存折|储蓄|结算|证券|资金|对公|理财|工资)(?:人|方)?(?:账|帐)(?:号|户)(?:号码?)?$/, 'bank-account'],
  [/(?:医保|社保|参保|新农合|农合|医疗保险|养老保险|公积金|社会保障|社会保险)(?:个人)?(?:证|卡|账|帐|编|电脑)?(?:号码?|编号|编码|户)$/, 'social-insurance'],
  [/(?:健康卡|医疗证|就诊卡|诊疗卡|病历本)(?:卡)?(?:号码?|编号)$/, 'medical'],
  [/(?:会员|客户|用户|贵宾|vip|积分|储值|读者|借阅|借书|学生|校园|一卡通|健身|患者|病人|业主|住户|储户|参保人|缴费人|借款人|投保人|顾客|买家|车主|旅客|乘客|学员|考生|居民|租客|儿童|孕妇|产妇|老人|住客|房客|客人|农户|贫困户|志愿者|捐赠人|捐赠者|献血者|党员|粉丝|玩家|持卡人|选手|残疾人|幼儿|新生儿|受助人|求职者)(?:证|卡)?(?:的)?(?:卡号|编号|编码|代码|号码?|id号?|uid|标识|序号)$/, 'customer-id'],
]

const roles = '(?:人|者|员|师|官|手|嘉宾|经理|店长|园长|校长|院长|班长|组长|队长|主任|主管|顾问|助理|专员|管家|代表|妈妈?|爸爸?|爷爷|奶奶|外公|外婆|丈夫|妻子|儿子|女儿|孩子|宝宝|老板|医生|护士|教练|司机|骑手|经办)'
const notRoles = /(?:个人|本人|机器人|无人|法人|真人|多人|单人|每人|家人|其他人|成人|老人|军人|证照手|二手|把手|专业技术人员|管理员|离退休人员|审核员|录入员)$/

const likelyBuilds: readonly Build[] = [
  [new RegExp(`${roles}(?:名称?|姓名)?$`), 'person-name'],
  [/(?:园|校|院|所|社|店|厂|公司|单位|企业|机构|集团|商户|商家|协会|部队)(?:名称?|全称|简称)$/, 'organisation-name'],
  [/(?:号码|来电|电话|手机)$/, 'mobile'], [/(?:地点|坐落|住处|住地|居所)$/, 'address'], [/(?:症|病|癌|病情|疼痛|史)$/, 'medical'],
]

function readBuilt(word: string, builds: readonly Build[]): HeaderReading | null {
  if (word.length < 2 || word.length > 20) return null
  const found = builds.find(([form]) => form.test(word))
  if (found === undefined || (found[1] === 'person-name' && notRoles.test(word))) return null
  return { type: found[1], strength: builds === sureBuilds ? 'sure' : 'maybe', word }
}

const isOnlyForm = (found: HeaderReading): boolean => found.type === 'none' && found.word.replace(forms, '') === ''

// 工资卡号 is a bank's, 油卡号 is not.
const bankBefore = /(?:银行|信用|储蓄|借记|贷记|工资|收款|还款|打款|提现|绑定|付款|扣款|退款|银联|账户|开户|个人|惠民|报销|[工农中建交]行|银|卡)卡号$/

function longestKnownEnding(word: string): HeaderReading | null {
  for (let length = Math.min(word.length, longestEnding); length >= 1; length--) {
    const ending = word.slice(word.length - length)
    const type = typeByEnding.get(ending)
    if (type === undefined || isCutOff(word, word.length - length)) continue
    if (ending === '卡号' && length < word.length && !bankBefore.test(word)) return { type, strength: 'maybe', word: ending }
    if (length === 1 && word.length > 3) continue // 区, 市, 盐, 姓 alone at the end of a long name say nothing
    if (chineseWriters.has(ending)) return { type: 'person-name', strength: 'maybe', word: ending }
    if (unsureChinese.has(ending)) return { type, strength: 'maybe', word: ending }
    return { type, strength: broadChinese.has(ending) ? 'maybe' : 'sure', word: ending }
  }
  return null
}

const forms = /(?:类别|类型)?(?:代码|编码|名称|名|描述|说明|码|值|文本|中文|字典值?|选项)$|(?:类别|类型|种类|等级|级别)$/

/** 婚姻状况名称, 职业类别代码, ABO血型名称: the form in which a quality is kept. */
function readForm(word: string): HeaderReading | null {
  const bare = word.replace(forms, '')
  if (bare === word || bare.length < 2) return null
  const found = longestKnownEnding(bare)
  if (/(?:类型|种类|等级|级别|名称|名|代码|编码)$/.test(word) && (found?.type === 'income' || found?.type === 'birth-date' || found?.type === 'age')) return null
  return found !== null && found.strength === 'sure' && (isQuality(found.type) || found.type === 'medical' || found.word === '国籍') ? { ...found, word } : null
}

// uid of 消息uuid and skuid, ip of alipay: letters cut off from a longer word.
const isCutOff = (word: string, start: number, end = word.length): boolean => end - start < 5 && (/[a-z]{2}/.test(word.slice(Math.max(0, start - 1), start + 1)) || /[a-z]{2}/.test(word.slice(end - 1, end + 1)))

// What may stand after a telling word without changing it: 手机号(本人), 身份证号已加密, 联系地址填写.
const harmless = /^(?:[0-9a-z一二三四五]*|号|号码|本人|登记|填写|必填|选填|加密|脱敏|明文|密文|原始|备份|汇总|新|旧|全称|详细|原文|展示|显示|值|前|后|末?[四4六6]位|后四位|及.*|和.*|或.*|等)$/
const turning = /(?:类型|状态|次数|数量|个数|时间|日期|是否|标志|标识|校验|验证|认证|来源|型号|品牌|归属|有效期|截止|费用?|金额|比例|规则|模板|配置|开关|结果|方式|级别|分组|排序|版本|长度|格式|权限|限制|要求|上限|下限|条件|标准|人数|总数|标签|支付|报销|统筹|自付|结算|折扣|礼品|手续费|天数|得分|排名|名次|模式|场景|时长|机型|枚举|渠道|超时|指数|比率|性质|原因|集合|额度|排班|车辆)/

// 钉钉指数, 支付宝分配的场景码, 账户性质: what stands behind is of something else.
const namesPlatforms = new Set<InformationType>(['payment-account', 'online-id', 'bank-account', 'password', 'secret', 'ip-address', 'mac-address', 'credit-information', 'transaction', 'organisation-name'])

/** 身份证(正本), 手机尾号后四位: a telling word that stands first or inside, the last one that does. */
function rightmostInside(word: string): HeaderReading {
  for (let end = word.length - 1; end >= 2; end--) {
    for (let start = Math.max(0, end - longestEnding); start <= end - 2; start++) {
      const inside = word.slice(start, end)
      const type = typeByEnding.get(inside)
      if (type === undefined || isCutOff(word, start, end)) continue
      const rest = word.slice(end)
      if (type === 'region' && /^(?:code|id|no|key)$/.test(rest)) return { type: 'none', strength: 'sure', word }
      if (namesPlatforms.has(type) && !harmless.test(rest) && rest.length >= 2) return saysNothing
      if (type === 'none' || turning.test(rest) || broadChinese.has(inside)) return saysNothing
      return { type, strength: harmless.test(rest) && !unsureChinese.has(inside) ? 'sure' : 'maybe', word: inside }
    }
  }
  return saysNothing
}
