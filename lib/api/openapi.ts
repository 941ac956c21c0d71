/**
 * The OpenAPI 3.1 document of API v1, made from the operations table and its zod schemas. OpenAPI 3.1 speaks JSON Schema
 * 2020-12, which is what zod writes. Pure.
 */
import { z } from 'zod'
import { rightsOfTokenScope } from '@/lib/auth/rights'
import { type Operation, operations } from './operations'
import { problemDocument } from './schemas'

type Json = Readonly<Record<string, unknown>>

/** The document. `server` is the address of the API, like https://api.gradeinsight.com/api/v1. */
export function openApiDocument(server: string): Json {
  const all: readonly Operation[] = Object.values(operations)
  const schemas = componentSchemas(all)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Grade Insight API',
      version: '1',
      description:
        'Grades of one school at a time. The school is the one the bearer token holds; with several, X-Tenant-ID selects among them. ' +
        'Errors are application/problem+json. Lists go on with `cursor`. A POST with an Idempotency-Key may be repeated.',
    },
    servers: [{ url: server }],
    security: [{ bearer: [] }],
    paths: pathsOf(all),
    components: {
      schemas,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: `Scopes: ${Object.keys(rightsOfTokenScope).join(', ')}`,
        },
      },
      parameters: { tenant: tenantParameter, idempotencyKey: idempotencyParameter },
      responses: {
        problem: {
          description: 'What happened and what to do',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  }
}

const tenantParameter = {
  name: 'X-Tenant-ID',
  in: 'header',
  required: false,
  description: 'Slug or id of one of the schools that the token holds',
  schema: { type: 'string' },
}
const idempotencyParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key with the same request gets the same answer and does nothing twice, for 24 hours',
  schema: { type: 'string', minLength: 8, maxLength: 200 },
}

function pathsOf(all: readonly Operation[]): Json {
  const paths: Record<string, Record<string, Json>> = {
    '/openapi.json': {
      get: {
        operationId: 'readDocument',
        summary: 'This document',
        security: [],
        responses: { 200: { description: 'The document', content: { 'application/json': { schema: { type: 'object' } } } } },
      },
    },
  }
  for (const operation of all) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: operationObject(operation) }
  }
  return paths
}

function operationObject(operation: Operation): Json {
  const { id, summary, scope, status, method, bodyKind } = operation
  const shared = [{ $ref: '#/components/parameters/tenant' }]
  const key = method === 'POST' ? [{ $ref: '#/components/parameters/idempotencyKey' }] : []
  return {
    operationId: id,
    summary,
    description: `Needs the scope ${scope}.`,
    parameters: [...parametersOf('path', operation.params), ...parametersOf('query', operation.query), ...shared, ...key],
    ...(bodyKind === 'none' ? {} : { requestBody: requestBody(operation) }),
    responses: {
      [status]: { description: 'Done', content: answerContent(operation) },
      ...laterResponse(operation),
      default: { $ref: '#/components/responses/problem' },
    },
  }
}

function laterResponse({ laterAnswer }: Operation): Json {
  if (laterAnswer === undefined) return {}
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${nameOf(laterAnswer)}` } } }
  return {
    202: { description: 'Large: a worker does it. Read the import until `progress` says done, failed or cancelled', content },
  }
}

function answerContent({ answer, answersFile }: Operation): Json {
  if (answersFile === undefined) return { 'application/json': { schema: { $ref: `#/components/schemas/${nameOf(answer)}` } } }
  return Object.fromEntries(answersFile.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]))
}

function requestBody({ bodyKind, body }: Operation): Json {
  const mediaType = bodyKind === 'file' ? 'multipart/form-data' : 'application/json'
  const { $schema: _, ...schema } = z.toJSONSchema(body, { io: 'input' })
  return { required: true, content: { [mediaType]: { schema } } }
}

function parametersOf(where: 'path' | 'query', schema: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' })
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = typeof property === 'object' ? property : {}
    return {
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    }
  })
}

/** Every named schema that an answer uses, by its name. */
function componentSchemas(all: readonly Operation[]): Json {
  const inJson = all.filter(({ answersFile }) => answersFile === undefined)
  const answers = z.object({ problem: problemDocument, ...Object.fromEntries(inJson.map(({ id, answer }) => [id, answer])) })
  const { $defs = {} } = z.toJSONSchema(answers)
  // zod names its references #/$defs/Name; in this document they live among the components.
  const text = JSON.stringify($defs).replaceAll('"#/$defs/', '"#/components/schemas/')
  return JSON.parse(text)
}

function nameOf(schema: z.ZodType): string {
  const name = z.globalRegistry.get(schema)?.id
  if (name === undefined) throw new Error('every answer needs a name: .meta({ id })')
  return name
}
