import 'server-only'
import { PrismaPg } from '@prisma/adapter-pg'
import { LRUCache } from 'lru-cache'
import { type Prisma, PrismaClient } from '@/lib/db/generated/shard/client'
import type { DatabasePool } from '@/lib/db/shards'
import { statementName, TenantReadPool, TenantSeat } from '@/lib/db/tenant-pool'
import type { TenantTransaction } from '@/lib/db/tenant-transaction'
import { processWide } from '@/lib/process-wide'
import type { TenantContext } from '@/lib/tenancy/tenant'

/** Prisma for reading one school. A write is refused by the database. */
export type TenantPrisma = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$extends'>
/** Prisma inside one write transaction of one school. */
export type TenantPrismaTransaction = Prisma.TransactionClient

type Seat = Readonly<{ seat: TenantSeat; client: PrismaClient }>

/** The Prisma clients of one school at one epoch: one for reads, one for each write transaction that runs at the same time. */
type TenantClients = { reader: PrismaClient | null; idleSeats: Seat[]; users: number; isRetired: boolean }

// Each client decodes Prisma's whole query graph for itself: up to 3.5 MB (docs/performance.md). Typed SQL needs no client.
const schoolsMax = 64
const idleSeatsMax = 2

const schools = processWide(
  'tenant-clients',
  () => new LRUCache<string, TenantClients>({ max: schoolsMax, dispose: (clients) => retire(clients) }),
)

/** A borrowed client. `release` when done: a client that fell out of the cache is closed with its last user. */
export type Borrowed<Client> = Readonly<{ db: Client; release: () => void }>

/** The school's client for reads, shared by everybody who reads this school. */
export function borrowReader(pool: DatabasePool, ctx: TenantContext): Borrowed<TenantPrisma> {
  const clients = clientsOf(ctx)
  clients.users++
  clients.reader ??= prismaOver(new TenantReadPool(pool, ctx))
  return { db: clients.reader, release: once(() => leave(clients)) }
}

/** A client of the school for this transaction alone. After `release` whatever was made with it throws, also a promise awaited too late. */
export function borrowWriter(ctx: TenantContext, transaction: TenantTransaction): Borrowed<TenantPrismaTransaction> {
  const clients = clientsOf(ctx)
  clients.users++
  const borrowed = clients.idleSeats.pop() ?? newSeat()
  borrowed.seat.take(transaction)
  let isOver = false
  const db = borrowed.client.$extends({
    query: {
      $allOperations: ({ args, query }) => {
        if (isOver) throw new Error('the transaction has ended; nothing may use it any more')
        return query(args)
      },
    },
  })
  return {
    // The extension changes no type; $extends only forgets how the client was called.
    db: db as unknown as TenantPrismaTransaction,
    release: once(() => {
      isOver = true
      borrowed.seat.leave()
      if (clients.idleSeats.length < idleSeatsMax && !clients.isRetired) clients.idleSeats.push(borrowed)
      else close(borrowed.client)
      leave(clients)
    }),
  }
}

/** How many schools have clients in this process. */
export function tenantClientCount(): number {
  return schools.size
}

/** Drops the clients of a school at an epoch that is over. */
export function forgetClients(ctx: TenantContext): void {
  schools.delete(keyOf(ctx))
}

/** Drops all clients; those in use are closed with their last user. */
export function closeTenantClients(): void {
  schools.clear()
}

function clientsOf(ctx: TenantContext): TenantClients {
  const key = keyOf(ctx)
  const known = schools.get(key)
  if (known) return known
  const clients: TenantClients = { reader: null, idleSeats: [], users: 0, isRetired: false }
  schools.set(key, clients)
  return clients
}

function keyOf({ tenantId, epoch, shard }: TenantContext): string {
  return `${tenantId}:${epoch}:${shard}`
}

function newSeat(): Seat {
  const seat = new TenantSeat()
  return { seat, client: prismaOver(seat) }
}

function prismaOver(pool: TenantReadPool | TenantSeat): PrismaClient {
  return new PrismaClient({
    adapter: new PrismaPg(pool, { schema: 'app', statementNameGenerator: statementName }),
    // The other formats print the arguments of a failed call: names and grades.
    errorFormat: 'minimal',
  })
}

function leave(clients: TenantClients): void {
  clients.users--
  if (clients.isRetired && clients.users === 0) closeAll(clients)
}

function retire(clients: TenantClients): void {
  clients.isRetired = true
  if (clients.users === 0) closeAll(clients)
}

function closeAll(clients: TenantClients): void {
  if (clients.reader) close(clients.reader)
  for (const { client } of clients.idleSeats.splice(0)) close(client)
}

function close(client: PrismaClient): void {
  // It holds no connection: nothing that could fail is waited for.
  client.$disconnect().catch(() => {})
}

function once(fn: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    fn()
  }
}
