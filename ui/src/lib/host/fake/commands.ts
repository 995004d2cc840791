import type { Arguments, CommandName, Event, Result } from '../../model';
import { accountCommands } from './account';
import { deviceCommands } from './devices';
import { fileCommands } from './files';
import { gateCommands } from './gate';
import { groupCommands } from './groups';
import { networkCommands } from './networks';
import { peopleCommands } from './people';
import { practiceCommands } from './practice';
import type { World } from './world';

export type Handlers = {
  [N in CommandName]?: (...args: Arguments<N>) => Result<N> | Promise<Result<N>>;
};

export type Emit = (event: Event) => void;

/** What the pretended node answers. */
export function commandsOf(world: World, emit: Emit): Handlers {
  return {
    ...accountCommands(world, emit),
    ...peopleCommands(world, emit),
    ...groupCommands(world, emit),
    ...networkCommands(world, emit),
    ...gateCommands(world, emit),
    ...deviceCommands(world, emit),
    ...fileCommands(world, emit),
    ...practiceCommands(world, emit),
  };
}
