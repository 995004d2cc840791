import { Failure } from '../host';
import type { Contact, Network } from '../../model';
import type { Emit, Handlers } from './commands';
import { fingerprintOf, keyOf } from './keys';
import { initialValues, LAMP } from './things';
import type { World } from './world';

const PRACTICE = keyOf('practice network');

export function practiceCommands(world: World, emit: Emit): Handlers {
  const found = () => world.networks.find((each) => each.network === PRACTICE);
  const tell = (network: Network | null) =>
    emit({ type: 'network', at: Date.now(), id: PRACTICE, network });
  return {
    demo_status: () => (found() ? { state: 'running', network: PRACTICE } : { state: 'none' }),
    demo_start: () => {
      if (found()) throw new Failure('exists', 'there is a practice network already');
      const network: Network = {
        network: PRACTICE,
        name: 'Practice',
        kind: 'private',
        state: 'connected',
        role: 'admin',
        peers: 2,
        addresses: ['/ip4/127.0.0.1/tcp/41403'],
        reachability: 'local',
      };
      world.networks = [...world.networks, network];
      world.contacts.push(robin());
      addLamp(world);
      tell(network);
      return { network: PRACTICE, name: 'Practice' };
    },
    demo_stop: () => {
      if (!found()) throw new Failure('not_found', 'there is no practice network');
      const isElsewhere = (each: { network: string }) => each.network !== PRACTICE;
      world.networks = world.networks.filter(isElsewhere);
      world.contacts = world.contacts.filter(isElsewhere);
      world.messages = world.messages.filter(isElsewhere);
      world.devices = world.devices.filter(isElsewhere);
      tell(null);
      return null;
    },
  };
}

function robin(): Contact {
  const peer = keyOf('Robin');
  return {
    peer,
    name: 'Robin',
    network: PRACTICE,
    state: 'accepted',
    presence: 'online',
    last_seen: Date.now(),
    verified: false,
    since: Date.now(),
    grants: [],
    fingerprint: fingerprintOf(peer),
    kind: 'human',
  };
}

function addLamp(world: World): void {
  const device = keyOf('Practice home');
  const thing = `streembit://${device}/lamp`;
  world.devices.push({
    device,
    thing,
    title: 'Practice lamp',
    network: PRACTICE,
    state: 'online',
    last_seen: Date.now(),
    level: 'owner',
    types: ['Light'],
    reason: null,
    values: {},
  });
  world.descriptions.set(thing, { ...LAMP, title: 'Practice lamp' });
  world.properties.set(
    thing,
    initialValues({ on: false, level: 60, colour: '#ffd9a0', temperature: 31 }, Date.now()),
  );
}
