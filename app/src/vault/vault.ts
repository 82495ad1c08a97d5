// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto'
import type { CanonicalValue } from '@handover/proof'
import type { Instant } from '../kit/time.ts'
import type { Tx } from '../store/index.ts'
import type { SlotKind } from './epoch-slots.ts'
import type { SealedBatch } from './sealed-batch/index.ts'

/** 分区. Compartments of a record's ciphertext: sensitive fields (个人信息保护法 第二十八条), free text, and the rest. */
export const compartments = ['general', 'sensitive', 'text'] as const
export type Compartment = (typeof compartments)[number]

/** Keys of a matter besides its record secrets (CONTRACTS §§2, 13): record and field ids, blind index, words, suppression list, receipts. */
export const matterKeyNames = ['ids', 'blind', 'labels', 'suppression', 'receipts'] as const
export type MatterKeyName = (typeof matterKeyNames)[number]

/** Why plaintext is read; `custody` and `receipt` alone may open what is sealed (个人信息保护法 第四十七条第二款). */
export const readPurposes = ['pack', 'custody', 'receipt', 'classify', 'subject-resolution', 'destroy-original', 'rewrite', 'delta-scan', 'reveal', 'reconcile', 'backup-check'] as const
export type ReadPurpose = (typeof readPurposes)[number]

/** 读取授权. Permission of a person to read certain compartments for one purpose until a time (CONTRACTS §13). */
export interface ReadGrant {
  person: string
  purpose: ReadPurpose
  compartments: readonly Compartment[]
  /** Only these fields of the data set; all when left out. */
  fieldIndexes?: readonly number[]
  /** On the legal clock. */
  until: Instant
  /** The two-person approval under which this is read, when one is needed. */
  approval: string | null
}

/** Which records to read: by id, or a data set (or the whole matter) in order of data set id and ordinal, filtered by clear facets only (CONTRACTS §13). */
export interface ReadQuery {
  matterId: string
  dataSetId?: string
  /** These records and no others, in this order; an erased, sealed or unknown one is refused by its id. */
  recordIds?: readonly Uint8Array[]
  /** Continue behind this ordinal; only with `dataSetId`. */
  after?: number | bigint
  /** Also give the commitments of all fields, granted or not, and check them against the record's root. */
  withLeaves?: boolean
  where?: ReadFilter
  /** Records in one batch, 500 unless told. */
  batchRecords?: number
}

/** Clear, low-cardinality conditions; anything finer is filtered after decryption and counts as read. */
export interface ReadFilter {
  facets?: Readonly<Record<string, readonly string[]>>
  ageGroups?: readonly string[]
  /** Records with at least one field in this account (byte of the disposition vector). */
  hasDisposition?: number
}

/** Records for a worker thread: 16 bytes an id, and the key slot of each as the books have it. */
export interface SealedQuery {
  matterId: string
  recordIds: Uint8Array
  slots: Float64Array
  /** Records in one batch, 1,000 unless told. */
  batchRecords?: number
}

/** 一条打开的记录. A record with the values that the grant opens; what it does not open is undefined, its salts too. */
export interface OpenRecord {
  recordId: Buffer
  dataSetId: string
  ordinal: number
  inventoryIndex: number
  version: number
  slot: number
  /** By field index; undefined where not granted or sealed. */
  values: (CanonicalValue | undefined)[]
  salts: (Buffer | undefined)[]
  /** Commitments of all fields, when asked for; a field left out of the ciphertext commits as null. */
  leaves?: Buffer[]
  root: Buffer
  inventoryRoot: Buffer
  presence: Buffer
  dispositions: Buffer
  ageGroup: string
  facets: Readonly<Record<string, unknown>>
}

/** A record secret with its place in the key store. */
export interface NewSecret {
  slot: bigint
  secret: Buffer
}

