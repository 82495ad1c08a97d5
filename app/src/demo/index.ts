// SPDX-License-Identifier: Apache-2.0
export { makeDemoSources, type DemoSources, type DemoSourcesOrder } from './demo-sources.ts'
export { playDemo, stories, type DemoOrder } from './play-demo.ts'
