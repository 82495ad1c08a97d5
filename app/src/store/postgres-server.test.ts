// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startFailure } from './postgres-launch.ts'

const program = join(import.meta.dirname, 'user-process.fixture.ts')
const isRoot = process.getuid?.() === 0
const mayMount = isRoot && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0
const homes: string[] = []
const children: UserProcess[] = []

/** A user of the database in a process of its own. */
class UserProcess {
  readonly child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>

  constructor(homeDir: string, options: { uid?: number; path?: string } = {}) {
    const ids = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }
    this.child = spawn(process.execPath, [program, homeDir], { env: { ...process.env, PATH: options.path ?? process.env['PATH'] }, cwd: '/', ...ids })
    this.child.stderr.pipe(process.stderr)
    this.#lines = createInterface(this.child.stdout)[Symbol.asyncIterator]()
    children.push(this)
  }

  async says(): Promise<string> {
    const line: IteratorResult<string, unknown> = await this.#lines.next()
    return line.done === true ? 'ended' : line.value
  }

  async ask(line: string): Promise<string> {
    this.child.stdin.write(`${line}\n`)
    return this.says()
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGKILL')
    await ended
  }
}

function newHome(name = ''): string {
  const home = mkdtempSync(join(tmpdir(), `handover-pg-${name}`))
  homes.push(home)
  return home
}

/** The processes that work in the home's data folder. */
function serverProcesses(home: string): number[] {
  const folder = join(realpathSync(home), 'pg', 'data')
  return readdirSync('/proc').map(Number).filter((pid) => {
    try {
      return pid > 1 && readlinkSync(`/proc/${pid}/cwd`) === folder
    } catch {
      return false
    }
  })
}

/** Kills a process that may have followed its postmaster in the meantime. */
function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return
  }
}

function postmaster(home: string): number {
  const file = join(home, 'pg', 'data', 'postmaster.pid')
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0
}

