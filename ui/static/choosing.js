// Choosing files: dropping, a row for each file, and saying at once what cannot be sent.
//
// The form's own file inputs hold what was chosen, so that what is sent is the same as without this script.
import { announce } from './app.js';
import { make, quoted, size, these } from './making.js';

const pictures = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
// The first bytes of such files: the server goes by these too, not by the name.
const beginnings = /^(\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF[^]{4}WEBPVP8)/;

function typeMark(file) {
  const ending = /\.([A-Za-z0-9]{1,4})$/.exec(file.name);
  return make('span', { className: 'type-mark', ariaHidden: 'true' }, ending ? ending[1].toUpperCase() : 'FILE');
}

// The picture itself; for other types, and for a picture that the browser cannot show, a mark of the type.
function mark(file, className) {
  if (!pictures.includes(file.type)) return typeMark(file);
  const image = make('img', { className, alt: '', src: URL.createObjectURL(file) });
  image.addEventListener('load', () => URL.revokeObjectURL(image.src));
  image.addEventListener('error', () => {
    URL.revokeObjectURL(image.src);
    image.replaceWith(typeMark(file));
  });
  return image;
}

// The first bytes of a file, each as one character. Fails for a folder, and for a file that was moved, changed or
// deleted.
async function beginning(file) {
  // An empty file has no byte to read; its stream is opened all the same.
  const bytes = file.size ? file.slice(0, 16).arrayBuffer() : new Response(file).arrayBuffer();
  return String.fromCharCode(...new Uint8Array(await bytes));
}

function why(failure, wasReadable) {
  if (!wasReadable) return 'cannot be read: it is a folder, or a file that is gone or may not be opened. Remove it';
  return failure.name === 'NotFoundError' ? 'is not there any more. Remove it, or choose it again'
    : 'was changed or deleted after you chose it. Remove it, or choose it again';
}

const notPictures = (files) => these(files, 'is no PNG, JPEG, WebP or GIF picture, so it was put with the other files.',
                                      'are no PNG, JPEG, WebP or GIF pictures, so they were put with the other files.');

const same = (a, b) => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

class Zone {
  constructor(element, choice) {
    this.element = element;
    this.input = element.querySelector('input[type=file]');
    this.list = element.querySelector('[data-chosen]');
    this.photo = element.dataset.drop === 'photo';
    this.files = [...this.input.files];
    this.rows = new Map();
    this.choice = choice;
    this.input.addEventListener('change', () => choice.add(this, [...this.input.files]));
    for (const kind of ['dragover', 'drop']) {
      element.addEventListener(kind, (event) => {
        event.preventDefault();
        event.stopPropagation();
        element.classList.toggle('over', kind === 'dragover');
        if (kind === 'drop') choice.drop(this, event.dataTransfer);
      });
    }
    element.addEventListener('dragleave', () => element.classList.remove('over'));
  }

  // Adds a file, in place of one of the same name that cannot be read any more. False when it was there already.
  take(file) {
    const stale = (have) => have.name === file.name && this.choice.wrong.has(have);
    const kept = this.files.filter((have) => !stale(have));
    const known = kept.some((have) => same(have, file));
    this.files = this.photo ? [file] : known ? kept : [...kept, file];
    return this.photo || !known;
  }

  remove(files) {
    this.files = this.files.filter((have) => !files.includes(have));
    this.choice.tell([]);
    this.choice.keep();
    announce(files.length === 1 ? `${files[0].name} is not chosen any more` : `${files.length} files are not chosen any more`);
    this.input.focus();
  }

  // A file that cannot be sent stays in the list, but not in the input: a browser sends no event when somebody
  // chooses a file that the input holds already.
  keep() {
    const transfer = new DataTransfer();
    for (const file of this.files.filter((each) => !this.choice.wrong.has(each))) transfer.items.add(file);
    this.input.files = transfer.files;
    this.show();
  }

  show() {
    // Not all, however many were dropped: the pictures of far more than can be sent would only fill the memory.
    const shown = this.files.slice(0, this.choice.most + 10);
    const rows = new Map(shown.map((file) => [file, this.rows.get(file) ?? this.row(file)]));
    for (const [file, row] of rows) {
      const words = this.choice.wrong.get(file);
      row.classList.toggle('wrong-file', Boolean(words));
      row.querySelector('.file-error').textContent = words ? `This ${words}.` : '';
    }
    this.rows = rows;
    const rest = this.files.slice(shown.length);
    this.list.replaceChildren(...rows.values(), ...rest.length ? [this.restRow(rest)] : []);
    this.element.classList.toggle('has-photo', this.photo && this.files.length > 0);
  }

  cross(label, files) {
    const cross = make('button', { type: 'button', className: 'cross', ariaLabel: label }, '×');
    cross.addEventListener('click', () => this.remove(files));
    return cross;
  }

  row(file) {
    const text = make('span', {}, make('bdi', { className: 'chosen-name' }, file.name),
                      make('span', { className: 'meta' }, size(file.size)), make('span', { className: 'file-error' }));
    return make('li', {}, mark(file, this.photo ? 'photo-preview' : 'thumbnail'), text,
                this.cross(`Remove ${file.name}`, [file]));
  }

  restRow(rest) {
    const many = `${rest.length.toLocaleString()} more`;
    return make('li', {}, make('span', { className: 'type-mark', ariaHidden: 'true' }, '…'),
                make('span', { className: 'chosen-name' }, `and ${many}`), this.cross(`Remove the ${many}`, rest));
  }

