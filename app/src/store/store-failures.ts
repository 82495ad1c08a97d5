// SPDX-License-Identifier: Apache-2.0
import { failures } from '../kit/failure.ts'

/** Failures of our own database: where it stands, why it does not serve, what to do (exit codes: UX.md §5). No value of a row is ever named. */
export const storeFailures = failures({
  PG_NO_BINARIES: {
    exit: 78,
    zh: '本机({platform})没有内置 PostgreSQL 程序',
    en: 'There is no bundled PostgreSQL for this machine ({platform})',
    remedy: { zh: '在仓库根目录运行 npm run build 重新安装,或用 DATABASE_URL 指定 PostgreSQL 15 以上', en: 'Run npm run build in the repository to install again, or name a PostgreSQL 15 or later in DATABASE_URL' },
  },
  PG_FOLDER_DENIED: {
    exit: 77,
    zh: '无权使用数据库目录 {folder}({why}),数据库没有启动',
    en: 'No permission to use the database folder {folder} ({why}); the database was not started',
    remedy: { zh: '用建立该目录的用户运行,或改正目录的所有者与权限,或换一个 HANDOVER_HOME', en: 'Run as the user who made the folder, correct its owner and permissions, or choose another HANDOVER_HOME' },
  },
  PG_DISK_FULL: {
    exit: 74,
    zh: '磁盘已满,数据库不能写入 {folder};已确认的内容没有丢失',
    en: 'The disk is full, the database cannot write to {folder}; what was acknowledged is not lost',
    remedy: { zh: '腾出空间后再次运行同一命令', en: 'Free space and run the same command again' },
  },
  PG_DAMAGED: {
    exit: 74,
    zh: '数据库文件已损坏,不能启动({folder}):{why}',
    en: 'The database files are damaged and it cannot start ({folder}): {why}',
    remedy: { zh: '不要再写入该目录;从备份恢复(handover backup restore),并保留损坏的目录供检查', en: 'Do not write to the folder any more; restore from a backup and keep the damaged folder for examination' },
  },
  PG_PAGE_DAMAGED: {
    exit: 65,
    zh: '数据库文件 {file} 的校验和不符:磁盘上的内容被改动或损坏。没有据此做任何事',
    en: 'The checksum of the database file {file} does not fit: what is on the disk was changed or damaged. Nothing was done on its word',
    remedy: { zh: '不要再写入该目录;从备份恢复(handover backup restore),并保留损坏的目录供检查', en: 'Do not write to the folder any more; restore from a backup and keep the damaged folder for examination' },
  },
  PG_FILE_TROUBLE: {
    exit: 74,
    zh: '数据库不能读写 {file}({why});已确认的内容没有丢失',
    en: 'The database cannot read or write {file} ({why}); what was acknowledged is not lost',
    remedy: { zh: '检查磁盘、权限与可用空间后再次运行同一命令', en: 'Check the disk, its permissions and its room, then run the same command again' },
  },
  PG_WRONG_VERSION: {
    exit: 78,
    zh: '目录 {folder} 的数据库是 PostgreSQL {found} 版,本程序带的是 {expected} 版',
    en: 'The database in {folder} is of PostgreSQL {found}; this program brings version {expected}',
    remedy: { zh: '用建立它的版本运行,或先导出再导入', en: 'Use the version that made it, or export and import' },
  },
  PG_PASSWORD_LOST: {
    exit: 78,
    zh: '数据库 {folder} 的口令文件 credentials.json 缺失或损坏',
    en: 'The password file credentials.json of the database {folder} is missing or damaged',
    remedy: { zh: '从备份恢复 credentials.json', en: 'Restore credentials.json from the backup' },
  },
  PG_NO_START: {
    exit: 69,
    zh: '数据库没有启动({folder}):{why}',
    en: 'The database did not start ({folder}): {why}',
    remedy: { zh: '查看 {log};改正后再次运行同一命令', en: 'Read {log}, correct the cause and run the same command again' },
  },
  PG_BUSY: {
    exit: 11,
    zh: '另一个进程正在启动或停止数据库 {folder},{seconds} 秒内没有结束',
    en: 'Another process has been starting or stopping the database {folder} for more than {seconds} seconds',
    remedy: { zh: '等它结束后再次运行同一命令', en: 'Wait until it is done and run the same command again' },
  },
  DATABASE_GONE: {
    exit: 69,
    zh: '与数据库的连接中断或无法建立({why});最后一步可能已完成,也可能没有',
    en: 'The connection to the database broke or could not be made ({why}); the last step may or may not have been done',
    remedy: { zh: '再次运行同一命令:已完成的步骤不会重复', en: 'Run the same command again: steps that were done are not repeated' },
  },
  DATABASE_LOGIN: {
    exit: 77,
    zh: '数据库拒绝了 {place} 的登录({why})',
    en: 'The database refused the login of {place} ({why})',
    remedy: { zh: '检查 DATABASE_URL 的用户与口令文件 DATABASE_PASSWORD_FILE', en: 'Check the user in DATABASE_URL and the password file DATABASE_PASSWORD_FILE' },
  },
  DATABASE_URL_WRONG: {
    exit: 78,
    zh: '{variable} 不能用:{why}',
    en: '{variable} cannot be used: {why}',
    remedy: { zh: '写成 postgresql://用户@主机:5432/数据库,口令放进 DATABASE_PASSWORD_FILE 所指的文件', en: 'Write postgresql://user@host:5432/database and put the password in the file that DATABASE_PASSWORD_FILE names' },
  },
  DATABASE_TOO_OLD: {
    exit: 78,
    zh: '数据库服务器是 PostgreSQL {found},至少需要 15',
    en: 'The database server is PostgreSQL {found}; at least 15 is needed',
    remedy: { zh: '换用 PostgreSQL 15 以上,或去掉 DATABASE_URL 用内置数据库', en: 'Use PostgreSQL 15 or later, or leave DATABASE_URL out for the bundled one' },
  },
  DATABASE_ROLE: {
    exit: 78,
    zh: '数据库用户 {role} 不受行级隔离约束,且无法建立或使用受约束的角色 handover_app({why})',
    en: 'The database user {role} is not bound by row-level security, and the bound role handover_app cannot be made or used ({why})',
    remedy: { zh: '改用普通用户(非超级用户、无 BYPASSRLS),并让它拥有两个数据库', en: 'Use an ordinary user (no superuser, no BYPASSRLS) that owns both databases' },
  },
  DATABASE_MISSING: {
    exit: 78,
    zh: '数据库 {database} 不存在,也无权建立({why})',
    en: 'The database {database} does not exist and may not be created ({why})',
    remedy: { zh: '请管理员建立:CREATE DATABASE … OWNER 本用户', en: 'Ask the administrator to create it: CREATE DATABASE … OWNER this user' },
  },
  DATABASE_NEWER: {
    exit: 78,
    zh: '数据库 {database} 的版本 {found} 比本程序认识的 {known} 新;没有改动',
    en: 'The database {database} is of version {found}, newer than {known}, which this program knows; nothing was changed',
    remedy: { zh: '升级本程序后再运行', en: 'Upgrade this program and run again' },
  },
  DATABASE_NOT_EMPTY: {
    exit: 78,
    zh: '数据库 {database} 里已有数据;恢复只写入空库,没有改动',
    en: 'The database {database} holds data; a backup is restored into an empty one only, nothing was changed',
    remedy: { zh: '换一个空的目录(--home)或空的数据库再恢复', en: 'Restore into an empty home (--home) or an empty database' },
  },
  MIGRATION_CHANGED: {
    exit: 78,
    zh: '迁移 {file} 与当初在 {database} 执行的内容不同({why});没有改动',
    en: 'Migration {file} is not what was run in {database} ({why}); nothing was changed',
    remedy: { zh: '恢复发行版原来的文件;改动要写成新的迁移', en: 'Restore the file of the release; a change is a new migration' },
  },
  MIGRATION_FAILED: {
    exit: 78,
    zh: '迁移 {file} 在 {database} 没有完成,已全部撤回:{why}',
    en: 'Migration {file} was not completed in {database} and is rolled back: {why}',
    remedy: { zh: '改正原因后再次运行同一命令', en: 'Correct the cause and run the same command again' },
  },
  STATEMENT_TIMEOUT: {
    exit: 75,
    zh: '数据库在时限内没有做完一步({why}),该步已撤回',
    en: 'The database did not finish a step in time ({why}); the step is rolled back',
    remedy: { zh: '稍后再次运行同一命令', en: 'Run the same command again later' },
  },
})
