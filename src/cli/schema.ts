import { channelTypes } from '#channels/index.ts'
import { publishedSchema } from '#config/published-schema.ts'
import { probeTypes } from '#probes/index.ts'
import { type AddCommand, printJson } from './command.ts'

export const addSchema: AddCommand = (program) => {
  program
    .command('schema')
    .description('print the JSON Schema of the configuration file, for editors that complete and check it')
    .action(() => printJson(publishedSchema(probeTypes, channelTypes)))
}
