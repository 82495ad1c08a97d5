// SPDX-License-Identifier: Apache-2.0
import { escapeIdentifier, escapeLiteral, Pool, type PoolClient, type PoolConfig, type QueryResultRow } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { copiedRows, type CopiedRows } from './copied-rows.ts'
import { bulkInsert, columnBatches, columnsQuery, type BulkColumn, type BulkRows } from './insert-rows.ts'
import { required } from '../kit/assert.ts'
import { isRetryable, sqlErrorOf } from './sql-errors.ts'
import { setTypes, type SqlValue } from './sql-values.ts'

/** What a store needs to read and write: the whole database (each statement alone) or one transaction. */
export interface Queryable {
  /** The rows of one statement. */
  query<Row extends QueryResultRow>(text: string, params?: readonly SqlValue[]): Promise<Row[]>
  /** How many rows one statement changed. */
  execute(text: string, params?: readonly SqlValue[]): Promise<number>
  /** Inserts any number of rows, all or none, with memory for one batch; returns how many. Table and columns are our own names, never input. */
  insertRows(table: string, columns: readonly string[], rows: BulkRows): Promise<number>
  /** The rows of a large answer in batches, with memory for one batch. */
  stream<Row extends QueryResultRow>(text: string, params?: readonly SqlValue[], batchRows?: number): AsyncGenerator<Row[], void, undefined>
}

/** How a transaction sees others, and how often it is run again after a serialisation failure or deadlock (once, unless told). */
export interface TransactionOptions {
  isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readOnly?: boolean
  /** With more than 1 the work must have no effect outside the transaction, since it is run again. */
  attempts?: number
}

const batchRowsDefault = 1000

const nameOfPlan = new Map<string, string>()

/** A statement that is run often and touches few rows: each connection parses it once and keeps its plan, which takes longer to make than to follow. The text is one of our own constants, never built from input. */
export function keptPlan(text: string): string {
  if (!nameOfPlan.has(text)) nameOfPlan.set(text, `kept_${nameOfPlan.size}`)
  return text
}

/** One transaction; its statements run in the order in which they were given. Those that need nothing of each other's answers may be given together (`Promise.all`), and then wait for one round trip, not for one each. */
export class Tx implements Queryable {
  readonly #client: PoolClient
  #names = 0

  constructor(client: PoolClient) {
    this.#client = client
  }

