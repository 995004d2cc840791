// A js-libp2p node with a key of its own. Connects to each address, asks for each protocol, and
// prints what was answered as JSON. Arguments: one JSON object, { addresses, protocols }.

import './older-node.mjs'

import { noise } from '@chainsafe/libp2p-noise'
import { quic } from '@chainsafe/libp2p-quic'
import { yamux } from '@chainsafe/libp2p-yamux'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

// How long one protocol may take to answer.
const PATIENCE = 5_000

const create = (listen) =>
  createLibp2p({
    addresses: { listen },
    connectionEncrypters: [noise()],
    connectionManager: { reconnectRetries: 0 },
    streamMuxers: [yamux()],
    transports: [tcp(), quic()],
  })

const { addresses, protocols } = JSON.parse(process.argv[2])
const knocker = await create([])
const opened = []
for (const protocol of protocols) {
  await knocker.handle(protocol, () => opened.push(protocol))
}

/** Asks for a protocol on a connection; says how that ended. */
async function ask(connection, protocol) {
  try {
    const stream = await connection.newStream(protocol, { signal: AbortSignal.timeout(PATIENCE) })
    stream.abort(new Error('that was all'))
    return { answered: true }
  } catch (error) {
    return { answered: false, error: error.name }
  }
}

/** Connects and asks for one protocol, and for all others on the same connection besides. */
async function knock(address, protocol, wait) {
  const connection = await knocker.dial(multiaddr(address), { force: true })
  const ended = new Promise((resolve) => {
    const look = setInterval(() => connection.status === 'open' || resolve(true), 20)
    setTimeout(() => resolve(clearInterval(look) ?? false), PATIENCE)
  })
  const others = protocols.filter((other) => other !== protocol)
  const asked = [protocol, ...others].map((each) => ask(connection, each))
  const answers = await Promise.all(asked)
  return {
    address,
    protocol,
    connected: true,
    answered: answers.filter((answer) => answer.answered).length,
    ended: wait ? await ended : undefined,
  }
}

/** Knocks at a node of its own kind in the same way: it is answered there. */
async function control(listen) {
  const host = await create([listen])
  for (const protocol of protocols) {
    await host.handle(protocol, ({ stream }) => stream.close())
  }
  const [address] = host.getMultiaddrs()
  const result = await knock(address.toString(), protocols[0], false)
  await host.stop()
  return result.answered
}

const results = []
for (const address of addresses) {
  for (const protocol of protocols) {
    results.push(await knock(address, protocol, true))
  }
}
const controls = [
  await control('/ip4/127.0.0.1/tcp/0'),
  await control('/ip4/127.0.0.1/udp/0/quic-v1'),
]
process.stdout.write(JSON.stringify({ results, opened, controls }))
await knocker.stop()
process.exit(0)
