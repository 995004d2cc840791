// The views and states that are looked at.
import { HOME, KEYS, TEAM } from './keys.mjs';

const click = (testid) => (page) => page.getByTestId(testid).first().click();
const press = (keys) => (page) => page.keyboard.press(keys);
const all = ['wide', 'fold', 'narrow'];

export const VIEWS = [
  { name: 'first-name', scene: 'first', sizes: ['wide', 'narrow'] },
  {
    name: 'first-words',
    scene: 'first',
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.getByTestId('first-run-name').fill('Alice');
      await page.getByTestId('first-run-next').click();
    },
  },
  {
    name: 'first-check',
    scene: 'first',
    act: async (page) => {
      await page.getByTestId('first-run-name').fill('Alice');
      await page.getByTestId('first-run-next').click();
      await page.getByTestId('phrase-kept').click();
      await page.getByTestId('phrase-check-0').fill('wrong');
      await page.getByTestId('phrase-check-1').fill('wrong');
      await page.getByTestId('phrase-check-2').fill('wrong');
      await page.getByTestId('phrase-check').click();
    },
  },
  {
    name: 'first-meet',
    scene: 'first',
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.getByTestId('first-run-name').fill('Alice');
      await page.getByTestId('first-run-next').click();
      await page.getByTestId('phrase-later').click();
    },
  },
  {
    name: 'first-keyring',
    scene: 'keyring',
    act: async (page) => {
      await page.getByTestId('first-run-name').fill('Alice');
      await page.getByTestId('first-run-next').click();
    },
  },
  { name: 'first-restore', scene: 'first', act: click('first-run-restore') },
  { name: 'first-link', scene: 'first', sizes: ['wide', 'narrow'], act: click('first-run-link') },
  {
    name: 'first-link-code',
    scene: 'joining',
    sizes: ['wide', 'narrow'],
    wait: 1500,
    act: async (page) => {
      await page.getByTestId('first-run-link').click();
      await page.getByTestId('join-link').fill('streembit:node/x');
      await page.getByTestId('join-act').click();
    },
  },
  { name: 'computers', scene: 'computers', hash: '#/settings/computers', sizes: all },
  ...['computers', 'linking', 'sending'].map((scene) => ({
    name: `computers-link-${scene}`,
    scene,
    hash: '#/settings/computers',
    sizes: ['wide', 'narrow'],
    wait: 1200,
    act: click('computer-link'),
  })),
  {
    name: 'computers-remove',
    scene: 'computers',
    hash: '#/settings/computers',
    sizes: ['wide', 'narrow'],
    act: click('computer-remove'),
  },
  { name: 'removed', scene: 'removed', hash: `#/chats/${KEYS.bob}`, sizes: all },
  { name: 'computers-failing', scene: 'failing', hash: '#/settings/computers' },
  { name: 'locked', scene: 'locked', sizes: ['wide', 'narrow'] },
  { name: 'stuck', scene: 'stuck' },
  { name: 'chats-empty', scene: 'empty', sizes: ['wide', 'narrow'] },
  { name: 'chats', hash: `#/chats/${KEYS.bob}`, sizes: all },
  { name: 'chats-files', scene: 'files', hash: `#/chats/${KEYS.bob}`, sizes: ['big', 'narrow'] },
  { name: 'chats-list', hash: '#/chats', sizes: all },
  { name: 'chats-home', hash: `#/chats/${KEYS.bob}`, network: HOME },
  { name: 'group', hash: `#/chats/${KEYS.garden}`, network: HOME, sizes: all },
  {
    name: 'group-about',
    hash: `#/chats/${KEYS.garden}`,
    network: HOME,
    sizes: ['wide', 'narrow'],
    act: click('chat-about'),
  },
  {
    name: 'group-new',
    hash: '#/chats',
    network: HOME,
    sizes: ['wide', 'narrow'],
    act: click('group-begin'),
  },
  { name: 'chats-queued', hash: `#/chats/${KEYS.nora}`, network: HOME },
  { name: 'chats-long', hash: `#/chats/${KEYS.yuki}` },
  { name: 'chats-rtl', hash: `#/chats/${KEYS.sara}`, sizes: ['wide', 'narrow'] },
  {
    name: 'chats-far-up',
    scene: 'many',
    hash: `#/chats/${KEYS.bob}`,
    sizes: ['wide', 'narrow', 'big', 'zoom'],
    wait: 2500,
    act: async (page) => {
      await page.getByTestId('message').first().waitFor();
      await page.getByTestId('message').last().focus();
      for (let times = 0; times < 3; times += 1) await page.keyboard.press('PageUp');
    },
  },
  {
    name: 'chats-day',
    hash: `#/chats/${KEYS.bob}`,
    act: async (page) => page.getByTestId('day').last().click(),
  },
  { name: 'chats-many', scene: 'many', hash: `#/chats/${KEYS.bob}`, sizes: ['wide', 'narrow'] },
  {
    name: 'chats-hover',
    hash: `#/chats/${KEYS.bob}`,
    act: (page) => page.locator('main').getByText('See you then').first().hover(),
  },
  {
    name: 'chats-react',
    hash: `#/chats/${KEYS.bob}`,
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.getByText('then I leave it on').first().hover();
      await page.getByTestId('react').first().click();
    },
  },
  {
    name: 'chats-delete',
    hash: `#/chats/${KEYS.bob}`,
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.locator('main').getByText('See you then').first().hover();
      await page.getByTestId('delete').first().click();
    },
  },
  {
    name: 'chats-edit',
    hash: `#/chats/${KEYS.bob}`,
    act: async (page) => {
      await page.getByTestId('composer').focus();
      await page.keyboard.press('ArrowUp');
    },
  },
  {
    name: 'chats-find',
    hash: `#/chats/${KEYS.yuki}`,
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.keyboard.press('Control+f');
      await page.getByTestId('find-field').fill('the lamp');
    },
    wait: 900,
  },
  {
    name: 'chats-menu',
    hash: '#/chats',
    act: (page) => page.getByTestId(`chat-${KEYS.yuki}`).click({ button: 'right' }),
  },
  {
    name: 'chats-archive',
    hash: '#/chats',
    act: click('chats-archived'),
  },
  {
    name: 'search-found',
    hash: '#/chats',
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.keyboard.press('Control+Shift+f');
      await page.getByTestId('search-field').fill('coffee');
    },
    wait: 900,
  },
  {
    name: 'chats-jump',
    scene: 'many',
    hash: `#/chats/${KEYS.bob}`,
    sizes: ['wide', 'narrow'],
    act: press('Control+g'),
  },
  {
    name: 'chats-jumped',
    scene: 'many',
    hash: `#/chats/${KEYS.bob}`,
    wait: 2500,
    act: async (page) => {
      await page.keyboard.press('Control+g');
      await page.waitForTimeout(200);
      for (let month = 0; month < 4; month += 1) await page.keyboard.press('PageUp');
      await page.keyboard.press('Enter');
    },
  },
  { name: 'chats-failing', scene: 'failing', hash: `#/chats/${KEYS.bob}` },
  { name: 'chats-pseudo', locale: 'en-XA', hash: `#/chats/${KEYS.bob}`, sizes: ['wide', 'narrow'] },
  { name: 'write', hash: '#/chats', act: press('Control+n') },
  { name: 'contacts', hash: '#/contacts', sizes: all },
  { name: 'contacts-bob', hash: `#/contacts/${KEYS.bob}`, sizes: all },
  { name: 'contacts-frank', hash: `#/contacts/${KEYS.frank}` },
  { name: 'contacts-empty', scene: 'empty', hash: '#/contacts' },
  { name: 'contacts-home', network: HOME, hash: `#/contacts/${KEYS.bob}` },
  { name: 'contacts-many', scene: 'many', hash: '#/contacts' },
  {
    name: 'contacts-safety',
    hash: `#/contacts/${KEYS.bob}`,
    act: click('contact-safety'),
  },
  {
    name: 'contacts-remove',
    hash: `#/contacts/${KEYS.bob}`,
    act: async (page) => {
      await page.getByTestId('contact-menu').click();
      await page.getByTestId('contact-remove').click();
    },
  },
  { name: 'invite', hash: '#/contacts', act: click('contact-invite') },
  {
    name: 'paste-invite',
    hash: '#/contacts',
    act: async (page) => {
      await page.getByTestId('contact-paste').click();
      await page.getByTestId('paste-link-field').fill('streembit:invite/abc');
      await page.getByTestId('link-look').click();
    },
  },
  { name: 'devices', network: HOME, hash: '#/devices', sizes: all, wait: 4000 },
  {
    name: 'devices-favourites',
    network: HOME,
    hash: '#/devices',
    act: async (page) => {
      for (const title of ['Reading lamp', 'Heating']) {
        await page.getByTestId(`card-${title}`).hover();
        await page.getByTestId(`star-${title}`).click();
      }
    },
  },
  { name: 'devices-empty', scene: 'empty', hash: '#/devices' },
  { name: 'devices-failing', scene: 'failing', network: HOME, hash: '#/devices' },
  { name: 'thing-lamp', network: HOME, hash: `#/devices/${KEYS.lamp}`, sizes: all, wait: 3000 },
  { name: 'thing-pending', network: HOME, hash: `#/devices/${KEYS.ceiling}` },
  { name: 'thing-heating', network: HOME, hash: `#/devices/${KEYS.heating}`, wait: 4000 },
  { name: 'thing-lock', network: HOME, hash: `#/devices/${KEYS.lock}` },
  { name: 'thing-offline', network: HOME, hash: `#/devices/${KEYS.sensor}` },
  {
    name: 'claim',
    network: HOME,
    hash: '#/devices',
    act: async (page) => {
      await page.getByTestId('device-claim').click();
      await page.getByTestId('claim-link').fill('streembit:claim/abc');
      await page.getByTestId('claim-start').click();
    },
  },
  {
    name: 'claim-failing',
    scene: 'failing',
    network: HOME,
    hash: '#/devices',
    act: async (page) => {
      await page.getByTestId('device-claim').click();
      await page.getByTestId('claim-link').fill('streembit:claim/abc');
      await page.getByTestId('claim-start').click();
    },
  },
  { name: 'network', hash: '#/network/overview', sizes: all },
  { name: 'network-home', network: HOME, hash: '#/network/overview' },
  {
    name: 'network-practice',
    scene: 'empty',
    hash: '#/devices',
    act: async (page) => {
      await page.getByTestId('practice-lamp').click();
      await page.getByTestId('nav-network').click();
      await page.getByTestId('practice-remove').click();
    },
  },
  { name: 'network-members', network: HOME, hash: '#/network/members', sizes: all },
  { name: 'network-peers', network: HOME, hash: '#/network/peers', sizes: ['wide', 'narrow'] },
  {
    name: 'network-ring',
    scene: 'many',
    hash: '#/network/peers',
    sizes: ['wide', 'narrow', 'big'],
    act: async (page) => {
      await page.locator('[data-testid=ring] .peer').nth(4).focus();
    },
  },
  { name: 'network-refused', network: HOME, hash: '#/network/refused', sizes: all },
  { name: 'network-log', network: HOME, hash: '#/network/log', sizes: ['wide', 'narrow'] },
  {
    name: 'network-list',
    network: HOME,
    hash: '#/network/list',
    act: click('list-import'),
    sizes: ['wide', 'narrow'],
  },
  { name: 'network-bundle', network: HOME, hash: '#/network/list', act: click('bundle-save') },
  { name: 'network-invites', network: HOME, hash: '#/network/invites', sizes: all },
  ...['members', 'invites', 'list', 'refused', 'log'].map((section) => ({
    name: `many-${section}`,
    scene: 'many',
    network: HOME,
    hash: `#/network/${section}`,
    sizes: ['wide', 'narrow'],
    ...(section === 'list' ? { act: click('list-import') } : {}),
  })),
  ...['members', 'invites'].map((section) => ({
    name: `failing-${section}`,
    scene: 'failing',
    network: HOME,
    hash: `#/network/${section}`,
  })),
  {
    name: 'failing-list',
    scene: 'failing',
    network: HOME,
    hash: '#/network/list',
    act: click('list-import'),
  },
  ...['soon', 'stale', 'warned'].map((scene) => ({
    name: `fresh-${scene}`,
    scene,
    network: HOME,
    hash: '#/network/overview',
    sizes: ['wide', 'narrow'],
  })),
  ...['soon', 'stale'].map((scene) => ({
    name: `fresh-banner-${scene}`,
    scene,
    network: HOME,
    hash: `#/chats/${KEYS.bob}`,
    sizes: ['wide', 'narrow'],
  })),
  {
    name: 'fresh-member',
    scene: 'stale',
    network: TEAM,
    hash: '#/network/overview',
    sizes: ['wide', 'narrow'],
  },
  {
    name: 'network-waiting',
    hash: '#/contacts',
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.getByTestId('contact-paste').click();
      await page.getByTestId('paste-link-field').fill('streembit:network/abc/once');
      await page.getByTestId('link-look').click();
      await page.getByTestId('link-accept').click();
    },
  },
  {
    name: 'dialog-policy',
    network: HOME,
    hash: '#/network/overview',
    act: click('policy-change'),
    sizes: ['wide', 'narrow'],
  },
  {
    name: 'dialog-recover',
    network: TEAM,
    hash: '#/network/overview',
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.getByTestId('network-recover').click();
      await page.getByTestId('recover-words').fill('abandon ability able about');
    },
  },
  {
    name: 'dialog-recover-failing',
    scene: 'failing',
    network: TEAM,
    hash: '#/network/overview',
    act: async (page) => {
      await page.getByTestId('network-recover').click();
      await page.getByTestId('recover-words').fill('abandon '.repeat(24));
      await page.getByTestId('recover-act').click();
    },
  },
  {
    name: 'dialog-invited',
    network: HOME,
    hash: '#/network/members',
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.getByTestId('member-new').click();
      await page.getByTestId('invite-name').fill('Omar');
      await page.getByTestId('member-add').click();
    },
  },
  ...['invite', 'contact', 'key'].map((way) => ({
    name: `dialog-add-${way}`,
    network: HOME,
    hash: '#/network/members',
    sizes: ['wide', 'narrow', 'zoom'],
    act: async (page) => {
      await page.getByTestId('member-new').click();
      await page.locator(`label:has([data-testid=member-way-${way}])`).click();
      if (way === 'contact') await page.locator('[data-testid^=member-contact-] >> nth=2').click();
    },
  })),
  {
    name: 'member-removed',
    network: HOME,
    hash: '#/network/members',
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.getByTestId(`member-menu-${KEYS.nora}`).click();
      await page.getByTestId('member-remove').locator('visible=true').click();
      await page.getByTestId('confirm-act').click();
    },
  },
  {
    name: 'member-promote',
    network: HOME,
    hash: '#/network/members',
    act: async (page) => {
      await page.getByTestId(`member-menu-${KEYS.nora}`).click();
      await page.getByTestId('member-promote').locator('visible=true').click();
    },
  },
  {
    name: 'dialog-find',
    hash: '#/contacts',
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.getByTestId('contact-find').click();
      await page.getByTestId('find-name').fill('Sam');
      await page.getByTestId('find-act').click();
    },
  },
  ...['check', 'lost', 'invite'].map((step) => ({
    name: `network-create-${step}`,
    hash: '#/chats',
    sizes: ['wide', 'narrow'],
    act: async (page) => {
      await page.getByTestId('network-switcher').click();
      await page.getByTestId('network-create').click();
      await page.getByTestId('network-name').fill('Garden');
      await page.getByTestId('network-create-act').click();
      await page.getByTestId('recovery-words').waitFor();
      const words = await page.getByTestId('recovery-words').locator('.word').allTextContents();
      if (step === 'lost') return page.keyboard.press('Escape');
      await page.getByTestId('recovery-kept').click();
      if (step === 'check') return;
      for (const position of [0, 1, 2]) {
        const field = page.getByTestId(`phrase-check-${position}`);
        await field.fill(words[Number(await field.getAttribute('data-index'))]);
      }
      await page.getByTestId('phrase-check').click();
    },
  })),
  { name: 'network-failing', scene: 'failing', network: HOME, hash: '#/network/peers' },
  { name: 'switcher', network: HOME, hash: '#/chats', act: click('network-switcher') },
  {
    name: 'network-create',
    hash: '#/chats',
    act: async (page) => {
      await page.getByTestId('network-switcher').click();
      await page.getByTestId('network-create').click();
      await page.getByTestId('network-name').fill('Garden');
      await page.getByTestId('network-create-act').click();
    },
  },
  {
    name: 'member-add',
    network: HOME,
    hash: '#/network/members',
    act: async (page) => {
      await page.getByTestId('member-new').click();
      await page.getByTestId('member-key').fill('nope');
    },
  },
  {
    name: 'member-remove',
    network: HOME,
    hash: '#/network/members',
    act: async (page) => {
      await page.getByTestId(`member-menu-${KEYS.nora}`).click();
      await page.getByTestId('member-remove').locator('visible=true').click();
    },
  },
  ...[
    'identity',
    'computers',
    'appearance',
    'notifications',
    'privacy',
    'files',
    'seeds',
    'storage',
    'about',
    'danger',
  ].map((section) => ({
    name: `settings-${section}`,
    hash: `#/settings/${section}`,
    ...(section === 'identity' ? { sizes: all } : {}),
  })),
  ...['identity', 'overview'].map((name) => ({
    name: `offline-${name}`,
    scene: 'offline',
    hash: name === 'overview' ? '#/network/overview' : `#/chats/${KEYS.bob}`,
  })),
  { name: 'offline-devices', scene: 'offline', network: HOME, hash: '#/devices' },
  { name: 'offline-peers', scene: 'offline', hash: '#/network/peers' },
  { name: 'devices-many', scene: 'many', network: HOME, hash: '#/devices', sizes: all },
  { name: 'contacts-crowd', scene: 'many', hash: '#/contacts', sizes: all },
  ...[
    ['phrase', '#/settings/identity', 'phrase-show'],
    ['backup', '#/settings/identity', 'backup'],
    ['delete', '#/settings/danger', 'account-delete'],
    ['diagnostics', '#/settings/storage', 'diagnostics-show'],
  ].map(([name, hash, testid]) => ({ name: `dialog-${name}`, hash, act: click(testid) })),
  {
    name: 'dialog-leave',
    network: HOME,
    hash: '#/network/overview',
    act: click('network-leave'),
  },
  ...['thing-edit', 'thing-remove'].map((testid) => ({
    name: `dialog-${testid}`,
    network: HOME,
    hash: `#/devices/${KEYS.lamp}`,
    act: async (page) => {
      await page.getByTestId('thing-menu').click();
      await page.getByTestId(testid).click();
    },
  })),
  ...['contact-rename', 'contact-block'].map((testid) => ({
    name: `dialog-${testid}`,
    hash: `#/contacts/${KEYS.bob}`,
    act: async (page) => {
      await page.getByTestId('contact-menu').click();
      await page.getByTestId(testid).click();
    },
  })),
  ...['member-link', 'member-role'].map((testid) => ({
    name: `dialog-${testid}`,
    network: HOME,
    hash: '#/network/members',
    act: async (page) => {
      await page.getByTestId(`member-menu-${KEYS.nora}`).click();
      await page.getByTestId(testid).locator('visible=true').click();
    },
  })),
  ...['network', 'claim', 'seed'].map((kind) => ({
    name: `dialog-link-${kind}`,
    hash: '#/contacts',
    act: async (page) => {
      await page.getByTestId('contact-paste').click();
      await page.getByTestId('paste-link-field').fill(`streembit:${kind}/abc`);
      await page.getByTestId('link-look').click();
    },
  })),
  { name: 'palette', hash: '#/chats', act: press('Control+k'), sizes: ['wide', 'narrow'] },
  {
    name: 'search',
    hash: '#/chats',
    act: async (page) => {
      await page.keyboard.press('Control+Shift+F');
      await page.getByTestId('search-field').fill('coffee');
    },
  },
  { name: 'shortcuts', hash: '#/settings', act: press('Shift+?') },
  {
    name: 'devices-pseudo',
    locale: 'en-XA',
    network: HOME,
    hash: '#/devices',
    sizes: ['wide', 'narrow'],
  },
  ...[
    ['chats', 'public', `#/chats/${KEYS.bob}`],
    ['contacts', 'public', `#/contacts/${KEYS.bob}`],
    ['devices', HOME, '#/devices'],
    ['thing', HOME, `#/devices/${KEYS.lamp}`],
    ['members', HOME, '#/network/members'],
    ['peers', HOME, '#/network/peers'],
    ['identity', 'public', '#/settings/identity'],
  ].map(([name, network, hash]) => ({
    name: `size-${name}`,
    network,
    hash,
    sizes: ['zoom', 'big'],
  })),
  ...[
    ['contact', 'public', `#/contacts/${KEYS.bob}`],
    ['thing', HOME, `#/devices/${KEYS.lamp}`],
    ['overview', HOME, '#/network/overview'],
    ['refused', HOME, '#/network/refused'],
    ['invites', HOME, '#/network/invites'],
    ['identity', 'public', '#/settings/identity'],
    ['privacy', 'public', '#/settings/privacy'],
  ].map(([name, network, hash]) => ({
    name: `pseudo-${name}`,
    locale: 'en-XA',
    themes: ['light'],
    network,
    hash,
    sizes: ['wide', 'narrow'],
  })),
  { name: 'network-pseudo', locale: 'en-XA', network: HOME, hash: '#/network/members' },
];
