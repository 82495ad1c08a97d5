// SPDX-License-Identifier: Apache-2.0
import type { DispositionName } from '../book-leaves.ts'

/** A sentence in both languages. */
export type Words = { zh: string; en: string }

/** What each check is called on screen. */
export const checkWords = {
  form: { zh: '文件形式', en: 'Form of the file' },
  index: { zh: '目录与摘要', en: 'Index and digests' },
  seal: { zh: '封签', en: 'Seal' },
  signature: { zh: '签名', en: 'Signatures' },
  checkpoint: { zh: '检查点与见证', en: 'Checkpoint and witnesses' },
  equivocation: { zh: '两套历史', en: 'Two histories' },
  log: { zh: '透明日志', en: 'Transparency log' },
  inclusion: { zh: '已入日志', en: 'Included in the log' },
  events: { zh: '事件与承诺', en: 'Events and commitments' },
  parties: { zh: '当事方文件', en: 'Party files' },
  postings: { zh: '分录重放', en: 'Postings replayed' },
  inventory: { zh: '清单', en: 'Inventory' },
  books: { zh: '账簿逐条对应', en: 'Books leaf by leaf' },
  balance: { zh: '账平', en: 'The books balance' },
  abandoned: { zh: '终止', en: 'Abandoned' },
  close: { zh: '办结', en: 'Close' },
  copies: { zh: '副本', en: 'Copies' },
  packages: { zh: '移交、验收与对账', en: 'Packages, acceptance, reconciliation' },
  rewrites: { zh: '记录重写', en: 'Rewritten records' },
  tombstones: { zh: '销毁名单', en: 'Tombstones' },
  certificates: { zh: '销毁证明', en: 'Erasure certificates' },
  approvals: { zh: '双人审批', en: 'Two-person approvals' },
  statements: { zh: '签名文件', en: 'Signed statements' },
  manifest: { zh: '内清单', en: 'Inner manifest' },
  segments: { zh: '分段内容', en: 'Content of the segments' },
  content: { zh: '内容根与计数', en: 'Content root and counts' },
  records: { zh: '逐条记录', en: 'Records' },
  differences: { zh: '差异清单', en: 'Differences' },
} as const satisfies Record<string, Words>
/** Name of a check; stable, for scripts. */
export type CheckName = keyof typeof checkWords

/** What the dispositions are called (PRODUCT §2). */
export const dispositionWords = {
  empty: { zh: '空', en: 'empty' },
  transferred: { zh: '移交', en: 'transferred' },
  kept: { zh: '留用', en: 'kept' },
  sealed: { zh: '封存', en: 'sealed' },
  anonymised: { zh: '匿名化', en: 'anonymised' },
  destroyed: { zh: '销毁', en: 'destroyed' },
  pending: { zh: '待定', en: 'pending' },
  'in-transit': { zh: '在途', en: 'in transit' },
} as const satisfies Record<DispositionName, Words>

