import { Failure } from '../host';
import type { File as Offered } from '../../model';
import type { Emit, Handlers } from './commands';
import type { World } from './world';

const PICTURE = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="400" height="300" fill="#9cc"/><circle cx="290" cy="90" r="40" fill="#fd8"/><path d="M0 300 140 130l90 100 60-60 110 130z" fill="#465"/></svg>',
)}`;
const TEXT = 'Bring: tent, stove, the long rope.\nMeet at the bridge at eight.\n';

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
    file_preview: ({ id }) => {
      const name = world.files.find((each) => each.id === id)?.name ?? '';
      if (/\.(jpe?g|png)$/.test(name)) return { picture: PICTURE, text: null, is_cut: false };
      if (/\.(txt|md|toml)$/.test(name)) return { picture: null, text: TEXT, is_cut: true };
      throw new Failure('unsupported', 'there is no preview of this file');
    },
    file_accept: ({ id }) => change(id, { state: 'waiting' }),
    file_decline: ({ id }) => change(id, { state: 'declined' }),
    file_cancel: ({ id }) => change(id, { state: 'cancelled' }),
  };
}
