// SPDX-License-Identifier: Apache-2.0
import { isGivenName, isLatinName } from '../latin-names.ts'
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Check, Recogniser } from '../recogniser.ts'
import { cityNames, provinceNames } from '../regions.ts'

const single =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由' +
  // As written in Hong Kong, Macao and Taiwan.
  '張陳楊黃趙吳孫馬鄭謝許馮鄧蕭蔣葉蘇呂盧鍾鐘譚陸賈韋鄒閻龍賀顧龔萬錢嚴溫莊聶魯喬龐顏倫殷關蘭紀舒單畢裴塗連藍駱陰婁歐陽慄簡繆聞衛馮齊劉許'
/** Surnames of two characters. */
export const compoundSurnames: ReadonlySet<string> = new Set('欧阳 上官 皇甫 令狐 诸葛 司马 司徒 司空 夏侯 端木 公孙 慕容 尉迟 长孙 宇文 轩辕 东方 西门 南宫 百里 呼延 独孤 申屠 淳于 单于 太史 钟离 闾丘 澹台 公冶 宗政 濮阳 赫连 鲜于 南门 东郭 拓跋 完颜 叶赫 那拉 纳兰 第五 万俟 闻人 公羊 仲孙 亓官 司寇 子车 颛孙 巫马 公西 漆雕 乐正 壤驷 公良 夹谷 宰父 谷梁 段干 百里 东郭 微生 梁丘 左丘 东门 西门 南荣'.split(' '))
/** Surnames of one character. */
export const surnames: ReadonlySet<string> = new Set(single)
/** Words that begin with a surname and are no names; titles make 张先生 a mention, which still counts. */
export const notNames: ReadonlySet<string> = new Set('满意 满足 来电 应该 要求 需要 反映 安装 任何 和气 时候 向我 成为 常来 万一 方便 文明 白跑 段时 石膏 马上 严重 严格 康复 冷淡 易损 金额 江边 高度 高空 温控 钱款 汤锅 雷达 高兴 方圆 安全 平安 和平 金色 白色 黄色 蓝色 花色 银色 米色 黄金 白金 金属 石材 马桶 龙头 水龙头 花洒 文件 文本 文字 时间 时尚 成品 成功 成都 成人 成员 明细 明天 国家 国内 国际 公司 公园 商品 商店 平台 连锁 包装 单位 单价 全部 全国 全新 全额 强化 优惠 普通 相关 计算 计划 连接 支付 支持 信息 信用 任务 程序 项目 费用 关闭 解决 应用 安装 向上 路由 利息 阳台 阳光 温度 温馨 温水 施工 和谐 高级 高清 高端 周末 周期 周日 干净 管理 管道 安心 舒适 富贵 祝福 计时 许可 车辆 车间 冷水 海外 海尔 乐器 房屋 房间 门店 门锁 全款 元旦 常规 常见 金卡 银卡 白银 石头 农业 师傅 白天 安排 安静 经理 江苏 江西 云南 甘肃 宁夏 吉林 黑龙江 海南 贵州 广西 于洪 平方 平米 丰富 左右 项链 关于 由于 全屋 池州 时段 查询 管件 查看 谈判 封闭 包括 包含 柜台 程度 麻烦 苗木 米白 花园 井盖 曲线 古典 华东 华南 华北 华中 南方 北方 东方'.split(' '))
/** How names of Uygur, Tibetan, Mongol and other people begin and end that are written without a dot. */
export const minorityStarts: readonly string[] = '阿不 阿卜 买买 吐尔 艾合 艾力 艾买 迪丽 古丽 努尔 玉素 热合 依明 木合 亚森 麦麦 扎西 次仁 格桑 平措 洛桑 丹增 旦增 央金 卓玛 尼玛 巴桑 索朗 白玛 贡布 强巴 巴特 布仁 乌兰 萨仁 斯琴 娜仁 苏日 那日 额尔 阿拉 哈斯'.split(' ')
/** How such names end. */
export const minorityEnds: readonly string[] = '古丽 卓玛 其其格 热巴 吐尔逊 买买提 次仁 扎西 多吉 平措 旺堆 拉姆 巴特尔 图雅 高娃 塔娜 巴雅尔'.split(' ')
const minorityName = new RegExp(`^(?:(?:${minorityStarts.join('|')})[\\u4e00-\\u9fff]{1,8}|[\\u4e00-\\u9fff]{1,8}(?:${minorityEnds.join('|')}))$`)

