// Small improvements for every page. All pages work without scripts.
document.documentElement.classList.add('js');

const locale = document.documentElement.lang || navigator.language;
const exact = new Intl.DateTimeFormat(navigator.language || locale, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

export function announce(text) {
  document.getElementById('announcer').textContent = text;
}

// The same words as the server's, so that the text does not jump.
function ago(when) {
  const seconds = Math.floor((Date.now() - when) / 1000);
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  if (seconds < 30 * 86400) return relative.format(-Math.floor(seconds / 86400), 'day');
  return null;
}

// Shows times in the reader's own time zone and format.
function localiseTimes() {
  for (const time of document.querySelectorAll('time[datetime]')) {
    const when = new Date(time.dateTime);
    if (time.hasAttribute('data-local')) time.textContent = exact.format(when);
    if (!time.hasAttribute('data-exact')) continue;
    time.title = exact.format(when);
    const text = ago(when);
    if (text && time.textContent !== text) time.textContent = text;
  }
}

// After a form was refused, a screen reader begins at what was wrong.
function focusSummary() {
  document.querySelector('[data-summary]')?.focus();
}

function offerCopying() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll('[data-copy]')) {
    const words = button.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
      button.textContent = 'Copied';
      announce('The link is copied');
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }
}

function offerShowing() {
  for (const button of document.querySelectorAll('[data-show]')) {
    const input = document.getElementById(button.dataset.show);
    button.hidden = false;
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      const shown = input.type === 'text';
      input.type = shown ? 'password' : 'text';
      button.textContent = shown ? 'Show' : 'Hide';
      button.setAttribute('aria-pressed', String(!shown));
      input.focus();
    });
    input.form.addEventListener('submit', () => { input.type = 'password'; });
  }
}

// A notice of what was just done is shown once, and not again after a reload.
function forgetNotice() {
  if (!document.querySelector('[data-notice]')) return;
  const address = new URL(location.href);
  for (const notice of ['saved', 'added', 'removed', 'deleted']) address.searchParams.delete(notice);
  history.replaceState(null, '', address.pathname + address.search + address.hash);
}

// A second press of a button while the first is under way does nothing. (Sending twice would be harmless.)
function sendOnce() {
  for (const form of document.querySelectorAll('form[method="post"]:not([data-submission])')) {
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = 'yes';
    });
  }
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  });
}

localiseTimes();
focusSummary();
offerCopying();
offerShowing();
forgetNotice();
sendOnce();
const more = [];
if (document.querySelector('[data-submission]')) {
  more.push('./upload.js');
  // The scripts that it imports, all at once: one after the other would take long on a slow line.
  for (const part of ['making', 'choosing', 'problems', 'sending', 'leaving']) import(`./${part}.js`);
}
if (document.querySelector('[data-typed]')) more.push('./leaving.js');
if (document.querySelector('[data-preview]')) more.push('./preview.js');
// Until then links and forms work as without scripts. The browser tests wait for this mark.
Promise.all(more.map((module) => import(module).then(({ enhance }) => enhance())))
  .then(() => { document.documentElement.dataset.enhanced = ''; });
