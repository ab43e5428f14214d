import type { DeliveryTotals } from '#storage/delivery-totals.ts'
import type { Storage } from '#storage/index.ts'

/** What was sent in all, by channel and rule; what is new since it was added up last is added first. */
export const deliveryTotals = async ({
  storage,
  now,
}: {
  readonly storage: Pick<Storage, 'deliveryTotals' | 'transaction'>
  readonly now: () => number
}): Promise<readonly DeliveryTotals[]> => {
  if (await storage.deliveryTotals.isBehind()) await storage.transaction((all) => all.deliveryTotals.settle(now()))
  return storage.deliveryTotals.list()
}