/** How a person is addressed, after the surname or the name. */
export const personTitle = /(?:先生|女士|小姐|太太|老师|师傅|经理|总|阿姨|叔叔|大爷|大妈|老板|医生|主任)$/
const han = /^[\u3400-\u9fff\u{20000}-\u{3ffff}]+$/u

/** Length of the surname at the start of a text: 2 for a compound one, 1, or 0. */
export function surnameLength(text: string): 0 | 1 | 2 {
  if (compoundSurnames.has(text.slice(0, 2))) return 2
  return surnames.has(text[0] ?? '') ? 1 : 0
}

// The list runs from frequent to rare; rare ones are mostly ordinary words (满, 应, 来), too weak a sign inside a sentence.
const frequent = new Set([...single].slice(0, 240))

/** Whether a piece of a sentence looks like a full name: a frequent or compound surname, and no common word. */
export function looksLikeNameInText(text: string): boolean {
  return (compoundSurnames.has(text.slice(0, 2)) || frequent.has(text[0] ?? '')) && !notNames.has(text) && !notNames.has(text.slice(0, 2)) && !provinceNames.has(text) && !cityNames.has(text)
}

/** Western given names, and frequent pinyin ones, in small letters. */
export const givenNames: ReadonlySet<string> = new Set(
  'james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander frank patrick raymond jack dennis jerry tyler aaron jose adam nathan henry peter kyle noah ethan mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice jean alice julia grace luis carlos leonie francois bjorn hans roberto fernanda eduardo alexandre mariana lucas manoj puja wei ming li xiao jane tom tim dan jim joe bob bill mike steve chris alex sam ben max leo tony andy lily lucy kate rose dirk'.split(' '),
)
/** Surnames in pinyin, and as Hong Kong and Taiwan write them. */
export const pinyinSurnames: ReadonlySet<string> = new Set('wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lu su jiang cai jia ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng long wan duan qian yin chang qiao lai gong wen ouyang zhuge situ shangguan wong chan cheung lee ng lau chow yeung tsai hsu chang kwok tse cheng leung'.split(' '))
const latinName = /^[\p{Lu}][\p{L}'’-]*(?:,?\s(?:[\p{Lu}][\p{L}'’-]*\.?|de|da|van|von|der|bin|al|la)){1,4}$/u

// One part of a name, as tables with a column for each part have it.
const singleWord = /^\p{Lu}[\p{L}'’-]{1,13}$/u

/** 姓名: surname and one to three characters, compound surnames, minority names with a dot, a surname with a title, western names with a known given name, and single given names and surnames. */
export const personName: Recogniser = {
  type: 'person-name',
  chance: 0.1,
  isSoft: true,
  lengths: [2, 40],
  needs: 0,
  never: chars.digit | chars.at | chars.star,
  shareAlone: 0.7,
  check(text): Check {
    if (/^[\u3400-\u9fff]{1,12}(?:[·•・.．][\u3400-\u9fff]{1,12}){1,4}$/.test(text)) return pass(text.replace(/[•・.．]/g, '·'))
    const name = text.replace(/\s+/g, '')
    if (han.test(name)) return isChineseName(name) || (name.length >= 4 && minorityName.test(name) && !placeEnd.test(name)) ? pass(name) : fail('BAD_FORMAT')
    if (isPinyinName(text)) return pass(text)
    if (singleWord.test(text)) return isLatinName(text) ? pass(text) : fail('BAD_FORMAT')
    if (!latinName.test(text)) return fail('BAD_FORMAT')
    return text.split(/[\s,]+/).some((part) => givenNames.has(part.toLowerCase()) || isGivenName(part)) ? pass(text) : fail('BAD_FORMAT')
  },
}

const syllable = /^(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ue|ui|uo|a|o|e|i|u|er)){1,2}$/

/** Whether a word in small letters is one or two syllables of pinyin. */
export const isPinyin = (word: string): boolean => word.length <= 12 && syllable.test(word)

const pinyinForm = /^[A-Z][A-Za-z]{1,8}(?:,\s?|\s|\/|-)[A-Z][A-Za-z]{1,12}(?:[\s-][A-Za-z]{2,8})?$/

