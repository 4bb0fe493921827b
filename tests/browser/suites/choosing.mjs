// Choosing files: a file that cannot be sent is named at once, and one dropped in the wrong place is not lost.
import assert from 'node:assert/strict';
import { appendFile, mkdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { anna, drop, fill_form, in_step, main, stored_number, submit, submit_button, until } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

const notes = page => page.locator('.notes');
const zone = (page, name) => page.locator(`[data-drop=${name}]`);
const names = (page, input) => page.$eval(`#${input}`, it => [...it.files].map(file => file.name));
const chosen = (page, input, wanted) => until(`${input}: ${wanted}`, async () => JSON.stringify(await names(page, input)) === JSON.stringify(wanted));
const said = (page, words) => until(`said: ${words}`, async () => words.test(await notes(page).innerText()) && words.test(await page.locator('#announcer').innerText()));

// Waits until the page has looked into the file.
const heard_of = (page, name) => until(`heard of ${name}`, async () => (await page.locator('#announcer').innerText()).includes(`${name} is chosen`));

async function on_disk(t, name, bytes) {
  const path = `${t.folder}/${name}`;
  await writeFile(path, bytes);
  return path;
}

// The addresses of the POST requests, in the order in which they are sent.
function posts(page) {
  const sent = [];
  page.on('request', request => request.method() === 'POST' && sent.push(request.url()));
  return sent;
}

export default suite('choosing', ({ test }) => {
  test('a folder is named as one when it is dropped, alone or among files', async t => {
    await mkdir(`${t.folder}/Holiday pictures`, { recursive: true });
    await mkdir(`${t.folder}/empty.png`, { recursive: true });
    const file = await on_disk(t, 'beside.txt', 'beside');
    const { id } = await t.server.add_person({ name: 'Has A Page' });
    for (const [address, where] of [['/', 'photo'], ['/', 'files'], [`/people/${id}`, 'files']]) {
      const page = await t.open(address);
      await drop(page, zone(page, where), [`${t.folder}/Holiday pictures`]);
      await said(page, /“⁨?Holiday pictures⁩?” is a folder/);
      assert.equal(await page.locator('[data-chosen] li').count(), 0, `${address} ${where}`);
      await drop(page, zone(page, where), [file, `${t.folder}/empty.png`]);
      await said(page, /empty\.png⁩?” is a folder/);
      assert.match(await page.locator('[data-chosen] li').innerText(), /beside\.txt/);
      await page.close({ runBeforeUnload: false });
    }
  });

  test('a folder that comes as a file is found by reading it, before anything is sent', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Folder Read' }, photo: samples.png() });
    // As in a browser that does not mark folders: the folder looks like a file without a type.
    await page.evaluate(() => { delete DataTransferItem.prototype.webkitGetAsEntry; });
    await mkdir(`${t.folder}/looks like a file`, { recursive: true });
    await drop(page, zone(page, 'files'), [`${t.folder}/looks like a file`]);
    await until('its row says it', async () => /This cannot be read: it is a folder/.test(await zone(page, 'files').locator('li').innerText()));
    await until('it is heard', async () => /looks like a file⁩?” cannot be read: it is a folder/.test(await page.locator('#announcer').innerText()));
    const sent = posts(page);
    await submit_button(page).click();
    await page.locator('[data-summary] a[href="#files"]').waitFor();
    assert.match(await page.locator('[data-summary]').innerText(), /looks like a file⁩?” cannot be read/);
    assert.deepEqual(sent, []);
    await page.getByRole('button', { name: 'Remove looks like a file' }).click();
    await submit(page);
    await in_step(t.server);
  });

  for (const [title, change, words, bytes = 'as it was'] of [
    ['deleted', path => rm(path), /is not there any more/],
    ['deleted, and was empty', path => rm(path), /was changed or deleted after you chose it|is not there any more/, ''],
    ['made longer', path => appendFile(path, 'and more'), /was changed or deleted after you chose it/],
    ['written anew with as many bytes', async path => { await writeFile(path, 'AS IT WAS'); await utimes(path, new Date(), new Date(Date.now() + 5000)); }, /was changed or deleted after you chose it/],
    ['replaced by a folder', async path => { await rm(path); await mkdir(path); }, /was changed or deleted after you chose it|is not there any more/],
  ]) {
    test(`a file that was ${title} after it was chosen is named when sending starts, and can be chosen again`, async t => {
      const name = `${title.replace(/\W+/g, '-')}.txt`;
      const path = await on_disk(t, name, bytes);
      const page = await t.open('/');
      await fill_form(page, { details: { ...anna, name: `After ${title}` }, photo: samples.png(), files: [path] });
      await heard_of(page, name);
      await change(path);
      const sent = posts(page);
      await submit_button(page).click();
      const summary = page.locator('[data-summary]');
      await summary.waitFor();
      assert.match(await summary.innerText(), words);
      assert.ok((await summary.innerText()).includes(name));
      assert.match(await zone(page, 'files').locator('li').innerText(), words, 'its row says it too');
      assert.deepEqual(sent, []);
      assert.deepEqual(await t.server.people(`?q=${encodeURIComponent(`after ${title}`.replace(/\W+/g, ' '))}`), []);
      await rm(path, { recursive: true, force: true });
      await writeFile(path, 'as it is now');
      await page.locator('#files').setInputFiles([path]);
      await until('its row is in order', async () => !words.test(await zone(page, 'files').locator('li').innerText()));
      const number = await submit(page);
      const files = (await t.server.api(`/people/${number}`)).files;
      assert.deepEqual(files.map(file => [file.name, file.size]), [['portrait.png', files[0].size], [name, 12]]);
    });
  }

  test('a file that was changed and chosen once more before sending is sent as it is now', async t => {
    const path = await on_disk(t, 'new-version.txt', 'first');
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'New Version' }, files: [path] });
    await writeFile(path, 'second version');
    await page.locator('#files').setInputFiles([path]);
    const number = await submit(page);
    assert.deepEqual((await t.server.api(`/people/${number}`)).files.map(file => [file.name, file.size]), [['new-version.txt', 14]]);
  });

  test('a photo that is gone is named beside the photo, and so is a file on a record’s page', async t => {
    const photo = await on_disk(t, 'gone.png', samples.png().buffer);
    const page = await t.open('/');
    await fill_form(page, { photo });
    await heard_of(page, 'gone.png');
    await rm(photo);
    await submit_button(page).click();
    await page.locator('[data-summary] a[href="#photo"]').waitFor();
    assert.match(await page.locator('[data-summary]').innerText(), /gone\.png/);

    const { id } = await t.server.add_person({ name: 'Gets No File' });
    const path = await on_disk(t, 'gone.txt', 'gone');
    const record = await t.open(`/people/${id}`);
    await record.locator('#more_files').setInputFiles([path]);
    await heard_of(record, 'gone.txt');
    await rm(path);
    await main(record).getByRole('button', { name: 'Add to this record' }).click();
    await record.locator('[data-summary] a[href="#more_files"]').waitFor();
    assert.deepEqual((await t.server.api(`/people/${id}`)).files, []);
  });

  test('a file that is changed while it is sent is named, not taken for a broken line', async t => {
    t.watch.expect(/net::ERR_|Failed to load resource/);
    const proxy = await t.proxy();
    const page = await t.open(proxy.url + '/');
    const path = await samples.large_file(`${t.folder}/shrinking.bin`, 40_000_000);
    await fill_form(page, { details: { ...anna, name: 'While Sent' }, files: [path] });
    proxy.hold(2e6);
    await submit_button(page).click();
    await until('the bar moves', async () => await page.locator('[data-sending] progress').evaluate(it => it.position).catch(() => 0) > 0.01);
    await truncate(path, 100);
    proxy.mend();
    await page.locator('[data-summary]').waitFor();
    assert.match(await page.locator('[data-summary]').innerText(), /shrinking\.bin⁩?” was changed or deleted after you chose it/);
    assert.deepEqual(await t.server.people('?q=while%20sent'), []);
  });

  test('what is no picture does not become the photo: it is put with the other files, and that is said', async t => {
    const picture = samples.png().buffer;
    for (const [name, bytes, is_picture] of [
      ['cv.pdf', samples.pdf().buffer, false],
      ['really-text.png', 'no picture at all', false],
      ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', false],
      ['photo.heic', '\0\0\0\x18ftypheic', false],
      ['empty.jpg', '', false],
      ['without-ending', picture, true],
      ['wrong-ending.txt', picture, true],
    ]) {
      const page = await t.open('/');
      await drop(page, zone(page, 'photo'), [await on_disk(t, name, bytes)]);
      await chosen(page, is_picture ? 'photo' : 'files', [name]);
      assert.deepEqual(await names(page, is_picture ? 'files' : 'photo'), []);
      if (!is_picture) await said(page, new RegExp(`${name.replace('.', '\\.')}⁩?” is no PNG, JPEG, WebP or GIF picture, so it was put with the other files`));
      await page.close({ runBeforeUnload: false });
    }
    const page = await t.open('/');
    await page.locator('#photo').setInputFiles([await on_disk(t, 'picked.zip', 'PK')]);
    await chosen(page, 'files', ['picked.zip']);
    await fill_form(page, { details: { ...anna, name: 'Picked Wrong' } });
    const number = await submit(page);
    assert.deepEqual((await t.server.api(`/people/${number}`)).files.map(file => file.name), ['picked.zip']);
  });

  test('of several files dropped on the photo none vanishes', async t => {
    const path = {};
    for (const name of ['one.png', 'two.png', 'three.png']) path[name] = await on_disk(t, name, samples.png(name, 20 + name.length, 20).buffer);
    path['notes.txt'] = await on_disk(t, 'notes.txt', 'notes');
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'None Vanishes' } });
    await drop(page, zone(page, 'photo'), [path['notes.txt'], path['one.png'], path['two.png'], path['three.png']]);
    await chosen(page, 'photo', ['one.png']);
    await chosen(page, 'files', ['notes.txt', 'two.png', 'three.png']);
    await said(page, /There is one photo: “⁨?two\.png⁩?” and “⁨?three\.png⁩?” were put with the other files/);
    await said(page, /“⁨?notes\.txt⁩?” is no PNG/);
    const number = await submit(page);
    assert.deepEqual((await t.server.api(`/people/${number}`)).files.map(file => file.name), ['one.png', 'notes.txt', 'two.png', 'three.png']);
  });

  test('of many files one message tells, and a very long name keeps its beginning and its end', async t => {
    const paths = [];
    for (let n = 0; n < 12; ++n) paths.push(await on_disk(t, `${n}-${'very-long-'.repeat(20)}name.pdf`, `file ${n}`));
    const page = await t.open('/');
    await drop(page, zone(page, 'photo'), paths);
    await said(page, /“⁨?0-very-long-[^”]{1,40}….*name\.pdf⁩?”, .* and 9 more are no PNG, JPEG, WebP or GIF pictures, so they were put with the other files/);
    assert.ok((await notes(page).innerText()).length < 600);
    assert.equal((await names(page, 'files')).length, 12);
    assert.deepEqual(await names(page, 'photo'), []);
  });

  test('another photo takes the place of the first, and that is said; what is no picture does not', async t => {
    const first = await on_disk(t, 'first.png', samples.png('first.png', 30, 30).buffer);
    const second = await on_disk(t, 'second.png', samples.png('second.png', 40, 40).buffer);
    const fake = await on_disk(t, 'fake.png', 'not a picture');
    const page = await t.open('/');
    await drop(page, zone(page, 'photo'), [first]);
    await chosen(page, 'photo', ['first.png']);
    await drop(page, zone(page, 'photo'), [second]);
    await said(page, /second\.png⁩?” is the photo now, in place of “⁨?first\.png/);
    await drop(page, zone(page, 'photo'), [fake]);
    await chosen(page, 'photo', ['second.png']);
    await chosen(page, 'files', ['fake.png']);
    await said(page, /fake\.png⁩?” is no PNG/);
    await drop(page, zone(page, 'photo'), [await on_disk(t, 'plain.txt', 'plain')]);
    await chosen(page, 'photo', ['second.png']);
    await chosen(page, 'files', ['fake.png', 'plain.txt']);
  });

  test('what was chosen already, and what is no file, is said', async t => {
    const page = await t.open('/');
    const path = await on_disk(t, 'twice.txt', 'twice');
    await drop(page, zone(page, 'files'), [path]);
    await drop(page, zone(page, 'files'), [path]);
    await said(page, /twice\.txt⁩?” was chosen already/);
    await chosen(page, 'files', ['twice.txt']);
    for (const where of ['photo', 'files']) {
      await page.evaluate(name => {
        const data = new DataTransfer();
        data.setData('text/plain', 'only words');
        document.querySelector(`[data-drop=${name}]`).dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      }, where);
      await said(page, /That was no file/);
      await chosen(page, 'files', ['twice.txt']);
    }
  });

  test('far more files than can be sent: said at once, rows within bounds, and they can be taken back together', async t => {
    const page = await t.open('/');
    await page.evaluate(() => {
      const data = new DataTransfer();
      for (let n = 0; n < 3000; ++n) data.items.add(new File([`file ${n}`], `${n}.png`, { type: 'image/png' }));
      document.querySelector('[data-drop=files]').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await said(page, /These are 3,000 files\. At most 20 can be sent at once/);
    assert.ok(await page.locator('[data-chosen] li').count() < 40);
    await page.getByRole('button', { name: 'Remove the 2,970 more' }).click();
    await until('the others are left', async () => (await names(page, 'files')).length === 30);
  });
});
