// SPDX-License-Identifier: Apache-2.0

/** 工作量. Steps of detection in this thread: bytes looked at in the frequent forms, and bytes times rules asked for all others. A test asserts with it that twice the input is about twice the work, without a clock (SECURITY P26). */
export const detectionWork = { steps: 0 }
