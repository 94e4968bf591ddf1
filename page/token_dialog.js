// Asks the person for the token that the program wants (--control-token), until there is one. Does not
// know whether it is the right one: who uses it finds out, and asks again. The field is emptied as
// soon as it is read.

import { byId } from './dom.js';

export function askForToken() {
  const dialog = byId('token-dialog');
  const field = byId('token');
  field.value = '';
  return new Promise((resolve) => {
    const done = () => {
      const token = field.value.trim();
      if (!token) return dialog.showModal();
      dialog.removeEventListener('close', done);
      field.value = '';
      return resolve(token);
    };
    dialog.addEventListener('close', done);
    dialog.showModal();
  });
}
