// SPDX-License-Identifier: Apache-2.0
import type { SourceField, WhyNotRead } from '../source-events.ts'
import type { DatabaseKind } from './database-address.ts'
import type { PinnedAddress } from './pin-host.ts'
import type { TableBlock } from './table-block.ts'

/** How to log in: where (settled), with what, and what the operator allowed. Plain data that a worker is given; it is never printed. */
export interface DatabaseLogin {
  address: PinnedAddress
  /** What people are shown. */
  place: string
  password: string | null
  /** `verify`: encrypted, and the server proves its name. `none`: on this machine, or by the operator's word. */
  tls: 'verify' | 'none'
  /** The operator said so. */
  isClearAllowed: boolean
  /** The issuer of the server's certificate, as PEM. */
  ca: string | null
  isSuperuserAllowed: boolean
  limits: DatabaseLimits
}

/** What reading a database may take (SECURITY.md P25). */
export interface DatabaseLimits {
  /** Rows of one table before only a sample of it is read; null reads every table whole. */
  sampleRows: number | null
  /** Bytes of one table, as the server estimates them, before only a sample of it is read. */
  sampleBytes: number
  /** Rows of one table, in any case. */
  rowsMax: number
  /** Seconds that one statement may take. */
  statementSeconds: number
  connectMs: number
  /** Rows come in the order of the primary key, so that another reading gives the same order: for the books. */
  isOrdered: boolean
  /** Patterns of table names; empty: all. */
  tables: readonly string[]
}

/** How the bytes of a column become canonical values (CONTRACTS §1). */
export type CellForm = 'text' | 'bytes' | 'bits' | 'float' | 'double'

/** A column (字段) of a foreign table, with the words that its owner wrote about it. */
export interface ForeignField extends SourceField {
  form: CellForm
}

/** A table (数据集) of a foreign database as its catalogue tells it; counts are the server's estimates. */
export interface ForeignTable {
  schema: string
  /** As results show it: with its schema where there may be several. */
  name: string
  bare: string
  comment: string
  fields: ForeignField[]
  /** Columns of the primary key, by position in `fields`. */
  key: number[]
  /** The key is one column of whole numbers, which can stand for the place of a row. */
  isNumberKey: boolean
  estimatedRows: number
  estimatedBytes: number
  /** Changes when the table does, as far as the server tells; with its first rows it says whether a finished table is still the same. */
  changes: string
}

/** Something in a database that is not read: `where` within the database. */
export interface UnreadThing {
  where: string
  why: WhyNotRead
}

/** What is to be read of a table: all of it, so many rows spread over it, or its first ones; `ordered` by the primary key, so that a second reading gives the same order. */
export interface TablePlan {
  rows: number | null
  take: 'whole' | 'spread' | 'first'
  isOrdered: boolean
}

/** One reading of one table. Blocks are valid until the next is asked for. */
export interface TableReading {
  blocks(): AsyncGenerator<TableBlock>
  /** Over what was read, in the order in which it was read; after the last block. */
  digest(): Buffer
  bytes(): number
  /** What went wrong or was left out, after the last block. */
  unread(): WhyNotRead[]
}

/** 外部数据库. A database that is open for reading, in one snapshot where the server has them. */
export interface ForeignDatabase {
  kind: DatabaseKind
  /** Product and version. */
  server: string
  /** When the snapshot was taken, by the server's clock in UTC. */
  asOf: string
  tables: ForeignTable[]
  unread: UnreadThing[]
  read(table: ForeignTable, plan: TablePlan): TableReading
  close(): Promise<void>
}
