// SPDX-License-Identifier: Apache-2.0
// What `handover explain` prints where a message names a fact: there is none yet, so it says what will stand there.
import { fillWords, type SaidFacts, type Words } from '../kit/failure.ts'

/** 占位说明. What stands in the place of each fact of a message, for people who read about a code and not about a failure. */
const placeWords: Readonly<Record<string, Words>> = {
  account: { zh: '账目', en: 'account' }, act: { zh: '相应的操作', en: 'the act' }, adoption: { zh: '采用编号', en: 'id of the adoption' }, allowed: { zh: '可用的值', en: 'the values it takes' }, approval: { zh: '审批编号', en: 'id of the approval' },
  column: { zh: '列名', en: 'column' }, columns: { zh: '列数', en: 'columns' }, distinct: { zh: '取值种数', en: 'number of values' }, k: { zh: 'k', en: 'k' }, l: { zh: 'l', en: 'l' }, list: { zh: '所列各列', en: 'those columns' }, tables: { zh: '表数', en: 'tables' },
  article: { zh: '条文', en: 'article' }, at: { zh: '位置', en: 'place' }, backup: { zh: '备份', en: 'backup' }, certificates: { zh: '证明', en: 'certificates' }, changed: { zh: '改动', en: 'changes' },
  character: { zh: '字符', en: 'character' }, check: { zh: '检查项', en: 'check' }, choices: { zh: '可选的答案', en: 'the answers there are' }, class: { zh: '类别', en: 'class' }, code: { zh: '代号', en: 'code' },
  command: { zh: '相应的命令', en: 'the command' }, controls: { zh: '控制措施', en: 'controls' }, copy: { zh: '副本编号', en: 'id of the copy' }, dataSet: { zh: '数据集', en: 'data set' }, database: { zh: '数据库', en: 'database' },
  day: { zh: '日期', en: 'day' }, due: { zh: '期限', en: 'last day' }, duty: { zh: '义务编号', en: 'id of the duty' }, effect: { zh: '编号', en: 'id' }, encoding: { zh: '编码', en: 'encoding' }, epoch: { zh: '密钥期', en: 'epoch' },
  exit: { zh: '退出码', en: 'exit code' }, expected: { zh: '应有的值', en: 'what was expected' }, facet: { zh: '分面', en: 'facet' }, fact: { zh: '事实', en: 'fact' }, field: { zh: '字段', en: 'field' }, file: { zh: '文件', en: 'file' },
  fitting: { zh: '相符的文件种类', en: 'the kinds of document that fit' }, folder: { zh: '目录', en: 'folder' }, found: { zh: '实际的值', en: 'what was found' }, freeze: { zh: '冻结日', en: 'freeze' }, from: { zh: '起日', en: 'first day' },
  given: { zh: '所写的词', en: 'what was given' }, guess: { zh: '', en: '' }, hold: { zh: '冻结编号', en: 'id of the hold' }, holder: { zh: '保管人', en: 'holder' }, home: { zh: '数据目录', en: 'home directory' }, host: { zh: '主机', en: 'host' },
  how: { zh: '方式', en: 'way' }, id: { zh: '编号', en: 'id' }, ids: { zh: '编号', en: 'ids' }, incident: { zh: '事件编号', en: 'id of the incident' }, index: { zh: '序号', en: 'index' }, into: { zh: '目标', en: 'target' },
  item: { zh: '项目', en: 'item' }, key: { zh: '名称', en: 'name' }, kind: { zh: '种类', en: 'kind' }, kinds: { zh: '种类', en: 'kinds' }, known: { zh: '已知的值', en: 'those known' }, last: { zh: '最后一天', en: 'last day' },
  law: { zh: '依据', en: 'law' }, letter: { zh: '来函编号', en: 'id of the letter' }, level: { zh: '等级', en: 'level' }, log: { zh: '日志', en: 'log' }, matter: { zh: '事项', en: 'matter' }, members: { zh: '成员', en: 'members' },
  missing: { zh: '缺少的项', en: 'what is missing' }, name: { zh: '名称', en: 'name' }, names: { zh: '可用的名称', en: 'the names there are' }, newest: { zh: '最新的值', en: 'the newest' }, notice: { zh: '隐私政策', en: 'privacy notice' },
  now: { zh: '现在的值', en: 'the present value' }, number: { zh: '编号', en: 'number' }, on: { zh: '日期', en: 'day' }, opinion: { zh: '意见编号', en: 'id of the opinion' }, option: { zh: '选项', en: 'option' },
  order: { zh: '销毁命令', en: 'order' }, package: { zh: '移交包', en: 'package' }, party: { zh: '当事方', en: 'party' }, path: { zh: '路径', en: 'path' }, person: { zh: '人员编号', en: 'id of the person' }, place: { zh: '位置', en: 'place' },
  platform: { zh: '平台', en: 'platform' }, point: { zh: '审计要点', en: 'point of the audit' }, pointed: { zh: '所指的表', en: 'the tables pointed at' }, position: { zh: '位置', en: 'position' }, previous: { zh: '前一个', en: 'previous one' },
  purpose: { zh: '用途', en: 'purpose' }, reason: { zh: '原因', en: 'reason' }, reasons: { zh: '原因', en: 'reasons' }, record: { zh: '记录', en: 'record' }, refused: { zh: '被拒的项', en: 'what was refused' },
  request: { zh: '申请编号', en: 'id of the request' }, risk: { zh: '风险', en: 'risk' }, role: { zh: '角色', en: 'role' }, root: { zh: '根', en: 'root' }, route: { zh: '路径', en: 'route' }, row: { zh: '行号', en: 'row' },
  rule: { zh: '规则编号', en: 'id of the rule' }, rules: { zh: '规则', en: 'rules' }, said: { zh: '所报的数', en: 'what was said' }, scope: { zh: '范围', en: 'scope' }, sectors: { zh: '行业', en: 'sectors' }, segment: { zh: '分段', en: 'segment' },
  signer: { zh: '签名人', en: 'signer' }, signers: { zh: '签名人', en: 'signers' }, slot: { zh: '密钥槽', en: 'slot' }, source: { zh: '依据', en: 'source' }, start: { zh: '起日', en: 'first day' }, status: { zh: '状态', en: 'state' },
  subject: { zh: '对象', en: 'subject' }, table: { zh: '表', en: 'table' }, template: { zh: '模板', en: 'template' }, today: { zh: '今天', en: 'today' }, toldOn: { zh: '告知日', en: 'day of the notice' }, type: { zh: '类型', en: 'type' },
  under14: { zh: '人数', en: 'number' }, until: { zh: '止日', en: 'last day' }, variable: { zh: '环境变量', en: 'variable' }, version: { zh: '版本', en: 'version' }, vkey: { zh: '公钥', en: 'key' }, what: { zh: '哪一项', en: 'what it is about' },
  where: { zh: '哪一处', en: 'where' }, which: { zh: '哪一项', en: 'which' }, who: { zh: '何人', en: 'who' }, why: { zh: '原因', en: 'why' }, witness: { zh: '见证方', en: 'witness' }, year: { zh: '年份', en: 'year' },
}

/** Facts that are numbers. */
const counts: ReadonlySet<string> = new Set('before blanks bytes cases changes checked claims confirmed copies count customers dataSets differences document done extra fields files gone got hits holds inTransit incidents keys letters limit line listed max megabytes minors n needed packages parties pending people persons places points port problems promises questions records risks rows same seconds seen seq sequence size times total transferees unknown unmatched unsettled values versions viewers years'.split(' '))

/** The sentence as it reads before anything happened: ‹原因› for `{why}`, N for a number; a name that nobody described stays as it is (a test finds it). */
export function generalWords(sentence: Words): Words {
  return { zh: fillWords(sentence.zh, general, 'zh'), en: fillWords(sentence.en, general, 'en') }
}

const general: SaidFacts = Object.fromEntries<SaidFacts[string]>([
  ...[...counts].map((name): [string, string] => [name, 'N']),
  ...Object.entries(placeWords).map(([name, { zh, en }]): [string, SaidFacts[string]] => [name, zh === '' ? '' : { zh: `‹${zh}›`, en: `‹${en}›` }]),
])
