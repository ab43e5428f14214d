import { iso } from '#lib/time/iso.ts'
import type { Token } from '#storage/tokens.ts'

/** A token as the API and the command show it: the token itself is kept nowhere. */
export const tokenView = (token: Token) => ({
  id: token.id,
  name: token.name,
  prefix: token.prefix,
  role: token.role,
  created_by: token.createdBy,
  created_at: iso(token.createdAt),
  last_used_at: iso(token.lastUsedAt),
  expires_at: iso(token.expiresAt),
  revoked_at: iso(token.revokedAt),
})
