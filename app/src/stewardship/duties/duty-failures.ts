// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures about duties. */
export const dutyFailures = failures({
  DUTY_UNKNOWN: {
    exit: 2,
    zh: '本事项没有义务 {duty},没有登记',
    en: 'This matter has no duty {duty}; nothing was recorded',
    remedy: { zh: '运行 handover duties --all 查看编号', en: 'Run handover duties --all for the ids' },
  },
  DUTY_DAY: {
    exit: 2,
    zh: '了结日 {on} 不能早于义务的起算日 {start},也不能晚于今天 {today},没有登记',
    en: 'The day {on} may not lie before the start {start} of the duty nor after today {today}; nothing was recorded',
    remedy: { zh: '用 --on 给出实际办妥的日期', en: 'Give the day on which it was really done with --on' },
  },
})
