import { type FlowModel, readFlowModel } from '#detectors/flow/flow-model.ts'
import { CommandError } from '../command.ts'

/** The model of `--model FILE`, or the one that comes with the product. */
export const modelOption = (path: string | undefined): FlowModel => {
  const model = readFlowModel(path)
  if ('error' in model) throw new CommandError(model.error, 1)
  return model
}
