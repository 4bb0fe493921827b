// Elements and words that the scripts of a form make.
const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

export function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export function size(bytes) {
  const step = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return new Intl.NumberFormat(navigator.language, {
    style: 'unit', unit: units[step], unitDisplay: step ? 'short' : 'long',
    maximumFractionDigits: step && value < 10 ? 1 : 0,
  }).format(value).replace('kB', 'KB');
}

export function timeLeft(seconds) {
  if (seconds < 1.5) return 'a moment left';
  if (seconds < 90) return `${Math.round(seconds)} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${Math.round(seconds / 3600)} h left`;
}

// A name to stand in a sentence, whatever its writing direction; a very long one is cut in the middle.
export function quoted(name) {
  const letters = [...name];
  const short = letters.length > 60 ? `${letters.slice(0, 40).join('')}…${letters.slice(-16).join('')}` : name;
  return `“\u2068${short}\u2069”`;
}

// A sentence about some files: the names of the first three, and then `one` if it is one file, `more` if not.
export function these(files, one, more) {
  const names = files.slice(0, 3).map(({ name }) => quoted(name));
  if (files.length > 3) names.push(`${(files.length - 3).toLocaleString()} more`);
  return `${new Intl.ListFormat('en').format(names)} ${files.length === 1 ? one : more}`;
}
