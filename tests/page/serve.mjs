// Serves the files of page/ as the program does, with the same headers, and hands /v1 on to a program
// that runs, streams too. For work on the page, and for tests of a program that does not serve it.
// node serve.mjs [PORT [http://HOST:PORT-OF-THE-PROGRAM]]
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PAGE = process.env.EG91XQ_PAGE ?? join(dirname(fileURLToPath(import.meta.url)), '../../page');
const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

async function file(path, response) {
  const name = path === '/' ? 'index.html' : /^\/page\/([a-z0-9_.-]+)$/.exec(path)?.[1];
  const place = name && join(PAGE, name);
  const found = place && (await stat(place).catch(() => null));
  if (!found?.isFile()) {
    response.writeHead(404, HEADERS).end();
    return;
  }
  response.writeHead(200, {
    ...HEADERS,
    'Content-Type': TYPES[name.split('.').pop()] ?? 'application/octet-stream',
  });
  createReadStream(place).pipe(response);
}

function handOn(program, request, response) {
  const { hostname, port } = new URL(program);
  const headers = { ...request.headers, host: `${hostname}:${port}` };
  delete headers.origin;
  const onward = http.request(
    { hostname, port, path: request.url, method: request.method, headers, agent: false },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    },
  );
  onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

/// Resolves to the address that it serves at, and how to end it.
export function serve(port, program) {
  const server = http.createServer((request, response) => {
    const path = request.url.split('?')[0];
    if (path.startsWith('/v1/') || path === '/metrics') handOn(program(), request, response);
    else file(path, response);
  });
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () =>
      resolve({
        address: `http://127.0.0.1:${server.address().port}`,
        close: () => {
          server.closeAllConnections();
          return new Promise((closed) => server.close(closed));
        },
      }),
    );
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const program = process.argv[3] ?? 'http://127.0.0.1:7700';
  const { address } = await serve(Number(process.argv[2] ?? 8080), () => program);
  console.log(address);
}
