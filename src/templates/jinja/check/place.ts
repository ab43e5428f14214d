/** Where in a template something stands. */
export interface Place {
  /** Names that were set before, in the order of the template. */
  readonly defined: Set<string>
  readonly inLoop: boolean
  /** Within a macro or a block: it runs when it is called, and by then all is defined. */
  readonly late: boolean
}
