// SPDX-License-Identifier: Apache-2.0
// What we use of WebAssembly (W3C JavaScript Interface 2.0): every Node has it, but its declarations come with those of browsers only.
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer
  }
  const Memory: new (descriptor: { initial: number }) => Memory
  const Module: new (bytes: Uint8Array) => object
  const Instance: new (module: object, imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>) => { readonly exports: Readonly<Record<string, unknown>> }
}
