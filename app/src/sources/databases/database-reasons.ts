// SPDX-License-Identifier: Apache-2.0
import type { WhyNotRead } from '../source-events.ts'

const grouped = (n: number): string => n.toLocaleString('en')

/** Reasons why something in a database was not read (PRODUCT.md §3.7). */
export const databaseReasons = {
  view: { code: 'VIEW', zh: '视图不单独读取,其数据来自已读取的表', en: 'views are not read by themselves; their rows come from tables that are' },
  foreign: { code: 'FOREIGN_TABLE', zh: '外部表的数据在另一个数据库中,没有读取;请单独清查那个数据库', en: 'the rows of a foreign table stand in another database and were not read; scan that one' },
  history: { code: 'ROW_HISTORY', zh: '系统版本表保存了历史行,只读取了当前行;历史行中可能有已删除的个人信息', en: 'the table keeps former versions of its rows; only the present ones were read' },
  temporal: { code: 'ROW_HISTORY', zh: '时态表的历史表没有单独读取', en: 'the history of a temporal table was not read' },
  notChosen: (tables: number): WhyNotRead => ({ code: 'NOT_CHOSEN', zh: `${grouped(tables)} 张表未被 --tables 选中,没有读取`, en: `${grouped(tables)} tables were not chosen by --tables and not read` }),
  noPrivilege: { code: 'NO_PRIVILEGE', zh: '当前用户没有读取权限', en: 'the user has no privilege to read it' },
  hiddenFromUser: { code: 'HIDDEN_FROM_USER', zh: '数据库只列出该用户有权限的表;没有权限的表不可见,清查无法知道它们是否存在', en: 'the server lists only tables that the user has a privilege on; whether there are others cannot be known' },
  programs: (count: number): WhyNotRead => ({ code: 'DATABASE_PROGRAMS', zh: `${grouped(count)} 个存储过程、函数、触发器或事件没有读取,其中可能写有个人信息`, en: `${grouped(count)} stored routines, triggers or events were not read; values may be written in them` }),
  largeObjects: (count: number): WhyNotRead => ({ code: 'LARGE_OBJECTS', zh: `${grouped(count)} 个大对象没有读取`, en: `${grouped(count)} large objects were not read` }),
  sampled: (read: number, estimated: number): WhyNotRead => ({
    code: 'SAMPLED', zh: `约 ${grouped(estimated)} 行中抽样读取了 ${grouped(read)} 行,其余没有读取(用 --full 读取全部)`, en: `about ${grouped(estimated)} rows, of which a sample of ${grouped(read)} was read; the others were not (--full reads all)`,
  }),
  timeLimit: (read: number, estimated: number, seconds: number): WhyNotRead => ({
    code: 'TIME_LIMIT', zh: `读取超过 ${grouped(seconds)} 秒的时限而停止:约 ${grouped(estimated)} 行中读取了 ${grouped(read)} 行`, en: `reading stopped at the limit of ${grouped(seconds)} seconds: ${grouped(read)} of about ${grouped(estimated)} rows were read`,
  }),
  rowLimit: (read: number): WhyNotRead => ({ code: 'ROW_LIMIT', zh: `达到行数上限,只读取了前 ${grouped(read)} 行`, en: `the limit of rows was reached: only the first ${grouped(read)} were read` }),
  cutCells: (cells: number): WhyNotRead => ({ code: 'CELL_CUT', zh: `${grouped(cells)} 个超过 4 MiB 的值只检查了开头`, en: `of ${grouped(cells)} values longer than 4 MiB only the beginning was examined` }),
  interrupted: (read: number, code: string): WhyNotRead => ({ code: 'TABLE_INTERRUPTED', zh: `读取 ${grouped(read)} 行后服务器报错(${code}),其余没有读取`, en: `after ${grouped(read)} rows the server reported an error (${code}); the others were not read` }),
} as const
