/**
 * What each slot's options come to: worked out once, and again only when the options, the address of the name or the
 * time-out change. The engine knows a request that it has read before by its identity.
 */
export const createSlotRequests = <Options extends object, Request>(
  make: (options: Options, address: string, timeoutMs: number) => Request,
) => {
  const kept: ({ options: Options; address: string; timeoutMs: number; request: Request } | undefined)[] = []
  return {
    of: (slot: number, options: Options, address: string, timeoutMs: number): Request => {
      const known = kept[slot]
      if (known?.options === options && known.address === address && known.timeoutMs === timeoutMs) return known.request
      const request = make(options, address, timeoutMs)
      kept[slot] = { options, address, timeoutMs, request }
      return request
    },
    /** The request that a slot was given last. */
    last: (slot: number): Request => kept[slot]!.request,
  }
}
