import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { flowLabelOf } from '#core/event/flow-label.ts'
import { readLabelled } from '#sources/zeek/labelled.ts'
import { conn } from '../../../test/fixtures/zeek-records.ts'
import { parseLabelFile } from './label-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigia-labels-'))
after(() => rmSync(folder, { recursive: true }))

const COLUMNS = ['ts', 'uid', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto', 'conn_state']
const VALUES = ['1545403816.9', 'C1', '192.0.2.5', '41040', '198.51.100.9', '6667', 'tcp', 'S0']

const read = async (text: string) => {
  const path = join(folder, 'conn.log')
  writeFileSync(path, text)
  const file = readLabelled(path)
  const found = []
  for await (const batch of file.batches) found.push(...batch.map(({ line, label, detail }) => [line, label, detail]))
  return { found, odd: [...file.odd] }
}

describe('labels of connections', () => {
  it('are read behind three spaces, in columns of their own, in tables of programs and in JSON', async () => {
    const fields = `#fields\t${COLUMNS.join('\t')}`
    const spaces = `${fields}   label   detailed-label\n${VALUES.join('\t')}   Malicious   C&C\n`
    assert.deepEqual((await read(spaces)).found, [[2, 'malicious', 'C&C']])
    const columns = `${fields}\tlabel\tdetailedlabel\n${VALUES.join('\t')}\tBenign\t(empty)\n`
    assert.deepEqual((await read(columns)).found, [[2, 'benign', undefined]])
    const table = `${[...COLUMNS, 'label'].join('|')}\n${[...VALUES, 'From-Normal-V1'].join('|')}\n`
    assert.deepEqual((await read(table)).found, [[2, 'benign', undefined]])
    const json = Object.fromEntries([...COLUMNS.map((name, index) => [name, VALUES[index]]), ['label', 'Wicked']])
    assert.deepEqual(await read(JSON.stringify(json)), { found: [[1, undefined, undefined]], odd: [['Wicked', 1]] })
  })

  it('have many spellings', () => {
    for (const word of ['Malicious', 'PartOfAHorizontalPortScan', 'flow=From-Botnet-V42-TCP', 'C&C', '1'])
      assert.equal(flowLabelOf(word), 'malicious', word)
    for (const word of ['Benign', 'normal', 'flow=From-Normal-V42', '0'])
      assert.equal(flowLabelOf(word), 'benign', word)
    for (const word of ['-', '', 'Background', '(empty)']) assert.equal(flowLabelOf(word), undefined, word)
  })

  it('stand in a file: the last line that fits decides, and what is wrong is named with its line', () => {
    const file = parseLabelFile(
      'a benign *\na malicious 10.0.0.0/8 203.0.113.9\na unlabelled * * 53\ntogether a b # one network',
    )
    assert.ok(!('error' in file))
    assert.equal(file.label('a', conn(0, { clientIp: '10.1.2.3' })), 'malicious')
    assert.equal(file.label('a/day1', conn(0, { clientIp: '192.0.2.7' })), 'benign')
    assert.equal(file.label('a', conn(0, { serverPort: 53 })), null)
    assert.equal(file.label('c', conn(0)), undefined)
    assert.equal(file.group('b'), file.group('a'))
    assert.deepEqual(parseLabelFile('\na benign 10.0.0.999'), {
      error: 'line 2: "10.0.0.999" is no address or network; write for example 192.0.2.1, 10.0.0.0/8 or *',
    })
  })
})
