// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** What can go wrong while sources are entered in the books; facts are places and counts, never values. */
export const discoverFailures = failures({
  SCAN_PAUSED: {
    exit: 130,
    zh: '清查已暂停:{total} 个文件中 {done} 个已完成并保存。',
    en: 'The scan is paused: {done} of {total} files are finished and kept.',
    remedy: { zh: '同一条命令加 --resume 继续;已完成且未改动的文件不再读取。', en: 'Run the same command with --resume; finished files that did not change are not read again.' },
  },
  SCAN_WORK_FOREIGN: {
    exit: 2,
    zh: '{where} 已经存在,且不是清查的工作文件;没有读写、没有删除,清查没有开始。',
    en: '{where} exists and is not a work file of a scan; it was not touched, and the scan did not begin.',
    remedy: { zh: '--work 请指定一个不存在的文件名,或此前暂停的清查留下的工作文件。', en: 'Let --work name a file that does not exist, or the work file that a paused scan left.' },
  },
  SCAN_WORK_UNWRITABLE: {
    exit: 74,
    zh: '清查已停下,但进度没能存到 {where}({why});再次清查将从头读取。',
    en: 'The scan stopped, but its progress could not be kept in {where} ({why}); the next one reads everything again.',
    remedy: { zh: '请检查该位置的写入权限和剩余空间,或用 --work 指定别处,再重新清查。', en: 'Check the permissions and the space there, or name another place with --work, and scan again.' },
  },
  INGEST_NEEDS_FILE: {
    exit: 2,
    zh: '入账需要把同一数据源读两遍,{where} 不能重读,没有入账。',
    en: 'Entering a source in the books reads it twice; {where} cannot be read again, so nothing was entered.',
    remedy: { zh: '请把内容存成文件后,再对该文件运行 handover ingest。', en: 'Save the content as a file and run handover ingest on that.' },
  },
  INGEST_NOTHING: {
    exit: 3,
    zh: '所给的数据源里没有可以入账的数据集(没有读到任何表)。',
    en: 'The sources hold no data set that could be entered in the books.',
    remedy: { zh: '请用 handover scan 查看哪些内容没有读到以及原因。', en: 'Run handover scan to see what was not read and why.' },
  },
  INGEST_CHANGED: {
    exit: 65,
    zh: '{where} 此前已登记入账,现在内容不同(字节摘要不一致),没有改动账簿。',
    en: '{where} was entered in the books before and its bytes are different now; the books were not touched.',
    remedy: { zh: '请恢复登记时的文件;若内容确有更新,请用 handover scan --delta 比对、handover ingest --delta 入账。', en: 'Restore the file as it was; for content that really changed run handover scan --delta, then handover ingest --delta.' },
  },
  INGEST_CHANGED_HALFWAY: {
    exit: 65,
    zh: '{where} 的入账曾中断,之后文件内容被改动,无法从断点继续。',
    en: 'Entering {where} was interrupted and the file changed since then; it cannot be continued.',
    remedy: { zh: '请恢复原文件后重试;或运行 handover ingest --discard-unfinished 撤销这次未完成的入账(尚未记账,密钥一并销毁),再重新入账。', en: 'Restore the file and run the command again, or undo the unfinished part with handover ingest --discard-unfinished (nothing was booked; its keys are erased) and start anew.' },
  },
  INGEST_UNFINISHED: {
    exit: 11,
    zh: '数据源 {where} 的入账尚未完成,完成之前不能登记新的数据源。',
    en: 'Entering the source {where} is not finished; a new source waits until it is.',
    remedy: { zh: '请先对它再次运行 handover ingest(会从断点继续),或用 --discard-unfinished 撤销。', en: 'Run handover ingest on it again (it goes on where it stopped), or undo it with --discard-unfinished.' },
  },
  INGEST_NOTHING_UNFINISHED: {
    exit: 2,
    zh: '没有未完成的入账可以撤销。',
    en: 'There is no unfinished ingest to undo.',
    remedy: { zh: '已完成的入账不能撤销;请用销毁流程了结。', en: 'A finished one cannot be undone; end its records by the destruction procedure.' },
  },
  INGEST_RUNNING: {
    exit: 11,
    zh: '另一个进程正在把 {where} 入账。',
    en: 'Another process is entering {where} in the books.',
    remedy: { zh: '请等它结束后再试;已写入的部分不会重复。', en: 'Wait until it ends; what is written is never written twice.' },
  },
  INGEST_TOO_WIDE: {
    exit: 65,
    zh: '{where} 有 {fields} 列,一个数据集最多 {max} 列(账簿的一个事件装不下更多);没有入账。',
    en: '{where} has {fields} columns; a data set may have {max} (one event of the books holds no more). Nothing was entered.',
    remedy: { zh: '请把这张表按列拆成几张(每张保留客户编号)后再运行。', en: 'Split the table by columns into several, each with the customer number, and run the command again.' },
  },
  INGEST_TOO_MANY_FIELDS: {
    exit: 65,
    zh: '加上 {where} 的 {fields} 列,本事项共有 {total} 列;一个事项最多 {max} 列(此后每次过账的事件装不下更多)。没有入账。',
    en: 'With the {fields} columns of {where} this matter has {total}; a matter may have {max} (no event of a later posting holds more). Nothing was entered.',
    remedy: { zh: '请只导出确有客户信息的表再入账;或把其余的表放进另一个事项(handover init)。', en: 'Enter only the tables that hold customer information, or put the others in a matter of their own (handover init).' },
  },
  SEALING_FAILED: {
    exit: 70,
    zh: '加密线程意外结束({kind}),入账已停止;此前的批次都已完整保存。',
    en: 'The sealing thread ended unexpectedly ({kind}); entering stopped, earlier batches are stored whole.',
    remedy: { zh: '请再次运行同一命令(会从断点继续);若再次出现,请报告此问题(不要附上客户数据)。', en: 'Run the same command again (it goes on where it stopped); if it happens again, report it (without customer data).' },
  },
  INGEST_SHAPE: {
    exit: 65,
    zh: '{where} 第二遍读取的结构与清查时不同({why}),已停止,未记账。',
    en: 'The second reading of {where} has another shape than the scan ({why}); stopped before the books.',
    remedy: { zh: '请停止对该文件的写入后重试;若文件未变,请报告此问题(不要附上客户数据)。', en: 'Stop writing to the file and try again; if it did not change, report this (without customer data).' },
  },
  SUBJECTS_NOT_RESOLVED: {
    exit: 15,
    zh: '尚未归并个人信息主体,或归并之后又有新的记录({records} 条)。',
    en: 'The persons are not resolved yet, or {records} records were added since.',
    remedy: { zh: '请先运行 handover subjects。', en: 'Run handover subjects first.' },
  },
  NO_RECORDS: {
    exit: 15,
    zh: '账簿中还没有记录,没有可归并的对象。',
    en: 'The books hold no records yet; there is nobody to resolve.',
    remedy: { zh: '请先运行 handover ingest。', en: 'Run handover ingest first.' },
  },
})
