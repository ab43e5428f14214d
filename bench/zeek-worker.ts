import { detectorTypes } from '#detectors/index.ts'
import { chosenDetectors, createDetections } from '#detectors/run.ts'
import { readZeekFile } from '#sources/zeek/read-file.ts'

/** Reads one log through every detector, alone in its process, and prints what that took as JSON. */

const options = process.argv[3] === 'classifier' ? { 'flow-classifier': { on: true } } : {}
const detections = createDetections((await chosenDetectors([...detectorTypes.values()], options)).types, options)
let records = 0
let events = 0
let peak = 0
const before = process.cpuUsage()
for await (const batch of readZeekFile(process.argv[2]!).records) {
  for (const record of batch) events += detections.observe(record).length
  records += batch.length
  peak = Math.max(peak, process.memoryUsage.rss())
}
events += detections.flush().length
const { user, system } = process.cpuUsage(before)
peak = Math.max(peak, process.memoryUsage.rss())
process.stdout.write(
  JSON.stringify({ records, events, cpuSeconds: (user + system) / 1e6, peakMb: peak / 1e6, stats: detections.stats() }),
)
