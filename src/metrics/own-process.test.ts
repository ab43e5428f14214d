import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createProcessMetrics } from './own-process.ts'

const FAMILIES = `process_cpu_user_seconds process_cpu_system_seconds process_cpu_seconds process_start_time_seconds
process_resident_memory_bytes process_virtual_memory_bytes process_heap_bytes process_open_fds process_max_fds
nodejs_eventloop_lag_seconds nodejs_active_resources nodejs_active_handles nodejs_heap_size_total_bytes
nodejs_heap_size_used_bytes nodejs_external_memory_bytes nodejs_heap_space_size_total_bytes
nodejs_heap_space_size_used_bytes nodejs_heap_space_size_available_bytes nodejs_version_info
nodejs_gc_duration_seconds`.split(/\s/)

it('tells how the process itself does, by the names that dashboards know', async (context) => {
  if (process.platform !== 'linux') return context.skip('some are read from /proc')
  const own = createProcessMetrics()
  context.after(own.close)
  const timer = setInterval(() => {}, 60_000)
  context.after(() => clearInterval(timer))
  const collected = async () =>
    Number(/^nodejs_gc_duration_seconds_count\{kind="minor"\} (\d+)/m.exec(await own.render('text'))?.[1] ?? 0)
  let held: object[] = []
  while ((await collected()) === 0) held = Array.from({ length: 100_000 }, () => ({}))
  assert.ok(held.length > 0)

  const text = await own.render('openmetrics')
  const families = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name!)
  assert.deepEqual(
    FAMILIES.filter((name) => !families.includes(name)),
    [],
  )
  assert.doesNotMatch(text, /NaN|undefined/)
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)![1])
  assert.ok(value('process_resident_memory_bytes') > value('nodejs_heap_size_used_bytes'))
  assert.ok(value('process_virtual_memory_bytes') >= value('process_resident_memory_bytes'))
  assert.ok(value('process_open_fds') <= value('process_max_fds'))
  assert.ok(value('process_cpu_seconds_total') >= value('process_cpu_user_seconds_total'))
  assert.ok(Math.abs(value('process_start_time_seconds') - performance.timeOrigin / 1000) < 1)
  assert.match(text, /^nodejs_active_resources\{type="Timeout"\} \d+$/m)
  assert.ok(text.includes(`nodejs_version_info{version="${process.version}"`))
})