  async query<Row extends QueryResultRow>(text: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    return (await run<Row>(this.#client, text, params)).rows
  }

  async execute(text: string, params: readonly SqlValue[] = []): Promise<number> {
    return (await run(this.#client, text, params)).rowCount ?? 0
  }

  async insertRows(table: string, columns: readonly string[], rows: BulkRows): Promise<number> {
    const known = await this.query<BulkColumn & QueryResultRow>(columnsQuery, [escapeIdentifier(table)])
    const wanted = columns.map((name) => required(known.find((column) => column.name === name), `table ${table} has a column ${name}`))
    const text = bulkInsert(table, wanted)
    let count = 0
    for await (const batch of columnBatches(rows, wanted)) count += await this.execute(text, batch)
    return count
  }

  async *stream<Row extends QueryResultRow>(text: string, params: readonly SqlValue[] = [], batchRows = batchRowsDefault): AsyncGenerator<Row[], void, undefined> {
    const cursor = `stream_${++this.#names}`
    // We read to the end; the planner expects a reader of a tenth and would choose nested loops that take minutes at the end.
    await this.execute('SET LOCAL cursor_tuple_fraction = 1')
    await this.execute(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`, params)
    for (;;) {
      const rows = await this.query<Row>(`FETCH ${batchRows} FROM ${cursor}`)
      if (rows.length > 0) yield rows
      if (rows.length < batchRows) break
    }
    await this.execute(`CLOSE ${cursor}`)
  }

  /** What `COPY … TO STDOUT` gives, as it comes; the return value is the number of rows. */
  async *copyOut(text: string): AsyncGenerator<Uint8Array, number, undefined> {
    sendAlone(this.#client, true)
    const stream = this.#client.query(copyTo(text))
    let isWhole = false
    try {
      for await (const part of stream) if (part instanceof Uint8Array) yield part
      isWhole = true
    } catch (error) {
      throw sqlErrorOf(error)
    } finally {
      // A reader that stops early leaves the rest of a table in the line; nobody waits for it, the connection goes with its transaction.
      if (!isWhole) this.#client.connection.stream.destroy()
      sendAlone(this.#client, false)
    }
    return stream.rowCount
  }

  /** Feeds `COPY … FROM STDIN`; returns how many rows were taken in. An error of the source is thrown as it is, and undoes the transaction. */
  async copyIn(text: string, source: AsyncIterable<Uint8Array>): Promise<number> {
    sendAlone(this.#client, true)
    const stream = this.#client.query(copyFrom(text))
    try {
      await pipeline(Readable.from(source, { objectMode: false }), stream)
    } catch (error) {
      throw sqlErrorOf(error)
    } finally {
      sendAlone(this.#client, false)
    }
    return stream.rowCount
  }

  /** The rows of a large query in binary, block by block, one reader at a time. The text has no parameters: our own ids and words are written into it with `sqlText`, never input. */
  copyRows(select: string): AsyncGenerator<CopiedRows, void, undefined> {
    return copiedRows(this.copyOut(`COPY (${select}) TO STDOUT (FORMAT binary)`))
  }

  /** Runs a part that may fail alone: its error undoes only this part, and is thrown. */
  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = `part_${++this.#names}`
    await this.execute(`SAVEPOINT ${name}`)
    try {
      const result = await work()
      await this.execute(`RELEASE SAVEPOINT ${name}`)
      return result
    } catch (error) {
      await this.execute(`ROLLBACK TO SAVEPOINT ${name}`)
      throw error
    }
  }
}

/** A word or id of ours as a literal, for `Tx.copyRows`. */
export function sqlText(word: string): string {
  return escapeLiteral(word)
}

/** One of our own databases, as a pool of connections that are bound by row-level security to one tenant. */
export class Database implements Queryable {
  readonly #pool: Pool

  constructor(config: PoolConfig) {
    this.#pool = new Pool({ ...config, pipeline: true })
    this.#pool.on('connect', setTypes)
    // A connection that breaks while idle is dropped by the pool; whoever asks next gets a new one or DATABASE_GONE.
    this.#pool.on('error', () => undefined)
  }

  async query<Row extends QueryResultRow>(text: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#with(async (client) => (await run<Row>(client, text, params)).rows)
  }

  async execute(text: string, params: readonly SqlValue[] = []): Promise<number> {
    return this.#with(async (client) => (await run(client, text, params)).rowCount ?? 0)
  }

  async insertRows(table: string, columns: readonly string[], rows: BulkRows): Promise<number> {
    return this.transaction((tx) => tx.insertRows(table, columns, rows))
  }

  /** Streams from one snapshot in a read-only transaction of its own. */
  async *stream<Row extends QueryResultRow>(text: string, params: readonly SqlValue[] = [], batchRows = batchRowsDefault): AsyncGenerator<Row[], void, undefined> {
    const client = await this.#connect()
    let broken = true
    client.on('error', reportedLater) // the reader may be long at work between two batches
    try {
      await run(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      yield* new Tx(client).stream<Row>(text, params, batchRows)
      broken = false
    } finally {
      await endStream(client, broken)
      client.off('error', reportedLater)
    }
  }

  /** Runs the work in one transaction: all of it is kept, or none when it throws. A broken connection at the commit is DATABASE_GONE: the outcome is unknown. */
  async transaction<T>(work: (tx: Tx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#with((client) => inTransaction(client, work, options))
      } catch (error) {
        if (attempt >= (options.attempts ?? 1) || !isRetryable(error)) throw error
      }
    }
  }

  /** Closes all connections when their present work is done. */
  async close(): Promise<void> {
    if (!this.#pool.ended && !this.#pool.ending) await this.#pool.end()
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw sqlErrorOf(error)
    }
  }

  async #with<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect()
    let inOrder = false
    client.on('error', reportedLater)
    try {
      const result = await work(client)
      inOrder = true
      return result
    } finally {
      client.off('error', reportedLater)
      // After a mistake the connection is used again only if it stands outside any transaction.
      client.release(!inOrder && client.getTransactionStatus() !== 'I')
    }
  }
}

/** An error between two statements would end the process without a listener; the next statement reports it. */
function reportedLater(): void {
  return
}

async function run<Row extends QueryResultRow>(client: PoolClient, text: string, params: readonly SqlValue[] = []) {
  const name = nameOfPlan.get(text)
  // What is given together goes out together.
  const { stream } = client.connection
  stream.cork()
  process.nextTick(() => stream.uncork())
  try {
    return params.length === 0 ? await client.query<Row>(text) : await client.query<Row>({ text, values: [...params], ...(name === undefined ? {} : { name }) })
  } catch (error) {
    throw sqlErrorOf(error)
  }
}

/** `COPY` takes the line to itself, and the driver refuses it on a connection that sends statements without waiting; between two statements the connection may be told to wait. */
function sendAlone(client: PoolClient, isAlone: boolean): void {
  Object.assign(client, { pipeline: !isAlone })
}

async function inTransaction<T>(client: PoolClient, work: (tx: Tx) => Promise<T>, options: TransactionOptions): Promise<T> {
  await run(client, `BEGIN ISOLATION LEVEL ${options.isolation ?? 'read committed'}${options.readOnly === true ? ' READ ONLY' : ''}`)
  let result: T
  try {
    result = await work(new Tx(client))
  } catch (error) {
    await run(client, 'ROLLBACK').catch(() => undefined) // the first error is the one to report; an open transaction costs the connection
    throw error
  }
  await commit(client)
  return result
}

/** PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error; that is a bug of ours (an error was swallowed) and must not pass as success. */
async function commit(client: PoolClient): Promise<void> {
  const answer = await run(client, 'COMMIT')
  if (answer.command !== 'COMMIT') throw new Error('assertion failed: a transaction was committed after an error in it was swallowed')
}

/** A reader may stop early (`break`), which closes the cursor with its transaction. */
async function endStream(client: PoolClient, early: boolean): Promise<void> {
  try {
    await run(client, early ? 'ROLLBACK' : 'COMMIT')
    client.release()
  } catch {
    client.release(true) // the connection is dropped; the error that led here is on its way already
  }
}
