// SPDX-License-Identifier: Apache-2.0
export { Database, Tx, type Queryable, type TransactionOptions } from './database.ts'
export { openDatabases, type Databases, type DatabasePlace } from './open-databases.ts'
export { isRetryable, isUniqueViolation, SqlRefused } from './sql-errors.ts'
export type { BulkRows } from './insert-rows.ts'
export type { SqlValue } from './sql-values.ts'
export { storeFailures } from './store-failures.ts'
