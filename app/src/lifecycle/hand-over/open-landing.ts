// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path'
import { openFolderLanding } from './land-folder.ts'
import type { Landing } from './landing.ts'
import { openMysqlLanding } from './land-mysql.store.ts'
import { openPostgresLanding } from './land-postgres.store.ts'
import { openSqliteLanding } from './land-sqlite.store.ts'
import { receiveFailures } from './receive-failures.ts'

/** Opens the place that `--into` names: `sqlite:FILE`, `postgres://user@host/database` (password from PGPASSWORD, ~/.pgpass or a file), `mysql://user@host/database` (password from MYSQL_PWD or a file), `folder:DIR` or a plain directory. Refuses other kinds. */
export async function openLanding(into: string, passwordFile: string | undefined): Promise<Landing> {
  if (/^postgres(ql)?:\/\//.test(into)) return openPostgresLanding(into, passwordFile)
  if (/^(?:mysql|mariadb):\/\//i.test(into)) return openMysqlLanding(into, passwordFile)
  const [, scheme = 'folder', path = into] = /^([a-z][a-z0-9+]+):(?!\\)(.*)$/s.exec(into) ?? []
  if (path === '') throw receiveFailures.DESTINATION_KIND({ into: scheme })
  if (scheme === 'sqlite') return openSqliteLanding(resolve(path))
  if (scheme === 'folder') return openFolderLanding(resolve(path))
  throw receiveFailures.DESTINATION_KIND({ into: scheme })
}
