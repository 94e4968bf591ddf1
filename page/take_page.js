// The page as one file that needs no program: its modules as data behind an import map, its style
// sheets, and the journal. What comes from the journal is escaped so that it cannot end the element
// that it stands in: in JSON, < can be written as \u003c.

const IMPORT = /(from\s+|import\s+)'\.\/([\w.-]+\.js)'/g;
const RULES =
  "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

async function textOf(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} is answered with ${answer.status}`);
  return answer.text();
}

/// All modules that `first` leads to, by name.
async function modulesFrom(first, base) {
  const modules = new Map();
  const wanted = [first];
  while (wanted.length > 0) {
    const name = wanted.pop();
    if (modules.has(name)) continue;
    const text = await textOf(new URL(name, base));
    modules.set(name, text.replace(IMPORT, "$1'page/$2'"));
    for (const [, , other] of text.matchAll(IMPORT)) wanted.push(other);
  }
  return modules;
}

function asData(text) {
  const bytes = new TextEncoder().encode(text);
  let letters = '';
  for (let at = 0; at < bytes.length; at += 8192)
    letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return `data:text/javascript;base64,${btoa(letters)}`;
}

/// Bytes with each < written as \u003c.
export function escaped(bytes) {
  let count = 0;
  for (const byte of bytes) if (byte === 0x3c) count += 1;
  if (count === 0) return bytes;
  const made = new Uint8Array(bytes.length + 5 * count);
  let to = 0;
  for (const byte of bytes) {
    if (byte !== 0x3c) made[to++] = byte;
    else for (const letter of [0x5c, 0x75, 0x30, 0x30, 0x33, 0x63]) made[to++] = letter;
  }
  return made;
}

/// Parts of a Blob. `lines` are the parts of the NDJSON.
export async function wholePage(lines, about) {
  const base = import.meta.url;
  const shell = await textOf(new URL('index.html', base));
  const modules = await modulesFrom('main.js', base);
  // Put together as a text: a document that is parsed here would be under the rules of this one.
  const sheets = [...shell.matchAll(/<link rel="stylesheet" href="\/page\/([\w.-]+)">/g)];
  const styles = await Promise.all(sheets.map(([, name]) => textOf(new URL(name, base))));
  const imports = Object.fromEntries([...modules].map(([name, text]) => [`page/${name}`, asData(text)]));
  const head = [
    `<meta http-equiv="Content-Security-Policy" content="${RULES}">`,
    ...styles.map((style) => `<style>\n${style}</style>`),
    `<script type="importmap">${JSON.stringify({ imports })}</script>`,
    `<script type="application/json" id="embedded-state">${JSON.stringify(about).replaceAll('<', '\\u003c')}</script>`,
  ].join('\n');
  const bare = shell.replace(/^\s*<(link|script)\b.*\n/gm, '');
  // As a function, since $ means something in a text that replaces.
  const html = bare.replace('<head>', () => `<head>\n${head}`);
  const end = html.lastIndexOf('</body>');
  return [
    html.slice(0, end),
    '<script type="application/x-ndjson" id="embedded-journal">\n',
    ...lines.map(escaped),
    '</script>\n<script type="module">import \'page/main.js\';</script>\n',
    html.slice(end),
  ];
}
