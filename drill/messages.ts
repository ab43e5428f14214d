/** What the processes of a drill say to one another. */

/** A message as a person received it; `at` is the provider's time. */
export interface Told {
  readonly channel: 'mail' | 'chat'
  /** Whose it is: the name of the server that told it. */
  readonly reader: string
  readonly at: number
  /** First line: the subject of a mail, the title of a post. */
  readonly title: string
  readonly text: string
}

/** What the drill asks of the process in the provider's office. */
export type Order =
  | { readonly id: number; readonly do: 'fetch'; readonly url: string; readonly token: string }
  | { readonly id: number; readonly do: 'mail'; readonly open: boolean }

export type OfficeNews =
  | { readonly kind: 'ready'; readonly mailPort: number; readonly chatPort: number }
  | { readonly kind: 'told'; readonly told: Omit<Told, 'at'>; readonly wall: number }
  | { readonly kind: 'done'; readonly id: number; readonly body?: unknown; readonly error?: string }
