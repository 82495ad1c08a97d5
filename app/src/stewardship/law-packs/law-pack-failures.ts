// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures about law packs (rule M12). */
export const lawPackFailures = failures({
  LAW_FILES_INVALID: {
    exit: 65,
    zh: '{where} 的法规文件不合格式({why}),没有签署',
    en: 'The law files of {where} do not fit the format ({why}); nothing was signed',
    remedy: { zh: '对照 law/ 下的文件修正后重试', en: 'Correct them after the files in law/ and try again' },
  },
  LAW_IDS_VANISH: {
    exit: 15,
    zh: '新法规包中没有了 {n} 个条目({ids}),没有采用;条目不会不声不响地消失',
    en: 'The new pack no longer has {n} ids ({ids}) and was not adopted; nothing vanishes silently',
    remedy: { zh: '若确实要删除,用 --remove 逐个写明;否则请出具方补上', en: 'If they shall go, name each with --remove; otherwise ask for a pack that has them' },
  },
  LAW_CHANGED_MEANWHILE: {
    exit: 75,
    zh: '采用期间,另有人变更了本事项的法规,没有采用',
    en: 'Somebody else changed the law of this matter meanwhile; nothing was adopted',
    remedy: { zh: '用 handover law diff 重看差异后重试', en: 'Look at the difference again with handover law diff and try again' },
  },
  LAW_SUBJECT_UNKNOWN: {
    exit: 2,
    zh: '本事项没有待复核的「{subject}」,没有登记',
    en: 'This matter has no "{subject}" to be looked at again; nothing was recorded',
    remedy: { zh: '运行 handover duties 查看待复核的内容', en: 'Run handover duties for what waits to be looked at' },
  },
})
