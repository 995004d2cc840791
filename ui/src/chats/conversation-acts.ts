import Archive from '@lucide/svelte/icons/archive';
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import Bell from '@lucide/svelte/icons/bell';
import BellOff from '@lucide/svelte/icons/bell-off';
import MailOpen from '@lucide/svelte/icons/mail-open';
import Mail from '@lucide/svelte/icons/mail';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import { t } from '$lib/i18n/i18n';
import type { Conversation } from '$lib/model';
import type { Item } from '$lib/parts/menu';
import type { App } from '$lib/state/app.svelte';
import type { ConversationChange } from '$lib/state/chats.svelte';

const HOUR = 3_600_000;
/** The end of the year 9999: what the node takes for “for ever”. */
const FOR_EVER = 253_402_300_799_000;

/** What can be chosen for a conversation in the list. */
export function conversationActs(app: App, conversation: Conversation, now: number): Item[] {
  const set = (change: ConversationChange) =>
    void app.toasts.attempt(() => app.chats.set(conversation, change));
  const isUnread = conversation.unread > 0 || conversation.marked_unread;
  return [
    isUnread
      ? {
          title: t('chats.markRead'),
          icon: MailOpen,
          testid: 'chat-read',
          run: () =>
            void app.toasts.attempt(() =>
              app.chats.markRead(conversation.network, conversation.peer),
            ),
        }
      : {
          title: t('chats.markUnread'),
          icon: Mail,
          testid: 'chat-unread',
          run: () => {
            // What is open is read at once.
            if (app.route.item === conversation.peer) app.route.close();
            set({ marked_unread: true });
          },
        },
    conversation.pinned
      ? {
          title: t('chats.unpin'),
          icon: PinOff,
          testid: 'chat-unpin',
          run: () => set({ pinned: false }),
        }
      : { title: t('chats.pin'), icon: Pin, testid: 'chat-pin', run: () => set({ pinned: true }) },
    ...muting(conversation, set, now),
    conversation.archived
      ? {
          title: t('chats.unarchive'),
          icon: ArchiveRestore,
          testid: 'chat-unarchive',
          run: () => set({ archived: false }),
        }
      : {
          title: t('chats.archive'),
          icon: Archive,
          testid: 'chat-archive',
          run: () => {
            set({ archived: true });
            app.toasts.say(t('chats.archivedNow', { name: conversation.title }), () =>
              set({ archived: false }),
            );
          },
        },
  ];
}

function muting(
  conversation: Conversation,
  set: (change: ConversationChange) => void,
  now: number,
): Item[] {
  if (isMuted(conversation, now)) {
    return [
      {
        title: t('chats.unmute'),
        icon: Bell,
        testid: 'chat-unmute',
        run: () => set({ muted_until: 0 }),
      },
    ];
  }
  return [
    {
      title: t('chats.muteHour'),
      icon: BellOff,
      testid: 'chat-mute-hour',
      run: () => set({ muted_until: Date.now() + HOUR }),
    },
    {
      title: t('chats.mute'),
      icon: BellOff,
      testid: 'chat-mute',
      run: () => set({ muted_until: FOR_EVER }),
    },
  ];
}

/** Whether a conversation is to be quiet now. */
export function isMuted(conversation: Conversation, now: number): boolean {
  return (conversation.muted_until ?? 0) > now;
}

/** Until when it is quiet, in words for a person; none when for ever. */
export function muteEnd(conversation: Conversation): number | undefined {
  const until = conversation.muted_until;
  return until === FOR_EVER ? undefined : until;
}
