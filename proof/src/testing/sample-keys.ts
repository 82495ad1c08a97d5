// SPDX-License-Identifier: Apache-2.0
import { sha256, utf8 } from '../bytes.ts'
import { cosigner } from '../cosignature.ts'
import type { Cosigner } from '../cosignature.ts'
import { noteSigner } from '../note.ts'
import type { NoteSigner } from '../note.ts'

/** A signer whose key follows from its name; for tests only. */
export function sampleSigner(name: string): NoteSigner {
  return noteSigner({ name, seed: sha256(utf8(`test key of ${name}`)) })
}

/** A witness whose key follows from its name; for tests only. */
export function sampleWitness(name: string): Cosigner {
  return cosigner({ name, seed: sha256(utf8(`test key of ${name}`)) })
}

/** 16 bytes that follow from a name. */
export function sampleId(name: string): Uint8Array {
  return sha256(utf8(`test id ${name}`)).subarray(0, 16)
}

/** 32 bytes that follow from a name. */
export function sampleBytes(name: string): Uint8Array {
  return sha256(utf8(`test bytes ${name}`))
}

export const seller = sampleSigner('seller.example')
export const buyer = sampleSigner('buyer.example')
export const approverOne = sampleSigner('one.seller.example')
export const approverTwo = sampleSigner('two.seller.example')
export const requester = sampleSigner('three.seller.example')
export const logKey = sampleSigner('log.example/5f0c')
export const buyerWitness = sampleWitness('witness.buyer.example')
export const brokerWitness = sampleWitness('witness.broker.example')

/** The policy under which the sample matter holds. */
export const samplePolicy = `# sample
log ${logKey.vkey.text}
witness buyer ${buyerWitness.vkey.text}
witness broker ${brokerWitness.vkey.text}
group q all buyer broker
quorum q
party transferor ${seller.vkey.text}
party transferee ${buyer.vkey.text}
approver ${approverOne.vkey.text}
approver ${approverTwo.vkey.text}
approver ${requester.vkey.text}
`
