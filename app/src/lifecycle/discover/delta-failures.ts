// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** What can go wrong at the cut-over: freeze and delta scan (CONTRACTS §§2, 7). Facts are places and counts, never values. */
export const deltaFailures = failures({
  DELTA_SOURCE_UNKNOWN: {
    exit: 2,
    zh: '{where} 不是已入账的数据源(按文件路径认定),不能做差异清查。',
    en: '{where} is not the path of a source in the books, so there is nothing to compare it with.',
    remedy: { zh: '新的数据源请用 handover ingest 入账;已入账的数据源请放回入账时的路径再试。', en: 'Enter a new source with handover ingest; put a known one where it lay when it was entered.' },
  },
  DELTA_SHAPE: {
    exit: 65,
    zh: '{where} 的表或列与入账时不同({why}),无法逐条比对,没有改动账簿。',
    en: 'The tables or columns of {where} are not those that were entered ({why}); records cannot be compared and the books were not touched.',
    remedy: { zh: '请恢复表名、列名和列的次序;新增的表请另存为文件,用 handover ingest 入账。', en: 'Restore the names and order of tables and columns; save a new table as a file of its own and run handover ingest on it.' },
  },
  DELTA_KEY_UNKNOWN: {
    exit: 2,
    zh: '--key 所给的列在 {where} 的任何数据集里都不存在。',
    en: 'No data set of {where} has the column given with --key.',
    remedy: { zh: '请给出文件里的列名;不给 --key 时自动采用客户编号或身份证号,否则按全部内容比对。', en: 'Give a column title of the file; without --key a customer number or resident ID is used, else the whole content.' },
  },
  DELTA_KEY_NOT_UNIQUE: {
    exit: 65,
    zh: '{where} 中 --key 所给的列有 {rows} 行重复,不能据以认定同一条记录。',
    en: 'The column given with --key repeats in {rows} rows of {where}, so it does not tell records apart.',
    remedy: { zh: '请改用每行唯一的列;或不给 --key。', en: 'Use a column that is unique in every row, or leave --key out.' },
  },
  DELTA_CHANGED_HALFWAY: {
    exit: 65,
    zh: '{where} 在差异清查期间被改动,账簿未动。',
    en: '{where} changed while it was compared; the books were not touched.',
    remedy: { zh: '请停止对该文件的写入(handover freeze 记录封库)后再试。', en: 'Stop writing to the file (handover freeze records it) and try again.' },
  },
  DELTA_AFTER_FREEZE: {
    exit: 65,
    zh: '{where} 已封库({freeze}),现在的内容与封库时不同,没有改动账簿。',
    en: '{where} was frozen ({freeze}), and its content is not what it was then; the books were not touched.',
    remedy: { zh: '请查明封库之后是谁改了文件;确需采用新内容的,由负责人重新运行 handover freeze,事件会写入日志。', en: 'Find out who changed it after the freeze; if the new content is to count, have handover freeze run again: the log will show it.' },
  },
  DELTA_PACKAGE_UNDERWAY: {
    exit: 11,
    zh: '有 {packages} 个移交包在途(未对账签认也未撤回),此时不能更新账簿。',
    en: '{packages} packages are under way (neither reconciled nor withdrawn); the books cannot be revised now.',
    remedy: { zh: '请先完成对账 handover reconcile,或撤回 handover reconcile --withdraw,再做差异入账。', en: 'Conclude or withdraw them with handover reconcile first.' },
  },
  DELTA_ORDER_RUNNING: {
    exit: 11,
    zh: '销毁命令正在执行,此时不能更新账簿。',
    en: 'A destruction order is running; the books cannot be revised now.',
    remedy: { zh: '请先用 handover destroy run 完成它。', en: 'Finish it with handover destroy run.' },
  },
  DELTA_OVERTAKEN: {
    exit: 11,
    zh: '比对之后账簿有了变动,比对结果已作废,没有入账。',
    en: 'The books moved since the comparison; it is void and nothing was booked.',
    remedy: { zh: '请再次运行同一命令。', en: 'Run the same command again.' },
  },
  DELTA_ERASED_IN_SOURCE: {
    exit: 15,
    zh: '{where} 中有 {records} 条记录已在密库销毁,但原始文件里还没有删除;其中的人会被当作新增重新入账,因此已停止。',
    en: '{records} records of {where} were destroyed in the vault, but their rows may still stand in the original: those people would come back as new ones, so nothing was booked.',
    remedy: { zh: '请先销毁原始文件中的这些行(handover destroy request --scope originals),再做差异清查。', en: 'Destroy their rows in the original first (handover destroy request --scope originals), then scan again.' },
  },
  DELTA_UNAPPROVED: {
    exit: 13,
    zh: '按这次比对入账,{changed} 条记录旧值的密钥将不可恢复地销毁,{gone} 条记录不再算作原始文件所有,须申请人以外两人批准;还没有针对这份文件、这次比对的申请,没有改动账簿。',
    en: 'Booking this comparison erases the keys of the former values of {changed} records for good, and {gone} records would count as held by the original no more; two people besides the requester must approve it. Nothing was requested for exactly this file and comparison, and the books were not touched.',
    remedy: { zh: '请运行 handover delta request 数据源 --key 本人密钥文件,两人 handover approve 之后再运行同一入账命令。', en: 'Run handover delta request SOURCE --key YOUR-KEY, have two people run handover approve, then run the same command again.' },
  },
  DELTA_NOTHING_TO_APPROVE: {
    exit: 2,
    zh: '{where} 的这次比对既没有变更也没有消失的记录,无须审批。',
    en: 'By this comparison nothing of {where} changed or is gone, so it needs no approval.',
    remedy: { zh: '请直接运行 handover ingest --delta 数据源。', en: 'Run handover ingest --delta SOURCE.' },
  },
  DELTA_RECEIPTS_NOT_SEALED: {
    exit: 15,
    zh: '有 {records} 条将变更的记录,其个人还没有封存回执;旧值的密钥一旦销毁,就再也开不出这一版的回执,没有申请。',
    en: 'The people of {records} records that change have no sealed receipt; once the keys of the former values are gone none can be issued for them, so nothing was asked.',
    remedy: { zh: '请先运行 handover subjects 和 handover receipt seal -o 回执码.csv;确实无法出具的,申请时写明 --without-receipts 理由,由两人一并批准。', en: 'Run handover subjects and handover receipt seal -o CODES.csv first; where none is possible, ask with --without-receipts REASON, which two people approve with it.' },
  },
  DELTA_HELD: {
    exit: 15,
    zh: '差异里有 {records} 条变更的记录处于冻结之中;入账会销毁它们的旧值,什么都没有改变。',
    en: '{records} records that changed are frozen; booking would erase their former values, and nothing was changed.',
    remedy: { zh: '先解除冻结(handover hold release),或在冻结解除之前不对这个来源做差异入账;依据:会计档案管理办法 第十九条(规则 J07)。', en: 'Release the hold first (handover hold release), or book no delta of this source until then; rule J07.' },
  },
  DELTA_NO_WITNESSES: {
    exit: 15,
    zh: '信任策略没有要求任何他方见证人;按这次比对入账会销毁旧值的密钥,必须先由见证人共同签名,因此没有入账。',
    en: 'The trust policy asks for no witness of another party; booking this comparison erases keys of former values, which must be cosigned first, so nothing was booked.',
    remedy: { zh: '请用 handover policy write 和 handover policy set 设定见证人,再运行同一命令。', en: 'Set witnesses with handover policy write and handover policy set, then run the same command again.' },
  },
  DELTA_TOO_DIFFERENT: {
    exit: 15,
    zh: '{where} 与账簿相差过大:{records} 条记录中变更 {changed} 条、消失 {gone} 条。更新会使旧值的密钥不可恢复地销毁,因此没有入账。',
    en: '{where} differs too much from the books: of {records} records {changed} changed and {gone} are gone. Revising erases the keys of former values for good, so nothing was booked.',
    remedy: { zh: '请核对是不是放错了文件;确认无误后加 --large 再运行。', en: 'Check that it is the right file; if it is, run it again with --large.' },
  },
  FREEZE_SOURCE_MISSING: {
    exit: 66,
    zh: '已入账的数据源 {where} 读不到({why}),不能封库。',
    en: 'The source {where} cannot be read ({why}), so nothing was frozen.',
    remedy: { zh: '请放回入账时的路径后再试;数据库请给出 --password-file。', en: 'Put it back where it lay when it was entered and try again; for a database give --password-file.' },
  },
})
