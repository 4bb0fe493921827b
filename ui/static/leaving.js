// Asks before somebody leaves a page with something typed or chosen that is not stored yet. It listens only while
// there is something to lose: browsers keep a page for "back" more readily while nothing listens.

// On a page that nobody touched, a browser does not ask, and complains about the attempt in its console.
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

// Whether something was typed into a form. On a page that shows a refused form, all that is in it was typed.
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
    // "Cancel" is not asked about. With a key held down it opens a new tab or window, and the page stays.
    form.querySelector('[data-discard]')?.addEventListener('click', (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) go(true);
    });
  }
}
