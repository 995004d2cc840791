import { Failure } from '../host';
import type { Handlers } from './commands';
import type { World } from './world';

const LINK =
  'streembit:node/pgF4IGFhYmJjY2RkZWVmZmdnaGhpaWpqa2tsbG1tbm5vb3BwAlgmACQIARIg9WbYqmC1Yw3g2oXh0wkOQnQVLkYDgngvGLI0ckyhwwKDeBovaXA0LzE5Mi4xNjguMS4yMC90Y3AvNDAwMQRQ';

/** The computers of the pretended account. */
export function computerCommands(world: World, become: (name: string) => void): Handlers {
  return {
    nodes_list: () => world.installations,
    node_link: () => {
      if (world.linking.stage === 'none')
        world.linking = { ...world.linking, stage: 'waiting', closes_at: Date.now() + 600_000 };
      return { link: LINK, qr: null, closes_at: world.linking.closes_at ?? 0 };
    },
    node_link_status: () => world.linking,
    node_link_confirm: ({ code }) => {
      const isSame = code === world.linking.code;
      world.linking = { ...world.linking, stage: isSame ? 'sending' : 'closed' };
      if (!isSame) throw new Failure('denied', 'the other computer shows another code');
      return world.linking;
    },
    node_link_cancel: () => (world.linking = { ...world.linking, stage: 'closed', code: null }),
    node_revoke: ({ node }) => {
      world.installations = world.installations.map((each) =>
        each.node === node ? { ...each, connected: false, revoked_at: Date.now() } : each,
      );
      return world.installations;
    },
    contact_nodes: ({ peer }) => (world.computers.get(peer) ?? []).map((each) => each.node),
    contact_computers: ({ peer }) => world.computers.get(peer) ?? [],
    account_link: async () => {
      if (world.slow.has('account_link')) await new Promise(() => undefined);
      become('Alice');
      return world.account;
    },
    account_link_status: () => world.joining,
  };
}
