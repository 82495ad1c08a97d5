// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path'
import { Failure } from '../kit/failure.ts'
import { propertyParts, propertyPieces } from './documents/read-properties.ts'
import type { ZipArchive } from './open-zip.ts'
import { relationsOf, scanPart } from './read-workbook.ts'
import type { Relation, SheetPart, Workbook } from './read-workbook.ts'
import { attribute } from './scan-xml.ts'
import type { ReadEvent, WhyNotRead } from './source-events.ts'

/** Reasons why something in a source was not read; printed in the result and on the certificate (PRODUCT.md §3.7). */
export const notReadReasons = {
  comments: { code: 'COMMENTS', zh: '批注尚未读取,其中可能有个人信息', en: 'comments are not read yet; they may hold personal information' },
  image: { code: 'IMAGE', zh: '图片尚未识别', en: 'images are not read yet' },
  textBox: { code: 'TEXT_BOX', zh: '文本框尚未读取', en: 'text boxes are not read yet' },
  chart: { code: 'CHART', zh: '图表(含其数据缓存)尚未读取', en: 'charts and their cached data are not read yet' },
  headerFooter: { code: 'HEADER_FOOTER', zh: '页眉页脚尚未读取', en: 'page headers and footers are not read yet' },
  properties: { code: 'PROPERTIES', zh: '文件属性(作者、标题等)尚未读取', en: 'document properties (author, title …) are not read yet' },
  embedded: { code: 'EMBEDDED', zh: '嵌入对象尚未读取', en: 'embedded objects are not read yet' },
  macro: { code: 'MACRO', zh: '宏代码不读取', en: 'macros are not read' },
  external: { code: 'EXTERNAL_LINK', zh: '外部链接及其缓存尚未读取', en: 'external links and their caches are not read yet' },
  pivot: { code: 'PIVOT_CACHE', zh: '数据透视表缓存(可能含已删除的行)尚未读取', en: 'pivot caches (they can hold deleted rows) are not read yet' },
  mailLink: { code: 'MAIL_LINK', zh: '邮件或电话超链接尚未读取', en: 'mail and telephone links are not read yet' },
  drawing: { code: 'DRAWING', zh: '旧式绘图(VML)不合格式,其中的文字没有读取', en: 'an old drawing (VML) is malformed; texts in it are not read' },
  otherSheet: { code: 'OTHER_SHEET', zh: '图表页、宏页或对话页尚未读取', en: 'chart, macro and dialog sheets are not read yet' },
  otherPart: { code: 'OTHER_PART', zh: '附带内容尚未读取', en: 'an attached part is not read yet' },
  inside: { code: 'INSIDE', zh: '文件中所含的文件没有读取(嵌套层数超过上限;入账时不读取压缩包、邮件和文档中所含的文件,请解压或另存后单独入账)', en: 'a file inside a file is not read here: nested too deep, or the file is being entered in the books; unpack it and enter it by itself' },
  pictureWithoutText: { code: 'PICTURE_WITHOUT_TEXT', zh: '图片中没有识别出文字;画面(如人像、手写)不识别,请人工查看', en: 'no text was recognised in the picture; what it shows (such as a face or handwriting) is not read, look at it' },
  pageWithoutText: { code: 'PAGE_WITHOUT_TEXT', zh: '该页没有可读取的文字(空白页、矢量图形或无法解码的字体),请人工查看', en: 'the page has no text that can be read (blank, drawn, or in a font that cannot be decoded); look at it' },
  besideCells: { code: 'BESIDE_CELLS', zh: '表格单元格之外的文字(页眉页脚、文本框、提示、名称、属性)尚未读取', en: 'texts beside the cells (headers, text boxes, prompts, names, properties) are not read' },
  people: { code: 'PEOPLE', zh: '批注者名单(姓名、账号)尚未读取', en: 'the list of people who commented (names, accounts) is not read' },
  names: { code: 'DEFINED_NAMES', zh: '工作簿的定义名称过多,其余没有读取', en: 'the workbook defines too many names; the rest is not read' },
  pageFont: { code: 'PAGE_FONT', zh: '该页有字体无法解码,其文字没有读到或不可信,请人工查看', en: 'a font on the page cannot be decoded: its text was not read or is not what is written; look at it' },
  pictureUndecoded: { code: 'PICTURE_UNDECODED', zh: '该图片的压缩方式(如 JBIG2、CCITT 传真、JPEG 2000)不受支持或数据损坏,没有识别;请另存为 PNG 或 JPEG 后清查', en: 'the picture is packed in a way that is not read here (such as JBIG2, CCITT fax, JPEG 2000) or is damaged; save it as PNG or JPEG and scan that' },
  thinPicture: { code: 'THIN_PICTURE', zh: '该页有不足 8 像素高或宽的图片条,没有识别(可能是分条存放的整页图像),请人工查看', en: 'the page has picture strips of less than 8 pixels, which were not read (they may be a page cut into strips); look at it' },
  xfa: { code: 'XFA_FORM', zh: 'XFA 表单的数据没有读取', en: 'the data of an XFA form is not read' },
  outline: { code: 'OUTLINE', zh: '书签或脚本损坏,没有读取', en: 'the outline or scripts are damaged and were not read' },
  mailText: { code: 'MAIL_CHARSET', zh: '该部分声明的字符集未知或与内容不符,其文字可能没有读对', en: 'the character set of this part is unknown or does not fit; its text may not have been read right' },
  addresses: { code: 'ADDRESSES', zh: '邮件地址过多,其余没有读取', en: 'too many addresses; the rest is not read' },
  comment: { code: 'COMMENT', zh: '压缩包的注释没有读取', en: 'the comment of the archive is not read' },
  trailing: { code: 'TRAILING_BYTES', zh: '归档结束标记之后还有内容,没有读取', en: 'bytes after the end of the archive are not read' },
  sparse: { code: 'SPARSE_FILE', zh: '稀疏文件(按空洞存放)没有读取', en: 'a sparse file (stored with holes) is not read' },
  folderBytes: { code: 'FOLDER_BYTES', zh: '目录条目带有内容,没有读取', en: 'an entry for a folder holds bytes, which are not read' },
  unsupported: { code: 'UNSUPPORTED_KIND', zh: '尚不支持的文件类型', en: 'a kind of file that this version does not read' },
  symbolicLink: { code: 'SYMBOLIC_LINK', zh: '符号链接不跟随', en: 'symbolic links are not followed' },
  notAFile: { code: 'NOT_A_FILE', zh: '不是普通文件', en: 'not an ordinary file' },
  lockFile: { code: 'LOCK_FILE', zh: '办公软件的临时锁文件(含使用者姓名)未读取', en: 'a lock file of an office program (it holds a user name) is not read' },
  view: { code: 'VIEW', zh: '视图不单独读取,其数据来自已读取的表', en: 'views are not read by themselves; their rows come from tables that are' },
  computedColumn: { code: 'COMPUTED_COLUMN', zh: '虚拟计算列不读取(其值不存储,由同一行的其他列算出;执行外来文件中的算式不安全)', en: 'a virtual generated column is not read: its value is not stored but follows from other columns, and computing what a foreign file says is not safe' },
  unreadable: { code: 'UNREADABLE', zh: '无法打开(权限、路径过长或名称不是 UTF-8)', en: 'cannot be opened (permissions, too long a path, or a name that is not UTF-8)' },
  virtualTable: { code: 'VIRTUAL_TABLE', zh: '虚拟表(如全文索引)及其影子表未读取', en: 'virtual tables (such as full text indexes) and their shadow tables are not read' },
} as const satisfies Record<string, WhyNotRead>

