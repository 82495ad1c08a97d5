// SPDX-License-Identifier: Apache-2.0
// Programs that we are compared with. They are no dependency of the project: npm puts them into bench/peers when a benchmark first asks for one.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

const folder = join(import.meta.dirname, 'peers')

/** What benchmarks need of a DuckDB connection. */
export interface DuckdbConnection {
  run(sql: string): Promise<unknown>
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>
}

interface DuckdbClass {
  create(path: string, options: Record<string, string>): Promise<{ connect(): Promise<DuckdbConnection> }>
}

const duckdbModule = z.looseObject({ DuckDBInstance: z.custom<DuckdbClass>((value) => typeof value === 'function' && 'create' in value) })

/** A connection to a new DuckDB in memory that spills below the folder; null where it cannot be installed (no network, no build for this computer). */
export async function duckdb(scratch: string): Promise<DuckdbConnection | null> {
  const loaded = await peer('@duckdb/node-api')
  if (loaded === null) return null
  const spill = join(scratch, 'duckdb-spill')
  mkdirSync(spill, { recursive: true })
  const { DuckDBInstance } = duckdbModule.parse(loaded)
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: spill })
  return instance.connect()
}

/** A package of bench/peers, installed now when it is not there; null when that fails. */
export async function peer(name: string): Promise<unknown> {
  if (!existsSync(join(folder, 'node_modules', name))) {
    try {
      execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-package-lock'], { stdio: ['ignore', 'ignore', 'inherit'] })
    } catch {
      return null
    }
  }
  const module: unknown = await import(pathToFileURL(createRequire(join(folder, 'package.json')).resolve(name)).href)
  return module
}
