import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { openApiDocument } from '@/lib/api/openapi'
import { operations } from '@/lib/api/operations'
import type { classGrades, classItem, importReceipt, importReview, studentItem, undoReceipt } from '@/lib/api/schemas'
import { rightsOfTokenScope } from '@/lib/auth/rights'
import type { AssignmentView, ClassSummary, StudentSummary, TotalView } from '@/lib/gradebook/views'
import type {
  ImportCounts,
  ImportProblem,
  ImportReceipt,
  ImportReview,
  ImportSummary,
  ReviewColumn,
  ReviewRow,
  UndoReceipt,
} from '@/lib/imports/views'

const folder = path.resolve('app/api/v1')
const document = openApiDocument('https://api.gradeinsight.com/api/v1')
const paths = record(document.paths)

/** Route files as OpenAPI writes paths; the catch-all that answers for everything else is no route. */
const routeFiles = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => path.basename(file) === 'route.ts')
  .map((file) => `/${path.dirname(file).replaceAll(path.sep, '/')}`)
  .filter((route) => route !== '/[...rest]')
  .map((route) => route.replaceAll(/\[(\w+)\]/g, '{$1}'))

describe('the OpenAPI document', () => {
  test('names every route file, and every path it names has its file', () => {
    expect(routeFiles.length).toBeGreaterThan(7)
    expect(Object.keys(paths).toSorted()).toEqual(routeFiles.toSorted())
  })

  test('each operation is exported by its route file under its method and made from its own entry', async () => {
    const { readFile } = await import('node:fs/promises')
    for (const [name, { method, path: route }] of Object.entries(operations)) {
      const file = path.join(folder, route.replaceAll(/\{(\w+)\}/g, '[$1]'), 'route.ts')
      expect(await readFile(file, 'utf8')).toContain(`export const ${method} = apiRoute(operations.${name},`)
    }
  })

  test('is OpenAPI 3.1 with a title, a version, a server and bearer security', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ title: 'Grade Insight API', version: '1' })
    expect(document.servers).toEqual([{ url: 'https://api.gradeinsight.com/api/v1' }])
    expect(document.security).toEqual([{ bearer: [] }])
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
  })

  test('every reference leads somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target = '']) => target)
    expect(references.length).toBeGreaterThan(20)
    for (const target of references) {
      expect(target).toMatch(/^#\//)
      const found = target
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => record(at)[key], document)
      expect(found, target).toBeTypeOf('object')
    }
  })

  test.each(Object.values(operations))('$id declares its parameters, its answer and its problems', (operation) => {
    const described = record(record(paths[operation.path])[operation.method.toLowerCase()])
    expect(described.operationId).toBe(operation.id)
    const parameters = list(described.parameters).map(record)
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(inPath)
    for (const parameter of parameters) if (parameter.in === 'path') expect(parameter.required).toBe(true)
    const inQuery = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
    expect(inQuery).toEqual(Object.keys(operation.query.shape))
    const done = record(record(described.responses)[String(operation.status)])
    expect(Object.keys(record(done.content))).toEqual(operation.answersFile ?? ['application/json'])
    expect(record(described.responses).default).toEqual({ $ref: '#/components/responses/problem' })
    expect('requestBody' in described).toBe(operation.bodyKind !== 'none')
    expect(described.description).toContain(operation.scope)
    expect(Object.keys(rightsOfTokenScope)).toContain(operation.scope)
  })

  test('operation ids are unique and a list always has a cursor on both ends', () => {
    const all = Object.values(operations)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    for (const { isPaged, query, answer } of all) {
      expect('cursor' in query.shape).toBe(isPaged)
      expect('nextCursor' in answer.shape).toBe(isPaged)
    }
  })

  test('an answer’s schema allows nothing that is not named', () => {
    const student = record(record(record(document.components).schemas).Student)
    expect(student).toMatchObject({ type: 'object', additionalProperties: false })
    expect(Object.keys(record(student.properties))).toEqual(['id', 'name', 'email', 'number', 'classNames'])
  })
})

// Checked by the compiler: a field that a view gained and the API does not answer is an error here, and not a silent loss.
test('every field of what pages show is in the API’s answer', () => {
  const missing: readonly string[] = [
    ...none<Exclude<keyof ClassSummary, keyof z.output<typeof classItem>>>(),
    ...none<Exclude<keyof StudentSummary, keyof z.output<typeof studentItem>>>(),
    ...none<Exclude<keyof AssignmentView, keyof z.output<typeof classGrades>['assignments'][number]>>(),
    ...none<Exclude<keyof TotalView, keyof z.output<typeof classGrades>['items'][number]['totals']['current']>>(),
    ...none<Exclude<keyof ImportReview, keyof z.output<typeof importReview>>>(),
    ...none<Exclude<keyof ImportSummary, keyof z.output<typeof importReview>['summary']>>(),
    ...none<Exclude<keyof ImportCounts, keyof z.output<typeof importReview>['summary']['counts']>>(),
    ...none<Exclude<keyof ReviewRow, keyof z.output<typeof importReview>['rows'][number]>>(),
    ...none<Exclude<keyof ReviewColumn, keyof z.output<typeof importReview>['columns'][number]>>(),
    ...none<Exclude<keyof ImportProblem, keyof z.output<typeof importReview>['problems'][number]>>(),
    ...none<Exclude<keyof ImportReceipt, keyof z.output<typeof importReceipt>>>(),
    ...none<Exclude<keyof UndoReceipt, keyof z.output<typeof undoReceipt>>>(),
  ]
  expect(missing).toEqual([])
})

function none<Missing extends never>(): Missing[] {
  return []
}

function record(value: unknown): Record<string, unknown> {
  expect(value).toBeTypeOf('object')
  return { ...(value as object) }
}

function list(value: unknown): unknown[] {
  expect(Array.isArray(value)).toBe(true)
  return value as unknown[]
}