afterEach(async () => {
  for (const child of children.splice(0)) await child.kill()
  for (const home of homes.splice(0)) {
    for (const pid of serverProcesses(home)) spawnSync('kill', ['-9', String(pid)])
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
})

describe('one home, one server', () => {
  it('starts from nothing, keeps everything private and stops with its last user', async () => {
    const home = newHome()
    const user = new UserProcess(home)
    expect(await user.says()).toMatch(/^ready .*\/pg\/socket$/)
    expect(await user.ask('SELECT datcollate || datlocale AS answer FROM pg_database WHERE datname = current_database()')).toBe('answer Czh-CN')
    expect(await user.ask('SELECT inet_server_addr() IS NULL AS answer')).toBe('answer true')
    for (const name of ['', 'credentials.json', 'socket', 'data', 'server.log']) expect(statSync(join(home, 'pg', name)).mode & 0o077, name).toBe(0)
    expect(await user.ask('release')).toBe('released')
    await expect.poll(() => serverProcesses(home), { timeout: 5000 }).toEqual([]) // a backend may need a moment to leave
  })

  it('is shared by processes that start at the same moment; the first to go leaves it running, the last one stops it', async () => {
    const home = newHome()
    const users = [new UserProcess(home), new UserProcess(home), new UserProcess(home)]
    for (const user of users) expect(await user.says()).toMatch(/^ready/)
    const server = postmaster(home)
    for (const user of users) {
      expect(await user.ask('SELECT 1 AS answer')).toBe('answer 1')
      expect(postmaster(home)).toBe(server)
      expect(await user.ask('release')).toBe('released')
    }
    await expect.poll(() => serverProcesses(home), { timeout: 5000 }).toEqual([]) // a backend may need a moment to leave
  })

  it('outlives the process that started it when that is killed -9, and still stops with the last user', async () => {
    const home = newHome()
    const starter = new UserProcess(home)
    expect(await starter.says()).toMatch(/^ready/)
    const other = new UserProcess(home)
    expect(await other.says()).toMatch(/^ready/)
    await starter.kill()
    expect(await other.ask('SELECT 2 AS answer')).toBe('answer 2')
    expect(await other.ask('release')).toBe('released')
    await expect.poll(() => serverProcesses(home), { timeout: 5000 }).toEqual([]) // a backend may need a moment to leave
  })

  it('is taken over by the next process when all users were killed -9', async () => {
    const home = newHome()
    const first = new UserProcess(home)
    await first.says()
    const server = postmaster(home)
    await first.kill()
    const next = new UserProcess(home)
    expect(await next.says()).toMatch(/^ready/)
    expect(postmaster(home)).toBe(server)
    expect(await next.ask('release')).toBe('released')
    await expect.poll(() => serverProcesses(home), { timeout: 5000 }).toEqual([]) // a backend may need a moment to leave
  })

  it('is not the server of the home that this one was copied from, even while that runs', async () => {
    const home = newHome()
    const copy = `${home}-copy`
    homes.push(copy)
    const user = new UserProcess(home)
    expect(await user.says()).toMatch(/^ready/)
    expect(await user.ask('CHECKPOINT')).toBe('answer undefined')
    expect(spawnSync('cp', ['-a', home, copy]).status).toBe(0)
    const other = new UserProcess(copy)
    expect(await other.says()).toBe(`ready ${join(realpathSync(copy), 'pg', 'socket')}`)
    expect(await other.ask("SELECT current_setting('data_directory') AS answer")).toBe(`answer ${join(realpathSync(copy), 'pg', 'data')}`)
    expect(await user.ask("SELECT current_setting('data_directory') AS answer")).toBe(`answer ${join(realpathSync(home), 'pg', 'data')}`)
    for (const one of [other, user]) expect(await one.ask('release')).toBe('released')
  })

  it('keeps checksums of its pages, so that it notices what the disk has changed', async () => {
    const user = new UserProcess(newHome())
    expect(await user.says()).toMatch(/^ready/)
    expect(await user.ask("SELECT current_setting('data_checksums') AS answer")).toBe('answer on')
    expect(await user.ask('release')).toBe('released')
  })

  it('comes back by itself with all acknowledged rows when PostgreSQL is killed -9', async () => {
    const home = newHome()
    const user = new UserProcess(home)
    await user.says()
    await user.ask('CREATE TABLE kept (n int)')
    await user.ask('INSERT INTO kept SELECT generate_series(1, 1000)')
    const before = postmaster(home)
    process.kill(before, 'SIGKILL')
    for (const deadline = Date.now() + 30_000; Date.now() < deadline && [0, before].includes(postmaster(home)); ) await sleep(50)
    const next = new UserProcess(home)
    expect(await next.says()).toMatch(/^ready/)
    expect(await user.ask('SELECT count(*) AS answer FROM kept')).toBe('answer 1000')
    for (const one of [user, next]) expect(await one.ask('release')).toBe('released')
    await expect.poll(() => serverProcesses(home), { timeout: 5000 }).toEqual([]) // a backend may need a moment to leave
  })

  it('starts after a kill -9 of everything although a stranger now has the process number of the old server', async () => {
    const home = newHome()
    const user = new UserProcess(home)
    await user.says()
    await user.kill()
    for (const pid of serverProcesses(home)) killHard(pid)
    while (serverProcesses(home).length > 0) await sleep(20)
    const pidFile = join(home, 'pg', 'data', 'postmaster.pid')
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.pid)))
    const next = new UserProcess(home)
    expect(await next.says()).toMatch(/^ready/)
    expect(await next.ask('release')).toBe('released')
  })

  it('begins the cluster anew when initdb was interrupted', async () => {
    const home = newHome()
    mkdirSync(join(home, 'pg', 'data.new', 'base'), { recursive: true })
    const user = new UserProcess(home)
    expect(await user.says()).toMatch(/^ready/)
    await user.ask('release')
  })
})

