/**
 * Keeps words out of components: everything a person reads comes from the catalogue.
 */
const SPOKEN = new Set(['aria-label', 'aria-description', 'title', 'placeholder', 'alt', 'label']);
const WORD = /\p{L}{2,}/u;

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'problem',
    docs: { description: 'Words belong in the catalogue, not in components.' },
    messages: { literal: 'Put “{{text}}” into src/lib/i18n/en and say it with t().' },
    schema: [],
  },
  create(context) {
    const report = (node, text) =>
      context.report({ node, messageId: 'literal', data: { text: text.trim().slice(0, 40) } });
    return {
      SvelteText(node) {
        const parent = node.parent?.type;
        if (parent === 'SvelteStyleElement' || parent === 'SvelteScriptElement') return;
        if (WORD.test(node.value)) report(node, node.value);
      },
      SvelteAttribute(node) {
        if (!SPOKEN.has(node.key?.name)) return;
        for (const part of node.value ?? []) {
          if (part.type === 'SvelteLiteral' && WORD.test(part.value)) report(node, part.value);
        }
      },
    };
  },
};
