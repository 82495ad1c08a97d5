// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPlainPostgres, type PlainPostgres } from '../../store/plain-postgres.fixture.ts'
import type { DatabaseLogin } from './foreign-table.ts'
import { hasMariaDb, startMariaDb, type MariaDb } from './mariadb.fixture.ts'
import { openDatabase } from './open-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-tls-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) process.stderr.write('\n*** openssl is not installed: the tests of encrypted connections DID NOT RUN ***\n')

interface Issued {
  cert: string
  key: string
}

/** An issuer of certificates, made by openssl for this run; it certifies one name. */
function issuer(name: string): { ca: string; certify(host: string): Issued } {
  const at = (file: string): string => join(folder, `${name}-${file}`)
  const run = (...args: string[]): Buffer => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', '2', '-subj', `/CN=${name}`)
  const certify = (host: string): Issued => {
    writeFileSync(at(`${host}.ext`), `subjectAltName=DNS:${host}`)
    run('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at(`${host}.key`), '-out', at(`${host}.csr`), '-subj', `/CN=${host}`)
    run('x509', '-req', '-in', at(`${host}.csr`), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', at(`${host}.ext`), '-out', at(`${host}.pem`))
    return { cert: at(`${host}.pem`), key: at(`${host}.key`) }
  }
  return { ca: readFileSync(at('ca.pem'), 'utf8'), certify }
}

/** Copies a certificate and its key to where the account of `like` alone can read them. */
function install(issued: Issued, to: string, like: { uid: number; gid: number }): Issued {
  mkdirSync(to, { recursive: true })
  const files = { cert: join(to, 'server.pem'), key: join(to, 'server.key') }
  for (const each of ['cert', 'key'] as const) {
    writeFileSync(files[each], readFileSync(issued[each]))
    chmodSync(files[each], 0o600)
    if (process.getuid?.() === 0) chownSync(files[each], like.uid, like.gid)
  }
  if (process.getuid?.() === 0) chownSync(to, like.uid, like.gid)
  return files
}

const codeOf = (opened: Promise<{ close(): Promise<void> }>): Promise<unknown> => opened.then(async (database) => (await database.close(), 'opened'), (error: unknown) => (typeof error === 'object' && error !== null && 'code' in error ? error.code : error))
const open = (login: DatabaseLogin): ReturnType<typeof openDatabase> => openDatabase(login, new Uint8Array(256).fill(1))

/** What the server answers when its certificate should come from our issuer, another or none, and be for its name or another. */
async function answersOf(login: DatabaseLogin, ours: { ca: string }, strange: { ca: string }): Promise<unknown> {
  const codeWith = (change: Partial<DatabaseLogin>): Promise<unknown> => codeOf(open({ ...login, ...change }))
  const database = await open({ ...login, ca: ours.ca })
  const tables = database.tables.map(({ bare }) => bare)
  await database.close()
  return { tables, otherIssuer: await codeWith({ ca: strange.ca }), noIssuer: await codeWith({ ca: null }), otherName: await codeWith({ ca: ours.ca, address: { ...login.address, host: 'db.elsewhere.test' } }) }
}
const onlyForItsName = { tables: ['customer'], otherIssuer: 'CONNECTOR_TLS', noIssuer: 'CONNECTOR_TLS', otherName: 'CONNECTOR_TLS' }

const limits: DatabaseLogin['limits'] = { sampleRows: null, sampleBytes: 1e9, rowsMax: 1e6, statementSeconds: 60, connectMs: 10_000, isOrdered: false, tables: [] }
const base = { place: 'db.shop.test', tls: 'verify', isClearAllowed: false, ca: null, isSuperuserAllowed: false, limits } as const

describe.skipIf(!hasOpenssl)('an encrypted connection', { timeout: 240_000 }, () => {
  const ours = hasOpenssl ? issuer('ours') : { ca: '', certify: () => ({ cert: '', key: '' }) }
  const strange = hasOpenssl ? issuer('strange') : ours

  describe.skipIf(!hasMariaDb())('to a MariaDB', () => {
    let server: MariaDb
    beforeAll(async () => {
      const files = install(ours.certify('db.shop.test'), mkdtempSync(join(tmpdir(), 'handover-tls-mariadb-')), process.getuid?.() === 0 ? mysqlAccount() : { uid: 0, gid: 0 })
      server = await startMariaDb([`--ssl-cert=${files.cert}`, `--ssl-key=${files.key}`])
      const session = await server.admin()
      await session.run(`create database shop; create table shop.customer (id int primary key, name varchar(20)); create user reader identified by 'reader-pass'; grant select on shop.* to reader`)
      session.end()
    })
    afterAll(() => server?.stop())

    // What a MariaDB without encryption gets: scan-mysql.test.ts.
    it('is read when the server proves its name, and refused when it proves another or none', async () => {
      const login: DatabaseLogin = { ...base, password: 'reader-pass', address: { kind: 'mysql', host: 'db.shop.test', ip: '127.0.0.1', isLoopback: false, port: server.port, user: 'reader', database: 'shop' } }
      expect(await answersOf(login, ours, strange)).toEqual(onlyForItsName)
    })
  })

  describe('to a PostgreSQL', () => {
    let server: PlainPostgres
    let login: DatabaseLogin
    beforeAll(async () => {
      server = await startPlainPostgres(folder)
      await server.asAdmin(`create role reader login password 'reader-pass'`, 'create table customer (id int primary key, name text)', 'grant select on customer to reader')
      login = { ...base, password: 'reader-pass', address: { kind: 'postgresql', host: 'db.shop.test', ip: '127.0.0.1', isLoopback: false, port: server.port, user: 'reader', database: 'postgres' } }
    })
    afterAll(() => server?.stop())

    it('is not given up when the server does not encrypt', async () => {
      expect(await codeOf(open({ ...login, ca: ours.ca }))).toBe('CONNECTOR_TLS')
    })

    it('is read when the server proves its name, and refused when it proves another or none', async () => {
      const files = install(ours.certify('db.shop.test'), join(server.dataFolder, 'tls'), statSync(server.dataFolder))
      await server.asAdmin(`alter system set ssl_cert_file = '${files.cert}'`, `alter system set ssl_key_file = '${files.key}'`, 'alter system set ssl = on', 'select pg_reload_conf(), pg_sleep(1)')
      expect(await answersOf(login, ours, strange)).toEqual(onlyForItsName)
    })
  })
})

function mysqlAccount(): { uid: number; gid: number } {
  const [, uid, gid] = /^mysql:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? []
  return { uid: Number(uid), gid: Number(gid) }
}
