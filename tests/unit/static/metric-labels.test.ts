import { expect, it } from 'vitest'
import { z } from 'zod'
import { metrics } from '@/lib/metrics'
import { observePools } from '@/lib/pool-metrics'

// Small closed sets each: levels of the registry, kinds of routes, shards, states and outcomes of their pools, and Node's own.
const closedLabels = ['kind', 'level', 'outcome', 'pool', 'state']
const nodesOwn = new Set(['type', 'space', 'version', 'major', 'minor', 'patch'])
const metricSchema = z.object({ name: z.string(), labelNames: z.array(z.string()).default([]) })

it('no metric has a label whose values grow with schools, people or addresses', () => {
  observePools()
  const known = metrics.registry.getMetricsAsArray().map((metric) => metricSchema.parse(metric))
  expect(known.length).toBeGreaterThan(10)
  const labels = [...new Set(known.flatMap(({ labelNames }) => labelNames))].filter((label) => !nodesOwn.has(label))
  expect(labels.toSorted()).toEqual(closedLabels)
})
