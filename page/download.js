// Hands a file that was made here to the browser, which keeps it where it keeps downloads.

import { el } from './dom.js';

/// `parts` as of a Blob.
export function download(parts, name, type) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = el('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