const codeWords: Record<string, string> = {
  ACCEPTANCE: '验收单与移交包或对账单不一致',
  AGE_ARMOR: '加密文件的文本封装不合格式',
  AGE_HEADER: '加密文件头不合格式,或所给私钥打不开',
  AGE_PAYLOAD: '加密内容被改动、截断或增加',
  APPROVAL: '双人审批不成立',
  BAD_AGE_KEY: '不是有效的 age 密钥',
  BAD_BASE64: 'base64 不规范',
  BAD_CHECKPOINT: '检查点不合格式',
  BAD_COSIGNATURE: '见证签名不成立',
  BAD_DIFFERENCES: '差异清单不合格式',
  BAD_ENVELOPE: '签名信封不合格式',
  BAD_EQUIVOCATION: '两套历史的证据不合格式',
  BAD_ENTRY: '日志条目不合格式',
  BAD_HEX: '十六进制不规范',
  BAD_ID: '编号长度不对',
  BAD_JSON: 'JSON 不合格式',
  BAD_KEY: '公钥不可信',
  BAD_LEAF: '叶子不合格式',
  BAD_NOTE: '签名文本不合格式',
  BAD_NUMBER: '数字不合格式',
  BAD_POLICY: '信任策略文件不合格式',
  BAD_PROOF: '日志证明不合格式',
  BAD_RECORDS: '记录清单次序不对',
  BAD_SALT: '盐长度不对',
  BAD_SEAL: '封签不合格式',
  BAD_SEGMENT: '分段不合格式',
  BAD_SHAPE: '缺少内容或内容不合格式',
  BAD_SIGNATURE: '签名不成立,内容已被改动或不是此密钥所签',
  BAD_STATEMENT: '签名文件内的声明不合格式',
  BAD_TILE: '日志瓦片不合格式',
  BAD_UTF8: '文字编码损坏',
  BAD_VECTOR: '去向字节未知',
  BAD_VKEY: '公钥文本不合格式',
  BIJECTION: '清单与账簿不是一一对应',
  CERTIFICATE: '销毁证明与事件不一致',
  COMMITMENT: '事件与日志中的承诺不一致',
  CONSISTENCY: '日志前后不一致',
  CONTENT_ROOT: '内容与内清单的内容根不一致',
  COPIES: '副本账不成立',
  COUNTS: '计数不一致',
  CUT: '文件不完整',
  DIGEST: '文件内容与其摘要不一致',
  FILE_MISSING: '缺少文件',
  FILE_KIND: '不认识这种文件',
  FILE_PACKED: '这是压缩文件,请先解压,再核验里面的文件',
  HIDDEN_ENTRY: '日志里有既未出示、也未打开的条目,可能藏有事件',
  INCLUSION: '不在日志之中',
  INDEX_OUTSIDE: '序号超出范围',
  LOG_FILES: '日志文件缺少、多余或被改动',
  LOG_ROOT: '日志条目与检查点的根不一致',
  LONE_SURROGATE: '文字编码损坏',
  MULTIPROOF: '证明路径不成立',
  NOT_BALANCED: '账不平',
  NOT_CANONICAL_JSON: 'JSON 不是规范写法',
  NO_EQUIVOCATION: '两个检查点并不互相矛盾',
  NO_IDENTITY: '所给私钥打不开此包,它可能是发给另一方的',
  NO_KNOWN_SIGNATURE: '没有任何受信任的密钥签名',
  NO_LEAF: '证明中没有所证明的内容',
  NO_ZSTD: '当前 Node 版本不能解压,请用 Node 22.15 以上',
  ORDER: '次序或编号不对',
  ORIGIN: '检查点属于另一份日志',
  PAGE_PACKAGE: '移交包要用私钥打开,网页不宜接触私钥;请用命令行 handover-verify 核验',
  PARTY: '当事方文件与事件或信任策略不一致',
  POSTING: '分录不成立',
  QUORUM: '见证人数不足',
  RECORD_FIELDS: '记录的字段缺少、多余或重复',
  RECORD_ROOT: '记录内容与其承诺不一致',
  RECONCILIATION: '对账单与验收单或事件不一致',
  ROOT: '根不一致',
  SEALED_RECEIPT: '这是密封的回执,只有持码人能打开:用 verify.html 打开它并输入回执码,文件本身没有问题与否打开后才知道',
  TAR_FORM: '归档不是严格形式,或已被改动',
  TAR_NAME: '归档内文件名不允许或重复',
  TAR_SIZE: '归档内文件大小不对',
  THRESHOLD: '受信任的签名不足',
  TOO_LARGE: '文件过大',
  TOMBSTONES: '销毁名单与事件不一致',
  STATEMENT: '签名文件与事件不一致',
  TYPE_MISSING: '缺少必要的事件',
  UNKNOWN_SIGNER: '签名者不在信任策略之中',
  UNNAMED: '没有任何事件提到此文件',
  WRONG_PREDICATE: '签名文件是另一种声明',
  WRONG_SUBJECT: '签名文件的对象与内容不一致',
}

/** What a symbolic code means, with the place; the place never holds a personal value. */
export function explainCode(code: string, place: string): Words {
  return { zh: `${codeWords[code] ?? '不成立'}(${code}: ${place})`, en: `${code}: ${place}` }
}

/** An instant for readers: the time in China, where every matter is; in English as it stands, in UTC. */
export function timeWords(instant: string): Words {
  const china = new Date(Date.parse(instant) + CHINA_AHEAD_MS).toISOString()
  return { zh: `${china.slice(0, 4)}年${Number(china.slice(5, 7))}月${Number(china.slice(8, 10))}日 ${china.slice(11, 16)}(北京时间)`, en: instant }
}

/** Beijing time has no summer time. */
const CHINA_AHEAD_MS = 8 * 3_600_000
