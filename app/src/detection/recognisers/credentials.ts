// SPDX-License-Identifier: Apache-2.0
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Recogniser } from '../recogniser.ts'

// Modular crypt format (crypt(5)): bcrypt, MD5, SHA-256/512, scrypt, yescrypt; PHC strings of Argon2, scrypt and PBKDF2; phpass of WordPress; LDAP schemes (RFC 2307); Django's and Spring's prefixes.
const hashed = /^(?:\{[a-zA-Z0-9-]{3,12}\})?\$(?:2[abxy]?|1|5|6|7|y|P|H|S|sha1|argon2(?:i|d|id)|scrypt|pbkdf2(?:-sha(?:1|256|512))?)\$\S{12,}$|^\{(?:S?SHA(?:256|512)?|S?MD5|CRYPT|bcrypt|pbkdf2|scrypt|noop|MD5)\}\S{8,}$|^(?:pbkdf2_sha(?:1|256)|bcrypt(?:_sha256)?|argon2|scrypt|md5|sha1)\$\S{12,}$/

/** 密码: what password hashes look like by their own prefix; plain passwords and bare hashes are told by a header. Source: crypt(5), PHC string format, RFC 2307. */
export const password: Recogniser = {
  type: 'password', chance: 0.000001, isSoft: true, lengths: [12, 254], needs: chars.other | chars.latin, never: chars.han | chars.at | chars.star, shareAlone: 0.5,
  check: (text) => (hashed.test(text) ? pass(text) : fail('BAD_FORMAT')),
}

// JSON Web Token (RFC 7519), PEM private keys (RFC 7468), and the published prefixes of providers' keys (AWS, Aliyun, Tencent Cloud, GitHub, GitLab, Slack, Google, Stripe, OpenAI, npm).
const keyPrefix = /^(?:(?:AKIA|ASIA)[A-Z2-7]{16}|LTAI[a-zA-Z0-9]{12,26}|AKID[a-zA-Z0-9]{13,40}|gh[pousr]_[a-zA-Z0-9]{36,}|github_pat_\w{22,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}|AIza[\w-]{35}|[srp]k_(?:live|test)_[a-zA-Z0-9]{16,}|sk-[\w-]{20,}|npm_[a-zA-Z0-9]{36})$/
const webToken = /^eyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]*$/
const privateKey = /^-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/
const tokenInAddress = /^https?:\/\/[^\s?#]{1,200}[?#](?:[^\s&]{0,80}&){0,8}(?:access_?token|auth_?token|token|api_?key|secret|signature|sig|password|pwd|session(?:id)?|ticket)=[^\s&]{8,}/i

/** 密钥/令牌: web tokens, private keys, providers' keys, and addresses that carry a token. Other secrets are told by a header. Source: RFC 7519, RFC 7468, the providers' documentation. */
export const secret: Recogniser = {
  type: 'secret', chance: 0.000001, isSoft: true, lengths: [16, 254], needs: chars.latin, never: chars.han | chars.at | chars.star, shareAlone: 0.5,
  check: (text) => (keyPrefix.test(text) || webToken.test(text) || privateKey.test(text) || tokenInAddress.test(text) ? pass(text) : fail('BAD_FORMAT')),
}
