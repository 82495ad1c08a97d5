// SPDX-License-Identifier: Apache-2.0
export { Database, keptPlan, sqlText, Tx, type Queryable, type TransactionOptions } from './database.ts'
export { loadTables, type StoredTables } from './load-tables.ts'
export type { AppliedMigration } from './migrate.ts'
export type { CopiedRows } from './copied-rows.ts'
export { databaseServers, type DatabaseServers } from './database-servers.ts' // for benchmarks that need a server and no home
export { openDatabases, type Databases, type DatabasePlace } from './open-databases.ts'
export { isRetryable, isUniqueViolation, SqlRefused } from './sql-errors.ts'
export type { BulkRows } from './insert-rows.ts'
export type { SqlValue } from './sql-values.ts'
export { storeFailures } from './store-failures.ts'
export { WireArray, wireArrayOf, type WireType } from './wire/index.ts'
