/** An open alert about a monitor that failed by itself, as what it may have in common with others is looked for. */
export interface Failed {
  readonly alert: number
  /** Ms. */
  readonly since: number
  /** Names of what it is reached through. */
  readonly parents: readonly string[]
  /** The last hop on the way to it that answers. */
  readonly lastHop?: string | undefined
  readonly labels: Readonly<Record<string, string>>
}

/** Several alerts that have one thing in common, and so perhaps one cause. */
export interface CommonCause {
  readonly kind: 'parent' | 'last_hop' | 'label'
  /** Of a label: its name. */
  readonly name?: string
  readonly value: string
  /** Ids, in the order in which they were given. */
  readonly alerts: readonly number[]
}

/** What fails by one cause fails together: from one to the next no more than this lies between, ms. */
const TOGETHER_MS = 600_000
/** Two behind one parent are a reason to look there; two that share a label are none. */
const LEAST = { parent: 2, last_hop: 2, label: 3 } as const
/** A label says something where at least this share of all that carry it has failed. */
const LABEL_SHARE = 0.3

interface Trait {
  readonly kind: CommonCause['kind']
  readonly name?: string
  readonly value: string
}

/** A number is counted, and shared by chance. */
const COUNTED = /^[\d.,]+$/

const traitsOf = ({ parents, lastHop, labels }: Failed): readonly Trait[] => [
  ...[...new Set(parents)].map((value) => ({ kind: 'parent' as const, value })),
  ...(lastHop === undefined ? [] : [{ kind: 'last_hop' as const, value: lastHop }]),
  ...Object.entries(labels)
    .filter(([, value]) => !COUNTED.test(value))
    .map(([name, value]) => ({ kind: 'label' as const, name, value })),
]

const keyOf = ({ kind, name = '', value }: Trait): string => JSON.stringify([kind, name, value])

/** The largest run of them that failed together. */
const togetherOf = (failed: readonly Failed[]): readonly Failed[] => {
  const runs: Failed[][] = []
  for (const one of failed.toSorted((a, b) => a.since - b.since)) {
    const run = runs.at(-1)
    if (run && one.since - run.at(-1)!.since <= TOGETHER_MS) run.push(one)
    else runs.push([one])
  }
  return runs.reduce<readonly Failed[]>((most, run) => (run.length > most.length ? run : most), [])
}

const ORDER: readonly CommonCause['kind'][] = ['parent', 'last_hop', 'label']

/**
 * Open alerts that may have one cause: the same parent, the same last hop, or the same label of which much has failed.
 * `carrying` says how many monitors carry a label's value. Each alert is in one group at most, the largest first, and of
 * equal ones a parent before a hop before a label.
 */
export const commonCauses = (
  failed: readonly Failed[],
  carrying: (name: string, value: string) => number,
): readonly CommonCause[] => {
  const byTrait = new Map<string, { readonly trait: Trait; readonly failed: Failed[] }>()
  for (const one of failed)
    for (const trait of traitsOf(one)) {
      const known = byTrait.get(keyOf(trait))
      if (known) known.failed.push(one)
      else byTrait.set(keyOf(trait), { trait, failed: [one] })
    }
  const isTelling = ({ kind, name, value }: Trait, count: number) =>
    kind !== 'label' || count >= LABEL_SHARE * carrying(name!, value)
  const groups = [...byTrait.values()]
    .map(({ trait, failed }) => ({ trait, members: togetherOf(failed) }))
    .filter(({ trait, members }) => members.length >= LEAST[trait.kind] && isTelling(trait, members.length))
    .sort((a, b) => b.members.length - a.members.length || ORDER.indexOf(a.trait.kind) - ORDER.indexOf(b.trait.kind))
  const taken = new Set<Failed>()
  return groups.flatMap(({ trait, members }): CommonCause[] => {
    const left = failed.filter((one) => members.includes(one) && !taken.has(one))
    if (left.length < LEAST[trait.kind]) return []
    for (const one of left) taken.add(one)
    return [{ ...trait, alerts: left.map(({ alert }) => alert) }]
  })
}
