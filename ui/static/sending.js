// Sending a form with files: its key, progress, cancelling, and going on when the line breaks.
import { announce } from './app.js';
import { make, size, timeLeft } from './making.js';
import { clearProblems, showProblems, showSummary, unreadable } from './problems.js';

function newKey() {
  // Not randomUUID(): browsers have it only on https pages and on localhost.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

// Whether this answer leaves open if the server stored the form.
const isOpen = (status) => [0, 408, 409].includes(status) || (status >= 500 && status !== 507);

export class Sending {
  constructor(form, choice) {
    this.form = form;
    this.choice = choice;
    this.box = form.querySelector('[data-sending]');
    this.button = form.querySelector('button[type=submit]');
    this.button.disabled = false;  // a browser may have kept it as it was while sending
    // What was sent from this page last: {key, content, stored}. It stays with the page's place in the tab's
    // history: after a reload or "back" it is known, on a form that was opened anew it is not.
    this.sent = history.state?.sent;
    // What the browser put back into the form: some browsers leave out the files.
    this.restored = this.sent?.stored && this.content();
    this.open = false;  // whether the outcome of an attempt from here is unknown
    this.turn = 0;      // counts attempts, so that a cancelled one does not go on
  }

  // What the form holds, for comparing: texts as they are; of a file its name, size and time.
  content() {
    return JSON.stringify([...new FormData(this.form)].filter(([name]) => name !== 'idempotency_key')
      .map(([, value]) => (value instanceof File ? value.name && [value.name, value.size, value.lastModified] : value)));
  }

  isStored() { return Boolean(this.sent?.stored) && [this.sent.content, this.restored].includes(this.content()); }

  remember(sent) {
    this.sent = sent;
    history.replaceState({ ...history.state, sent }, '');
  }

  // The same content sent again (the answer was lost, a double click, a reload, "back") has the same key, and is
  // stored once. Other content gets another key, in this tab or a copy of it. There is one exception: while nobody
  // knows whether the attempt before was stored, changed content keeps its key. The server then says if it was.
  setKey() {
    const content = this.content();
    const kept = this.sent && (this.sent.content === content || this.open);
    this.remember({ key: kept ? this.sent.key : newKey(), content });
    this.form.elements.idempotency_key.value = this.sent.key;
  }

  async start() {
    if (this.busy) return;
    this.attempts = 0;
    this.lock(true);
    this.showBox();
    const turn = ++this.turn;
    await this.choice.check();
    if (turn !== this.turn) return;
    const found = unreadable(this.choice);
    if (found.length) {
      this.end();
      showProblems(this.form, found);
      return;
    }
    this.setKey();
    this.send();
  }

  send() {
    this.open = true;
    this.fileBytes = this.choice.files.reduce((sum, file) => sum + file.size, 0);
    this.samples = [];
    this.said = 0;
    const request = new XMLHttpRequest();
    this.request = request;
    request.upload.addEventListener('progress', (event) => this.progress(event));
    request.addEventListener('load', () => this.answered(request));
    request.addEventListener('error', () => this.broke());
    request.open('POST', this.form.action);
    request.setRequestHeader('Accept', 'text/html');
    request.send(new FormData(this.form));
  }

  // While the form is being sent it cannot be changed, so that people see what is sent.
  lock(locked) {
    this.busy = locked;
    this.form.classList.toggle('locked', locked);
    for (const input of this.form.querySelectorAll('input[type=text]')) input.readOnly = locked;
    this.choice.lock(locked);
    this.button.disabled = locked;
    this.left();
  }

  showBox() {
    this.figures = make('span', { className: 'meta' });
    this.line = make('strong', {}, 'Sending…');
    this.bar = make('progress', { max: 1, value: 0, ariaLabel: 'Sending' });
    const cancel = make('button', { type: 'button', className: 'button small' }, 'Cancel');
    cancel.addEventListener('click', () => this.cancel());
    this.box.className = 'sending';
    this.box.replaceChildren(make('div', { className: 'sending-line' }, this.line, this.figures), this.bar,
                             make('div', { className: 'actions' }, cancel));
    this.box.hidden = false;
    cancel.focus();
    announce('Sending has begun. Until it ends the form cannot be changed.');
  }

  progress({ loaded, total, lengthComputable }) {
    if (!lengthComputable) return;
    const now = performance.now();
    this.samples.push([now, loaded]);
    while (this.samples.length > 2 && now - this.samples[0][0] > 4000) this.samples.shift();
    const [[since, before]] = this.samples;
    const rate = now > since ? (loaded - before) / (now - since) * 1000 : 0;
    const percent = Math.floor(loaded / total * 100);
    this.bar.value = loaded / total;
    this.line.textContent = loaded < total ? `${percent} %` : 'Sent. Storing it safely…';
    this.figures.textContent = loaded < total && rate
      ? `${size(loaded)} of ${size(total)} · ${size(rate)}/s · ${timeLeft((total - loaded) / rate)}` : size(total);
    // What is sent besides the files is small. It is counted after them.
    let sent = Math.min(this.fileBytes, loaded);
    for (const zone of this.choice.zones) sent = zone.progress(sent);
    if (percent >= this.said + 25) { this.said = percent; announce(`${percent} percent are sent`); }
  }

  answered(request) {
    const wait = Number(request.getResponseHeader('Retry-After'));
    // The attempt before this one may still be ending; the same key makes sure that it is stored once.
    // Retry-After says when it ends at the latest; most often it ends long before.
    if (request.status === 409 && wait && this.attempts++ < 30) {
      this.line.textContent = 'Waiting for the attempt before to end…';
      this.waiting = setTimeout(() => this.send(), Math.min(wait, 2) * 1000);
      return;
    }
    this.open = isOpen(request.status);
    if (request.status >= 400) {
      this.refused(request);
      return;
    }
    this.leaving = true;
    this.remember({ ...this.sent, stored: true });
    this.left();
    location.assign(request.responseURL);
  }

  refused(request) {
    if (!this.open) this.remember(undefined);
    this.end();
    const answer = new DOMParser().parseFromString(request.responseText, 'text/html');
    const found = [...answer.querySelectorAll('[data-summary] li a')]
      .map((link) => [link.hash.slice(1), link.textContent]).filter(([id]) => document.getElementById(id));
    if (found.length) {
      showProblems(this.form, found);
      return;
    }
    const used = answer.querySelector('[data-used]');
    const words = (used ?? answer.querySelector('[data-summary] p, [data-trouble]'))?.textContent
      ?? 'It was not stored. Try again in a moment.';
    showSummary(this.form, make('p', {}, words), ...used ? [this.offerAnew(answer)] : []);
  }

  offerAnew(answer) {
    const anew = make('button', { type: 'button', className: 'button' }, answer.querySelector('[data-anew]').textContent);
    anew.addEventListener('click', () => {
      this.remember(undefined);
      clearProblems(this.form);
      this.start();
    });
    return make('p', {}, anew);
  }

  async broke() {
    await this.choice.look();
    if (!this.busy) return;
    this.end();
    const found = unreadable(this.choice);
    if (found.length) {
      showProblems(this.form, found);
      return;
    }
    const again = make('button', { type: 'button', className: 'button primary' }, 'Go on');
    again.addEventListener('click', () => this.form.requestSubmit());
    this.box.classList.add('broken');
    this.box.replaceChildren(
      make('div', { className: 'sending-line' }, make('strong', {}, 'The connection broke')),
      make('p', {}, 'Nothing you typed or chose is lost, and nothing will be stored twice.'),
      make('div', { className: 'actions' }, again));
    this.box.hidden = false;
    announce('The connection broke. Choose “Go on” to send again.');
    again.focus();
  }

  cancel() {
    ++this.turn;
    clearTimeout(this.waiting);
    this.request?.abort();
    this.end();
    this.button.focus();
    announce('Sending was stopped. What you typed and chose is still here.');
  }

  end() {
    this.lock(false);
    this.box.hidden = true;
  }
}
