// Asks before a page is left on which something was typed or chosen that is stored nowhere yet. Only then does
// it listen: browsers keep a page for "back" more readily while nothing does.

// A browser asks nobody on a page that nobody touched, and complains of the attempt.
const ask = (event) => { if (navigator.userActivation?.hasBeenActive !== false) event.preventDefault(); };

export function watchLeaving(form, unsaved) {
  const look = () => {
    if (unsaved()) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  };
  for (const kind of ['input', 'change']) form.addEventListener(kind, look);
  addEventListener('pageshow', look);  // a browser may have put back what was typed
  look();
  return look;
}

// Whether something was typed into a form. On a page that a refusal brought, all that is in it was.
export function typedInto(form) {
  const fields = [...form.querySelectorAll('input[type=text]')];
  const refused = document.querySelector('[data-summary]') !== null;
  return () => fields.some(({ value, defaultValue }) => (refused ? value : value !== defaultValue));
}

// Forms without files are sent by the browser itself.
export function enhance() {
  for (const form of document.querySelectorAll('form[data-typed]')) {
    let going = false;
    const typed = typedInto(form);
    const look = watchLeaving(form, () => !going && typed());
    const go = (to) => { going = to; look(); };
    form.addEventListener('submit', () => go(true));
    addEventListener('pageshow', () => go(false));
    // Who presses "Cancel" has said it already. A new tab leaves nothing.
    form.querySelector('[data-discard]')?.addEventListener('click', (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) go(true);
    });
  }
}
