import { Failure } from '../host';
import type { File as Offered } from '../../model';
import type { Emit, Handlers } from './commands';
import type { World } from './world';

/** What the pretended node answers about files. */
export function fileCommands(world: World, emit: Emit): Handlers {
  const change = (id: string, more: Partial<Offered>): Offered => {
    const file = world.files.find((each) => each.id === id);
    if (!file) throw new Failure('not_found', 'there is no such file');
    Object.assign(file, more);
    emit({ type: 'file', at: Date.now(), file });
    return file;
  };
  return {
    files_list: () => world.files,
    file_send: ({ network, peer, path }) => {
      const file: Offered = {
        id: `file-${world.files.length}`,
        network: network ?? 'public',
        peer,
        own: true,
        name: path.split('/').at(-1) ?? path,
        bytes: 3_400_000,
        done: 1_300_000,
        rate: 0,
        state: 'preparing',
        path,
        offered_at: Date.now(),
      };
      world.files.push(file);
      return file;
    },
    file_accept: ({ id }) => change(id, { state: 'waiting' }),
    file_decline: ({ id }) => change(id, { state: 'declined' }),
    file_cancel: ({ id }) => change(id, { state: 'cancelled' }),
  };
}
