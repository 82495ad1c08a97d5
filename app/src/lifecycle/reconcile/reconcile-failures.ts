// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures of reconciling (CONTRACTS §8). */
export const reconcileFailures = failures({
  ACCEPTANCE_REFUSED: {
    exit: 65,
    zh: '验收单没有通过核验,没有登记:{why}',
    en: 'The acceptance did not pass verification and was not recorded: {why}',
    remedy: { zh: '请对方重新运行 handover receive 并发来验收单', en: 'Have the other side run handover receive again and send its acceptance' },
  },
  PACKAGE_UNKNOWN: {
    exit: 65,
    zh: '本事项没有签发过移交包 {package}',
    en: 'This matter has issued no package {package}',
    remedy: { zh: '核对事项(-m)和文件', en: 'Check the matter (-m) and the file' },
  },
  ACCEPTANCE_OF_OTHER: {
    exit: 65,
    zh: '验收单说的不是本方签发的这个移交包({what} 不同)',
    en: 'The acceptance speaks of something other than the package that was issued ({what} differs)',
    remedy: { zh: '请对方核对收到的移交包,再次运行 handover receive', en: 'Have the other side check the package it received and run handover receive again' },
  },
  PACKAGE_WITHDRAWN: {
    exit: 65,
    zh: '移交包 {package} 已经撤回,不能再对账',
    en: 'Package {package} was withdrawn and cannot be reconciled',
    remedy: { zh: '签发新的移交包:handover pack', en: 'Issue a new package: handover pack' },
  },
  RECONCILED_ALREADY: {
    exit: 65,
    zh: '移交包 {package} 已经对账签认,不能撤回',
    en: 'Package {package} is reconciled already and cannot be withdrawn',
    remedy: { zh: '不需要操作;用 handover log show 查看', en: 'Nothing is needed; see handover log show' },
  },
  RECONCILIATION_REFUSED: {
    exit: 65,
    zh: '对账单没有通过核验({why}),没有签字,没有入账',
    en: 'The reconciliation did not pass verification ({why}); nothing was signed or booked',
    remedy: { zh: '请对方重新提供对账单原件', en: 'Ask the other side for the original reconciliation' },
  },
  NOTHING_ACCEPTED: {
    exit: 65,
    zh: '本方没有为移交包 {package} 签过验收单,不能会签对账单',
    en: 'This home has signed no acceptance for package {package}; it cannot countersign',
    remedy: { zh: '先运行 handover receive', en: 'Run handover receive first' },
  },
  NOT_COUNTERSIGNED: {
    exit: 65,
    zh: '对账单还缺 {missing} 的签字,没有入账',
    en: 'The reconciliation lacks the signature of the {missing}; nothing was booked',
    remedy: { zh: '请接收方运行 handover reconcile --countersign 文件 -o 文件,把结果发回', en: 'Have the recipient run handover reconcile --countersign FILE -o FILE and send the result back' },
  },
})
