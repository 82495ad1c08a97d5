// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { clearKeyFile, namesIn, readKeyFile, reasonOf, writeKeyFile } from './key-files.ts'
import { vaultFailures } from './vault-failures.ts'

/** Kinds of erasable slots (CONTRACTS §5). */
export type SlotKind = 'file' | 'kms'

/** 密钥槽. A listed place where the wrapped epoch key lives, and from which it can be erased (CONTRACTS §5). */
export interface EpochSlot {
  name: string
  kind: SlotKind
  certifies: 'clear' | 'cryptographic-erase'
  place(matterId: string): string
  /** Writes and reads back; refuses when that fails. */
  write(matterId: string, epoch: number, wrapped: Uint8Array): Promise<void>
  read(matterId: string, epoch: number): Promise<Buffer | null>
  epochs(matterId: string): Promise<number[]>
  /** Clears everything but this epoch and reads back; the reason when it cannot be confirmed. */
  dropAllBut(matterId: string, epoch: number): Promise<{ confirmed: boolean; why: string }>
}

/** A slot in an unversioned directory of this machine or of an attached medium; certifies "clear" only. */
export function fileSlot(name: string, directoryOf: (matterId: string) => string): EpochSlot {
  const fileOf = (matterId: string, epoch: number) => join(directoryOf(matterId), fileName(epoch))
  return {
    name,
    kind: 'file',
    certifies: 'clear',
    place: directoryOf,
    write: async (matterId, epoch, wrapped) => {
      try {
        await writeKeyFile(fileOf(matterId, epoch), wrapped)
      } catch (error) {
        throw vaultFailures.SLOT_UNWRITABLE({ slot: name, why: `${reasonOf(error)}, ${fileOf(matterId, epoch)}` }, { cause: error })
      }
    },
    read: (matterId, epoch) => readKeyFile(fileOf(matterId, epoch)),
    epochs: async (matterId) => (await namesIn(directoryOf(matterId))).flatMap(epochOfName).toSorted((a, b) => a - b),
    dropAllBut: async (matterId, epoch) => dropFiles(directoryOf(matterId), fileName(epoch)),
  }
}

/** Takes away whatever stands beside the epoch in use, unfinished files of a crash included. */
async function dropFiles(directory: string, keep: string): Promise<{ confirmed: boolean; why: string }> {
  try {
    for (const name of await namesIn(directory)) if (name !== keep) await clearKeyFile(join(directory, name))
    const left = await namesIn(directory)
    const confirmed = left.length === 1 && left[0] === keep
    return { confirmed, why: confirmed ? '' : `${left.length} files left` }
  } catch (error) {
    return { confirmed: false, why: `${reasonOf(error)}, ${directory}` }
  }
}

function fileName(epoch: number): string {
  return `epoch-${epoch}.wrapped`
}

function epochOfName(name: string): number[] {
  const match = /^epoch-([1-9]\d{0,8})\.wrapped$/.exec(name)
  return match?.[1] === undefined ? [] : [Number(match[1])]
}
