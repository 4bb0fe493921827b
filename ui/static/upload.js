// Improves a form with files: dropping, previews, a row for each file, progress, and going on when the line breaks.
import { Choice } from './choosing.js';
import { typedInto, watchLeaving } from './leaving.js';
import { clearProblems, problemsOf, showProblems } from './problems.js';
import { Sending } from './sending.js';

function enhanceForm(form) {
  const choice = new Choice(form.querySelector('[data-files]'));
  const sending = new Sending(form, choice);
  const typed = typedInto(form);
  sending.left = watchLeaving(form, () => !sending.leaving
    && (sending.busy || ((choice.files.length > 0 || typed()) && !sending.isStored())));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (sending.busy) return;
    const found = problemsOf(form, choice);
    if (found.length) {
      showProblems(form, found);
      return;
    }
    clearProblems(form);
    sending.start();
  });
  // A file dropped beside a zone would otherwise replace the page, and with it all that was typed.
  for (const kind of ['dragover', 'drop']) document.addEventListener(kind, (event) => event.preventDefault());
  document.addEventListener('drop', ({ dataTransfer }) => {
    if (!dataTransfer.types.includes('Files')) return;
    choice.say(sending.busy ? 'Nothing was added: the form is being sent.' : 'Nothing was added: drop files on a box with a dashed edge.');
  });
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    sending.leaving = false;
    sending.end();
  });
}

export function enhance() {
  for (const form of document.querySelectorAll('form[data-submission]')) enhanceForm(form);
}