/** New secrets with consecutive slots, 32 bytes each in one buffer, which whoever uses them wipes. */
export interface SecretRun {
  first: number
  secrets: Buffer
}

/** What a worker thread needs to make records of a matter, besides their secrets. */
export interface SealingKeys {
  tenant: string
  matterId: string
  /** Key of record ids. */
  ids: KeyObject
  /** Inner key of the blind index. */
  blind: KeyObject
}

/** Ciphertext of new records as binary array parameters, one item a compartment (`store/wire`). */
export interface CiphertextColumns {
  recordId: Buffer
  compartment: Buffer
  sealed: Buffer
}

/** What derives from a record secret and a version: salts of the fields and keys of the compartments (CONTRACTS §3). */
export interface RecordKeys {
  salts: Buffer[]
  compartment(name: Compartment): KeyObject
}

/** A record before sealing. */
export interface RecordToSeal {
  matterId: string
  recordId: Uint8Array
  version: number
  secret: Uint8Array
  /** By field index; undefined leaves a field out (it ended before the others). */
  values: readonly (CanonicalValue | undefined)[]
  compartmentOf: (fieldIndex: number) => Compartment
}

/** One compartment of a record, sealed. */
export interface SealedCompartment {
  compartment: Compartment
  sealed: Buffer
}

/** A row of ciphertext to be stored. */
export interface CiphertextRow extends SealedCompartment {
  recordId: Uint8Array
  version: number
}

/** An encrypted word: a path, sheet or column title, or a person's name (CONTRACTS §2). */
export interface Label {
  owner: string
  kind: string
  text: string
}

/** How a slot stands in the turn: `confirmed` when it was read back without the old key. */
export interface TurnedSlot {
  slot: string
  kind: SlotKind
  confirmed: boolean
}

/** 换代结果. What a turn reached; certificates of `finalOrders` may become final only when `complete`. */
export interface TurnResult {
  epoch: number
  dropped: number
  complete: boolean
  slots: TurnedSlot[]
  /** Why slots did not confirm. */
  reasons: string[]
  /** Destruction orders with no erased slot left under an epoch key that still exists. */
  finalOrders: string[]
}

/** A slot as it is found now. */
export interface SlotStatus {
  slot: string
  kind: SlotKind
  /** What a certificate may say of it: file slots are only ever cleared (CONTRACTS §5, NIST SP 800-88). */
  certifies: 'clear' | 'cryptographic-erase'
  place: string
  epochs: number[]
  /** Whether it opens the epoch in use. */
  opens: boolean
}

/** One epoch of a matter's keys. */
export interface EpochStatus {
  epoch: number
  state: 'turning' | 'current' | 'dropped'
  openedAt: string
  droppedAt: string | null
}

/** How far the erasure of an order's key slots is: final when no epoch key exists any more under which they could be opened. */
export interface ErasureStatus {
  slots: number
  epochs: number[]
  final: boolean
}

/** 密钥与密文库. Keys, ciphertext and the one door to plaintext (CONTRACTS §§5, 13). Refuses everything but `unlock` while locked. */
export interface Vault {
  createMatterKeys(matterId: string): Promise<void>
  matterKey(matterId: string, name: MatterKeyName): Promise<KeyObject>
  /** Ends the named keys (at the close: the blind index); they are gone for good when the epoch has turned. */
  dropMatterKeys(matterId: string, names: readonly MatterKeyName[]): Promise<void>

  sealLabel(matterId: string, owner: string, kind: string, text: string, tx: Tx): Promise<void>
  sealLabels(matterId: string, labels: readonly Label[], tx: Tx): Promise<void>
  openLabel(matterId: string, owner: string, kind: string): Promise<string | null>
  openLabels(matterId: string, kind: string): Promise<Map<string, string>>
  /** Seals bytes that are not a record under the matter's label key, e.g. the reason of an override; `bound` says what and where. */
  sealText(matterId: string, bound: string, text: string): Promise<Buffer>
  openText(matterId: string, bound: string, sealed: Uint8Array): Promise<string>

