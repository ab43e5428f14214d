import type { Json } from '#lib/json.ts'
import type { Cause } from '../cause/cause.ts'

/** The steps of a look. Their words stand in `templates/texts/looks`. */
export type StepName =
  | 'resolve'
  | 'connect'
  | 'tls'
  | 'certificate'
  | 'request'
  | 'first_byte'
  | 'body'
  | 'answer'
  | 'check'
  | 'ping'
  | 'query'
  | 'query over TCP'

/** What a step, or a look as a whole, finds. */
export type FoundName =
  | 'address'
  | 'addresses'
  | 'addresses_from'
  | 'address_age_seconds'
  | 'error'
  | 'method'
  | 'sent'
  | 'received'
  | 'min_ms'
  | 'median_ms'
  | 'p95_ms'
  | 'max_ms'
  | 'jitter_ms'
  | 'url'
  | 'status'
  | 'odd'
  | 'protocol'
  | 'cipher'
  | 'subject'
  | 'issuer'
  | 'valid_to'
  | 'days'
  | 'certificate_days'
  | 'certificate_valid_to'
  | 'resolver'
  | 'asked'
  | 'rcode'
  | 'records'

/** What a step of a look found; a cause is said in words where it is shown. */
export type StepFact = string | number | boolean | null | Cause
export type StepFacts = { readonly [Name in FoundName]?: StepFact }

/** What a look found as a whole. */
export type Found = { readonly [Name in FoundName]?: Json }
