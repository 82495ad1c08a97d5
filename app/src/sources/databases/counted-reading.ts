// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import type { WhyNotRead } from '../source-events.ts'
import { databaseReasons } from './database-reasons.ts'
import type { DatabaseLimits, ForeignTable, TablePlan, TableReading } from './foreign-table.ts'
import type { TableBlock } from './table-block.ts'

/** One reading of one table, with the account of what was read and why not all of it: the same for every kind of server. */
export abstract class CountedReading implements TableReading {
  protected rows = 0
  protected readonly table: ForeignTable
  protected readonly plan: TablePlan
  private readonly limits: DatabaseLimits
  private readonly hash = createHash('sha256')
  private readonly reasons: WhyNotRead[] = []
  private cut = 0
  private size = 0

  constructor(table: ForeignTable, plan: TablePlan, limits: DatabaseLimits) {
    this.table = table
    this.plan = plan
    this.limits = limits
  }

  abstract blocks(): AsyncGenerator<TableBlock>

  /** Bytes as they came from the server, where they are taken whole. */
  protected took(chunk: Uint8Array): void {
    this.hash.update(chunk)
    this.size += chunk.length
  }

  /** A block of rows whose bytes were counted as they came. */
  protected noted(block: TableBlock): TableBlock {
    this.rows += block.rows
    this.cut += block.cut
    return block
  }

  /** A block of rows that stands for its bytes: where cells begin, and which are null, tells their lengths as well, for they stand one behind the other. */
  protected tookBlock(block: TableBlock): TableBlock {
    this.took(block.bytes.subarray(0, block.used))
    this.hash.update(new Uint8Array(block.starts.buffer, 0, block.rows * block.width * 4))
    return this.noted(block)
  }

  /** The reading ended before its time, after some rows. */
  protected ended(by: { code: string; isTooLong: boolean }): void {
    this.reasons.push(by.isTooLong ? databaseReasons.timeLimit(this.rows, this.table.estimatedRows, this.limits.statementSeconds) : databaseReasons.interrupted(this.rows, by.code))
  }

  /** What the plan and the limits left out; called once, at the end. */
  protected closeAccount(): void {
    if (this.plan.take === 'spread') this.reasons.push(databaseReasons.sampled(this.rows, this.table.estimatedRows))
    else if (this.plan.take === 'whole' && this.rows >= this.limits.rowsMax) this.reasons.push(databaseReasons.rowLimit(this.rows))
    if (this.cut > 0) this.reasons.push(databaseReasons.cutCells(this.cut))
  }

  digest(): Buffer {
    return this.hash.copy().digest()
  }

  bytes(): number {
    return this.size
  }

  unread(): WhyNotRead[] {
    return this.reasons
  }
}
