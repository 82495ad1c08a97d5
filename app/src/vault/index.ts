// SPDX-License-Identifier: Apache-2.0
export { openVault, type VaultPlace } from './open-vault.ts'
export { compartments, matterKeyNames, readPurposes } from './vault.ts'
export type {
  CiphertextColumns, CiphertextRow, Compartment, EpochStatus, ErasureStatus, Label, MatterKeyName, NewSecret, OpenRecord, ReadFilter, ReadGrant, ReadPurpose, ReadQuery,
  RecordKeys, RecordToSeal, SealedCompartment, SealedQuery, SealingKeys, SecretRun, SlotStatus, TurnedSlot, TurnResult, Vault,
} from './vault.ts'
export { fileSlot, type EpochSlot, type SlotKind } from './epoch-slots.ts'
export type { KeyEncryption } from './key-encryption.ts'
export { vaultFailures } from './vault-failures.ts'
