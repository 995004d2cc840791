import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import noLiteralText from './eslint/no-literal-text.js';
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
    plugins: { streembit: { rules: { 'no-literal-text': noLiteralText } } },
    rules: {
      'no-undef': 'off',
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@tauri-apps/*'], message: 'Only src/lib/host speaks to Tauri.' }] },
      ],
      'svelte/no-navigation-without-resolve': 'off',
      'svelte/no-inline-styles': ['error', { allowTransitions: true }],
    },
  },
  {
    files: ['src/**/*.svelte'],
    rules: { 'streembit/no-literal-text': 'error' },
  },
  { files: ['src/lib/host/**'], rules: { 'no-restricted-imports': 'off' } },
);
