// One person's page: editing, files, deleting.
import assert from 'node:assert/strict';
import { fill_details, in_step, main, pictures_shown, until } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

const save = page => main(page).getByRole('button', { name: 'Save', exact: true }).click();
const file_names = page => page.locator('.file-row .file-name').allInnerTexts();

export default suite('record', ({ test }) => {
  test('details, files and history are there', async t => {
    const { id } = await t.server.add_person({ name: 'Hanna Whole' }, [samples.png(), samples.pdf(), samples.bytes('data.bin', 5000)]);
    const page = await t.open(`/people/${id}`);
    const words = await main(page).innerText();
    for (const part of ['Hanna Whole', `No. ${id}`, 'Oslo', '41', 'C++', 'portrait.png', 'cv.pdf', 'data.bin', 'History']) assert.ok(words.includes(part), part);
    await pictures_shown(page);
    const row = page.locator('.file-row', { hasText: 'cv.pdf' });
    await row.locator('summary').click();
    assert.match(await row.innerText(), /[0-9a-f]{64}/);
  });

  test('a download is the file, under its name', async t => {
    const sent = samples.bytes('Bericht für Å.bin', 100_000);
    const { id } = await t.server.add_person({ name: 'Ida Download' }, [sent]);
    const page = await t.open(`/people/${id}`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.file-row').getByRole('link', { name: /download/i }).click()]);
    assert.equal(download.suggestedFilename(), 'Bericht für Å.bin');
    const { readFile } = await import('node:fs/promises');
    assert.ok(sent.buffer.equals(await readFile(await download.path())));
  });

  test('editing happens in place, is saved and told, and stands in the history', async t => {
    const { id } = await t.server.add_person({ name: 'Jon Edit' });
    const page = await t.open(`/people/${id}`);
    await main(page).getByRole('link', { name: 'Edit' }).click();
    await page.waitForURL(/edit$/);
    assert.equal(await main(page).getByLabel('Name', { exact: true }).inputValue(), 'Jon Edit');
    await fill_details(page, { name: 'Jon Edited', location: 'Vardø', age: '0', technology: 'Zig' });
    await save(page);
    await page.getByRole('status').filter({ hasText: 'changes are saved' }).waitFor();
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Jon Edited');
    assert.match(await page.locator('.history').innerText(), /Changed/);
    const stored = await t.server.api(`/people/${id}`);
    assert.deepEqual([stored.name, stored.location, stored.age, stored.technology], ['Jon Edited', 'Vardø', 0, 'Zig']);
  });

  test('cancelling an edit changes nothing', async t => {
    const { id } = await t.server.add_person({ name: 'Kari Cancel' });
    const page = await t.open(`/people/${id}/edit`);
    await fill_details(page, { name: 'Somebody Else' });
    await main(page).getByRole('link', { name: 'Cancel' }).click();
    await page.waitForURL(new RegExp(`/people/${id}$`));
    assert.equal((await t.server.api(`/people/${id}`)).name, 'Kari Cancel');
  });

  test('two tabs edit: the second is shown what is stored now, and nothing is overwritten unseen', async t => {
    const { id } = await t.server.add_person({ name: 'Lars Twotabs' });
    const one = await t.open(`/people/${id}/edit`);
    const two = await t.open(`/people/${id}/edit`);
    await fill_details(one, { location: 'Stavanger' });
    await save(one);
    await one.waitForURL(new RegExp(`/people/${id}(\\?saved)?$`));
    await fill_details(two, { location: 'Kristiansand', age: '42' });
    await save(two);
    await two.locator('[data-summary]').waitFor();
    assert.match(await two.title(), /^Error: /);
    assert.match(await two.locator('[data-summary]').innerText(), /changed after you opened it/);
    assert.match(await main(two).innerText(), /Stored now: Stavanger/);
    assert.equal(await main(two).getByLabel('Location', { exact: true }).inputValue(), 'Kristiansand');
    assert.equal((await t.server.api(`/people/${id}`)).location, 'Stavanger');
    await save(two);
    await two.waitForURL(new RegExp(`/people/${id}(\\?saved)?$`));
    const stored = await t.server.api(`/people/${id}`);
    assert.deepEqual([stored.location, stored.age], ['Kristiansand', 42]);
  });

  test('files are added on the record', async t => {
    const { id } = await t.server.add_person({ name: 'Mona Add' });
    const page = await t.open(`/people/${id}`);
    await page.locator('input#more_files').setInputFiles([samples.png('new.png'), samples.text('new.txt')]);
    await main(page).getByRole('button', { name: 'Add to this record' }).click();
    await page.getByRole('status').filter({ hasText: 'files are stored' }).waitFor();
    assert.deepEqual(await file_names(page), ['new.png', 'new.txt']);
    await pictures_shown(page, '.portrait img');
    await page.reload();
    assert.equal((await t.server.api(`/people/${id}`)).files.length, 2);
    assert.equal(await page.getByRole('status').filter({ hasText: 'files are stored' }).count(), 0, 'said once');
    await in_step(t.server);
  });

  test('what was added to many files is shown, and still after a reload', async t => {
    const twenty = from => Array.from({ length: 20 }, (_, i) => samples.text(`old-${from + i}.txt`));
    const { id } = await t.server.add_person({ name: 'Mia Many' }, twenty(0));
    for (const from of [20, 40]) {
      const form = new FormData();
      for (const file of twenty(from)) form.append('file_name', new Blob([file.buffer]), file.name);
      assert.equal((await fetch(`${t.server.url}/api/v1/people/${id}/files`, { method: 'POST', body: form })).status, 201);
    }
    const page = await t.open(`/people/${id}`);
    await page.locator('input#more_files').setInputFiles([samples.text('new.txt')]);
    await main(page).getByRole('button', { name: 'Add to this record' }).click();
    await page.getByRole('status').filter({ hasText: 'files are stored' }).waitFor();
    for (const again of [false, true]) {
      if (again) await page.reload();
      const names = await file_names(page);
      assert.deepEqual([names.length, names[0]], [50, 'new.txt']);
    }
    await main(page).getByRole('link', { name: 'More files' }).click();
    await page.waitForURL(/after=/);
    assert.equal((await file_names(page)).length, 11);
    await main(page).getByRole('link', { name: 'Show the oldest first' }).click();
    await until('the oldest first', async () => (await file_names(page))[0] === 'old-0.txt');
  });

  test('a double click on adding files adds them once', async t => {
    const { id } = await t.server.add_person({ name: 'Nils Double' });
    const page = await t.open(`/people/${id}`);
    await page.locator('input#more_files').setInputFiles([samples.text('once.txt')]);
    await main(page).getByRole('button', { name: 'Add to this record' }).dblclick();
    await page.getByRole('status').filter({ hasText: 'files are stored' }).waitFor();
    assert.equal((await t.server.api(`/people/${id}`)).files.length, 1);
  });

  test('a file is removed after asking, and can be kept', async t => {
    const { id } = await t.server.add_person({ name: 'Olga Remove' }, [samples.png(), samples.text('stays.txt')]);
    const page = await t.open(`/people/${id}`);
    const remove = () => page.locator('.file-row', { hasText: 'portrait.png' }).getByRole('link', { name: /remove/i }).click();
    await remove();
    await page.waitForURL(/\/files\/\d+\/remove$/);
    assert.match(await main(page).innerText(), /portrait\.png/);
    await main(page).getByRole('link', { name: 'Keep the file' }).click();
    await page.waitForURL(new RegExp(`/people/${id}$`));
    await remove();
    await main(page).getByRole('button', { name: /remove/i }).click();
    await page.getByRole('status').filter({ hasText: 'file is removed' }).waitFor();
    assert.deepEqual(await file_names(page), ['stays.txt']);
    await until('its bytes are gone', async () => (await t.server.doctor()).in_progress === 0);
    await in_step(t.server);
  });

  test('delete names what goes, and then it is gone everywhere', async t => {
    const { id, files } = await t.server.add_person({ name: 'Per Gone' }, [samples.png(), samples.bytes('a.bin', 1_500_000), samples.bytes('b.bin', 500_000)]);
    const page = await t.open(`/people/${id}`);
    await main(page).getByRole('link', { name: 'Delete' }).click();
    await page.waitForURL(/delete$/);
    assert.match(await page.getByRole('heading', { level: 1 }).innerText(), /Delete Per Gone and 3 files \(2(\.\d)? MB\)\?/);
    await main(page).getByRole('link', { name: 'Keep the record' }).click();
    await page.waitForURL(new RegExp(`/people/${id}$`));
    await main(page).getByRole('link', { name: 'Delete' }).click();
    await main(page).getByRole('button', { name: /delete/i }).click();
    await page.waitForURL(/\/people(\?deleted)?$/);
    await page.getByRole('status').filter({ hasText: 'gone' }).waitFor();
    assert.equal((await page.goto(`/people/${id}`)).status(), 404);
    assert.equal((await fetch(`${t.server.url}/api/v1/files/${files[0].id}/content`)).status, 404);
    await until('its bytes are gone', async () => (await t.server.doctor()).in_progress === 0);
    await in_step(t.server);
  });

  test('what changed between asking and deleting is asked again', async t => {
    const { id } = await t.server.add_person({ name: 'Rolf Changed' });
    const page = await t.open(`/people/${id}/delete`);
    await t.server.api(`/people/${id}`, { method: 'PATCH', body: { age: 50 }, headers: { 'if-match': '*' } });
    await main(page).getByRole('button', { name: /delete/i }).click();
    await page.locator('[data-summary]').waitFor();
    assert.match(await page.locator('[data-summary]').innerText(), /changed meanwhile/);
    assert.equal((await t.server.api(`/people/${id}`)).age, 50);
    await main(page).getByRole('button', { name: /delete/i }).click();
    await page.waitForURL(/\/people(\?deleted)?$/);
  });

  test('a record that was deleted meanwhile says so, whatever was about to be done', async t => {
    const { id } = await t.server.add_person({ name: 'Siri Meanwhile' });
    const page = await t.open(`/people/${id}/edit`);
    await t.server.api(`/people/${id}`, { method: 'DELETE', headers: { 'if-match': '*' } });
    await save(page);
    await page.waitForLoadState();
    assert.match(await main(page).innerText(), new RegExp(`no record no\\. ${id}`));
  });

  test('printed, it is one page without what cannot be pressed on paper', async t => {
    const { id } = await t.server.add_person({ name: 'Tor Print' }, [samples.png(), samples.pdf()]);
    const page = await t.open(`/people/${id}`);
    await page.emulateMedia({ media: 'print' });
    for (const selector of ['header', 'footer', '.who-actions', '.file-actions', '.adding']) assert.ok(await page.locator(selector).first().isHidden(), selector);
    const pages = (await page.pdf()).toString('latin1').match(/\/Type\s*\/Page\b/g).length;
    assert.equal(pages, 1);
  });
});
