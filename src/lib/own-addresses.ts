import { networkInterfaces } from 'node:os'

/** Every address that this machine has now, without zones. */
export const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address.split('%')[0]!))
