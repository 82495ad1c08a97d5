// SPDX-License-Identifier: Apache-2.0
import { failures } from '../kit/failure.ts'

const nothingWritten = { zh: '没有写出任何文件。', en: 'Nothing was written.' }

/** What `handover anonymise` refuses. Facts are places, column names and counts on the party's own screen, never a value of a cell. */
export const anonymiseFailures = failures({
  ANONYMISE_COLUMN_UNKNOWN: {
    exit: 2, zh: `{where} 中没有名为「{column}」的列({option})。${nothingWritten.zh}`, en: `{where} has no column named “{column}” ({option}). ${nothingWritten.en}`,
    remedy: { zh: '可用的列:{known}。也可以写 #序号,例如 #3。', en: 'There are: {known}. A place works too, e.g. #3.' },
  },
  ANONYMISE_COLUMN_TWICE: {
    exit: 2, zh: `列「{column}」在命令里有两种用途,或者在 {where} 中不止一列叫这个名字。${nothingWritten.zh}`, en: `The column “{column}” has two uses in the command, or {where} has more than one column of that name. ${nothingWritten.en}`,
    remedy: { zh: '每一列只写进 --quasi、--sensitive、--drop 之一;重名的列用 #序号 指明。', en: 'Name each column in one of --quasi, --sensitive, --drop; tell columns of the same name apart by #place.' },
  },
  ANONYMISE_DIRECT_IDENTIFIERS: {
    exit: 2, zh: `{where} 中有 {columns} 列直接指向个人,却没有说明怎么处理:{list}。保留这些列,副本就不可能匿名。${nothingWritten.zh}`, en: `{columns} columns of {where} point to a person directly and were not dealt with: {list}. A copy that keeps them cannot be anonymous. ${nothingWritten.en}`,
    remedy: { zh: '用 --drop {names} 去掉;确需粗略保留的(如地址只到市)写进 --quasi。', en: 'Leave them out with --drop {names}; what must stay in coarse form (an address down to its city) goes into --quasi.' },
  },
  ANONYMISE_TOO_FEW_ROWS: {
    exit: 2, zh: `{where} 只有 {rows} 行,不足 k = {k}:怎样概括都达不到。${nothingWritten.zh}`, en: `{where} has {rows} rows, fewer than k = {k}: no generalisation can reach it. ${nothingWritten.en}`,
    remedy: { zh: '与其他数据合并后再做,或者减小 --k(风险随之上升),或者不提供这份数据。', en: 'Join it with more data, lower --k (the risk rises with it), or do not give the data away.' },
  },
  ANONYMISE_L_TOO_GREAT: {
    exit: 2, zh: `敏感列「{column}」只有 {distinct} 种取值,做不到每类至少 {l} 种。${nothingWritten.zh}`, en: `The sensitive column “{column}” has {distinct} different values; no class can have {l}. ${nothingWritten.en}`,
    remedy: { zh: '把 --l 减到 {distinct} 或以下,或者换一列。', en: 'Lower --l to {distinct} or less, or name another column.' },
  },
  ANONYMISE_NOT_ONE_TABLE: {
    exit: 65, zh: `{where} 不是一张单独的表(找到 {tables} 张表或段,例如表头上方的说明文字、几张工作表)。${nothingWritten.zh}`, en: `{where} is not one single table ({tables} tables or parts were found: text above the header, several sheets). ${nothingWritten.en}`,
    remedy: { zh: '另存一份只有一张表、第一行是列名的文件(CSV 最好),再运行一次。', en: 'Save a file with one table and the column names in its first row (best as CSV), and run this again.' },
  },
  ANONYMISE_UNEVEN_ROW: {
    exit: 65, zh: `{where} 第 {row} 行的单元格比表头多,无法确定它们属于哪一列。${nothingWritten.zh}`, en: `Row {row} of {where} has more cells than the header; which columns they belong to is not known. ${nothingWritten.en}`,
    remedy: { zh: '更正该行(多半是没有加引号的分隔符),再运行一次。', en: 'Correct that row (most likely a separator without quotes), and run this again.' },
  },
  ANONYMISE_UNDECODED: {
    exit: 65, zh: `{where} 第 {row} 行有按所用编码读不出的字节。${nothingWritten.zh}`, en: `Row {row} of {where} has bytes that do not decode. ${nothingWritten.en}`,
    remedy: { zh: '用 --encoding 指明正确的编码,或让系统重新导出该文件。', en: 'Name the right encoding with --encoding, or export the file again.' },
  },
  ANONYMISE_FILE_EXISTS: {
    exit: 2, zh: '文件 {where} 已经存在,为免覆盖没有写入。', en: 'The file {where} exists; it was not overwritten.',
    remedy: { zh: '用 -o 换一个文件名,或先移走原文件。', en: 'Choose another name with -o, or move the old file away.' },
  },
  ANONYMISE_SOURCE_CHANGED: {
    exit: 75, zh: `{where} 在两次读取之间被改动。${nothingWritten.zh}`, en: `{where} changed between the two times it was read. ${nothingWritten.en}`,
    remedy: { zh: '停止对该文件的写入(或先制作副本)后再运行一次。', en: 'Stop writing to it (or copy it first) and run this again.' },
  },
  ANONYMISE_NOT_REACHED: {
    exit: 65, zh: '写出的副本重新读取后没有达到要求({why}),已删除,没有留下文件。', en: 'The copy was read again and does not satisfy the demands ({why}); it was removed.',
    remedy: { zh: '这是程序的错误或磁盘的故障:请重试,仍出现时把代码告诉技术支持。', en: 'This is an error of the program or of the disk: try again, and tell support the code if it stays.' },
  },
  HIERARCHY_UNREADABLE: {
    exit: 65, zh: `泛化层级文件 {where} 读不出来:每行应为“值;上一级;…;*”,以分号分隔。${nothingWritten.zh}`, en: `The hierarchy file {where} cannot be read: each line is “value;step above;…;*”, separated by semicolons. ${nothingWritten.en}`,
    remedy: { zh: '照 docs/how-to/anonymise.md 的样子更正该文件。', en: 'Correct the file as docs/how-to/anonymise.md shows.' },
  },
  HIERARCHY_UNEVEN: {
    exit: 65, zh: `泛化层级文件 {where} 第 {row} 行有 {found} 级,第一行有 {expected} 级。${nothingWritten.zh}`, en: `Row {row} of the hierarchy file {where} has {found} steps, its first row has {expected}. ${nothingWritten.en}`,
    remedy: { zh: '每行补到同样多级:没有中间级的,重复写下一级。', en: 'Give every row the same number of steps; where there is none between, repeat the one below.' },
  },
  HIERARCHY_TWICE: {
    exit: 65, zh: `泛化层级文件 {where} 第 {row} 行的值前面已经写过,而且上级不同。${nothingWritten.zh}`, en: `The value in row {row} of the hierarchy file {where} stands before with other steps. ${nothingWritten.en}`,
    remedy: { zh: '每个值只留一行。', en: 'Leave one row for each value.' },
  },
  HIERARCHY_VALUE_MISSING: {
    exit: 65, zh: `{where} 第 {row} 行列「{column}」的值不在泛化层级文件 {file} 里(共 {values} 种这样的值)。${nothingWritten.zh}`, en: `The value of column “{column}” in row {row} of {where} is not in the hierarchy file {file} ({values} different values are missing). ${nothingWritten.en}`,
    remedy: { zh: '在该文件里补上这些值,或者移走该文件改用自动层级。', en: 'Add the values to the file, or take the file away to have the hierarchy made from the values.' },
  },
  HIERARCHIES_UNUSED: {
    exit: 2, zh: `文件夹 {where} 里没有一个文件对应准标识符列。${nothingWritten.zh}`, en: `No file in the folder {where} belongs to a quasi-identifier. ${nothingWritten.en}`,
    remedy: { zh: '文件名应为 列名.csv 或 前缀_hierarchy_列名.csv。', en: 'Files are called COLUMN.csv or PREFIX_hierarchy_COLUMN.csv.' },
  },
})
