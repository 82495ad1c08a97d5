// SPDX-License-Identifier: Apache-2.0
export { encodeGb18030 } from './encode-gb18030.ts'
export { makeDemoSources, type DemoSources, type DemoSourcesOrder } from './demo-sources.ts'
export { playDemo, stories, type DemoOrder } from './play-demo.ts'
