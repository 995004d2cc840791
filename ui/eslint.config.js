import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import noLiteralText from './eslint/no-literal-text.js';
import noStyleAttribute from './eslint/no-style-attribute.js';
import svelteConfig from './svelte.config.js';

export default ts.config(
  { ignores: ['dist', 'node_modules', 'shots', 'src/lib/api.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  {
    plugins: {
      streembit: {
        rules: { 'no-literal-text': noLiteralText, 'no-style-attribute': noStyleAttribute },
      },
    },
    rules: {
      'no-undef': 'off',
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@tauri-apps/*'], message: 'Only src/lib/host speaks to Tauri.' }] },
      ],
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    files: ['src/**/*.svelte'],
    rules: { 'streembit/no-literal-text': 'error', 'streembit/no-style-attribute': 'error' },
  },
  { files: ['src/lib/host/**'], rules: { 'no-restricted-imports': 'off' } },
);
