// A form with files, nicer: dropping, previews, a row for each file, progress, and going on when the line breaks.
//
// The form's own file inputs hold what was chosen, so that what is sent is the same as without this script.
import { announce } from './app.js';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

function size(bytes) {
  const step = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return new Intl.NumberFormat(navigator.language, {
    style: 'unit', unit: units[step], unitDisplay: step ? 'short' : 'long',
    maximumFractionDigits: step && value < 10 ? 1 : 0,
  }).format(value).replace('kB', 'KB');
}

function duration(seconds) {
  if (seconds < 1.5) return 'a moment left';
  if (seconds < 90) return `${Math.round(seconds)} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${Math.round(seconds / 3600)} h left`;
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// --- Choosing

const pictures = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

function typeMark(file) {
  const ending = /\.([A-Za-z0-9]{1,4})$/.exec(file.name);
  return make('span', { className: 'type-mark', ariaHidden: 'true' }, ending ? ending[1].toUpperCase() : 'FILE');
}

// The picture itself, or what stands for another type, or for a picture that the browser cannot show.
function mark(file, className) {
  if (!pictures.includes(file.type)) return typeMark(file);
  const image = make('img', { className, alt: '', src: URL.createObjectURL(file) });
  image.addEventListener('load', () => URL.revokeObjectURL(image.src));
  image.addEventListener('error', () => image.replaceWith(typeMark(file)));
  return image;
}

class Zone {
  constructor(element) {
    this.element = element;
    this.input = element.querySelector('input[type=file]');
    this.list = element.querySelector('[data-chosen]');
    this.photo = element.dataset.drop === 'photo';
    this.files = [...this.input.files];
    this.input.addEventListener('change', () => this.add([...this.input.files]));
    for (const kind of ['dragover', 'drop']) {
      element.addEventListener(kind, (event) => {
        event.preventDefault();
        event.stopPropagation();
        element.classList.toggle('over', kind === 'dragover');
        if (kind === 'drop') this.add([...event.dataTransfer.files]);
      });
    }
    element.addEventListener('dragleave', () => element.classList.remove('over'));
    this.show();
  }

  add(files) {
    const known = (file) => this.files.some((have) => have.name === file.name && have.size === file.size
        && have.lastModified === file.lastModified);
    this.files = this.input.multiple ? [...this.files, ...files.filter((file) => !known(file))] : files.slice(0, 1);
    this.keep();
    if (files.length) announce(files.length === 1 ? `${files[0].name} is chosen` : `${files.length} files are chosen`);
  }

  remove(file) {
    this.files = this.files.filter((have) => have !== file);
    this.keep();
    announce(`${file.name} is not chosen any more`);
    this.input.focus();
  }

  keep() {
    const transfer = new DataTransfer();
    for (const file of this.files) transfer.items.add(file);
    this.input.files = transfer.files;
    this.show();
  }

  show() {
    this.rows = new Map();
    this.list.replaceChildren(...this.files.map((file) => this.row(file)));
    this.element.classList.toggle('has-photo', this.photo && this.files.length > 0);
  }

  row(file) {
    const name = make('span', { className: 'chosen-name' }, file.name);
    const text = make('span', {}, name, make('span', { className: 'meta' }, size(file.size)));
    const cross = make('button', { type: 'button', className: 'cross', ariaLabel: `Remove ${file.name}` }, '×');
    cross.addEventListener('click', () => this.remove(file));
    const row = make('li', {}, mark(file, this.photo ? 'photo-preview' : 'thumbnail'), text, cross);
    this.rows.set(file, row);
    return row;
  }

  // How much of each file is sent, when `sent` bytes of them all are; answers what is left for the next zone.
  progress(sent) {
    for (const [file, row] of this.rows) {
      let bar = row.querySelector('progress');
      if (!bar) row.append(bar = make('progress', { max: 1, ariaLabel: `Sending ${file.name}` }));
      bar.value = file.size ? Math.min(1, Math.max(0, sent / file.size)) : 1;
      sent -= file.size;
    }
    return sent;
  }
}

// --- Checking before sending, in the words that the server would use

function problems(form) {
  const found = [];
  for (const input of form.querySelectorAll('input[data-missing]')) {
    const { validity, dataset, id, value } = input;
    if (validity.valueMissing || !value.trim()) found.push([id, dataset.missing]);
    else if (validity.patternMismatch) found.push([id, dataset.mismatch]);
  }
  const group = form.querySelector('[data-files]');
  const inputs = [...group.querySelectorAll('input[type=file]')];
  const files = inputs.flatMap((input) => [...input.files]);
  const most = Number(group.dataset.maxBytes);
  if (!files.length && group.dataset.missing) found.push([inputs[0].id, group.dataset.missing]);
  if (files.length > Number(group.dataset.maxFiles)) {
    found.push([inputs.at(-1).id, `Choose at most ${group.dataset.maxFiles} files`]);
  }
  for (const file of files.filter((each) => each.size > most)) {
    found.push([inputs.at(-1).id, `Choose a smaller file than “\u2068${file.name}\u2069”: at most ${group.dataset.maxWords}`]);
  }
  return found;
}

function clearProblems(form) {
  form.parentElement.querySelector('[data-summary]')?.remove();
  for (const field of form.querySelectorAll('.wrong')) {
    field.classList.remove('wrong');
    field.querySelector('.field-error')?.remove();
    for (const input of field.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
  }
}

function summary(...children) {
  const box = make('div', { className: 'summary', role: 'alert', tabIndex: -1 },
                   make('h2', {}, 'There is a problem'), ...children);
  box.dataset.summary = '';
  return box;
}

function place(form, box) {
  const heading = document.querySelector('h1');
  if (form.contains(document.activeElement)) document.activeElement.blur();
  (form.classList.contains('adding') ? form.firstElementChild : heading).before(box);
  if (!document.title.startsWith('Error: ')) document.title = `Error: ${document.title}`;
  box.focus();
}

function showProblems(form, found) {
  clearProblems(form);
  const items = found.map(([id, message]) => make('li', {}, make('a', { href: `#${id}` }, message)));
  for (const [id, message] of found) {
    const input = document.getElementById(id);
    const field = input.closest('.field');
    if (field.querySelector('.field-error')) continue;
    field.classList.add('wrong');
    input.setAttribute('aria-invalid', 'true');
    const error = make('p', { className: 'field-error', id: `${id}-error` }, message);
    (field.querySelector('.hint') ?? field.querySelector('label, legend')).after(error);
    input.setAttribute('aria-describedby', `${input.getAttribute('aria-describedby') ?? ''} ${id}-error`.trim());
  }
  place(form, summary(make('ul', {}, ...items)));
}

// --- Sending

class Sending {
  constructor(form, zones) {
    this.form = form;
    this.zones = zones;
    this.box = form.querySelector('[data-sending]');
    this.button = form.querySelector('button[type=submit]');
    this.attempts = 0;
  }

  start() {
    this.busy = true;
    this.button.disabled = true;
    this.fileBytes = this.zones.flatMap((zone) => zone.files).reduce((sum, file) => sum + file.size, 0);
    this.samples = [];
    this.showBox();
    const request = new XMLHttpRequest();
    this.request = request;
    request.upload.addEventListener('progress', (event) => this.progress(event));
    request.addEventListener('load', () => this.answered(request));
    request.addEventListener('error', () => this.broke());
    request.addEventListener('abort', () => this.end());
    request.open('POST', this.form.action);
    request.setRequestHeader('Accept', 'text/html');
    request.send(new FormData(this.form));
  }

  showBox() {
    this.figures = make('span', { className: 'meta' });
    this.line = make('strong', {}, 'Sending…');
    this.bar = make('progress', { max: 1, value: 0, ariaLabel: 'Sending' });
    const cancel = make('button', { type: 'button', className: 'button small' }, 'Cancel');
    cancel.addEventListener('click', () => {
      clearTimeout(this.waiting);
      this.request.abort();
      this.end();
    });
    this.box.className = 'sending';
    this.box.replaceChildren(make('div', { className: 'sending-line' }, this.line, this.figures), this.bar,
                             make('div', { className: 'actions' }, cancel));
    this.box.hidden = false;
    announce('Sending has begun');
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
      ? `${size(loaded)} of ${size(total)} · ${size(rate)}/s · ${duration((total - loaded) / rate)}` : size(total);
    // What is sent besides the files is small; counting it last keeps the rows honest.
    let sent = Math.min(this.fileBytes, loaded);
    for (const zone of this.zones) sent = zone.progress(sent);
    if (percent >= (this.said ?? 0) + 25) { this.said = percent; announce(`${percent} percent are sent`); }
  }

  answered(request) {
    const wait = Number(request.getResponseHeader('Retry-After'));
    // The attempt before this one may still be ending; the same key makes sure that it is stored once.
    // Retry-After is when it ends at the latest; most often it has ended long before.
    if (request.status === 409 && wait && this.attempts++ < 30) {
      this.line.textContent = 'Waiting for the attempt before to end…';
      this.waiting = setTimeout(() => this.start(), Math.min(wait, 2) * 1000);
      return;
    }
    if (request.status >= 400) {
      this.refused(request);
      return;
    }
    this.leaving = true;
    location.assign(request.responseURL);
  }

  refused(request) {
    this.end();
    const answer = new DOMParser().parseFromString(request.responseText, 'text/html');
    const found = [...answer.querySelectorAll('[data-summary] li a')]
      .map((link) => [link.hash.slice(1), link.textContent]).filter(([id]) => document.getElementById(id));
    const key = answer.querySelector('input[name=idempotency_key]');
    if (key) this.form.elements.idempotency_key.value = key.value;
    if (found.length) {
      showProblems(this.form, found);
      return;
    }
    clearProblems(this.form);
    const words = answer.querySelector('[data-summary] p, [data-trouble]')?.textContent
      ?? 'It was not stored. Try again in a moment.';
    place(this.form, summary(make('p', {}, words)));
  }

  broke() {
    this.end();
    const again = make('button', { type: 'button', className: 'button primary' }, 'Go on');
    again.addEventListener('click', () => this.start());
    this.box.classList.add('broken');
    this.box.replaceChildren(
      make('div', { className: 'sending-line' }, make('strong', {}, 'The connection broke')),
      make('p', {}, 'Nothing you typed or chose is lost, and nothing will be stored twice.'),
      make('div', { className: 'actions' }, again));
    this.box.hidden = false;
    announce('The connection broke. Choose “Go on” to send again.');
    again.focus();
  }

  end() {
    this.busy = false;
    this.said = 0;
    this.button.disabled = false;
    this.box.hidden = true;
    for (const zone of this.zones) zone.show();
  }
}

function enhanceForm(form) {
  const zones = [...form.querySelectorAll('[data-drop]')].map((element) => new Zone(element));
  const sending = new Sending(form, zones);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (sending.busy) return;
    const found = problems(form);
    if (found.length) {
      showProblems(form, found);
      return;
    }
    clearProblems(form);
    sending.attempts = 0;
    sending.start();
  });
  // A file dropped beside a zone would otherwise replace the page, and with it all that was typed.
  for (const kind of ['dragover', 'drop']) document.addEventListener(kind, (event) => event.preventDefault());
  addEventListener('beforeunload', (event) => { if (sending.busy && !sending.leaving) event.preventDefault(); });
  addEventListener('pageshow', (event) => { if (event.persisted) sending.end(); });
}

export function enhance() {
  for (const form of document.querySelectorAll('form[data-submission]')) enhanceForm(form);
}
