// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { readDatabaseAddress, shownAddress } from './database-address.ts'
import { pinDatabaseAddress, type HostPolicy } from './pin-host.ts'

const ownMachine: HostPolicy = { allowed: [], isLoopbackAllowed: true }

const oddHosts = [
  '127.1', '127.0.1', '2130706433', '0x7f.1', '0x7f000001', '017700000001', '0177.0.0.1', '127.0.0.01', '127.00.0.1', 'localhost.', 'LOCALHOST.', '127.0.0.1.', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:1]',
  '[::127.0.0.1]', '[::7f00:1]', '[::]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[fe80::1%25eth0]', '[fe80::1]', '[::1%lo]', '[0:0:0:0:0:0:0:1]', '0.0.0.0', '0', '127.0.0.1%00.example.com', '127.0.0.1%2eexample', 'exa\u2024mple', '①②⑦.⓪.⓪.①', '127。0。0。1',
  '169.254.169.254', '100.100.100.200', '[fd00:ec2::254]', '224.0.0.1', '255.255.255.255', '10.0.0.1', '172.16.0.1', '192.168.1.1', '8.8.8.8', 'metadata.google.internal', 'db.example.com', 'localhost.localdomain', 'a..b', '-a.b', 'a@b', '/var/run/mysqld', '%2Fvar%2Frun', '', ' ', '127.0.0.1,10.0.0.1',
]
const oddAddresses = [
  'mysql://root@127.0.0.1/db?allowLoadLocalInfile=true', 'mysql://root@127.0.0.1/db?multipleStatements=true', 'mysql://root@127.0.0.1/db?ssl={"rejectUnauthorized":false}', 'mysql://root@127.0.0.1/db?socketPath=/tmp/s', 'mysql://root@127.0.0.1/db?', 'mysql://root@127.0.0.1/db#x',
  'postgres://a@127.0.0.1/db?sslmode=disable', 'postgres://a@127.0.0.1/db?host=/tmp', 'postgres://a@127.0.0.1/db?options=-c%20log_statement=all', 'postgres://a@127.0.0.1:5432,127.0.0.1:5433/db', 'postgres:///db?host=127.0.0.1', 'postgres://127.0.0.1', 'postgres://127.0.0.1/',
  'sqlserver://sa@127.0.0.1;encrypt=false/db', 'sqlserver://127.0.0.1/db?trustServerCertificate=true', 'mysql://root:secret@127.0.0.1/db', 'mysql://root:@127.0.0.1/db', 'mysql://a@b@127.0.0.1/db', 'mysql://root@127.0.0.1:0/db', 'mysql://root@127.0.0.1:65536/db', 'mysql://root@127.0.0.1:03306/db',
  'mysql://root@127.0.0.1:3306/a/b', 'mysql://root@127.0.0.1/%00', 'mysql://%zz@127.0.0.1/db', 'mysql://root%0a@127.0.0.1/db', 'ftp://127.0.0.1/db', 'mysql:/127.0.0.1/db', 'mysql://root@127.0.0.1/db\n',
]

test('every odd way to write a host, and every host that nobody listed, is refused by the same text', async () => {
  const texts = new Set<string>()
  const wrong: string[] = []
  await Promise.all(oddHosts.map(async (host) => pinDatabaseAddress(`mysql://root@${host}/db`, ownMachine).then(() => wrong.push(host), (error: unknown) => texts.add(String(error)))))
  expect(wrong).toEqual([])
  expect([...texts]).toHaveLength(1)
})

test('no option, password, second host or socket passes in an address', async () => {
  const texts = new Set<string>()
  const wrong: string[] = []
  await Promise.all(oddAddresses.map(async (address) => pinDatabaseAddress(address, ownMachine).then(() => wrong.push(address), (error: unknown) => texts.add(String(error)))))
  expect(wrong).toEqual([])
  expect([...texts]).toHaveLength(1)
})

