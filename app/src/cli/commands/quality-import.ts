// SPDX-License-Identifier: Apache-2.0
import { correctionRefusals, previewCorrections, qualityFailures, writeCorrectedCopy, type Correction, type CorrectionPreview } from '../../stewardship/quality/index.ts'
import { neededArgument } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command } from '../command.ts'
import { readOptions } from '../read-options.ts'

const shownMax = 40

/** `handover quality import` */
export const command: Command = {
  name: 'quality import',
  summary: { zh: '收回填好的更正清单:先预览,再生成更正副本(原文件不动)', en: 'take a filled work list back: preview, then a corrected copy (the original stays)' },
  usage: 'handover quality import LIST.xlsx SOURCE --preview | --apply -o COPY.csv|COPY.xlsx [--partial]',
  example: 'handover quality import 更正清单.xlsx 客户.csv --apply -o 客户-更正.csv',
  options: {
    preview: { type: 'boolean', doc: { zh: '只看将改动什么、哪些不能采用(默认)', en: 'show what would change and what is refused (the default)' } },
    apply: { type: 'boolean', doc: { zh: '写出更正副本', en: 'write the corrected copy' } },
    output: { type: 'string', short: 'o', doc: { zh: '更正副本的文件名(不能是原文件)', en: 'name of the corrected copy (never the original)' } },
    partial: { type: 'boolean', doc: { zh: '有不能采用的更正时,仍写出其余的', en: 'write the rest although some corrections are refused' } },
    encoding: { type: 'string', doc: { zh: '文本编码(同检查时)', en: 'text encoding (as in the check)' } },
    delimiter: { type: 'string', doc: { zh: '分隔符(同检查时)', en: 'separator (as in the check)' } },
    'no-header': { type: 'boolean', doc: { zh: '第一行就是数据(同检查时)', en: 'the first row is data (as in the check)' } },
  },
  run: async (call) => {
    const list = neededArgument(call, 0, { zh: '更正清单', en: 'A work list', command: 'quality import' })
    const source = neededArgument(call, 1, { zh: '数据源', en: 'A source', command: 'quality import' })
    const options = readOptions(call, 'quality import')
    const copy = textFlag(call, 'output')
    if (call.flags['apply'] !== true) {
      if (copy !== undefined) throw cliFailures.WRONG_ARGUMENT({ what: '-o', why: { zh: '只与 --apply 同用', en: 'only together with --apply' }, command: 'quality import' })
      const preview = await previewCorrections({ list, source, options })
      call.out.result(documentOf(preview), linesOf(preview, call.out.lang))
      call.out.next(`handover quality import ${list} ${source} --apply -o COPY.csv`)
      return preview.isSame && preview.corrections.every(({ refusal }) => refusal === null) ? 0 : 3
    }
    if (copy === undefined) throw qualityFailures.CORRECTION_ORIGINAL({ where: source })
    const done = await writeCorrectedCopy({ list, source, copy, options, isPartial: call.flags['partial'] === true })
    const zh = call.out.lang === 'zh'
    call.out.result({ ...documentOf(done.preview), copy: done.copy, changed: done.changed, sha256: done.sha256 }, [
      ...linesOf(done.preview, call.out.lang),
      zh ? `✔ 更正副本 ${done.copy}:改动 ${done.changed} 格,逐格读回核对一致;原文件没有改动 · SHA-256 ${done.sha256}` : `✔ corrected copy ${done.copy}: ${done.changed} cells changed, every cell read back; the original is untouched · SHA-256 ${done.sha256}`,
      zh ? '  原文件已入账的:由你们用副本替换原文件(路径不变),再 handover scan --delta;旧值销毁须两人批准。' : '  If the original is in the books: put the copy in its place yourselves (same path), then handover scan --delta; ending former values takes two approvals.',
    ])
    call.out.next(`handover quality ${done.copy}`)
    return done.preview.corrections.some(({ refusal }) => refusal !== null) ? 3 : 0
  },
}

/** What may be told of a correction: places and masked values. */
function documentOf(preview: CorrectionPreview): object {
  const { source, isSame, corrections, unchanged, elsewhere, empty } = preview
  return {
    source: source.place, isSame, changes: corrections.filter(({ refusal }) => refusal === null).length, refused: corrections.filter(({ refusal }) => refusal !== null).length, unchanged, elsewhere, empty,
    corrections: corrections.map(({ row, dataSetName, fieldName, place, before, after, refusal, why }) => ({ listRow: row, dataSet: dataSetName, field: fieldName, row: place, before, after, refusal, why })),
  }
}

function linesOf(preview: CorrectionPreview, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const { corrections, unchanged, elsewhere, empty, isSame } = preview
  const refused = corrections.filter(({ refusal }) => refusal !== null)
  const taken = corrections.filter(({ refusal }) => refusal === null)
  const more = (all: readonly Correction[]): string[] => (all.length > shownMax ? [zh ? `    …还有 ${all.length - shownMax} 处(--json 全部列出)` : `    … ${all.length - shownMax} more (--json lists all)`] : [])
  return [
    zh ? `${preview.source.place}:可采用 ${taken.length} 处,不能采用 ${refused.length} 处,已是该值 ${unchanged} 处,未填 ${empty} 行${elsewhere > 0 ? `,属于其他数据源 ${elsewhere} 行` : ''}` : `${preview.source.place}: ${taken.length} can be taken, ${refused.length} cannot, ${unchanged} hold the value already, ${empty} lines not filled in${elsewhere > 0 ? `, ${elsewhere} lines of other sources` : ''}`,
    ...(isSame ? [] : [zh ? '  ✗ 文件在导出清单之后改动过,不能生成更正副本;请重新检查。' : '  ✗ the file changed since the list was made: no copy can be written; check it again.']),
    ...taken.slice(0, shownMax).map((one) => `    ${one.dataSetName} ${zh ? '第' : 'row'} ${one.place} ${zh ? '行' : ''} ${one.fieldName}: ${one.before} → ${one.after}`),
    ...more(taken),
    ...refused.slice(0, shownMax).map((one) => `    ✗ ${zh ? '清单第' : 'list row'} ${one.row} ${zh ? '行' : ''} ${one.fieldName}: ${one.refusal === null ? '' : correctionRefusals[one.refusal][lang]}${one.why === null ? '' : ` (${one.why[lang]})`}`),
    ...more(refused),
  ].map((line) => line.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, '·'))
}
