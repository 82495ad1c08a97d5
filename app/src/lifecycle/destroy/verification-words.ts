// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../kit/failure.ts'

/** 核验方法. How a destruction was verified; a signed certificate holds the English sentences, joined by `; `. */
export const verifiedBy = {
  vault: { zh: '逐一回读密钥库,已清除的密钥槽均不能打开', en: 'every erased key slot read back from the key store' },
  files: { zh: '不再有保留内容的文件已覆写并删除;其余重新写出,全文回读,逐一查找已销毁的行', en: 'files without anything left were written over and removed; the others were written anew, read back whole and searched for every destroyed row' },
  databases: { zh: '数据库中逐行与其承诺比对,在同一事务中删除或清空并回读,最后整表比对', en: 'in databases each row was compared with its commitments, deleted or emptied and read back in the same transaction, and the tables of the order were compared whole at the end' },
} as const satisfies Record<string, Words>

/** Rows that nobody had to delete any more. */
export function rowsFoundGone(rows: number | string): Words {
  return { zh: `${rows} 行在本命令到达之前已不存在或已清空`, en: `${rows} rows were gone or empty before this order came to them` }
}

/** The sentences of a certificate in the reader's language; one that is not ours stays as it is signed. */
export function verificationIn(lang: 'zh' | 'en', how: string): string {
  if (lang === 'en') return how
  const known = Object.values(verifiedBy).reduce((text, words) => text.replace(words.en, words.zh), how)
  return known.replace(/(\d+) rows were gone or empty before this order came to them/, (_, rows: string) => rowsFoundGone(rows).zh).replaceAll('; ', ';')
}
