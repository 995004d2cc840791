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
  servient.addServer(new HttpServer({ port: 0, address: '127.0.0.1' }));
  servient.addClientFactory(new HttpClientFactory());
  const wot = await servient.start();
  const lamp = await wot.produce({
    '@context': 'https://www.w3.org/2022/wot/td/v1.1',
    id: 'urn:lamp',
    title: 'lamp',
    securityDefinitions: { none: { scheme: 'nosec' } },
    security: ['none'],
    properties: { on: { type: 'boolean' } },
  });
  lamp.setPropertyReadHandler('on', async () => true);
  await lamp.expose();
  const description = lamp.getThingDescription();
  const isHere = (form) => form.href.includes('127.0.0.1') || form.href.includes('localhost');
  description.properties.on.forms = description.properties.on.forms.filter(isHere);
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
