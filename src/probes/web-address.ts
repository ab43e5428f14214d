/** An IPv6 address in brackets with the interface by which it is reached, with or without the escape that URLs ask for (RFC 6874). */
const ZONE = /\[([\da-f:.]+)%(?:25)?([\w.-]+)\]/i

/** A text without its zone, which no URL takes, and the zone. */
export const apartFromZone = (text: string): { readonly plain: string; readonly zone?: string } => {
  const [, address, zone] = ZONE.exec(text) ?? []
  return zone === undefined ? { plain: text } : { plain: text.replace(ZONE, `[${address}]`), zone }
}

export interface WebAddress {
  readonly url: URL
  /** The interface by which a link-local host is reached. */
  readonly zone?: string
}

/** A web address as people write it; undefined where it is none. */
export const webAddress = (text: string): WebAddress | undefined => {
  const { plain, zone } = apartFromZone(text)
  const url = URL.parse(plain)
  return url ? { url, ...(zone !== undefined && { zone }) } : undefined
}

/** The host to connect to, without brackets and with its zone. */
export const hostWithZone = ({ url, zone }: WebAddress): string => {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return zone === undefined ? host : `${host}%${zone}`
}

/** The address with its zone again, as RFC 6874 has it. */
export const webAddressText = ({ url, zone }: WebAddress): string =>
  zone === undefined ? url.href : url.href.replace(/\[([^\]]*)\]/, `[$1%25${zone}]`)
