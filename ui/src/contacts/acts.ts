import { t } from '$lib/i18n/i18n';
import type { Contact } from '$lib/model';
import type { App } from '$lib/state/app.svelte';

/** Lets someone in, and says what that means. */
export async function allow(app: App, contact: Contact): Promise<void> {
  await app.toasts.attempt(async () => {
    await app.contacts.accept(contact);
    app.toasts.say(t('contact.allowed', { name: contact.name }), () => void block(app, contact));
  });
}

/** Declines a request without telling the other side. */
export async function decline(app: App, contact: Contact): Promise<void> {
  await app.toasts.attempt(async () => {
    await app.contacts.decline(contact);
    app.toasts.say(t('contact.declined', { name: contact.name }));
  });
}

/** Blocks someone; can be taken back. */
export async function block(app: App, contact: Contact): Promise<void> {
  await app.toasts.attempt(async () => {
    await app.contacts.block(contact);
    const undo = () => void unblock(app, contact);
    app.toasts.say(t('contact.blockedNow', { name: contact.name }), undo);
  });
}

/** Takes a block back. */
export async function unblock(app: App, contact: Contact): Promise<void> {
  await app.toasts.attempt(async () => {
    await app.contacts.unblock(contact);
    app.toasts.say(t('contact.unblocked', { name: contact.name }));
  });
}
