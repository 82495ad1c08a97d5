// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

const askList = { zh: '用 handover destroy list 查看命令和状态', en: 'See handover destroy list for orders and their state' }

/** Failures of destruction (CONTRACTS §§5, 9, 10; exit codes UX.md §5). */
export const destroyFailures = failures({
  NOTHING_TO_DESTROY: {
    exit: 3,
    zh: '按已批准的方案,这一范围里没有可以销毁的内容(未决 {unsettled} 条),没有建立销毁命令',
    en: 'By the approved plan there is nothing to destroy in this scope ({unsettled} records are not settled); no order was made',
    remedy: { zh: '用 handover plan 和 handover copies 查看哪些已了结,先完成移交、对账或解除冻结', en: 'See handover plan and handover copies; finish hand-over, reconciliation or holds first' },
  },
  SCOPE_UNKNOWN: {
    exit: 2,
    zh: '不认识销毁范围 {scope}',
    en: 'The scope {scope} is not known',
    remedy: { zh: '用 vault、originals 或 original:副本编号;他方的副本用 handover copies end', en: 'Use vault, originals or original:COPY; end copies of other parties with handover copies end' },
  },
  ORDER_UNKNOWN: { exit: 10, zh: '没有销毁命令 {order}', en: 'There is no destruction order {order}', remedy: askList },
  ORDER_RUNNING: {
    exit: 11,
    zh: '销毁命令 {order} 尚未完成,不能同时开始另一个',
    en: 'Destruction order {order} is not finished; another cannot begin',
    remedy: { zh: '先运行 handover destroy run {order} 继续完成它', en: 'Finish it with handover destroy run {order}' },
  },
  DESTRUCTION_SET_CHANGED: {
    exit: 13,
    zh: '申请之后,拟销毁的内容变了(申请时 {before} 条,现在 {now} 条,或去向不同);原审批对现在的内容无效,什么也没有销毁',
    en: 'What would be destroyed changed since the request ({before} records then, {now} now, or other endings); the approval does not cover it and nothing was destroyed',
    remedy: { zh: '重新运行 handover destroy request 并重新审批', en: 'Run handover destroy request again and have it approved' },
  },
  RECEIPTS_NOT_SEALED: {
    exit: 15,
    zh: '有 {records} 条拟销毁记录的个人还没有封存回执;密钥一旦销毁就再也开不出回执,没有开始',
    en: 'The people of {records} records to be destroyed have no sealed receipt; once the keys are gone none can be issued, so nothing began',
    remedy: { zh: '先运行 handover receipt seal -o 回执码.csv;确实无法出具的,申请时写明 --without-receipts 理由,由两人批准', en: 'Run handover receipt seal -o CODES.csv first; where none is possible, ask with --without-receipts REASON, which two people approve' },
  },
  NO_WITNESSES: {
    exit: 15,
    zh: '信任策略没有要求任何他方见证人,销毁必须先由见证人共同签名,没有开始',
    en: 'The trust policy asks for no witness of another party; a destruction must be cosigned first, so it did not begin',
    remedy: { zh: '用 handover policy write 和 handover policy set 设定见证人', en: 'Set witnesses with handover policy write and handover policy set' },
  },
  KEYS_NOT_GONE: {
    exit: 65,
    zh: '密钥库回读发现仍能打开本应销毁的密钥,已停止;没有出具证明',
    en: 'Keys that should be gone still open on reading back; stopped, and no certificate was issued',
    remedy: { zh: '保留现场,运行 handover doctor;不要删除数据', en: 'Keep everything as it is and run handover doctor; delete nothing' },
  },
  TOMBSTONES_DIFFER: {
    exit: 65,
    zh: '销毁名单文件 {file} 与数据库不一致({why}),停止一切读取',
    en: 'The tombstone file {file} and the database do not agree ({why}); nothing is read',
    remedy: { zh: '从证据备份恢复该文件,再运行同一命令;不要删除它', en: 'Restore the file from the evidence backup and run again; do not delete it' },
  },
  TOMBSTONES_BEHIND: {
    exit: 65,
    zh: '见证方 {who} 见过事项 {matter} 的日志 {seen} 条,而本目录的销毁名单只到 {known} 条:数据是从旧备份恢复的,其间可能有人已被销毁,停止一切读取',
    en: 'The log of matter {matter} had {seen} entries when {who} saw it, but the tombstone list of this home ends at {known}: the data come from an older backup and people may have been destroyed since; nothing is read',
    remedy: { zh: '把最新证据备份中的 objects/tombstones 和 objects/log 放回本目录,再运行同一命令', en: 'Put objects/tombstones and objects/log of the newest evidence backup into this home and run again' },
  },
  WRITE_NOT_ALLOWED: {
    exit: 77,
    zh: '这一命令会改写或删除原始文件或数据库 {files} 个,需要明确授权写入',
    en: 'This order rewrites or deletes {files} original files or databases and needs explicit permission to write',
    remedy: { zh: '确认无人使用这些文件或数据库后,加 --allow-write 再运行(数据库还要 --write-as)', en: 'Make sure nobody uses the files or databases, then run again with --allow-write (databases also --write-as)' },
  },
  ORIGINAL_GONE: {
    exit: 3,
    zh: '原始文件 {file} 已不在原处,无法销毁也无法核验',
    en: 'The original file {file} is no longer there; it can be neither destroyed nor checked',
    remedy: { zh: '找回文件;确已不存在的,由具名人员用 handover copies end 说明', en: 'Bring it back, or have a named person state its end with handover copies end' },
  },
  ORIGINAL_CHANGED: {
    exit: 65,
    zh: '原始文件 {file} 清查之后变过:一致 {same} 行,变更 {changed} 行,缺少 {missing} 行,多出 {extra} 行,无法核对 {unknown} 行;没有改动它',
    en: 'The original {file} changed since the inventory: {same} rows are the same, {changed} changed, {missing} missing, {extra} new, {unknown} cannot be compared; it was not touched',
    remedy: { zh: '恢复清查时的文件,或停用该系统后重新清查变更的部分;读取方式不同的,给出入账时用过的 --encoding、--delimiter、--no-header', en: 'Restore the file as it was, or take the changes into the inventory first; give --encoding, --delimiter, --no-header as at ingest' },
  },
  ORIGINAL_NOT_READ_BACK: {
    exit: 74,
    zh: '改写后的 {file} 回读结果与应有内容不符({why});旧文件未动,没有出具证明',
    en: 'The rewritten {file} does not read back as it should ({why}); the old file is untouched and no certificate was issued',
    remedy: { zh: '检查磁盘后重试;仍不行则整份文件按线下方式销毁并用 handover copies end 说明', en: 'Check the disk and try again; else destroy the whole file by other means and state it with handover copies end' },
  },
  ORIGINAL_REFUSES: {
    exit: 65,
    zh: '不能只删除 {file} 的一部分:{why}',
    en: 'A part of {file} cannot be removed: {why}',
    remedy: {
      zh: '整份文件到期后再销毁,或先在原系统中处理该部分;这期间用 handover copies end 副本编号 说明它为何留存,再申请其余文件。命令已经开始的,加 --leave-refused 运行:该文件原样留下,证明写明,副本账不了结',
      en: 'Destroy the whole file when nothing of it stays, or deal with that part in its own system first; meanwhile say with handover copies end COPY why it stays, and ask for the other files. In an order that has begun, run it with --leave-refused: the file stays as it is, the certificate names it, its copy stays open',
    },
  },
  DATABASE_WRITER_NEEDED: {
    exit: 12,
    zh: '命令涉及数据库 {where},但没有给出在其中删除的账号;什么也没有删除',
    en: 'The order concerns the database {where}, and no login for deleting there was given; nothing was deleted',
    remedy: { zh: '加 --write-as 地址(同一主机、端口和库,用户为可删除的账号)和 --password-file 口令文件', en: 'Add --write-as ADDRESS (same host, port and database, a user who may delete) and --password-file FILE' },
  },
  DATABASE_ROWS_LEFT: {
    exit: 65,
    zh: '数据库 {database} 中有行不能按命令处理:清查后变更 {changed} 行,无法核对 {unknown} 行,被其他行引用 {pointed} 行,清查后新增 {extra} 行;这些行没有改动,没有出具证明',
    en: 'Rows of the database {database} cannot be treated as ordered: {changed} changed since the inventory, {unknown} cannot be compared, {pointed} are pointed at by other rows, {extra} are new; these were not touched and no certificate was issued',
    remedy: { zh: '停用写入该库的系统,先做差异入账(handover ingest --delta)再申请;或加 --leave-refused 运行:这些行原样留下,证明写明,所在表的副本不了结', en: 'Stop what writes there, enter the changes first (handover ingest --delta) and ask again; or run with --leave-refused: these rows stay, the certificate names them, the copy of their table stays open' },
  },
  DATABASE_TABLE_HIDDEN: {
    exit: 77,
    zh: '表 {table} 对所给账号不可见,无法判断它是否还在;没有改动',
    en: 'The table {table} is hidden from this login, so whether it is still there cannot be told; nothing was changed',
    remedy: { zh: '授予该账号 SELECT、UPDATE、DELETE 权限后重试', en: 'Grant the login SELECT, UPDATE and DELETE and run again' },
  },
  ORIGINAL_IO: {
    exit: 74,
    zh: '改写原始文件 {file} 失败:{why}',
    en: 'The original {file} could not be rewritten: {why}',
    remedy: { zh: '检查权限和磁盘空间,再运行同一命令,会从中断处继续', en: 'Check permissions and disk space and run the same command again; it goes on where it stopped' },
  },
  COPY_NEEDS_ORDER: {
    exit: 13,
    zh: '副本 {copy} 在本方手里,只能按销毁命令销毁,不能凭一句话了结',
    en: 'Copy {copy} is in our own hands; it ends by a destruction order, not by a statement',
    remedy: { zh: '运行 handover destroy request --scope …;确实够不着的用 --how out-of-reach', en: 'Run handover destroy request --scope …; what nobody can reach ends with --how out-of-reach' },
  },
  COPY_PROOF_REFUSED: {
    exit: 65,
    zh: '证明文件不能了结副本 {copy}:{why}',
    en: 'The proof does not end copy {copy}: {why}',
    remedy: { zh: '请持有方用其当事方密钥签发指明该副本的销毁证明', en: 'Ask the holder for a certificate that names this copy, signed with its party key' },
  },
  TURN_INCOMPLETE: {
    exit: 74,
    zh: '密钥换代未完成:{why};证明保持“待定”',
    en: 'The turn of keys is not complete: {why}; certificates stay pending',
    remedy: { zh: '接好缺少的密钥槽介质,再运行 handover key turn', en: 'Attach the missing slot and run handover key turn again' },
  },
})
