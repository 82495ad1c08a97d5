// SPDX-License-Identifier: Apache-2.0
import { lookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { Failure } from '../../kit/failure.ts'
import { plainHostOf, readDatabaseAddress, type DatabaseAddress } from './database-address.ts'
import { databaseFailures } from './database-failures.ts'

/** Which hosts may be connected to. */
export interface HostPolicy {
  /** The operator's list: `host`, `host:port`, an address, or a range such as `10.1.0.0/16`. */
  allowed: readonly string[]
  /** A command that a person types at their own machine may reach that machine; a server that takes addresses from others may not. */
  isLoopbackAllowed: boolean
  /** How names become addresses; the system's own way unless a test says otherwise. */
  resolve?: (host: string) => Promise<readonly string[]>
}

/** An address whose host is settled for good: every connection goes to `ip`, whatever the name means later. */
export interface PinnedAddress extends DatabaseAddress {
  ip: string
  isLoopback: boolean
}

/** A refusal takes this long, whatever it is about. */
const REFUSAL_MS = 400
const RESOLVE_MS_MAX = 5000

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

// Nobody's database: unspecified, link-local (with the metadata services of clouds), multicast, reserved; and IPv6 forms of IPv4 addresses.
const never = new BlockList()
for (const [net, prefix] of [['0.0.0.0', 8], ['169.254.0.0', 16], ['192.0.0.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4]] as const) never.addSubnet(net, prefix, 'ipv4')
never.addAddress('100.100.100.200', 'ipv4')
for (const [net, prefix] of [['fe80::', 10], ['fec0::', 10], ['ff00::', 8], ['64:ff9b::', 96], ['2002::', 16], ['2001::', 32], ['fd00:ec2::', 32]] as const) never.addSubnet(net, prefix, 'ipv6')
never.addAddress('::', 'ipv6')

const familyOf = (ip: string): 'ipv4' | 'ipv6' => (isIPv6(ip) ? 'ipv6' : 'ipv4')

/**
 * Reads an address and settles where it leads (SECURITY.md P25): the host has to be on the list (or this machine, where that is allowed), is resolved once, and what it resolved to is what is connected to.
 * Refuses with one text after one time, whatever the reason.
 */
export async function pinDatabaseAddress(text: string, policy: HostPolicy): Promise<PinnedAddress> {
  const started = performance.now()
  try {
    return await pinned(readDatabaseAddress(text), policy)
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'CONNECTOR_REFUSED') throw error
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, REFUSAL_MS - (performance.now() - started))))
    throw databaseFailures.CONNECTOR_REFUSED()
  }
}

async function pinned(address: DatabaseAddress, policy: HostPolicy): Promise<PinnedAddress> {
  const { host, port } = address
  const isListed = policy.allowed.some((entry) => isNamed(entry, host, port))
  if (isIP(host) !== 0) {
    if (!mayReach(host, port, { policy, isListed })) throw databaseFailures.CONNECTOR_REFUSED()
    return { ...address, ip: host, isLoopback: isLoopback(host) }
  }
  const isOwnName = host === 'localhost' && policy.isLoopbackAllowed
  if (!isListed && !isOwnName && !hasRange(policy)) throw databaseFailures.CONNECTOR_REFUSED() // not even asked for
  const found = await resolved(host, policy)
  // Every address that the name has must be allowed: which one is taken must not be the choice of whoever answers.
  const isAllowed = found.length > 0 && found.every((ip) => (host === 'localhost' ? isLoopback(ip) : true) && mayReach(ip, port, { policy, isListed }))
  const ip = found.find((one) => !isIPv6(one)) ?? found[0]
  if (!isAllowed || ip === undefined) throw databaseFailures.CONNECTOR_REFUSED()
  return { ...address, ip, isLoopback: isLoopback(ip) }
}

const isLoopback = (ip: string): boolean => loopback.check(ip, familyOf(ip))

function mayReach(ip: string, port: number, how: { policy: HostPolicy; isListed: boolean }): boolean {
  if (never.check(ip, familyOf(ip)) || /^::ffff:/i.test(ip)) return false
  if (how.policy.allowed.some((entry) => isInRange(entry, ip) || isNamed(entry, ip, port))) return true
  // A name on the list that suddenly means this machine would open the services that listen here alone.
  return isLoopback(ip) ? how.policy.isLoopbackAllowed : how.isListed
}

async function resolved(host: string, policy: HostPolicy): Promise<readonly string[]> {
  const ask = policy.resolve ?? (async (name: string) => (await lookup(name, { all: true })).map(({ address }) => address))
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([ask(host), new Promise<never[]>((resolve) => (timer = setTimeout(() => resolve([]), RESOLVE_MS_MAX)))])
  } catch {
    return []
  } finally {
    clearTimeout(timer)
  }
}

/** `host`, `host:port`, `[v6]`, `[v6]:port` or a bare IPv6 address. */
function isNamed(entry: string, host: string, port: number): boolean {
  if (isIPv6(entry)) return entry.toLowerCase() === host
  const [, name = '', listedPort] = /^(\[[^\]]*\]|[^:/]+)(?::(\d{1,5}))?$/.exec(entry.trim()) ?? []
  return plainHostOf(name) === host && (listedPort === undefined || Number(listedPort) === port)
}

const hasRange = (policy: HostPolicy): boolean => policy.allowed.some((entry) => entry.includes('/'))

function isInRange(entry: string, ip: string): boolean {
  const [, net = '', prefix = ''] = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(entry.trim()) ?? []
  const family = isIP(net)
  if (family === 0 || Number(prefix) > (family === 4 ? 32 : 128) || family !== isIP(ip)) return false
  const range = new BlockList()
  range.addSubnet(net, Number(prefix), familyOf(net))
  return range.check(ip, familyOf(ip))
}