describe('unfriendly places', () => {
  it('puts the socket below /tmp, private, when the path of the home is too long for one', async () => {
    const home = join(newHome(), '很长的目录名'.repeat(12))
    const user = new UserProcess(home)
    const answer = await user.says()
    expect(answer).toMatch(/^ready \/tmp\/handover-[0-9a-f]{24}$/)
    expect(statSync(answer.slice('ready '.length)).mode & 0o077).toBe(0)
    expect(await user.ask('release')).toBe('released')
    rmSync(answer.slice('ready '.length), { recursive: true })
  })

  it.runIf(isRoot).each([
    ['with a name', 1],
    ['without a name, as in a container', 4321],
  ])('runs for an ordinary user %s', async (_, uid) => {
    const home = newHome()
    chownSync(home, uid, uid)
    const user = new UserProcess(home, { uid })
    expect(await user.says()).toMatch(/^ready/)
    expect(statSync(join(home, 'pg', 'data')).uid).toBe(uid)
    expect(await user.ask('release')).toBe('released')
  })

  it.runIf(isRoot && existsSync('/usr/bin/setpriv'))('runs for root where user namespaces are refused, below a folder that only root may enter', async () => {
    const locked = newHome()
    const home = join(locked, 'home')
    const path = join(locked, 'bin')
    mkdirSync(path)
    symlinkSync('/usr/bin/setpriv', join(path, 'setpriv'))
    const user = new UserProcess(home, { path })
    expect(await user.says()).toMatch(/^ready/)
    expect(statSync(join(home, 'pg', 'data')).uid).toBe(65534)
    expect(await user.ask('release')).toBe('released')
    const withNamespaces = new UserProcess(home)
    expect(await withNamespaces.says()).toMatch(/^ready/)
    expect(statSync(join(home, 'pg', 'data', 'PG_VERSION')).uid).toBe(0)
    expect(await withNamespaces.ask('release')).toBe('released')
  })

  it.runIf(isRoot)('refuses a folder of somebody else with exit code 77', async () => {
    const home = newHome()
    expect(await new UserProcess(home, { uid: 4321 }).says()).toMatch(/^refused PG_FOLDER_DENIED 77 .*EACCES/)
  })

  it('refuses a cluster of another version, one without its password file, and a damaged one, each with its reason', async () => {
    const home = newHome()
    const user = new UserProcess(home)
    await user.says()
    await user.ask('release')
    const pg = join(home, 'pg')
    const refusal = async (file: string, text: string | null): Promise<string> => {
      const whole = readFileSync(join(pg, file))
      if (text === null) rmSync(join(pg, file))
      else writeFileSync(join(pg, file), text)
      const answer = await new UserProcess(home).says()
      writeFileSync(join(pg, file), whole, { mode: 0o600 })
      return answer
    }
    expect(await refusal('data/PG_VERSION', '14\n')).toMatch(/^refused PG_WRONG_VERSION 78/)
    expect(await refusal('credentials.json', null)).toMatch(/^refused PG_PASSWORD_LOST 78/)
    expect(await refusal('credentials.json', JSON.stringify({ ownerPassword: 'x'.repeat(43), appPassword: 'y'.repeat(43) }))).toMatch(/^refused PG_PASSWORD_LOST 78/)
    expect(await refusal('data/global/pg_control', 'nothing')).toMatch(/^refused PG_DAMAGED 74/)
    expect(await refusal('data/PG_VERSION', null)).toMatch(/^refused PG_DAMAGED 74/)
    expect(await new UserProcess(home).says()).toMatch(/^ready/)
  })

  it.runIf(mayMount)('says that the disk is full when it is, at the first start and later, and serves again when there is room', async () => {
    const disk = newHome()
    const script = `mount -t tmpfs -o size=20m tmpfs "$1"; "$2" "$3" "$1/home" </dev/null
      mount -o remount,size=120m "$1"; echo release | "$2" "$3" "$1/home"
      head -c 200000000 /dev/zero >"$1/fill" 2>/dev/null; "$2" "$3" "$1/home" </dev/null
      rm "$1/fill"; echo release | "$2" "$3" "$1/home"`
    const { stdout } = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', disk, process.execPath, program], { encoding: 'utf8' })
    expect(stdout.split('\n').map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'refused PG_DISK_FULL 74', `ready ${disk}/home/pg/socket`, 'released', 'refused PG_DISK_FULL 74', `ready ${disk}/home/pg/socket`, 'released', '',
    ])
  })

  it.each([
    ['FATAL:  could not write to file "pg_wal/xlogtemp.1": No space left on device', 'PG_DISK_FULL', 74],
    ['FATAL:  data directory "/h/pg/data" has wrong ownership', 'PG_FOLDER_DENIED', 77],
    ['PANIC:  could not locate a valid checkpoint record at 0/1000028', 'PG_DAMAGED', 74],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', 'PG_NO_START', 69],
  ])('explains the last words of the server: %s', (log, code, exitCode) => {
    expect(startFailure({ folder: '/h/pg', logFile: '/h/pg/server.log' }, `2026-11-21 08:00:00 UTC [7] ${log}\n`)).toMatchObject({ code, exitCode })
  })
})
