// The pages as a person uses them: elements are found by their label or their words, not by their markup.
import assert from 'node:assert/strict';

export const anna = { name: 'Anna Berg', location: 'Oslo', age: '41', technology: 'C++' };

export async function fill_details(page, details = anna) {
  for (const [label, value] of [['Name', details.name], ['Location', details.location], ['Age', details.age], ['Technology', details.technology]])
    if (value !== undefined) await main(page).getByLabel(label, { exact: true }).fill(String(value));
}

export const main = page => page.getByRole('main');
export const photo_input = page => page.locator('input#photo');
export const files_input = page => page.locator('input#files');
export const submit_button = page => main(page).getByRole('button', { name: 'Submit', exact: true });

export async function fill_form(page, { details = anna, photo, files = [] } = {}) {
  await fill_details(page, details);
  if (photo) await photo_input(page).setInputFiles(photo);
  if (files.length > 0) await files_input(page).setInputFiles(files);
}

// Drops files as a file manager does: with the browser's own drag events.
export async function drop(page, target, files) {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  const devtools = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) await devtools.send('Input.dispatchDragEvent', { type, ...at, data });
}

// Submits the form and returns the number on the success page.
export async function submit(page) {
  await submit_button(page).click();
  return stored_number(page);
}

export async function stored_number(page) {
  await page.waitForURL(/\/submitted\/\d+$/);
  const heading = await page.getByRole('heading', { level: 1 }).innerText();
  const found = /^Stored as no\. (\d+)$/.exec(heading);
  assert.ok(found, `the success page says "${heading}"`);
  return Number(found[1]);
}

// Waits until the condition returns something true, and returns that. Otherwise the error has its last value.
export async function until(what, condition, limit = 20_000) {
  const end = Date.now() + limit;
  let last;
  do {
    last = await condition();
    if (last) return last;
    await new Promise(resolve => setTimeout(resolve, 40));
  } while (Date.now() < end);
  throw new Error(`never came: ${what} (last: ${JSON.stringify(last)})`);
}

// Waits until there are pictures and all of them show something; returns how many there are.
export async function pictures_shown(page, selector = 'main img') {
  return until(`pictures at ${selector}`, () => page.$$eval(selector, images =>
    images.length > 0 && images.every(image => image.complete && image.naturalWidth > 0) && images.length));
}

export async function in_step(server) {
  const report = await server.doctor();
  assert.deepEqual(report.findings, [], 'doctor finds that the stores are in step');
  assert.equal(report.in_step, true);
  return report;
}
