// SPDX-License-Identifier: Apache-2.0
// The part of mssql that we use; the package brings no types.
declare module 'mssql' {
  import type { EventEmitter } from 'node:events'
  import type { Socket } from 'node:net'
  interface ConnectionSettings {
    server: string
    port: number
    user: string
    password: string
    database: string
    connectionTimeout: number
    requestTimeout: number
    pool: { min: number; max: number }
    options: {
      encrypt: boolean
      trustServerCertificate: boolean
      serverName?: string
      readOnlyIntent: boolean
      useUTC: boolean
      appName: string
      connector: () => Promise<Socket>
      cryptoCredentialsDetails?: { ca: string }
    }
  }
  class ConnectionPool extends EventEmitter {
    constructor(settings: ConnectionSettings)
    connect(): Promise<this>
    close(): Promise<void>
  }
  class Transaction extends EventEmitter {
    constructor(pool: ConnectionPool)
    begin(isolationLevel: number): Promise<this>
    rollback(): Promise<void>
  }
  class Request extends EventEmitter {
    constructor(parent: Transaction)
    stream: boolean
    arrayRowMode: boolean
    query(sql: string): Promise<{ recordset?: unknown[][] }>
    pause(): boolean
    resume(): boolean
  }
  const library: { ConnectionPool: typeof ConnectionPool; Transaction: typeof Transaction; Request: typeof Request; ISOLATION_LEVEL: { READ_COMMITTED: number; SNAPSHOT: number } }
  export default library
}
