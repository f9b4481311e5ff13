import tseslint from 'typescript-eslint';

/**
 * The arrows between rooms (docs/ARCHITECTURE.md). A room reaches another only through its door, index.ts;
 * generator and analyzer never reach each other, for decoding written twice is what gives the cross-check its power.
 */
const ROOMS = ['spec', 'engines', 'generator', 'analyzer', 'regression', 'cli'];
const ARROWS = {
  spec: [],
  engines: [],
  generator: ['spec', 'engines'],
  analyzer: ['spec', 'engines'],
  regression: ['spec', 'engines', 'generator', 'analyzer'],
  cli: ['spec', 'engines', 'generator', 'analyzer', 'regression'],
};

function arrowRule(room) {
  const forbidden = ROOMS.filter((other) => other !== room && !ARROWS[room].includes(other));
  const patterns = [
    ...forbidden.map((other) => ({
      regex: `^(\\.\\./)+${other}/`,
      message: `${room}/ may not import ${other}/ (docs/ARCHITECTURE.md).`,
    })),
    ...ARROWS[room].map((other) => ({
      regex: `^(\\.\\./)+${other}/(?!index\\.ts$)`,
      message: `Import ${other}/ through its door, ${other}/index.ts.`,
    })),
  ];
  if (patterns.length === 0) return {};
  return { 'no-restricted-imports': ['error', { patterns }] };
}

/** spec/ and analyzer/decode/ must be able to run in a browser. */
const NO_NODE = { regex: '^node:', message: 'This room imports no node:* module: it must run in a browser.' };

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'plugin-out/', 'coverage/'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      // A switch over `kind` counts once: exhaustive switches are what the style asks for.
      complexity: ['error', { max: 14, variant: 'modified' }],
      // Cutting text by code points is what is wanted: graphemes would need Intl data, code units split pairs.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      'max-params': ['error', 4],
    },
  },
  ...ROOMS.map((room) => ({ files: [`${room}/**/*.ts`], rules: arrowRule(room) })),
  {
    files: ['spec/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            NO_NODE,
            ...ROOMS.filter((r) => r !== 'spec').map((r) => ({ regex: `^(\\.\\./)+${r}/` })),
          ],
        },
      ],
    },
  },
  {
    files: ['analyzer/decode/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            NO_NODE,
            { regex: '^(\\.\\./)+(generator|regression|cli)/' },
            { regex: '^(\\.\\./)+spec/(?!index\\.ts$)' },
          ],
        },
      ],
    },
  },
  {
    // Tests may be long and reach into rooms.
    files: ['**/*.test.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': 'off', 'no-restricted-imports': 'off' },
  },
);
