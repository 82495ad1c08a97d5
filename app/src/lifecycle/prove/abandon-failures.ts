// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures of abandoning a matter (CONTRACTS §18). */
export const abandonFailures = failures({
  ABANDON_ORDER_OPEN: {
    exit: 11,
    zh: '销毁命令 {order} 已开始而未完结,不能宣告终止',
    en: 'The destruction order {order} was begun and is not finished; the matter cannot be abandoned now',
    remedy: { zh: '先用 handover destroy run 和 handover key turn 完成它', en: 'Finish it with handover destroy run and handover key turn' },
  },
  ABANDON_CLOSED: {
    exit: 10,
    zh: '事项已经办结,不能终止',
    en: 'The matter is closed and cannot be abandoned',
    remedy: { zh: '无需操作', en: 'Nothing is needed' },
  },
  ABANDON_NOT_DECLARED: {
    exit: 10,
    zh: '事项尚未宣告终止',
    en: 'The matter has not been declared abandoned',
    remedy: { zh: '先由两人批准:handover abandon request --reason 原因 --key 文件', en: 'Have two people approve it first: handover abandon request --reason R --key FILE' },
  },
  ABANDON_NOTICE_REFUSED: {
    exit: 65,
    zh: '终止通知没有通过核验({why}),没有删除任何内容',
    en: 'The notice of abandonment did not pass verification ({why}); nothing was destroyed',
    remedy: { zh: '请对方重新出具通知原件', en: 'Ask the other side for the original notice' },
  },
  ABANDON_PACKAGE_FILE: {
    exit: 65,
    zh: '{file} 不是通知所列的移交包,没有删除',
    en: '{file} is none of the packages of the notice; it was not deleted',
    remedy: { zh: '核对文件', en: 'Check the file' },
  },
  ABANDON_ROWS_LEFT: {
    exit: 74,
    zh: '接收目标里仍读到 {rows} 行,没有出具证明',
    en: '{rows} rows are still read in the destination; nothing was certified',
    remedy: { zh: '检查权限后再运行同一命令', en: 'Check permissions and run the same command again' },
  },
})
