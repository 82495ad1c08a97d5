// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'

/** 法律立场. The open legal questions of the law register (§2) as a matter answers them; the defaults are the cautious answers. Refuses unknown keys and answers. */
export const legalPositionsSchema = z.strictObject({
  /** Is the sale of a whole business 「合并、分立、解散、被宣告破产等原因」 (PIPL 22) or a provision to another handler (PIPL 23)? */
  asset_deal: z.enum(['art23', 'art22']).default('art23'),
  /** Does an Article 22 transfer of sensitive information need separate consent (PIPL 28–30)? */
  merger_sensitive: z.enum(['notice_plus_art30', 'separate_consent']).default('notice_plus_art30'),
  /** Guardian's consent for under-14s on succession (儿童规定 9), or notice to the guardian (PIPL 22)? */
  merger_child: z.enum(['guardian_consent', 'notice_to_guardian']).default('guardian_consent'),
  /** May a customer veto an Article 22 transfer (PIPL 44 against 民法典 67)? */
  objection_in_merger: z.enum(['minimum_for_contract_only', 'withhold_all', 'no_veto']).default('minimum_for_contract_only'),
  /** Days between notice and move; no statutory period (deadline P01). */
  notice_wait_days: z.int().min(0).max(365).default(30),
  /** Does destruction of the keys alone count as deletion? */
  crypto_shred_is_deletion: z.enum(['no_also_purge', 'yes']).default('no_also_purge'),
  /** Is a public announcement enough where individual notice cannot reach (35273 §5.5 e, §6.4)? */
  announcement_ok: z.enum(['last_resort_logged', 'no']).default('last_resort_logged'),
  /** What customers are told on a change of shareholder (PIPL 17(2)). */
  share_deal_notice: z.enum(['only_changed_items', 'courtesy_notice_to_all']).default('only_changed_items'),
  /** Who answers requests after deregistration (Company Law is silent). */
  post_deregistration_holder: z.enum(['named_custodian', 'recipient']).default('named_custodian'),
})

/** 法律立场. See `legalPositionsSchema`. */
export type LegalPositions = z.infer<typeof legalPositionsSchema>

/** The cautious default answers of the law register §2. */
export const cautiousPositions: LegalPositions = legalPositionsSchema.parse({})