  // Shows how much of each file is sent, when `sent` bytes of all files are. Returns what is left for the next zone.
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

// All that a form's drop zones hold.
export class Choice {
  constructor(group) {
    this.most = Number(group.dataset.maxFiles);
    this.bytes = Number(group.dataset.maxBytes);
    this.words = group.dataset.maxWords;
    this.missing = group.dataset.missing;
    this.form = group.closest('form');
    this.begins = new WeakMap();  // the first bytes of each file that could be read
    this.wrong = new WeakMap();   // files that cannot be sent, and why
    this.notes = make('ul', { className: 'notes' });
    group.append(this.notes);
    this.zones = [...group.querySelectorAll('[data-drop]')].map((element) => new Zone(element, this));
    this.others = this.zones.find((zone) => !zone.photo);
    this.looking = this.look();
    for (const zone of this.zones) zone.show();
  }

  get files() { return this.zones.flatMap((zone) => zone.files); }

  // Shows notes until the next change. A note is [text, whether it is bad news].
  tell(notes) {
    this.notes.replaceChildren(...notes.map(([text, bad]) => make('li', { className: bad ? 'field-error' : '' }, text)));
  }

  say(text) {
    this.tell([[text, true]]);
    announce(text);
  }

  drop(zone, transfer) {
    const files = [];
    const folders = [];
    const notes = [];
    for (const item of [...transfer.items].filter(({ kind }) => kind === 'file')) {
      const entry = item.webkitGetAsEntry?.();
      if (entry?.isDirectory) folders.push(entry);
      else if (item.getAsFile()) files.push(item.getAsFile());
    }
    if (folders.length) {
      notes.push([these(folders, 'is a folder. Open it, and choose the files in it.',
                        'are folders. Open them, and choose the files in them.'), true]);
    }
    if (!files.length && !folders.length) notes.push(['That was no file. Drop files that are on this computer.', true]);
    this.add(zone, files, notes);
  }

  add(zone, files, notes = []) {
    const [before] = zone.files;
    const placed = zone.photo ? this.placePhoto(zone, files, notes) : files.map((file) => [zone, file]);
    const again = placed.filter(([where, file]) => !where.take(file)).map(([, file]) => file);
    if (again.length) notes.push([these(again, 'was chosen already.', 'were chosen already.')]);
    if (this.files.length > this.most) {
      notes.push([`These are ${this.files.length.toLocaleString()} files. At most ${this.most} can be sent at once.`, true]);
    }
    this.keep();
    this.tell(notes);
    const [photo] = zone.files;
    this.looking = this.looking.then(() => this.settle(zone, { before, photo }, notes, files));
  }

  // Decides where each file goes: one picture is the photo, the others are files.
  placePhoto(zone, files, notes) {
    const isPicture = ({ type }) => pictures.includes(type);
    // A file without a type, or one that was chosen alone, may be a picture too: its first bytes will tell.
    const mayBe = ({ type }) => !zone.files.length && (!type || files.length === 1);
    const picture = files.find(isPicture) ?? files.find(mayBe);
    const others = files.filter((file) => file !== picture);
    const more = others.filter(isPicture);
    if (more.length) notes.push([`There is one photo: ${these(more, 'was', 'were')} put with the other files.`]);
    const none = others.filter((file) => !isPicture(file));
    if (none.length) notes.push([notPictures(none)]);
    return [...picture ? [[zone, picture]] : [], ...others.map((file) => [this.others, file])];
  }

  // When the files were looked into: a photo that is not a picture is put with the other files, and the photo
  // before it is back.
  async settle(zone, { before, photo }, notes, files) {
    await this.look();
    if (zone.photo && photo && photo === zone.files[0] && photo !== before) {
      const begins = this.begins.get(photo);
      if (begins !== undefined && !beginnings.test(begins)) {
        zone.files = before ? [before] : [];
        this.others.take(photo);
        notes.push([notPictures([photo])]);
      } else if (before) {
        notes.push([`${quoted(photo.name)} is the photo now, in place of ${quoted(before.name)}.`]);
      }
    }
    this.keep();
    this.tell(notes);
    // A row shows what is wrong with its file; screen readers hear it from here.
    const wrong = files.filter((file) => this.wrong.has(file)).slice(0, 3)
      .map((file) => `${quoted(file.name)} ${this.wrong.get(file)}.`);
    const chosen = files.length === 1 ? `${files[0].name} is chosen.` : `${files.length} files are chosen.`;
    announce([...files.length ? [chosen] : [], ...notes.map(([text]) => text), ...wrong].join(' '));
  }

  // Looks into each file, as many as can be sent, to see whether it can be read now.
  async look() {
    await Promise.all(this.files.slice(0, this.most).map(async (file) => {
      const large = file.size > this.bytes ? `is too large: at most ${this.words} can be sent` : '';
      const words = await beginning(file).then((bytes) => { this.begins.set(file, bytes); return large; },
                                               (failure) => why(failure, this.begins.has(file)));
      if (words) this.wrong.set(file, words);
      else this.wrong.delete(file);
    }));
    for (const zone of this.zones) zone.show();
  }

  // Before sending: looks again, and adds files that were chosen without an event from the browser.
  async check() {
    await this.looking;
    await this.look();
    for (const zone of this.zones) {
      const silent = [...zone.input.files].filter((file) => !zone.files.some((have) => same(have, file)));
      for (const file of silent) zone.take(file);
    }
    this.keep();
    await this.look();
  }

  keep() {
    for (const zone of this.zones) zone.keep();
    this.form.dispatchEvent(new Event('input'));
  }

  lock(locked) {
    for (const zone of this.zones) {
      zone.element.inert = locked;
      if (!locked) for (const bar of zone.list.querySelectorAll('progress')) bar.remove();
    }
  }
}
