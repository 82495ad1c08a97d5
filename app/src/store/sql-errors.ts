// SPDX-License-Identifier: Apache-2.0
import { DatabaseError } from 'pg'
import { Failure } from '../kit/failure.ts'
import { storeFailures } from './store-failures.ts'

/** A statement that PostgreSQL refused. Its own message and detail quote values of the row, so only code and names of our own schema are kept. */
export class SqlRefused extends Error {
  readonly sqlState: string
  readonly constraint: string | undefined
  readonly table: string | undefined

  constructor(sqlState: string, names: { constraint: string | undefined; table: string | undefined }, reason = '') {
    const where = [names.table === undefined ? '' : `, table ${names.table}`, names.constraint === undefined ? '' : `, constraint ${names.constraint}`, reason === '' ? '' : `: ${reason}`]
    super(`the database refused a statement (SQLSTATE ${sqlState}${where.join('')})`)
    this.name = 'SqlRefused'
    this.sqlState = sqlState
    this.constraint = names.constraint
    this.table = names.table
  }
}

/** Whether a statement broke a unique constraint (this one, when named). */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return error instanceof SqlRefused && error.sqlState === '23505' && (constraint === undefined || error.constraint === constraint)
}

/** Whether the same transaction may succeed when it is run again (serialisation failure or deadlock). */
export function isRetryable(error: unknown): boolean {
  return error instanceof SqlRefused && (error.sqlState === '40001' || error.sqlState === '40P01')
}

/** What the driver threw as one of our own errors, without any value of a row; our own errors pass unchanged. */
export function sqlErrorOf(error: unknown): Error {
  if (error instanceof Failure || error instanceof SqlRefused) return error
  if (error instanceof DatabaseError) return serverErrorOf(error)
  if (isConnectionError(error)) return storeFailures.DATABASE_GONE({ why: connectionReason(error) })
  return error instanceof Error ? error : new Error('the database driver failed without an error')
}

function serverErrorOf(error: DatabaseError): Error {
  const state = error.code ?? 'XX000'
  if (state === '53100') return storeFailures.PG_DISK_FULL({ folder: fileNamed(error) })
  if (state === 'XX001' || state === 'XX002') return storeFailures.PG_PAGE_DAMAGED({ file: fileNamed(error) })
  if (state.startsWith('58')) return storeFailures.PG_FILE_TROUBLE({ file: fileNamed(error), why: `SQLSTATE ${state}` })
  if (state === '57014' || state === '55P03') return storeFailures.STATEMENT_TIMEOUT({ why: `SQLSTATE ${state}` })
  if (/^(08|57P0|53300)/.test(state)) return storeFailures.DATABASE_GONE({ why: `SQLSTATE ${state}` })
  // Class 42 (syntax, unknown column, missing right) and 0A (not supported) speak of our own SQL text, which holds no values.
  return new SqlRefused(state, { constraint: error.constraint, table: error.table }, /^(42|0A)/.test(state) ? error.message : '')
}

/** The file of the cluster that the server's message names; it stands in quotes and is made of numbers. */
function fileNamed(error: DatabaseError): string {
  const file = /"((?:base|global|pg_[a-z_]+)\/[\w./]+)"/.exec(error.message)?.[1]
  return file === undefined ? 'pg/data' : `pg/data/${file}`
}

const driverMessages = /^(Connection terminated|Client has encountered a connection error|timeout (exceeded|expired)|Client was closed|Cannot use a pool after)/

/** Whether the driver lost or never had its connection. */
export function isConnectionError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  return ('code' in error && typeof error.code === 'string' && /^(E[A-Z]+)$/.test(error.code)) || driverMessages.test(error.message)
}

function connectionReason(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
