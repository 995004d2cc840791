import { t } from '$lib/i18n/i18n';
import type { NetworkOperation } from '$lib/model';

type NameOf = (peer: string) => string;

/** Whom an operation is about: the one it names, or else its author. */
export function aboutWhom(operation: NetworkOperation, nameOf: NameOf) {
  const { peer, author } = operation;
  if (peer) return { peer, name: operation.name ?? nameOf(peer) };
  return { peer: author, name: operation.author_name ?? nameOf(author) };
}

/** What an operation did, in plain words. */
export function sentenceOf(operation: NetworkOperation, network: string, nameOf: NameOf): string {
  const author = operation.author_name ?? nameOf(operation.author);
  const { name } = aboutWhom(operation, nameOf);
  const role = operation.role ? t(`role.${operation.role}`) : '';
  const isPlain = !operation.role || operation.role === 'member';
  switch (operation.operation) {
    case 'genesis':
      return t('log.genesis', { author, network });
    case 'add':
      return isPlain ? t('log.add', { author, name }) : t('log.addRole', { author, name, role });
    case 'remove':
      return t('log.remove', { author, name });
    case 'set_role':
      return t('log.set_role', { author, name, role });
    case 'leave':
      return t('log.leave', { name });
    case 'appoint':
      return t('log.appoint', { name });
    case 'revoke_node':
      return t('log.revoke_node', { author, name });
    case 'rename':
      return t('log.rename', { author, name });
    case 'policy':
      return policyOf(operation, author);
    case 'seal':
      return t('log.seal', { n: Number(operation.name ?? 0) });
    case 'checkpoint':
      return t('log.checkpoint', { author });
  }
}

function policyOf({ policy }: NetworkOperation, author: string): string {
  if (!policy) return t('log.policy', { author });
  const values = { author, n: policy.stale_after_days };
  return policy.cuts_off ? t('log.policyCuts', values) : t('log.policyWarns', values);
}
