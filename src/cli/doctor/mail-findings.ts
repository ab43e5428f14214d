import { Resolver } from 'node:dns/promises'
import type { Finding } from '#engine/finding.ts'

/** What the two records of a mail domain say; undefined where nobody could be asked. */
export interface MailRecords {
  readonly spf: readonly string[] | undefined
  readonly dmarc: readonly string[] | undefined
}

const TIMEOUT_MS = 3000
/** Codes of DNS that mean: there is none. */
const NONE = new Set(['ENOTFOUND', 'ENODATA'])

const texts = async (resolver: Resolver, name: string): Promise<readonly string[] | undefined> => {
  try {
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
  } catch (error) {
    return NONE.has((error as NodeJS.ErrnoException).code ?? '') ? [] : undefined
  }
}

const startingWith = (form: RegExp, found: readonly string[] | undefined): readonly string[] | undefined =>
  found?.filter((text) => form.test(text))

/** Domains above a domain that may speak for it (RFC 7489, 6.6.3), without a list of public suffixes: the last two labels. */
const organisation = (domain: string): string => domain.split('.').slice(-2).join('.')

/** Asks for SPF (RFC 7208) and DMARC (RFC 7489) of a domain. */
export const mailRecords = async (domain: string): Promise<MailRecords> => {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 })
  const dmarcAt = async (name: string) => startingWith(/^v=DMARC1\s*(;|$)/i, await texts(resolver, `_dmarc.${name}`))
  const [spf, own] = await Promise.all([texts(resolver, domain), dmarcAt(domain)])
  const above = organisation(domain)
  return {
    spf: startingWith(/^v=spf1(\s|$)/i, spf),
    dmarc: own?.length === 0 && above !== domain ? await dmarcAt(above) : own,
  }
}

const unasked = (check: string, domain: string): Finding => ({
  check,
  level: 'warning',
  found: `nobody answered for ${domain}`,
  advice: 'a resolver that answers is needed to look',
})

const spfFinding = (check: string, domain: string, records: readonly string[] | undefined): Finding => {
  if (records === undefined) return unasked(check, domain)
  const [record, second] = records
  if (record === undefined)
    return {
      check,
      level: 'warning',
      found: `${domain} has no SPF record: many receivers take its mails for forged`,
      advice: `publish a TXT record at ${domain} that names the server which sends, such as "v=spf1 mx -all"`,
    }
  if (second !== undefined)
    return {
      check,
      level: 'problem',
      found: `${domain} has ${records.length} SPF records: receivers take none of them`,
      advice: 'make them one record',
    }
  if (/\s\+?all\b/i.test(record))
    return { check, level: 'warning', found: `${record}: allows everybody`, advice: 'end it with -all or ~all' }
  return { check, level: 'ok', found: record }
}

const dmarcFinding = (check: string, domain: string, records: readonly string[] | undefined): Finding => {
  if (records === undefined) return unasked(check, domain)
  const [record] = records
  if (record !== undefined) return { check, level: 'ok', found: record }
  return {
    check,
    level: 'warning',
    found: `${domain} has no DMARC record: large receivers ask for one`,
    advice: `publish a TXT record at _dmarc.${domain}, such as "v=DMARC1; p=none"`,
  }
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

export interface Sender {
  readonly channel: string
  readonly from: string
  /** Name of the login; empty for none. */
  readonly user: string
}

/** What stands in the way of mails of a sender: a login of another domain, and what its domain says of who may send for it. */
export const mailFindings = ({ channel, from, user }: Sender, records: MailRecords): readonly Finding[] => {
  const domain = domainOf(from)
  const isStranger = user.includes('@') && domainOf(user) !== domain
  const sender: Finding = isStranger
    ? {
        check: `mail of ${channel}`,
        level: 'warning',
        found: `from ${from}, with the login of ${user}`,
        advice: 'many servers refuse or mark a sender of another domain than that of the login: set from to it',
      }
    : { check: `mail of ${channel}`, level: 'ok', found: `from ${from}` }
  return [
    sender,
    spfFinding(`SPF of ${channel}`, domain, records.spf),
    dmarcFinding(`DMARC of ${channel}`, domain, records.dmarc),
    {
      check: `DKIM of ${channel}`,
      level: 'ok',
      found: 'the server that sends signs, if it does: look at a test mail for DKIM-Signature and "dkim=pass"',
    },
  ]
}
