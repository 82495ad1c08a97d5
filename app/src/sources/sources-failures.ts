// SPDX-License-Identifier: Apache-2.0
import { failures } from '../kit/failure.ts'

/** What can go wrong while a foreign source is read; facts are places and reasons, never values. */
export const sourceFailures = failures({
  SOURCE_NOT_FOUND: {
    exit: 74,
    zh: '找不到数据源 {where},没有读取任何内容。',
    en: 'The source {where} does not exist; nothing was read.',
    remedy: { zh: '请检查路径是否正确、存储是否已连接。', en: 'Check the path and that the storage is connected.' },
  },
  SOURCE_UNREADABLE: {
    exit: 74,
    zh: '无法读取 {where}({why}),其内容未进入清查结果。',
    en: 'Cannot read {where} ({why}); its content is not in the result.',
    remedy: { zh: '请检查文件权限和存储介质后重试。', en: 'Check the permissions and the medium, then try again.' },
  },
  SOURCE_CHANGED: {
    exit: 75,
    zh: '读取期间 {where} 被改动,结果可能前后不一,已作废。',
    en: '{where} changed while it was read; the result could mix two states and is void.',
    remedy: { zh: '请停止对该文件的写入(或先制作副本)后重新清查。', en: 'Stop writing to it (or make a copy) and scan again.' },
  },
  SOURCE_UNSUPPORTED: {
    exit: 2,
    zh: '尚不支持读取 {where}({what})。',
    en: '{where} ({what}) cannot be read by this version.',
    remedy: { zh: '请另存为 CSV、XLSX、DOCX、PDF、TXT、JSON、EML、PNG、JPEG、ZIP 或 SQLite 后再清查。', en: 'Save it as CSV, XLSX, DOCX, PDF, TXT, JSON, EML, PNG, JPEG, ZIP or SQLite and scan that.' },
  },
  ENCODING_UNKNOWN: {
    exit: 65,
    zh: '{where} 既不是合法的 UTF-8,也不是合法的 GB18030(第 {at} 字节处),为避免误读没有继续。',
    en: '{where} is neither valid UTF-8 nor valid GB18030 (byte {at}); we do not guess.',
    remedy: { zh: '请用 --encoding 指明编码(utf-8、gb18030、utf-16le、utf-16be、latin1);无法解码的单元格将按字节保留并标记。', en: 'Name the encoding with --encoding (utf-8, gb18030, utf-16le, utf-16be, latin1); cells that do not decode are kept as bytes and flagged.' },
  },
  UNCLOSED_QUOTE: {
    exit: 65,
    zh: '{where} 第 {row} 行有一个引号没有闭合,其后内容无法可靠分行,没有继续。',
    en: 'In {where}, row {row}, a quote is never closed; what follows cannot be split into rows reliably.',
    remedy: { zh: '请在该行补上引号,或让系统重新导出该文件。', en: 'Close the quote in that row, or export the file again.' },
  },
  RECORD_TOO_LONG: {
    exit: 65,
    zh: '{where} 第 {row} 行超过 {limit} 字节的上限(多半是引号没有闭合),没有继续。',
    en: 'In {where}, row {row} is longer than {limit} bytes (most likely an unclosed quote).',
    remedy: { zh: '请检查该行的引号和分隔符。', en: 'Check the quotes and separators of that row.' },
  },
  TOO_MANY_FIELDS: {
    exit: 65,
    zh: '{where} 第 {row} 行的列数超过上限 {limit},没有继续。',
    en: 'In {where}, row {row} has more than {limit} columns.',
    remedy: { zh: '请检查分隔符(--delimiter)或把表拆开。', en: 'Check the separator (--delimiter) or split the table.' },
  },
  TOO_MANY_ROWS: {
    exit: 65,
    zh: '{where} 的行数超过上限 {limit},没有继续。',
    en: '{where} has more than {limit} rows.',
    remedy: { zh: '请把文件拆开后分别清查。', en: 'Split the file and scan the parts.' },
  },
  TOO_MANY_FILES: {
    exit: 65,
    zh: '文件夹 {where} 中的文件超过 {limit} 个,没有继续。',
    en: 'The folder {where} holds more than {limit} files.',
    remedy: { zh: '请按子文件夹分别清查。', en: 'Scan its sub-folders one by one.' },
  },
  CELL_TOO_LONG: {
    exit: 65,
    zh: '{where} 第 {row} 行有一个单元格超过 {limit} 字节的上限,没有继续。',
    en: 'In {where}, row {row}, a cell is longer than {limit} bytes.',
    remedy: { zh: '请把该大对象另存为文件后单独移交,或拆分后重试。', en: 'Hand that large object over as a file of its own, or split it.' },
  },
  SQLITE_UNFINISHED: {
    exit: 65,
    zh: '数据库文件 {where} 旁有未完成的事务日志(-journal),其内容可能只写了一半,没有读取。',
    en: 'Beside the database {where} stands the journal of an unfinished transaction; the file may be half written and was not read.',
    remedy: { zh: '请用产生它的程序(或 sqlite3)打开一次以完成恢复,再清查。', en: 'Open it once with the program it belongs to (or sqlite3), which restores it, and scan again.' },
  },
  ZIP_REFUSED: {
    exit: 65,
    zh: '压缩包 {where} 不可信({why}),未解压。',
    en: 'The archive {where} is not trustworthy ({why}); it was not unpacked.',
    remedy: { zh: '请用 Excel 或 WPS 打开并另存为新的 .xlsx 文件后重试。', en: 'Open it in Excel or WPS, save it as a new .xlsx file and try again.' },
  },
  ARCHIVE_REFUSED: {
    exit: 65,
    zh: '压缩包或其中的文件 {where} 不可信({why}),未读取。',
    en: 'The archive, or the file in it, {where} is not trustworthy ({why}); it was not read.',
    remedy: { zh: '请用压缩软件解压到文件夹,检查后清查该文件夹。', en: 'Unpack it into a folder with an archive program, look at it, and scan that folder.' },
  },
  DOCUMENT_CORRUPT: {
    exit: 65,
    zh: '文档 {where} 已损坏或不合格式({why}),为避免漏读没有继续。',
    en: 'The document {where} is damaged or malformed ({why}); we do not read on past missing text.',
    remedy: { zh: '请用 Word、WPS 或产生它的程序打开修复,另存为新文件后重试。', en: 'Repair it in the program that made it, save it anew and try again.' },
  },
  JSON_CORRUPT: {
    exit: 65,
    zh: 'JSON 文件 {where} 第 {line} 行不合格式({why}),为避免漏读没有继续。',
    en: 'The JSON file {where} is malformed in line {line} ({why}); we do not read on past missing values.',
    remedy: { zh: '请让系统重新导出该文件,或修正该行后重试。', en: 'Export the file again, or correct that line.' },
  },
  FILE_TOO_LARGE: {
    exit: 65,
    zh: '{where} 有 {bytes} 字节,超过这类文件整体读取的上限 {limit} 字节,没有读取。',
    en: '{where} has {bytes} bytes, more than the {limit} that a file of this kind may have; it was not read.',
    remedy: { zh: '请拆分该文件,或另存为 XLSX、CSV、DOCX 后重试。', en: 'Split it, or save it as XLSX, CSV or DOCX.' },
  },
  IMAGE_REFUSED: {
    exit: 65,
    zh: '图片 {where} 无法识别({why}),没有读取。',
    en: 'The picture {where} cannot be read ({why}).',
    remedy: { zh: '请另存为 4000 万像素以内的 PNG 或 JPEG 后重试,或由人工查看并登记。', en: 'Save it as a PNG or JPEG of at most 40 million pixels, or look at it and enter what it shows by hand.' },
  },
  ENCRYPTED_FILE: {
    exit: 65,
    zh: '{where} 设有打开密码,无法读取。',
    en: '{where} is protected by a password and cannot be read.',
    remedy: { zh: '请去除密码后另存,再清查该副本,并在副本账中登记。', en: 'Save a copy without the password, scan that, and enter the copy in the copies book.' },
  },
  XLSX_CORRUPT: {
    exit: 65,
    zh: '表格文件 {where} 已损坏({why}),为避免漏值没有继续。',
    en: 'The workbook {where} is damaged ({why}); we do not read on past missing values.',
    remedy: { zh: '请用 Excel 或 WPS 打开修复并另存后重试。', en: 'Repair it in Excel or WPS, save it and try again.' },
  },
  SQLITE_CORRUPT: {
    exit: 65,
    zh: '数据库文件 {where} 未通过完整性检查({why})。',
    en: 'The database file {where} fails its integrity check ({why}).',
    remedy: { zh: '请从备份恢复,或用 sqlite3 的 .recover 导出后重试。', en: 'Restore it from a backup, or export it with sqlite3 .recover.' },
  },
  READER_TOO_SLOW: {
    exit: 65,
    zh: '读取 {where} 时 {seconds} 秒没有进展,已终止读取进程。',
    en: 'Reading {where} made no progress for {seconds} seconds; the reader was ended.',
    remedy: { zh: '该文件可能已损坏或被恶意构造;请另存或拆分后重试。', en: 'The file may be damaged or hostile; save it anew or split it.' },
  },
  READER_OUT_OF_MEMORY: {
    exit: 65,
    zh: '读取 {where} 超出 {megabytes} MB 的内存上限,已终止读取进程。',
    en: 'Reading {where} exceeded {megabytes} MB of memory; the reader was ended.',
    remedy: { zh: '请把文件拆开,或导出为 CSV 后重试。', en: 'Split the file or export it as CSV.' },
  },
  READER_FAILED: {
    exit: 65,
    zh: '读取 {where} 时出现程序未预料的错误({kind}),其内容未进入清查结果。',
    en: 'The reader met an error it did not expect in {where} ({kind}); its content is not in the result.',
    remedy: { zh: '请另存为新文件后重试;若仍失败,请报告此问题(不要附上客户数据)。', en: 'Save it anew and try again; if it still fails, report it (without customer data).' },
  },
})
