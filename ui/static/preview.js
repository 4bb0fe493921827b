// Looking at a record's files without leaving it: pictures, PDF documents and text, one after the other.
import { announce } from './app.js';

const longestText = 256 * 1024;  // bytes of a text file that are shown

let dialog;
let links = [];
let at = 0;

function build() {
  dialog = document.createElement('dialog');
  dialog.className = 'preview';
  dialog.setAttribute('aria-labelledby', 'preview-title');
  dialog.innerHTML = `
    <div class="preview-head"><h2 id="preview-title"></h2>
      <a class="button small" target="_blank" rel="noopener">Open</a>
      <button class="button small" type="button" data-close>Close</button></div>
    <div class="preview-stage" tabindex="0" role="group" aria-label="The file"></div>
    <div class="preview-foot">
      <button class="button small" type="button" data-step="-1">Previous</button>
      <span class="meta"></span>
      <button class="button small" type="button" data-step="1">Next</button></div>`;
  document.body.append(dialog);
  dialog.addEventListener('click', (event) => {
    const { dataset } = event.target;
    if (event.target === dialog || 'close' in dataset) dialog.close();
    if (dataset.step) show(at + Number(dataset.step));
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowRight') show(at + 1);
    if (event.key === 'ArrowLeft') show(at - 1);
  });
  dialog.addEventListener('close', () => {
    dialog.querySelector('.preview-stage').replaceChildren();
    links[at].focus();
  });
}

async function text(link) {
  const pre = document.createElement('pre');
  const answer = await fetch(link.href, { headers: { Range: `bytes=0-${longestText - 1}` } });
  if (!answer.ok) throw new Error(answer.statusText);
  pre.textContent = await answer.text();
  if (Number(link.dataset.size) > longestText) pre.textContent += '\n\n… The file goes on: open or download it.';
  return pre;
}

async function content(link) {
  if (link.dataset.preview === 'text') return text(link);
  if (link.dataset.preview === 'document') {
    const frame = document.createElement('iframe');
    frame.src = link.href;
    frame.title = link.dataset.name;
    return frame;
  }
  const image = new Image();
  image.src = link.href;
  image.alt = link.dataset.name;
  await image.decode();
  return image;
}

async function show(index) {
  if (index < 0 || index >= links.length) return;
  at = index;
  const link = links[at];
  const stage = dialog.querySelector('.preview-stage');
  dialog.querySelector('h2').textContent = link.dataset.name;
  dialog.querySelector('.preview-head a').href = link.href;
  dialog.querySelector('.meta').textContent = links.length > 1 ? `${at + 1} of ${links.length}` : '';
  dialog.querySelector('[data-step="-1"]').disabled = at === 0;
  dialog.querySelector('[data-step="1"]').disabled = at === links.length - 1;
  if (!dialog.open) dialog.showModal();
  stage.replaceChildren();
  let shown;
  try {
    shown = await content(link);
  } catch {
    shown = document.createElement('p');
    shown.textContent = 'This file cannot be shown now. The details are safe; try to open or download it.';
  }
  if (link !== links[at] || !dialog.open) return;  // another file was opened, or the dialog closed, meanwhile
  stage.replaceChildren(shown);
  announce(`${link.dataset.name}, ${at + 1} of ${links.length}`);
}

export function enhance() {
  links = [...document.querySelectorAll('a[data-preview]')];
  for (const [index, link] of links.entries()) {
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (!dialog) build();
      show(index);
    });
  }
  const photo = document.querySelector('.portrait a');
  const same = photo && links.find((link) => link.href === photo.href);
  if (same) photo.addEventListener('click', (event) => { event.preventDefault(); same.click(); });
}
