// SPDX-License-Identifier: Apache-2.0
// The two levels between the epoch key and a record secret (CONTRACTS §5). Bytes only: no database, no files.
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { assert } from '../kit/assert.ts'
import { boundTo, openBytes, sealBytes } from './seal-bytes.ts'

/** Record secrets in one page. */
export const secretsPerPage = 120
/** Page keys in one directory. */
export const pagesPerDirectory = 128
/** Bytes of every key and secret. */
export const keyBytes = 32

/** Whose keys: every key row begins with these two. */
export interface KeyScope {
  tenant: string
  matterId: string
}

/** Where a secret is: its slot number counts from 0 and is never used twice. */
export interface SecretPlace {
  dir: number
  page: number
  /** The place of the page's key in its directory. */
  pageAt: number
  /** The place of the secret in its page. */
  secretAt: number
}

/** The place of a slot. */
export function placeOf(slot: number): SecretPlace {
  assert(Number.isSafeInteger(slot) && slot >= 0, 'a slot is a whole number')
  const page = Math.floor(slot / secretsPerPage)
  return { page, dir: dirOfPage(page), pageAt: page % pagesPerDirectory, secretAt: slot % secretsPerPage }
}

/** The directory that holds a page's key. */
export function dirOfPage(page: number): number {
  return Math.floor(page / pagesPerDirectory)
}

/** A new page, full of random secrets: the slots are given out later, the page is not written again until one is erased. */
export function newPage(): Buffer {
  return randomBytes(secretsPerPage * keyBytes)
}

/** A directory without pages. */
export function emptyDirectory(): Buffer {
  return Buffer.alloc(pagesPerDirectory * keyBytes)
}

/** One entry of an opened page or directory; a view, not a copy. */
export function entryAt(list: Buffer, at: number): Buffer {
  return list.subarray(at * keyBytes, (at + 1) * keyBytes)
}

const zeroes = Buffer.alloc(keyBytes)

/** Whether an entry is empty: a secret that was erased, or a page that does not exist. */
export function isErased(entry: Buffer): boolean {
  return entry.equals(zeroes)
}

/** A page under its page key, bound to its place and version. */
export function sealPage(scope: KeyScope, pageKey: Uint8Array, page: { page: number; version: number; secrets: Buffer }): Buffer {
  return sealBytes(pageKey, boundTo('page', scope.tenant, scope.matterId, page.page, page.version), page.secrets)
}

/** The secrets of a page, or null when it is not the page of this key, place and version. */
export function openPage(scope: KeyScope, pageKey: Uint8Array, row: { page: number; version: number; wrapped: Uint8Array }): Buffer | null {
  const secrets = openBytes(pageKey, boundTo('page', scope.tenant, scope.matterId, row.page, row.version), row.wrapped)
  return secrets?.length === secretsPerPage * keyBytes ? secrets : null
}

/** A directory under the epoch key, bound to its number and epoch. */
export function sealDirectory(scope: KeyScope, epochKey: KeyObject, directory: { dir: number; epoch: number; pageKeys: Buffer }): Buffer {
  return sealBytes(epochKey, boundTo('dir', scope.tenant, scope.matterId, directory.dir, directory.epoch), directory.pageKeys)
}

/** The page keys of a directory, or null when it is not the directory of this key, number and epoch. */
export function openDirectory(scope: KeyScope, epochKey: KeyObject, row: { dir: number; epoch: number; wrapped: Uint8Array }): Buffer | null {
  const pageKeys = openBytes(epochKey, boundTo('dir', scope.tenant, scope.matterId, row.dir, row.epoch), row.wrapped)
  return pageKeys?.length === pagesPerDirectory * keyBytes ? pageKeys : null
}

/** A matter key under the epoch key, bound to its name and epoch. */
export function sealMatterKey(scope: KeyScope, epochKey: KeyObject, entry: { name: string; epoch: number; key: Uint8Array }): Buffer {
  return sealBytes(epochKey, boundTo('matter-key', scope.tenant, scope.matterId, entry.name, entry.epoch), entry.key)
}

/** The bytes of a matter key, or null when the row is not that of this key, name and epoch. */
export function openMatterKey(scope: KeyScope, epochKey: KeyObject, row: { name: string; epoch: number; wrapped: Uint8Array }): Buffer | null {
  return openBytes(epochKey, boundTo('matter-key', scope.tenant, scope.matterId, row.name, row.epoch), row.wrapped)
}

/** A key object from bytes, whose bytes are then wiped. */
export function keyObjectOf(bytes: Buffer): KeyObject {
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return key
}
