// Signed messages and bytes over HyperDHT (Keet's stack), between two processes on loopback: what
// ours are measured beside. Each message of 256 B is signed and verified, and so is its receipt;
// nothing is stored. Prints {"messages_per_second", "receipt_p50_ms", "file_megabytes_per_second"}.
// Takes the folder that holds node_modules.
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

const folder = process.argv[2];
const load = createRequire(path.join(folder, 'index.js'));
const DHT = load('hyperdht');
const createTestnet = load('hyperdht/testnet');
const sodium = load('sodium-universal');
const b4a = load('b4a');
const SIZE = 256;
const SIGNED = SIZE + 64;
const ROUNDS = 500;
const FLOOD = 20_000;
const WINDOW = 64;
const FILE = 512 * 1024 * 1024;
const CHUNK = 65_536;

function pair() {
  const publicKey = b4a.alloc(32);
  const secretKey = b4a.alloc(64);
  sodium.crypto_sign_keypair(publicKey, secretKey);
  return { publicKey, secretKey };
}

function sign(message, keys) {
  const signed = b4a.alloc(message.length + 64);
  sodium.crypto_sign(signed, message, keys.secretKey);
  return signed;
}

function opened(signed, publicKey) {
  const message = b4a.alloc(signed.length - 64);
  if (!sodium.crypto_sign_open(message, signed, publicKey)) throw new Error('forged');
  return message;
}

// Calls `each` with every `size` bytes of a stream.
function frames(stream, size, each) {
  let rest = b4a.alloc(0);
  const take = (data) => {
    rest = rest.length > 0 ? b4a.concat([rest, data]) : data;
    while (rest.length >= size) {
      const frame = rest.subarray(0, size);
      rest = rest.subarray(size);
      each(frame);
    }
  };
  stream.on('data', take);
  return () => stream.off('data', take);
}

async function receive([port, authorHex, purpose]) {
  const author = b4a.from(authorHex, 'hex');
  const keys = pair();
  const node = new DHT({ bootstrap: [{ host: '127.0.0.1', port: Number(port) }], host: '127.0.0.1' });
  const server = node.createServer((stream) => {
    stream.on('error', () => {});
    if (purpose === 'file') {
      let left = FILE;
      stream.on('data', (data) => {
        left -= data.length;
        if (left <= 0) stream.write(b4a.from('done'));
      });
    } else {
      // A receipt repeats the message's first bytes, as an id would.
      frames(stream, SIGNED, (frame) => {
        const message = opened(frame, author);
        stream.write(sign(message.subarray(0, 32), keys));
      });
    }
  });
  await server.listen();
  process.send({ at: b4a.toString(server.publicKey, 'hex'), key: b4a.toString(keys.publicKey, 'hex') });
}

async function connected(node, other) {
  const stream = node.connect(b4a.from(other.at, 'hex'));
  stream.on('error', (error) => { throw error; });
  await new Promise((open) => stream.once('open', open));
  return stream;
}

async function started(port, keys, purpose) {
  const child = fork(new URL(import.meta.url), [folder, 'receive', String(port), b4a.toString(keys.publicKey, 'hex'), purpose]);
  const other = await new Promise((ready) => child.once('message', ready));
  return { child, other };
}

async function messages(node, port, figures) {
  const keys = pair();
  const { child, other } = await started(port, keys, 'messages');
  const stream = await connected(node, other);
  const author = b4a.from(other.key, 'hex');
  const text = b4a.alloc(SIZE, 'x');
  let answered = () => {};
  frames(stream, 32 + 64, (frame) => { opened(frame, author); answered(); });

  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    const answer = new Promise((done) => { answered = done; });
    stream.write(sign(text, keys));
    await answer;
    times.push(performance.now() - start);
  }
  times.sort((one, another) => one - another);
  figures.receipt_p50_ms = times[ROUNDS / 2];

  let sent = 0;
  let receipts = 0;
  const begun = performance.now();
  await new Promise((done) => {
    const send = () => {
      while (sent < FLOOD && sent - receipts < WINDOW) {
        sent += 1;
        stream.write(sign(text, keys));
      }
    };
    answered = () => {
      receipts += 1;
      if (receipts === FLOOD) done();
      send();
    };
    send();
  });
  figures.messages_per_second = FLOOD / ((performance.now() - begun) / 1000);
  child.kill();
}

async function file(node, port, figures) {
  const { child, other } = await started(port, pair(), 'file');
  const stream = await connected(node, other);
  const chunk = b4a.alloc(CHUNK, 7);
  const done = new Promise((answer) => stream.once('data', answer));
  const begun = performance.now();
  for (let sent = 0; sent < FILE; sent += CHUNK) {
    if (!stream.write(chunk)) await new Promise((drained) => stream.once('drain', drained));
  }
  await done;
  figures.file_megabytes_per_second = FILE / 1e6 / ((performance.now() - begun) / 1000);
  child.kill();
}

async function main() {
  // A few nodes that can hold the announcement.
  const { bootstrap } = await createTestnet(4);
  const { port } = bootstrap[0];
  const node = new DHT({ bootstrap, host: '127.0.0.1' });
  const figures = {};
  await messages(node, port, figures);
  await file(node, port, figures);
  console.log(JSON.stringify(figures));
  process.exit(0);
}

if (process.argv[3] === 'receive') await receive(process.argv.slice(4));
else await main();
