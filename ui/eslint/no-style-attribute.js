/**
 * The content policy of the window allows no style attributes. Svelte's `style:` directive sets
 * properties through the object model instead, which is allowed.
 */
/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'problem',
    docs: { description: 'Style attributes are refused by the content policy.' },
    messages: { style: 'Use a class, or the style: directive for a custom property.' },
    schema: [],
  },
  create(context) {
    return {
      SvelteAttribute(node) {
        if (node.key?.name === 'style') context.report({ node, messageId: 'style' });
      },
    };
  },
};
