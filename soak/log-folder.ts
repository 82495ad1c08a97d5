// SPDX-License-Identifier: Apache-2.0
// A log's public files as a stranger reads them: by the proof package alone, knowing nothing of the program that wrote them.
import { decodeEntryBundle, entryBundlePath, equalBytes, leafHash, parsePolicy, ProofError, rootOfLeaves, verifyCosignedCheckpoint } from '@handover/proof'
import { existsSync, globSync, lstatSync, readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A home's published log and the policy that its witnesses are named in; `whole` are the files that it consisted of before. */
interface LogToCheck {
  home: string
  policy: string
  whole: ReadonlyMap<string, Buffer>
}

/** What is published: size and root under the cosigned checkpoint, and the hashes of all entries. */
export interface PublishedLog {
  size: number
  root: Uint8Array
  leaves: Uint8Array[]
}

/** Reads a published log; refuses (ProofError) a checkpoint that the policy does not accept and entries that do not lead to its root. */
export function readPublishedLog(home: string, policy: string): PublishedLog {
  const folder = logFolderOf(home)
  const { checkpoint } = verifyCosignedCheckpoint(readFileSync(join(folder, 'checkpoint'), 'utf8'), parsePolicy(policy))
  const size = Number(checkpoint.size)
  const leaves = Array.from({ length: Math.ceil(size / 256) }, (_, bundle) => {
    const path = join(folder, entryBundlePath(bundle, Math.min(256, size - bundle * 256)))
    return decodeEntryBundle(readFileSync(path)).map(leafHash)
  }).flat()
  if (!equalBytes(rootOfLeaves(leaves), checkpoint.root)) throw new ProofError('BAD_PROOF', 'the entries do not lead to the checkpoint')
  return { size, root: checkpoint.root, leaves }
}

/** What is wrong with the files after a publication: the checkpoint must verify with its entries, and every file from before be as it was. */
export function wrongWithLog({ home, policy, whole }: LogToCheck): string | null {
  try {
    readPublishedLog(home, policy)
  } catch (error) {
    if (error instanceof ProofError) return `the published log does not verify: ${error.message}`
    throw error
  }
  const other = [...whole].find(([file, bytes]) => basename(file) !== 'checkpoint' && !(existsSync(file) && readFileSync(file).equals(bytes)))
  return other === undefined ? null : `${other[0].split('/').slice(-3).join('/')} is not what it was`
}

/** The files that a home's log consists of now; a partial one that a wider one has replaced belongs to an older size. */
export function filesOfLog(home: string): Map<string, Buffer> {
  const folder = logFolderOf(home)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).toSorted()
  return new Map(files.filter((file) => lstatSync(file).isFile() && !isReplaced(file)).map((file) => [file, readFileSync(file)]))
}

/** The folder of the only log of a home. */
export function logFolderOf(home: string): string {
  const [file] = globSync('*/checkpoint', { cwd: join(home, 'objects', 'log') })
  if (file === undefined) throw new Error(`no log is published in ${home}`)
  return join(home, 'objects', 'log', dirname(file))
}

function isReplaced(file: string): boolean {
  const folder = dirname(file)
  if (!folder.endsWith('.p')) return false
  return existsSync(folder.slice(0, -2)) || readdirSync(folder).some((other) => /^\d+$/.test(other) && Number(other) > Number(basename(file)))
}
