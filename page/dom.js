// Elements of the page, made and changed by code. Texts go into the document as text nodes only, so
// that nothing a modem, a host or a broker says can become markup. What is shown again and again is
// written only where it differs, so that a selection and the focus stay.

/// An element with properties (`class`, `on…`, attributes) and children (elements or texts).
export function el(name, props = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (key === 'class') made.className = value;
    else if (key === 'value') made.value = value;
    else made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return made;
}

export const byId = (id) => document.getElementById(id);

/// Puts a text where it is another one.
export function put(element, text) {
  const wanted = String(text);
  if (element.textContent !== wanted) element.textContent = wanted;
}

/// Puts other children where what they are made of is something else.
export function refill(element, key, make) {
  const wanted = typeof key === 'string' ? key : JSON.stringify(key);
  if (element.dataset.made === wanted) return;
  element.dataset.made = wanted;
  element.replaceChildren(...[make()].flat());
}

let named = 0;
/// An id that nothing else has.
export const freshId = (stem) => `${stem}-${(named += 1)}`;

/// A label and what it labels, in one block.
export function labelled(text, control, hint) {
  control.id ||= freshId('field');
  const label = el('label', { for: control.id }, text);
  const parts = [label, control];
  if (hint) {
    const id = freshId('hint');
    control.setAttribute('aria-describedby', id);
    parts.push(el('small', { id, class: 'hint' }, hint));
  }
  return el('div', { class: 'field' }, parts);
}

/// A button that copies a text, and says so.
export function copyButton(textOf, what) {
  const button = el('button', { type: 'button', class: 'copy', 'aria-label': `Copy ${what}` }, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(textOf());
      put(button, 'Copied');
    } catch {
      put(button, 'Not copied');
    }
    setTimeout(() => put(button, 'Copy'), 1500);
  });
  return button;
}

export const seconds = (value, digits = 3) => `${Number(value).toFixed(digits)} s`;
