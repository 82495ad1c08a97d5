// SPDX-License-Identifier: Apache-2.0
import { easternEndings } from './header-lexicon.ts'
import { isQuality, saysNothing } from './header-reading.ts'
import type { HeaderReading } from './header-reading.ts'
import { flagPrefix } from './header-words-english.ts'
import { plainText } from './normalise-text.ts'
import { readChineseHeader } from './read-chinese-header.rules.ts'
import { readLatinHeader } from './read-latin-header.rules.ts'
import { simplifyHeader } from './simplify-header.rules.ts'
import { headerTokens } from './split-header.rules.ts'

/** Reads a column's name and, in databases, its comment: the last Chinese word, or the English, pinyin or abbreviated words at its end (DETECTION.md §5.3). People write comments to explain names, so a clear comment outweighs a name. */
export function readHeader(name: string, comment = ''): HeaderReading {
  const byName = readName(name)
  if (comment.trim() === '') return byName
  const byComment = readComment(comment)
  if (byComment.type === null) return byName
  if (byComment.type === 'none' && byName.type !== null && byName.type !== 'none') return byComment.strength === 'sure' && saysForm.test(byComment.word) ? byComment : { ...byName, strength: 'maybe' } // values have to settle it
  if (byName.type === 'none' && byName.strength === 'sure' && nameSaysForm.test(name) && !isQuality(byComment.type)) return byName
  if (byComment.strength === 'sure') return byName.strength === 'sure' && byName.type === 'none' && flagPrefix.test(`_${headerTokens(name).join('_')}_`) ? byName : byComment
  return byName.type === null ? byComment : byName
}

// cert_type with 身份证, principal_type with ALIPAY_USER_ID: the comment lists what it may be.
const nameSaysForm = /(?:_types?|[a-z]Type|_status|[a-z]Status|_flag|[a-z]Flag|_kind|_mode|[a-z]Mode|_count|[a-z]Count)$/

// 会员卡升级时间, 用户状态: the comment says in what it is counted, which no personal type is.
const saysForm = /(?:时间|日期|状态|次数|数量|金额|类型|级别|等级|是否|标志|排序|单号|订单号)$/

// A comment goes on after its first words: `性别:0 未知,1 男`, `用户密码(加密)`.
function readComment(comment: string): HeaderReading {
  const plain = plainText(comment).slice(0, 200)
  if (/^[A-Z][A-Z\d]*_[A-Z_\d]+(?![a-z])/.test(plain)) return saysNothing // a constant: what the column may be
  const first = plain.split(/[:：,，;；。.(（[【\n]|\s(?=\d)/).find((part) => part.trim() !== '') ?? plain
  const reading = readName(first)
  return reading.type !== null || !/\s/.test(first) ? reading : readName(first.trim().split(/\s+/)[0] ?? '')
}

// user[email] of a web form, max(t.phone) of a query: what stands inside is the name.
const inside = /^[a-z]\w{0,30}\[([a-z]\w*)\]$|^(?:max|min|any_value|first|trim|upper|lower|ifnull|nvl|coalesce|distinct|group_concat)\(([a-z][\w.]*)(?:,[^)]*)?\)$/i

function readName(name: string): HeaderReading {
  const whole = plainText(name).slice(0, 80)
  const within = inside.exec(whole)
  const plain = within?.[1] ?? within?.[2] ?? whole
  const bare = plain.replace(/[(([【<《][^))\]】>》]*[))\]】>》]/g, '').trim()
  const text = bare === '' ? plain : bare
  if (/[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/.test(text)) return readEastern(text) ?? readChineseHeader(simplifyHeader(text))
  return readLatinHeader(text)
}

// Japanese and Korean names of columns; Chinese ones share characters, but not these words.
function readEastern(text: string): HeaderReading | null {
  const word = text.toLowerCase().replace(/[\s_:*#\d]+$/, '')
  for (const [type, words] of easternEndings) for (const ending of words.split(' ')) if (word.endsWith(ending)) return { type, strength: 'sure', word: ending }
  return null
}

const endingOfPersons = /borrower|lender|voter|citizen|candidate|examinee|trainee|learner|pupil|tutor|insured|beneficiar|taxpayer|victim|inmate|rider|travell?er|tourist|follower|friend|famil|spouse|husband|relative|witness|suspect|lawyer|attorney|salesm|teacher|doctor|physician|nurse|driver|parent|guardian|child|elder|household|profile|worker|actor|athlete|player|crew|tenant|resident|personnel|adherent|participant|speaker|attendee|老人|教师|老师|医生|护士|教练|骑手|业务员|幼儿|儿童|家庭|租客|房东|住户|档案|家长|志愿者|党员|村民|农户|贫困户|yonghu|xuesheng|jiaoshi|laoshi|yisheng|huanzhe|laoren|yuangong|huiyuan|kehu|renyuan|jiazhang|customer|client|employee|member|user|person|contact|patient|student|staff|people|buyer|guest|visitor|passenger|applicant|candidate|resume|consignee|donor|subscriber|utilisateur|usuario|paciente|alumn[oae]|aluno|empleado|funcionario|miembro|membro|persona|pessoa|personne|adherent|etudiant|eleve|mitarbeiter|benutzer|mitglied|kunde|schueler|utente|dipendente|pelanggan|pasien|siswa|mahasiswa|karyawan|pegawai|kaiin|kokyaku|kanja|会员|客户|用户|员工|人员|联系人|顾客|业主|患者|病人|学生|学员|老客户|通讯录|花名册|名单|简历|访客|车主|居民|职工|司机|旅客|住客/i

/** Whether names of a data set or its columns speak of natural persons; settles `name`, `title`, `state`. Of a path only its last part counts. */
export function speaksOfPersons(names: readonly string[]): boolean {
  return names.some((name) => endingOfPersons.test(withoutFolders(name)) || shortForPersons.test(withoutFolders(name)))
}

// The same by short words of old systems, between marks: hs_hr_emp, t_stu, zg_ryxx.
const shortForPersons = /(?:^|[_\W])(?:emp|emps|hrm?|stu|cust|usr|mbr|mem|pat|psn|ry|ryxx|kh|khxx|yh|yhxx|hyxx|xs|xsxx|hz|hzxx|yg|ygxx|zg|zgxx|jsxx|yz|yzxx|jz|lr)(?:[_\W]|\d|$)/i

// A table's name and the place of its file: folders between are the reader's own.
function withoutFolders(name: string): string {
  const first = name.search(/[\\/]/)
  if (first < 0) return name
  const before = name.slice(0, name.lastIndexOf(' ', first) + 1)
  return `${before} ${name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)}`
}
