import { t } from '$lib/i18n/i18n';
import { VIEWS } from '$lib/route.svelte';
import type { App } from '$lib/state/app.svelte';
import { SECTIONS } from '../settings/sections';

/** Something that the palette goes to or does. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly keys?: string;
  readonly run: () => void;
}

/** Everything that can be gone to or done from here. */
export function entriesOf(app: App): Entry[] {
  return [
    ...views(app),
    ...acts(app),
    ...networks(app),
    ...people(app),
    ...devices(app),
    ...settings(app),
  ];
}

/** The entries whose title has all the typed words, best first. */
export function matching(entries: readonly Entry[], typed: string): Entry[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries.slice(0, 12);
  return entries
    .filter((entry) =>
      words.every((word) => `${entry.title} ${entry.kind}`.toLocaleLowerCase().includes(word)),
    )
    .sort((a, b) => rank(a, words) - rank(b, words))
    .slice(0, 40);
}

function rank(entry: Entry, words: readonly string[]): number {
  const title = entry.title.toLocaleLowerCase();
  const first = words[0] ?? '';
  if (title.startsWith(first)) return 0;
  return title.includes(` ${first}`) ? 1 : 2;
}

function views(app: App): Entry[] {
  return VIEWS.map((view, index) => ({
    id: `view-${view}`,
    title: t(`nav.${view}`),
    kind: t('palette.view'),
    keys: `Ctrl ${index + 1}`,
    run: () => app.route.go(view),
  }));
}

function acts(app: App): Entry[] {
  const kind = t('palette.act');
  const show = (id: string, title: string, run: () => void, keys?: string): Entry => ({
    id: `act-${id}`,
    title,
    kind,
    run,
    ...(keys ? { keys } : {}),
  });
  const theme = (appearance: 'light' | 'dark' | 'system') => () =>
    void app.toasts.attempt(() => app.settings.change({ appearance }));
  return [
    show('write', t('act.newMessage'), () => app.panels.show({ kind: 'write' }), 'Ctrl N'),
    show('search', t('act.search'), () => app.panels.show({ kind: 'search' }), 'Ctrl ⇧ F'),
    show('invite', t('act.invite'), () => app.panels.show({ kind: 'invite' })),
    show('find', t('find.title'), () => app.panels.show({ kind: 'find' })),
    show('paste', t('act.paste'), () => app.panels.show({ kind: 'paste' })),
    show('claim', t('act.claim'), () => app.panels.show({ kind: 'claim' })),
    show('create', t('act.createNetwork'), () => app.panels.show({ kind: 'network-create' })),
    ...(app.networks.isAdmin
      ? [show('member', t('act.addMember'), () => app.panels.show({ kind: 'member-add' }))]
      : []),
    show('light', t('act.light'), theme('light')),
    show('dark', t('act.dark'), theme('dark')),
    show('system', t('act.systemTheme'), theme('system')),
    show('keys', t('act.shortcuts'), () => app.panels.show({ kind: 'shortcuts' }), '?'),
  ];
}

function networks(app: App): Entry[] {
  return app.networks.list.map((network) => ({
    id: `network-${network.network}`,
    title: network.name,
    kind: t('palette.network'),
    run: () => {
      app.networks.choose(network.network);
      app.route.close();
    },
  }));
}

function people(app: App): Entry[] {
  return app.networks.list.flatMap((network) =>
    app.contacts
      .of(network.network)
      .filter((contact) => contact.peer !== app.account.peer)
      .map((contact) => ({
        id: `person-${network.network}-${contact.peer}`,
        title: contact.name,
        kind: `${t('palette.person')} · ${network.name}`,
        run: () => {
          app.networks.choose(network.network);
          app.route.go(contact.state === 'accepted' ? 'chats' : 'contacts', contact.peer);
        },
      })),
  );
}

function devices(app: App): Entry[] {
  return app.networks.list.flatMap((network) =>
    app.devices.of(network.network).map((device) => ({
      id: `device-${device.thing}`,
      title: device.title,
      kind: `${t('palette.device')} · ${network.name}`,
      run: () => {
        app.networks.choose(network.network);
        app.route.go('devices', device.thing);
      },
    })),
  );
}

function settings(app: App): Entry[] {
  return SECTIONS.map((section) => ({
    id: `setting-${section}`,
    title: t(`settings.${section}`),
    kind: t('palette.setting'),
    run: () => app.route.go('settings', section),
  }));
}
