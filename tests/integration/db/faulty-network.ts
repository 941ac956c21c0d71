import net from 'node:net'

/** What stands between the product and Postgres in a test of failures: passes everything on until told otherwise. */
export type FaultyNetwork = Readonly<{
  /** The address of `url`'s database through this network. */
  urlThrough: (url: string) => string
  /** Breaks every connection at once, as a dead host does. */
  cut: () => void
  /** Says what happens to a packet from the client that contains `text`: see `Fault`. Null passes everything again. */
  when: (text: string | null, fault?: Fault) => void
  /** Resolves when the fault has struck. */
  struck: () => Promise<void>
  close: () => Promise<void>
}>

/**
 * `lose`: the packet never arrives and the connection breaks. `lose answer`: it arrives, and the connection breaks when the server answers.
 * `hold`: it is kept, and nothing more passes on that connection. `silence`: as `hold`, for every packet of every connection.
 */
type Fault = 'lose' | 'lose answer' | 'hold' | 'silence'

export async function startFaultyNetwork(target: string): Promise<FaultyNetwork> {
  const { hostname, port } = new URL(target)
  const pairs = new Set<() => void>()
  let trap: { text: string; fault: Fault } | null = null
  let strike = () => {}
  let struck = new Promise<void>(() => {})

  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), hostname)
    const cut = () => {
      pairs.delete(cut)
      client.destroy()
      upstream.destroy()
    }
    let isHeld = false
    let losesAnswer = false
    pairs.add(cut)
    for (const socket of [client, upstream]) socket.on('error', cut).on('close', cut)
    client.on('data', (packet) => {
      if (isHeld || trap?.fault === 'silence') return
      if (trap && packet.includes(trap.text)) {
        strike()
        if (trap.fault === 'lose') return cut()
        if (trap.fault === 'hold') {
          isHeld = true
          return
        }
        losesAnswer = true
      }
      upstream.write(packet)
    })
    upstream.on('data', (packet) => {
      if (losesAnswer) cut()
      else client.write(packet)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cutAll = () => {
    for (const cut of [...pairs]) cut()
  }
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the network has no port')

  return {
    urlThrough: (url) => {
      const through = new URL(url)
      through.hostname = '127.0.0.1'
      through.port = String(address.port)
      return through.href
    },
    cut: cutAll,
    when: (text, fault = 'lose') => {
      trap = text === null ? null : { text, fault }
      struck = new Promise((resolve) => {
        strike = resolve
      })
    },
    struck: () => struck,
    close: async () => {
      cutAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
