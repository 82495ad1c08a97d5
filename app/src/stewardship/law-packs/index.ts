// SPDX-License-Identifier: Apache-2.0
// The door of law packs: signing, adopting, looking at what a change affects.
export { lawPackFailures } from './law-pack-failures.ts'
export { lawPackText, signLawPack } from './sign-law-pack.ts'
export { adoptLaw, type AdoptedLaw, type LawWish } from './adopt-law.ts'
export { changesToReview, reviewLawChange } from './review-law.ts'