const reasonByType = new Map<string, WhyNotRead>([
  ['comments', notReadReasons.comments],
  ['threadedComment', notReadReasons.comments],
  ['image', notReadReasons.image],
  ['chart', notReadReasons.chart],
  ['chartEx', notReadReasons.chart],
  ['oleObject', notReadReasons.embedded],
  ['package', notReadReasons.embedded],
  ['vbaProject', notReadReasons.macro],
  ['externalLink', notReadReasons.external],
  ['pivotCacheDefinition', notReadReasons.pivot],
  ['person', notReadReasons.people],
])
// These hold layout, or repeat what the sheet says.
const harmless = new Set(['printerSettings', 'table', 'vmlDrawing', 'pivotTable', 'hyperlink', 'drawing', 'queryTable', 'slicer', 'slicerCache', 'timeline', 'ctrlProp', 'worksheet'])

/** What a sheet carries beside its cells, as `file!sheet/part`. */
export async function* unreadInSheet(zip: ZipArchive, sheet: SheetPart): AsyncGenerator<ReadEvent> {
  const relations = await relationsOf(zip, sheet.part)
  const where = `${zip.where}!${sheet.name}`
  if (relations.some((relation) => relation.type === 'hyperlink' && /^(mailto|tel|sms):/i.test(relation.target))) {
    yield { kind: 'notRead', where, why: notReadReasons.mailLink }
  }
  yield* unreadRelations(where, relations)
  for (const target of new Set(relations.filter((relation) => relation.type === 'drawing').map((relation) => relation.target))) {
    let hasText = false
    await scanPart(zip, target, { open: (name) => void (hasText ||= name === 'txBody'), close: () => {}, text: () => {} })
    if (hasText) yield { kind: 'notRead', where: `${where}/${posix.basename(target)}`, why: notReadReasons.textBox }
    yield* unreadRelations(where, await relationsOf(zip, target))
  }
  for (const target of new Set(relations.filter(({ type }) => type === 'vmlDrawing').map((relation) => relation.target))) {
    const texts = await drawnTexts(zip, target)
    if (texts === null) yield { kind: 'notRead', where: `${where}/${posix.basename(target)}`, why: notReadReasons.drawing }
    else if (texts.length > 0) yield { kind: 'notRead', where: `${where}/${posix.basename(target)}`, why: notReadReasons.textBox }
    yield* unreadRelations(where, await relationsOf(zip, target))
  }
}

