import { Failure } from '../host';
import type { ActionStatus, PropertyState } from '../../model';
import type { Emit, Handlers } from './commands';
import { keyOf } from './keys';
import { initialValues, LAMP } from './things';
import type { World } from './world';

const CONFIRM_MS = 700;

export function deviceCommands(world: World, emit: Emit): Handlers {
  const state = (thing: string, property: string): PropertyState => {
    const found = world.properties.get(thing)?.get(property);
    if (!found) throw new Failure('not_found', `there is no property ${property}`);
    return found;
  };
  const tell = (thing: string, property: string) =>
    emit({ type: 'property', thing, property, ...state(thing, property) });
  const device = (thing: string) => {
    const found = world.devices.find((each) => each.thing === thing);
    if (!found) throw new Failure('not_found', 'there is no such thing');
    return found;
  };
  const runs = new Map<string, ActionStatus>();
  const observed = new Map<string, ReturnType<typeof setInterval>>();

  return {
    devices_list: ({ network }) =>
      world.devices.filter((each) => !network || each.network === network),
    device_claim: ({ link, network }) => {
      if (!link.startsWith('streembit:claim/'))
        throw new Failure('invalid_arguments', 'this is not a claim link');
      const host = keyOf('Shed board');
      const thing = `streembit://${host}/lamp`;
      world.devices.push({
        device: host,
        thing,
        title: 'Shed lamp',
        network,
        state: 'online',
        reason: null,
        last_seen: Date.now(),
        level: 'owner',
        types: ['Light'],
        values: {},
      });
      world.descriptions.set(thing, { ...LAMP, title: 'Shed lamp' });
      world.properties.set(
        thing,
        initialValues({ on: false, level: 40, colour: '#ffffff', temperature: 22 }, Date.now()),
      );
      return world.devices.filter((each) => each.device === host);
    },
    device_describe: ({ thing }) => {
      const found = world.descriptions.get(thing);
      if (!found) throw new Failure('not_found', 'there is no such thing');
      return found;
    },
    device_read: ({ thing, property }) => state(thing, property),
    device_write: ({ thing, property, value }) => {
      const before = state(thing, property);
      const asked = { ...before, target: value, pending_since: Date.now() };
      world.properties.get(thing)?.set(property, asked);
      if (!world.slow.has(thing)) {
        setTimeout(() => {
          if (state(thing, property).target !== value) return;
          world.properties.get(thing)?.set(property, { reported: value, at: Date.now() });
          tell(thing, property);
        }, CONFIRM_MS);
      }
      return asked;
    },
    device_observe: ({ thing }) => {
      const readings = Object.entries(world.descriptions.get(thing)?.['properties'] ?? {}).filter(
        ([, schema]) => schema.readOnly === true && schema.type === 'number',
      );
      if (device(thing).state !== 'online' || observed.has(thing)) return null;
      const move = () => {
        for (const [property] of readings) {
          const before = state(thing, property);
          const step = (Math.random() - 0.48) * 0.4;
          const reported = Math.round((Number(before.reported) + step) * 10) / 10;
          world.properties.get(thing)?.set(property, { reported, at: Date.now() });
          tell(thing, property);
        }
      };
      observed.set(thing, setInterval(move, 900));
      return null;
    },
    device_unobserve: ({ thing }) => {
      clearInterval(observed.get(thing));
      observed.delete(thing);
      return null;
    },
    device_invoke: ({ thing, action }) => {
      const action_id = `${action}-${Date.now()}`;
      const run: ActionStatus = { action_id, state: 'running', progress: 0 };
      runs.set(action_id, run);
      const timer = setInterval(() => {
        if (run.state !== 'running') return clearInterval(timer);
        run.progress = Math.min(100, (run.progress ?? 0) + 20);
        if (run.progress === 100) run.state = 'completed';
        emit({ type: 'action', at: Date.now(), thing, action, ...run });
      }, 500);
      return run;
    },
    device_action: ({ action_id }) => runs.get(action_id) ?? { action_id, state: 'failed' },
    device_cancel: ({ action_id }) => {
      const run = runs.get(action_id) ?? { action_id, state: 'cancelled' };
      run.state = 'cancelled';
      return run;
    },
    device_rename: ({ thing, title }) => Object.assign(device(thing), { title }),
    device_room: ({ thing, room }) => Object.assign(device(thing), { room }),
    device_grants: ({ device: host }) => world.grants.get(host) ?? [],
    device_grant: ({ device: host, peer, level }) => {
      const name = world.contacts.find((each) => each.peer === peer)?.name ?? null;
      const grant = {
        peer,
        name,
        level,
        expires_at: null,
        issued_by: world.account.peer ?? '',
        issued_at: Date.now(),
        affordances: [],
      };
      world.grants.set(host, [
        ...(world.grants.get(host) ?? []).filter((each) => each.peer !== peer),
        grant,
      ]);
      return grant;
    },
    device_revoke: ({ device: host, peer }) => {
      world.grants.set(
        host,
        (world.grants.get(host) ?? []).filter((each) => each.peer !== peer),
      );
      return null;
    },
    device_audit: ({ device: host }) => [
      {
        id: 'a2',
        at: Date.now() - 120_000,
        peer: world.account.peer ?? '',
        thing: `streembit://${host}/lamp`,
        operation: 'writeproperty on',
        outcome: 'ok',
      },
      {
        id: 'a1',
        at: Date.now() - 3_600_000,
        peer: keyOf('Bob'),
        thing: `streembit://${host}/lock`,
        operation: 'invokeaction unlock',
        outcome: 'denied',
      },
    ],
    device_remove: ({ device: host }) => {
      world.devices = world.devices.filter((each) => each.device !== host);
      return null;
    },
  };
}
