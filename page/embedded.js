// The journal and the state that a page carries in itself, once it was taken away as a file; nothing
// in the page that a program serves. take_page.js writes what is read here: elements that are data,
// no script, so that nothing of it is ever run.

export function embedded() {
  const journal = document.getElementById('embedded-journal');
  if (!journal) return null;
  const encoder = new TextEncoder();
  const lines = journal.textContent
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => encoder.encode(line));
  const about = JSON.parse(document.getElementById('embedded-state').textContent);
  return { ...about, lines };
}
