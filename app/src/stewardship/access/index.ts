// SPDX-License-Identifier: Apache-2.0
// The door of access: people with keys of their own, and acts that need two of them.
export { accessFailures } from './access-failures.ts'
export { personRoles, personRoleWords, maySign, type Custody, type Person, type PersonRole } from './person.ts'
export { endPerson, grantParameters, registerPerson, type NewPerson } from './register-person.ts'
export { lawRoles, ownSide, refuseUnfit, safeguardingRoles, signingPerson, signingPersonOf, signingPersonOfHome, type SignerRule, type SigningPerson } from './signing-person.ts'
export { requestApproval, withdrawRequest, type NewRequest } from './request-approval.ts'
export { approve, exportApproval, importApproval, requestOfFile, signApprovalFile, type Approved } from './approve.ts'
export { approvalFor, refuseUnapprovedAct, wasApproved, type ApprovedAct } from './approval-for.ts'
export { parametersDigest, requestStatuses, type Approval, type ApprovalRequest, type RequestStatus, type SignedRequest } from './approval.ts'
export { changePolicy, changeSettingSafely, requestPolicy } from './weaken-safeguard.ts'
export { actRules, type ActRule } from './two-person-acts.ts'
export { findPerson, loadPersons, loadRequests, loadSignatures, loadSigners, type SignatureRow } from './access.store.ts'
