import { t } from '$lib/i18n/i18n';
import type { Message } from '$lib/model';
import type { App } from '$lib/state/app.svelte';

/** What a line about a change of a group says. */
export function noteWords(app: App, message: Message): string {
  const { note, network } = message;
  if (!note) return message.text;
  const isOwn = message.from === app.account.peer;
  const by = isOwn ? t('group.you') : app.nameOf(network, message.from);
  const who =
    note.peer === app.account.peer
      ? t('group.youThere')
      : note.peer
        ? app.nameOf(network, note.peer)
        : '';
  return t(`group.note.${note.what}`, { by, who, title: message.text });
}
