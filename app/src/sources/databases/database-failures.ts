// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** What can go wrong between us and somebody's database. `CONNECTOR_REFUSED` names neither host nor reason: whoever probes learns nothing from it (SECURITY.md P25). */
export const databaseFailures = failures({
  CONNECTOR_REFUSED: {
    exit: 77,
    zh: '这个数据库地址未获准连接,没有发出任何连接:主机不在允许名单内、写法不规范,或地址带有不允许的选项。',
    en: 'This database address may not be connected to, and no connection was made: its host is not on the list, is written in an odd way, or the address carries an option that is not allowed.',
    remedy: {
      zh: '写法:mysql://用户@主机:端口/库。本机(127.0.0.1、localhost、[::1])以外的主机由操作人用 --allow-host 主机:端口 明确允许;口令用 --password-file。',
      en: 'Write mysql://USER@HOST:PORT/DATABASE. A host other than this machine (127.0.0.1, localhost, [::1]) has to be allowed by its operator with --allow-host HOST:PORT; the password comes by --password-file.',
    },
  },
  CONNECTOR_UNREACHABLE: {
    exit: 69,
    zh: '无法连接数据库 {where}({why}),没有读取任何内容。',
    en: 'The database {where} cannot be reached ({why}); nothing was read.',
    remedy: { zh: '请检查主机、端口、防火墙和数据库服务是否运行。', en: 'Check host, port and firewall, and that the server is running.' },
  },
  CONNECTOR_LOGIN: {
    exit: 12,
    zh: '数据库 {where} 拒绝登录({why}),没有读取任何内容。',
    en: 'The database {where} refused the login ({why}); nothing was read.',
    remedy: { zh: '请检查用户名,并用 --password-file 指明口令文件(或 MYSQL_PWD / PGPASSWORD / MSSQL_PASSWORD)。', en: 'Check the user name and give the password by --password-file (or MYSQL_PWD / PGPASSWORD / MSSQL_PASSWORD).' },
  },
  CONNECTOR_TLS: {
    exit: 69,
    zh: '无法与数据库 {where} 建立可信的加密连接({why}),没有发送口令,也没有读取任何内容。',
    en: 'No trustworthy encrypted connection to the database {where} could be made ({why}); no password was sent and nothing was read.',
    remedy: { zh: '请用 --ca 指明数据库证书的签发者;确属隔离网络且数据库没有证书时,才可用 --no-tls(口令和数据将以明文经过网络)。', en: 'Name the issuer of its certificate with --ca; only in a separate network whose database has no certificate use --no-tls (password and data then cross the network in clear).' },
  },
  CONNECTOR_SUPERUSER: {
    exit: 77,
    zh: '数据库 {where} 的用户是超级用户,为避免误改没有读取任何内容。',
    en: 'The user of the database {where} is a superuser; to be safe nothing was read.',
    remedy: { zh: '请建立只读账号(PostgreSQL: CREATE ROLE … LOGIN; GRANT pg_read_all_data TO …)后重试;确有必要时加 --allow-superuser。', en: 'Make a read-only role (PostgreSQL: CREATE ROLE … LOGIN; GRANT pg_read_all_data TO …); if it must be, add --allow-superuser.' },
  },
  CONNECTOR_LOST: {
    exit: 69,
    zh: '读取数据库 {where} 时连接中断({why}):{total} 张表中已完成 {done} 张,其余没有读取,没有输出清查结果。',
    en: 'The connection to the database {where} was lost ({why}) when {done} of {total} tables were finished; the others were not read, and no result is printed.',
    remedy: { zh: '请检查网络和数据库后,用同一命令加 --resume 继续;未变化的已完成表不再读取。', en: 'Check network and server, then go on with the same command and --resume: finished tables that did not change are not read again.' },
  },
  CONNECTOR_TROUBLE: {
    exit: 69,
    zh: '读取数据库 {where} 时服务器报错({why}),这部分内容未进入清查结果。',
    en: 'The server of the database {where} reported an error ({why}); this part is not in the result.',
    remedy: { zh: '请按错误代码检查权限和数据库状态后重试。', en: 'Look the code up, check privileges and the server, and try again.' },
  },
  CONNECTOR_ASKED_FOR_FILE: {
    exit: 65,
    zh: '数据库 {where} 要求读取本机文件,已拒绝并断开;这不是正常的数据库行为。',
    en: 'The database {where} asked for a file of this machine; that was refused and the connection ended. No honest server does this.',
    remedy: { zh: '不要再连接该地址,请核实服务器身份并报告安全人员。', en: 'Do not connect to that address again; find out who answers there and tell those in charge of security.' },
  },
  CONNECTOR_SECRET_FILE: {
    exit: 74,
    zh: '无法读取文件 {file}({why}),没有连接数据库。',
    en: 'The file {file} cannot be read ({why}); no connection was made.',
    remedy: { zh: '请检查 --password-file 或 --ca 的路径与权限。', en: 'Check the path and permissions given with --password-file or --ca.' },
  },
  DATABASE_CELL_TOO_LONG: {
    exit: 65,
    zh: '表 {where} 有一行或一个值超过 {limit} 字节的上限,该表没有读完。',
    en: 'A row or a value of the table {where} is longer than {limit} bytes; the table was not read to its end.',
    remedy: { zh: '请把该大对象另存为文件后单独清查。', en: 'Save that large object as a file of its own and scan that.' },
  },
  DATABASE_NOT_HERE: {
    exit: 2,
    zh: '此操作还不能直接读取数据库 {where},没有读取任何内容。',
    en: 'This act cannot read the database {where} directly yet; nothing was read.',
    remedy: { zh: '数据库可用于 handover scan 和 ingest;此处请先导出为文件。', en: 'Databases serve handover scan and ingest; here, export to a file first.' },
  },
  DATABASE_NO_EDITING: {
    exit: 65,
    zh: '还不能在这种数据库 {where} 中删除,什么也没有改动。',
    en: 'Deleting in a database of this kind ({where}) is not built yet; nothing was changed.',
    remedy: { zh: '请由其管理员删除,再用 handover copies end 副本编号 说明。', en: 'Have its administrator delete, then state it with handover copies end COPY.' },
  },
  DATABASE_NO_TABLE: {
    exit: 2,
    zh: '数据库 {where} 中没有与 --tables 相符的、可读取的表。',
    en: 'The database {where} has no readable table that fits --tables.',
    remedy: { zh: '请检查表名(可用 * 通配)和该用户的读取权限。', en: 'Check the names (* stands for anything) and the privileges of the user.' },
  },
})
