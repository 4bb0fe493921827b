// Shows what is wrong with a form, found before it is sent or told by the server: a summary that links to each
// field, and the same words beside the field.
import { make, quoted } from './making.js';

// What is wrong with the fields, in the words that the server would use.
export function problemsOf(form, choice) {
  const found = [];
  for (const input of form.querySelectorAll('input[data-missing]')) {
    const { validity, dataset, id, value } = input;
    if (validity.valueMissing || !value.trim()) found.push([id, dataset.missing]);
    else if (validity.patternMismatch) found.push([id, dataset.mismatch]);
  }
  const { files, missing, most } = choice;
  const last = choice.others.input.id;
  if (!files.length && missing) found.push([choice.zones[0].input.id, missing]);
  if (files.length > most) found.push([last, `Choose at most ${most} files`]);
  for (const zone of choice.zones) {
    for (const file of zone.files) {
      if (file.size > choice.bytes) found.push([last, `Choose a smaller file than ${quoted(file.name)}: at most ${choice.words}`]);
    }
  }
  return found;
}

// Files that could not be read when they were looked into last.
export function unreadable(choice) {
  return choice.zones.flatMap((zone) => zone.files.filter((file) => choice.wrong.has(file))
    .map((file) => [zone.input.id, `${quoted(file.name)} ${choice.wrong.get(file)}`]));
}

export function clearProblems(form) {
  form.parentElement.querySelector('[data-summary]')?.remove();
  for (const field of form.querySelectorAll('.wrong')) {
    field.classList.remove('wrong');
    field.querySelector('.field-error[id]')?.remove();
    for (const input of field.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
  }
}

export function showSummary(form, ...children) {
  clearProblems(form);
  const box = make('div', { className: 'summary', role: 'alert', tabIndex: -1 },
                   make('h2', {}, 'There is a problem'), ...children);
  box.dataset.summary = '';
  if (form.contains(document.activeElement)) document.activeElement.blur();
  (form.classList.contains('adding') ? form.firstElementChild : document.querySelector('h1')).before(box);
  if (!document.title.startsWith('Error: ')) document.title = `Error: ${document.title}`;
  box.focus();
}

export function showProblems(form, found) {
  clearProblems(form);
  const items = found.map(([id, message]) => make('li', {}, make('a', { href: `#${id}` }, message)));
  showSummary(form, make('ul', {}, ...items));
  for (const [id, message] of found) {
    const input = document.getElementById(id);
    const field = input.closest('.field');
    if (field.querySelector('.field-error[id]')) continue;
    field.classList.add('wrong');
    input.setAttribute('aria-invalid', 'true');
    const error = make('p', { className: 'field-error', id: `${id}-error` }, message);
    (field.querySelector('.hint') ?? field.querySelector('label, legend')).after(error);
    input.setAttribute('aria-describedby', `${input.getAttribute('aria-describedby') ?? ''} ${id}-error`.trim());
  }
}