/** Texts in the boxes and buttons of an old drawing (VML); null when it is no plain XML, as some programs write it. */
export async function drawnTexts(zip: ZipArchive, part: string): Promise<string[] | null> {
  const texts: string[] = []
  let boxes = 0
  try {
    await scanPart(zip, part, {
      open: (name, attributes) => {
        if (name === 'textbox') boxes++
        const drawn = name === 'textpath' ? attribute(attributes, 'string') : name === 'shape' ? attribute(attributes, 'alt') : null
        if (drawn !== null && drawn.trim() !== '') texts.push(drawn)
      },
      close: (name) => void (boxes -= name === 'textbox' ? 1 : 0),
      text: (text) => void (boxes > 0 && text.trim() !== '' && texts.push(text.trim())),
    })
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'XLSX_CORRUPT') throw error
    return null
  }
  return texts
}

function* unreadRelations(where: string, relations: Relation[]): Generator<ReadEvent> {
  const told = new Set<string>()
  for (const relation of relations) {
    if (harmless.has(relation.type) || relation.isExternal || told.has(relation.target)) continue
    told.add(relation.target)
    yield { kind: 'notRead', where: `${where}/${posix.basename(relation.target)}`, why: reasonByType.get(relation.type) ?? notReadReasons.otherPart }
  }
}

/** What the workbook carries beside its sheets: macros, external links, pivot caches, properties that name somebody. */
export async function* unreadInWorkbook(zip: ZipArchive, book: Workbook): AsyncGenerator<ReadEvent> {
  const others = book.others.filter((relation) => !['chartsheet', 'dialogsheet', 'macrosheet', 'xlMacrosheet', 'xlIntlMacrosheet'].includes(relation.type))
  yield* unreadRelations(zip.where, others)
  if (book.hasMoreNames) yield { kind: 'notRead', where: zip.where, why: notReadReasons.names }
  for (const part of propertyParts) if ((await propertyPieces(zip, [part])).length > 0) yield { kind: 'notRead', where: `${zip.where}!${part}`, why: notReadReasons.properties }
}