test('a refusal takes the same time whatever its reason', async () => {
  const slow: HostPolicy = { allowed: ['named.example'], isLoopbackAllowed: false, resolve: () => new Promise((resolve) => setTimeout(() => resolve(['127.0.0.1']), 60)) }
  const times: number[] = []
  for (const address of ['mysql://a@127.1/x', 'mysql://a@10.9.8.7/x', 'mysql://a@named.example/x', 'mysql://a@127.0.0.1/x', 'mysql://a@other.example/x', 'nonsense']) {
    let least = Infinity // of three: what else this machine does is not ours
    for (let i = 0; i < 3; i++) {
      const started = performance.now()
      await expect(pinDatabaseAddress(address, slow)).rejects.toMatchObject({ code: 'CONNECTOR_REFUSED' })
      least = Math.min(least, performance.now() - started)
    }
    times.push(least)
  }
  expect(Math.max(...times) / Math.min(...times)).toBeLessThan(1.2)
})

test('a name is asked for once, and what it meant then is what is connected to', async () => {
  let asked = 0
  const rebinding: HostPolicy = { allowed: ['shop.example:3306'], isLoopbackAllowed: false, resolve: () => Promise.resolve(asked++ === 0 ? ['203.0.113.7'] : ['127.0.0.1']) }
  const address = await pinDatabaseAddress('mysql://a@shop.example/x', rebinding)
  expect(address).toMatchObject({ host: 'shop.example', ip: '203.0.113.7', isLoopback: false })
  expect(asked).toBe(1)
})

test.each([['127.0.0.1'], ['169.254.169.254'], ['0.0.0.0'], ['::ffff:10.0.0.1'], ['::1'], ['fe80::1']])('a listed name that means %s is refused, also beside a good address', async (bad) => {
  const policy: HostPolicy = { allowed: ['shop.example'], isLoopbackAllowed: false, resolve: () => Promise.resolve(['203.0.113.7', bad]) }
  await expect(pinDatabaseAddress('postgres://a@shop.example/x', policy)).rejects.toMatchObject({ code: 'CONNECTOR_REFUSED' })
})

test('a name that nobody listed is not even looked up', async () => {
  let asked = 0
  const policy: HostPolicy = { allowed: ['db.example'], isLoopbackAllowed: true, resolve: () => (asked++, Promise.resolve(['203.0.113.7'])) }
  await expect(pinDatabaseAddress('mysql://a@exfiltrated-secret.example/x', policy)).rejects.toMatchObject({ code: 'CONNECTOR_REFUSED' })
  expect(asked).toBe(0)
})

test('this machine in its plain forms, and what the operator listed, may be connected to', async () => {
  expect(await pinDatabaseAddress('mysql://root@127.0.0.1:3307/shop', ownMachine)).toEqual({ kind: 'mysql', host: '127.0.0.1', port: 3307, user: 'root', database: 'shop', ip: '127.0.0.1', isLoopback: true })
  expect(await pinDatabaseAddress('postgresql://u@[::1]/shop', ownMachine)).toMatchObject({ host: '::1', ip: '::1', isLoopback: true, port: 5432 })
  expect(await pinDatabaseAddress('mariadb://u@LocalHost/', ownMachine)).toMatchObject({ host: 'localhost', isLoopback: true, database: '' })
  for (const allowed of ['10.1.2.3', '10.1.2.3:3306', '10.1.0.0/16']) expect(await pinDatabaseAddress('mysql://u@10.1.2.3/x', { allowed: [allowed], isLoopbackAllowed: false })).toMatchObject({ ip: '10.1.2.3' })
  await expect(pinDatabaseAddress('mysql://u@10.1.2.3:3307/x', { allowed: ['10.1.2.3:3306'], isLoopbackAllowed: false })).rejects.toMatchObject({ code: 'CONNECTOR_REFUSED' })
  await expect(pinDatabaseAddress('mysql://u@127.0.0.1/x', { allowed: ['10.0.0.0/8'], isLoopbackAllowed: false })).rejects.toMatchObject({ code: 'CONNECTOR_REFUSED' })
})

test('what is shown of an address gives the same address back', () => {
  for (const text of ['mysql://%E5%BC%A0%20a@db-1.example:3306/%E5%BA%93%2F1', 'postgresql://u@[2001:db8::5]:5432/x']) expect(shownAddress(readDatabaseAddress(text))).toBe(text)
})
