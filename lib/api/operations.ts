/**
 * Every operation of API v1 in one table. Routes are made from it (`apiRoute`), and so is the OpenAPI document; a test holds
 * that each route file has its operation and each operation its file.
 */
import { z } from 'zod'
import type { TokenScope } from '@/lib/auth/rights'
import {
  classGrades,
  classPage,
  exportQuery,
  exportedFile,
  commitBody,
  idParams,
  importReceipt,
  importProgress,
  importView,
  noBody,
  noParams,
  pageQuery,
  rowsQuery,
  studentPage,
  undoReceipt,
  uploadBody,
  uploadQuery,
} from './schemas'

/** One operation: what it takes, what it gives, and the scope a token needs for it. */
export type Operation<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodObject = z.ZodObject,
> = Readonly<{
  id: string
  method: 'GET' | 'POST'
  /** Below /api/v1, with {names} of `params`. */
  path: string
  summary: string
  scope: TokenScope
  params: Params
  query: Query
  bodyKind: 'none' | 'json' | 'file'
  body: Body
  /** Status of success. */
  status: 200 | 201
  /** What `run` answers, checked on its way out. With `answersFile` it is the file: name, type and bytes. */
  answer: Answer
  /** Answered with 202 instead when a worker does it: how far that is. Poll what it names. */
  laterAnswer?: z.ZodObject
  /** The media types of an answer that is a file for download; an answer is JSON without. */
  answersFile?: readonly string[]
  /** `query.cursor` and `answer.nextCursor` are sealed on their way out and opened on their way in. */
  isPaged: boolean
}>

function operation<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType, Answer extends z.ZodObject>(
  given: Operation<Params, Query, Body, Answer>,
): Operation<Params, Query, Body, Answer> {
  return given
}

const reads = { method: 'GET', bodyKind: 'none', body: noBody, status: 200 } as const
const changesImport = {
  method: 'POST',
  scope: 'imports:write',
  params: idParams,
  query: z.object({}),
  status: 200,
  isPaged: false,
} as const

export const operations = {
  listClasses: operation({
    ...reads,
    id: 'listClasses',
    path: '/classes',
    summary: 'Classes of the school',
    scope: 'classes:read',
    params: noParams,
    query: pageQuery,
    answer: classPage,
    isPaged: true,
  }),
  readGrades: operation({
    ...reads,
    id: 'readGrades',
    path: '/classes/{id}/grades',
    summary: 'Grades of a class in a term, student by student',
    scope: 'grades:read',
    params: idParams,
    query: pageQuery.extend({ term: z.uuid().optional().describe('The term; the current one when left out') }),
    answer: classGrades,
    isPaged: true,
  }),
  exportClass: operation({
    ...reads,
    id: 'exportClass',
    path: '/classes/{id}/export',
    summary: 'Grades of a class in a term as a file that another system or a spreadsheet takes in',
    scope: 'grades:read',
    params: idParams,
    query: exportQuery,
    answer: exportedFile,
    answersFile: ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/zip'],
    isPaged: false,
  }),
  listStudents: operation({
    ...reads,
    id: 'listStudents',
    path: '/students',
    summary: 'Students of the school',
    scope: 'students:read',
    params: noParams,
    query: pageQuery.extend({ query: z.string().max(200).optional().describe('Part of a name, e-mail or number') }),
    answer: studentPage,
    isPaged: true,
  }),
  planImport: operation({
    id: 'planImport',
    method: 'POST',
    path: '/imports',
    summary:
      'Upload a grade file; answers its plan with the first 200 rows, and writes no grade. A large one is read by a worker: 202',
    scope: 'imports:write',
    params: noParams,
    query: uploadQuery,
    bodyKind: 'file',
    body: uploadBody,
    status: 201,
    answer: importView,
    laterAnswer: importProgress,
    isPaged: false,
  }),
  readImport: operation({
    ...reads,
    id: 'readImport',
    path: '/imports/{id}',
    summary: 'An import and its plan',
    scope: 'imports:read',
    params: idParams,
    query: rowsQuery,
    answer: importView,
    isPaged: false,
  }),
  commitImport: operation({
    ...changesImport,
    id: 'commitImport',
    path: '/imports/{id}/commit',
    summary: 'Write what the plan says, all or nothing; a repeat does nothing twice',
    bodyKind: 'json',
    body: commitBody,
    answer: importReceipt,
    laterAnswer: importProgress,
  }),
  undoImport: operation({
    ...changesImport,
    id: 'undoImport',
    path: '/imports/{id}/undo',
    summary: 'Take an import back; grades changed since stay and are listed',
    bodyKind: 'none',
    body: noBody,
    answer: undoReceipt,
    laterAnswer: importProgress,
  }),
} as const
