// SPDX-License-Identifier: Apache-2.0
import { databaseFailures } from './database-failures.ts'
import type { DatabaseLogin, ForeignDatabase } from './foreign-table.ts'

/** Opens a database for reading by the kind of its address, and refuses one without any of the tables that were asked for; each driver is loaded when the first of its kind comes. `classes` is what each byte says about its cell, `onWork` is called often while there is something to do. */
export async function openDatabase(login: DatabaseLogin, classes: Readonly<Uint8Array>, onWork: () => void = () => undefined): Promise<ForeignDatabase> {
  // Where nobody allowed clear text, only this machine is reached without encryption.
  if (login.tls === 'none' && !login.address.isLoopback && !login.isClearAllowed) throw databaseFailures.CONNECTOR_TLS({ where: login.place, why: 'TLS' })
  const database = await openByKind(login, classes, onWork)
  if (database.tables.length > 0 || login.limits.tables.length === 0) return database
  await database.close()
  throw databaseFailures.DATABASE_NO_TABLE({ where: login.place })
}

async function openByKind(login: DatabaseLogin, classes: Readonly<Uint8Array>, onWork: () => void): Promise<ForeignDatabase> {
  if (login.address.kind === 'mysql') return (await import('./open-mysql.ts')).openMysql(login, classes, onWork)
  if (login.address.kind === 'postgresql') return (await import('./open-postgres.ts')).openPostgres(login, classes, onWork)
  return (await import('./open-sqlserver.ts')).openSqlServer(login, classes, onWork)
}
