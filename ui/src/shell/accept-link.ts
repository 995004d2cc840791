import { t } from '$lib/i18n/i18n';
import { type LinkInspection, PUBLIC } from '$lib/model';
import type { App } from '$lib/state/app.svelte';

/** Does what a link that was inspected is for. */
export async function accept(
  app: App,
  link: string,
  found: LinkInspection,
  onclose: () => void,
): Promise<void> {
  switch (found.kind) {
    case 'invite':
      return acceptInvite(app, link, onclose);
    case 'network':
      return joinNetwork(app, link, onclose);
    case 'claim':
      return app.panels.show({ kind: 'claim', link });
    case 'seed':
      await app.host.call('seed_add', { link });
      app.toasts.say(t('paste.done.seed'));
      return onclose();
  }
}

async function acceptInvite(app: App, link: string, onclose: () => void): Promise<void> {
  const contact = await app.contacts.add({ link });
  onclose();
  app.networks.choose(PUBLIC);
  if (contact.state === 'accepted') app.route.go('chats', contact.peer);
  else app.route.go('contacts', contact.peer);
  app.toasts.say(t('paste.done.invite', { name: contact.name }));
}

async function joinNetwork(app: App, link: string, onclose: () => void): Promise<void> {
  const joined = await app.networks.join(link);
  onclose();
  app.networks.choose(joined.network);
  // Whom it waits for stands in the overview, for as long as it waits.
  if (joined.state === 'waiting') app.route.go('network', 'overview');
  else app.toasts.say(t('paste.done.joined', { name: joined.name }));
}
