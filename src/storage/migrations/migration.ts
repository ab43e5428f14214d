import type { CreateTableBuilder, RawBuilder, SchemaModule } from 'kysely'

export interface MigrationTools {
  readonly engine: 'sqlite' | 'postgres'
  readonly schema: SchemaModule
  /** Runs a statement that both engines understand. */
  run(statement: string): Promise<unknown>
  /** The same with values, and the rows that it answers. */
  ask<Row>(query: RawBuilder<Row>): Promise<readonly Row[]>
  /** Adds the integer primary key `id`, which is never used twice. */
  id<Name extends string>(table: CreateTableBuilder<Name>): CreateTableBuilder<Name>
}

/** One step forward; there is no way back but a backup. */
export interface Migration {
  readonly name: string
  up(tools: MigrationTools): Promise<void>
}
