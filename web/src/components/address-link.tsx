import { Link } from 'wouter'
import { addressPath, isAddress } from '../lib/address.ts'

/** A subject: the way to all that is known of it where it is an address, else the text. */
export const AddressLink = ({ text }: { readonly text: string }) =>
  isAddress(text) ? <Link href={addressPath(text)}>{text}</Link> : text
