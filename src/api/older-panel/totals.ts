import type { DeliveryTotals } from '#storage/delivery-totals.ts'
import type { Services } from '../services.ts'

/** What was sent in all, by channel and rule. */
export const deliveryTotals = async ({
  storage,
  now,
}: Pick<Services, 'storage' | 'now'>): Promise<readonly DeliveryTotals[]> => {
  if (await storage.deliveryTotals.isBehind()) await storage.transaction((all) => all.deliveryTotals.settle(now()))
  return storage.deliveryTotals.list()
}