  /** New secrets, committed in the key store before they are returned: keys before ciphertext. */
  newSecrets(matterId: string, count: number): Promise<NewSecret[]>
  /** The same for worker threads: consecutive slots, all bytes in one buffer of its own. */
  newSecretRun(matterId: string, count: number): Promise<SecretRun>
  sealingKeys(matterId: string): Promise<SealingKeys>
  recordKeys(secret: Uint8Array, version: number, fieldCount: number): RecordKeys
  sealRecord(record: RecordToSeal): SealedCompartment[]
  storeCiphertext(tx: Tx, matterId: string, rows: readonly CiphertextRow[]): Promise<void>
  /** Ciphertext of records that are new in this transaction (version 1). */
  storeNewCiphertext(tx: Tx, matterId: string, columns: CiphertextColumns): Promise<void>
  deleteCiphertext(tx: Tx, matterId: string, recordIds: readonly Uint8Array[]): Promise<number>

  read(grant: ReadGrant, query: ReadQuery): AsyncGenerator<OpenRecord[], void, undefined>
  /** The same door for long acts under an approval that decrypt in worker threads (`sealed-batch/`). */
  readSealed(grant: ReadGrant, query: SealedQuery): AsyncGenerator<SealedBatch, void, undefined>

  blind(matterId: string, keyType: string, normalised: string): Promise<Buffer>
  blindMany(matterId: string, keys: readonly { keyType: string; normalised: string }[]): Promise<Buffer[]>
  /** Call in the transaction that stores blind indexes, before computing them: the outer key is not exchanged until its end. */
  holdBlindIndex(tx: Tx, matterId: string): Promise<void>
  /** Completes inner blind indexes that a worker made, in the transaction that stores them; the outer key is not exchanged until its end. */
  wrapBlinds(tx: Tx, matterId: string, inner: Buffer): Promise<Buffer>
  /** Exchanges the outer key of the blind index; call it for a destruction order before its turn, so that old dumps cannot be asked with the keys of after. */
  rotateBlindIndex(matterId: string): Promise<void>

  /** Part 2 of an erasure, one transaction of the key store; idempotent. Refuses slots that were never given out. */
  eraseSlots(matterId: string, orderId: string, slots: readonly (number | bigint)[]): Promise<{ erased: number; repeated: number }>
  /** Whether none of these slots opens any more, read back from the key store. */
  confirmErased(matterId: string, slots: readonly (number | bigint)[]): Promise<boolean>
  erasureStatus(matterId: string, orderId: string): Promise<ErasureStatus>

  turn(matterId: string): Promise<TurnResult>
  epochs(matterId: string): Promise<EpochStatus[]>
  slots(matterId: string): Promise<SlotStatus[]>
  /** Writes the key backup of the epoch in use and opens it again as a test. */
  backUpKeys(matterId: string): Promise<{ directory: string; pages: number }>
  /** The same to another directory, e.g. an external medium (two people: `key-export`). */
  exportKeyBackup(matterId: string, directory: string): Promise<{ directory: string; pages: number }>
  /** Brings a lost key store back from a backup; refuses when the matter's rows are still there. Known erasures are erased again. */
  restoreKeyBackup(matterId: string, directory: string): Promise<void>

  /** A new key-encryption key: every matter turns to it, then the old one is cleared. A crash is taken up at the next opening. */
  changeKek(next: { passphrase: string | null }): Promise<void>
  /** The key-encryption key in use, for certificates and the inventory of keys. */
  keyEncryption(): { id: string; kind: 'key-file' | 'passphrase' | 'kms' }
  /** Matters whose turn is not finished, e.g. because a slot is not attached. */
  unfinishedTurns(): Promise<string[]>
  lock(): void
  unlock(secret: { passphrase: string | null }): Promise<void>
  readonly isLocked: boolean
}
