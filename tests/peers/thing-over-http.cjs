// A lamp over plain HTTP by node-wot, read again and again: what a signed read is measured beside.
// Prints {"reads_per_second", "p50_ms"}. Takes the folder that holds node_modules.
const { createRequire } = require('node:module');
const path = require('node:path');

const load = createRequire(path.join(process.argv[2], 'index.js'));
const { Servient } = load('@node-wot/core');
const { HttpServer, HttpClientFactory } = load('@node-wot/binding-http');
const READS = 1000;

async function main() {
  const servient = new Servient();
  const server = new HttpServer({ port: 0, address: '127.0.0.1' });
  servient.addServer(server);
  servient.addClientFactory(new HttpClientFactory());
  const wot = await servient.start();
  const lamp = await wot.produce({
    id: 'urn:lamp',
    title: 'lamp',
    securityDefinitions: { none: { scheme: 'nosec' } },
    security: ['none'],
    properties: { on: { type: 'boolean' } },
  });
  lamp.setPropertyReadHandler('on', async () => true);
  await lamp.expose();
  // By itself it names the addresses of outward interfaces only.
  const description = lamp.getThingDescription();
  description.properties.on.forms = [
    { href: `http://127.0.0.1:${server.getPort()}/lamp/properties/on`, op: ['readproperty'] },
  ];
  const thing = await wot.consume(description);
  const times = [];
  const begun = performance.now();
  for (let read = 0; read < READS; read += 1) {
    const start = performance.now();
    await (await thing.readProperty('on')).value();
    times.push(performance.now() - start);
  }
  const seconds = (performance.now() - begun) / 1000;
  times.sort((one, other) => one - other);
  console.log(JSON.stringify({ reads_per_second: READS / seconds, p50_ms: times[READS / 2] }));
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
