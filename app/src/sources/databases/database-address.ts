// SPDX-License-Identifier: Apache-2.0
import { isIPv4, isIPv6 } from 'node:net'
import { databaseFailures } from './database-failures.ts'

/** Kinds of database servers that can be read; SQL Server is unverified (no server was at hand). */
export type DatabaseKind = 'mysql' | 'postgresql' | 'sqlserver'

/** A database as its address names it; the password never stands in it (CONTRACTS §18). */
export interface DatabaseAddress {
  kind: DatabaseKind
  /** Lower case; a name, a dotted quad, or an IPv6 address without brackets. */
  host: string
  port: number
  user: string
  /** Empty: every database of a MySQL server that the user may read. */
  database: string
}

const kindOf: Readonly<Record<string, DatabaseKind>> = { mysql: 'mysql', mariadb: 'mysql', postgres: 'postgresql', postgresql: 'postgresql', sqlserver: 'sqlserver', mssql: 'sqlserver' }
const usualPort = { mysql: 3306, postgresql: 5432, sqlserver: 1433 } as const

/** Whether a source is named by a database address rather than by a path. */
export function isDatabaseAddress(text: string): boolean {
  return /^(?:mysql|mariadb|postgres|postgresql|sqlserver|mssql):\/\//i.test(text)
}

/**
 * Reads `scheme://user@host:port/database`. Nothing else passes: no password, no option, no fragment, no second host, no socket; a host only in its plain form, since 127.1, 0x7f.1, 2130706433,
 * `localhost.` or `[::ffff:127.0.0.1]` mean other things to other readers (SECURITY.md P25). All refusals are the same.
 */
export function readDatabaseAddress(text: string): DatabaseAddress {
  const found = /^([a-z]+):\/\/(?:([^@/?#\s]*)@)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?(?:\/([^/?#\s]*))?$/i.exec(text)
  const [, scheme = '', user = '', host = '', port = '', database = ''] = found ?? []
  const kind = Object.hasOwn(kindOf, scheme.toLowerCase()) ? kindOf[scheme.toLowerCase()] : undefined
  const plainHost = plainHostOf(host)
  const [plainUser, plainDatabase] = [decoded(user), decoded(database)]
  const number = port === '' ? (kind === undefined ? 0 : usualPort[kind]) : Number(port)
  if (kind === undefined || plainHost === null || plainUser === null || plainDatabase === null || number < 1 || number > 65_535) throw databaseFailures.CONNECTOR_REFUSED()
  if (user.includes(':') || (port !== '' && String(number) !== port) || (plainDatabase === '' && kind !== 'mysql')) throw databaseFailures.CONNECTOR_REFUSED()
  return { kind, host: plainHost, port: number, user: plainUser, database: plainDatabase }
}

/** The address as people are shown it, and as it stands in results. */
export function shownAddress(address: DatabaseAddress): string {
  const { kind, user, host, port, database } = address
  return `${kind}://${user === '' ? '' : `${encodeURIComponent(user)}@`}${isIPv6(host) ? `[${host}]` : host}:${port}/${encodeURIComponent(database)}`
}

/** Whether two addresses lead to the same database of the same server, whoever logs in. Refuses what is no address. */
export function isSameDatabase(one: string, other: string): boolean {
  const [a, b] = [readDatabaseAddress(one), readDatabaseAddress(other)]
  return a.kind === b.kind && a.host === b.host && a.port === b.port && a.database === b.database
}

function decoded(text: string): string | null {
  try {
    const plain = decodeURIComponent(text)
    return /[\u0000-\u001f\u007f]/.test(plain) ? null : plain
  } catch {
    return null
  }
}

/** The host in its only accepted form; null for every other. */
export function plainHostOf(given: string): string | null {
  const host = given.toLowerCase()
  if (host.startsWith('[')) return isPlainIPv6(host.slice(1, -1)) ? host.slice(1, -1) : null
  if (isIPv4(host)) return host
  const labels = host.split('.')
  const last = labels.at(-1) ?? ''
  // What ends like a number is read as an address by some: 1.2.3, 0x7f.1, 017700000001.
  if (host.length > 253 || /^(?:\d+|0x[0-9a-f]*)$/.test(last)) return null
  return labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) ? host : null
}

// Forms that carry an IPv4 address inside (mapped, compatible, NAT64, 6to4, Teredo) are another way to write somewhere else.
function isPlainIPv6(host: string): boolean {
  return isIPv6(host) && !host.includes('.') && !/^(?:::ffff:|::[0-9a-f]+:[0-9a-f]+$|64:ff9b:|2002:|2001:0{0,4}:|::$)/.test(host) && !isExpanded(host)
}

// 0:0:0:0:0:ffff:7f00:1 and the like: zeros are written short or not at all.
function isExpanded(host: string): boolean {
  return host.split(':').some((part) => part.length > 1 && part.startsWith('0')) || /(?:^|:)0:0(?::|$)/.test(host) || /^0?:(?:0:)+/.test(host) || host.startsWith('0::')
}
