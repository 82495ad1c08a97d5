// SPDX-License-Identifier: Apache-2.0
import type { ImportResult } from '../lifecycle/notify/index.ts'

/** How an imported file ended, for people. */
export function importLines(done: ImportResult, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  if (done.repeated) {
    return [zh ? `✔ 这个文件此前已导入(${done.batch}):共 ${done.rows} 行,有效 ${done.matched} 行,未匹配 ${done.unmatched} 行;没有重复入账` : `✔ this file was imported before (${done.batch}): ${done.rows} rows, ${done.matched} matched, ${done.unmatched} not; nothing was booked twice`]
  }
  return [
    zh ? `✔ ${done.batch}: 共 ${done.rows} 行,有效 ${done.matched} 行` : `✔ ${done.batch}: ${done.rows} rows, ${done.matched} matched`,
    ...(done.errorFile === null ? [] : [zh ? `⚠ ${done.unmatched} 行没有入账,原因见 ${done.errorFile}(改正后可直接再导入)` : `⚠ ${done.unmatched} rows had no effect; see ${done.errorFile} (correct it and import it)`]),
  ]
}
