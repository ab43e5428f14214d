/** What makes one message of several: the limit of the channel, its groups, a storm, lateness, quiet hours. */
const DIGEST_WHYS = ['limit', 'group', 'storm', 'late', 'quiet', 'together'] as const
export type DigestWhy = (typeof DIGEST_WHYS)[number]
