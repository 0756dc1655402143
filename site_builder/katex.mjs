// Typesets formulas with KaTeX. Reads [{tex, display}] as JSON from standard input, writes [{html} | {error}].
// The first argument is the path of KaTeX's script.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const katex = createRequire(import.meta.url)(process.argv[2]);
const formulas = JSON.parse(readFileSync(0, 'utf8'));
const typeset = ({ tex, display }) => {
  try {
    return { html: katex.renderToString(tex, { displayMode: display, throwOnError: true, strict: 'error', trust: false }) };
  } catch (error) {
    return { error: error.message };
  }
};
process.stdout.write(JSON.stringify(formulas.map(typeset)));
