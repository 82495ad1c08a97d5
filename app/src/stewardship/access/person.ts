// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../../kit/time.ts'

/** 人员角色. What a person does for the party; auditors and mediators see but never sign acts. */
export const personRoles = ['lead', 'legal', 'security', 'finance', 'business', 'operator', 'counsel', 'mediator', 'auditor'] as const
export type PersonRole = (typeof personRoles)[number]

/** Labels of the roles. */
export const personRoleWords = {
  lead: { zh: '负责人', en: 'lead' },
  legal: { zh: '法务', en: 'legal' },
  security: { zh: '安全', en: 'security' },
  finance: { zh: '财务', en: 'finance' },
  business: { zh: '业务', en: 'business' },
  operator: { zh: '经办', en: 'operator' },
  counsel: { zh: '外部律师', en: 'counsel' },
  mediator: { zh: '调解', en: 'mediator' },
  auditor: { zh: '审计', en: 'auditor' },
} as const satisfies Record<PersonRole, { zh: string; en: string }>

/** Where a person's key was made: on a device of their own, or in this home, where others of the same home could have used it. */
export type Custody = 'own-device' | 'this-home'

/** 人员. A person who acts in the matter with a signing key of their own; the name is an encrypted label (CONTRACTS §11). */
export interface Person {
  id: string
  /** The party they act for. */
  partyId: string
  role: PersonRole
  vkey: string
  custody: Custody
  registeredAt: Instant
  endedAt: Instant | null
}

/** Whether people with this role may request, approve and sign facts. */
export function maySign(role: PersonRole): boolean {
  return role !== 'auditor' && role !== 'mediator'
}
