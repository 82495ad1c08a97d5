// SPDX-License-Identifier: Apache-2.0
// Loaded before a process under test, and by each of its workers: what would add to the prototypes that all objects share fails loudly instead.
for (const shared of [Object.prototype, Array.prototype, Function.prototype, String.prototype]) Object.preventExtensions(shared)