/** Whether a value is a Chinese name in pinyin, surname first or last: Zhang Wei, WANG XIAOMING, LI/NA, Xiaoming Wang. */
function isPinyinName(text: string): boolean {
  if (!pinyinForm.test(text)) return false
  const parts = text.toLowerCase().split(/[,\s/-]+/)
  return (pinyinSurnames.has(parts[0] ?? '') && parts.slice(1).every(isPinyin)) || (pinyinSurnames.has(parts.at(-1) ?? '') && parts.slice(0, -1).every(isPinyin))
}

/** How places and offices end, and names of three characters do not. */
export const placeEnd = /[省市区县镇路街号室店厂司院校部局]$/

function isChineseName(name: string): boolean {
  const surname = surnameLength(name)
  if (surname === 0 || notNames.has(name) || provinceNames.has(name) || cityNames.has(name)) return false
  if (personTitle.test(name) && name.replace(personTitle, '').length >= 1 && name.replace(personTitle, '').length <= 3) return true
  const given = [...name].length - surname
  if (placeEnd.test(name) && given > 1) return false
  return given >= 1 && given <= (surname === 2 ? 2 : 3) && !(surname === 1 && given === 3 && !surnames.has(name[1] ?? ''))
}

/** A text without what stands in brackets; an open bracket that nothing closes stays. Each character is looked at once. */
function withoutBrackets(text: string): string {
  let rest = ''
  let from = 0
  for (let open = text.search(/[((]/); open >= 0; ) {
    const close = indexOfEither(text, '))', open)
    if (close < 0) break
    rest += text.slice(from, open)
    from = close + 1
    open = indexOfEither(text, '((', from)
  }
  return rest + text.slice(from)
}

function indexOfEither(text: string, brackets: string, from: number): number {
  for (let i = from; i < text.length; i++) if (brackets.includes(text[i] ?? '')) return i
  return -1
}

/** How organisations' names end. */
export const organisationEnd = /(?:公司|集团|厂|商行|银行|支行|分行|信用社|合作社|事务所|研究所|研究院|医院|学院|大学|中学|小学|幼儿园|学校|酒店|宾馆|饭店|餐厅|超市|商场|商店|店|经营部|门市部|工作室|委员会|协会|学会|基金会|中心|政府|办事处|派出所|法院|检察院|管理局|税务局|公安局|局|社|馆|站)$/
const orgBody = /(?:有限|股份|责任|集团|科技|贸易|实业|建材|装饰|物业|置业|传媒|网络|工程|电子|商贸|投资|咨询|服务|餐饮|物流)/
const orgEnglish = /\b(?:inc|ltd|llc|corp|co|company|corporation|gmbh|s\.?a\.?|ltda|plc|group|holdings|university|bank|institute|limited)\.?(?:,?\s(?:ltd|inc)\.?)?$/i
// Legal forms of other countries, and words that only what is run by several is called; after a word of its own.
const orgForm = /^\S.*[\s.,](?:a\/?s|aps|oyj?|ab|ag|kg|e\.k|se|n\.?v|b\.?v|s\.?r\.?l|s\.?r\.?o|s\.?p\.?a|s\.?a\.?s|sarl|s\.?a\.?r\.?l|s\.?l|sp\.? z o\.?o|kft|pty|pte|pvt|llp|lp|pc|& ?co|et fils|& ?sons?|& ?associates|associates|partners|industries|enterprises?|systems|technologies|technology|solutions|consulting|logistics|foundation|hospital|clinic|school|college|academy|museum|airlines|motors|pharmaceuticals|pharma|laboratories|labs|records|studios?|press|publishing|publications|foods|stores?|supermarkets?|markets|imports|exports|trading|traders|international|organization|organisation|association|society|federation|ministry|council|agency|services|communications|telecom|electronics|energy|insurance|restaurant|caf[eé]|hotel|inn)\.?$/iu

/** 单位名称: by how organisations' names end; a sole trader's holds a person (DETECTION.md §5.7). */
export const organisationName: Recogniser = {
  type: 'organisation-name',
  chance: 0.01,
  isSoft: true,
  lengths: [4, 80],
  needs: 0,
  never: chars.at | chars.star,
  shareAlone: 0.6,
  check(text): Check {
    const plain = withoutBrackets(text)
    const isOrg = /[\u4e00-\u9fff]/.test(plain) ? plain.length >= 4 && (organisationEnd.test(plain) || (plain.length >= 6 && orgBody.test(plain) && /公司|厂|部|店/.test(plain))) : orgEnglish.test(text) || (text.length <= 60 && orgForm.test(text))
    return isOrg && !/[。!?！？]/.test(text) ? pass(text) : fail('BAD_FORMAT')
  },
}
