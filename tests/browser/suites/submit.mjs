// The form and what follows it, with scripts.
import assert from 'node:assert/strict';
import { anna, drop, fill_form, in_step, main, pictures_shown, stored_number, submit, submit_button } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

export default suite('submit', ({ test }) => {
  test('details, a photo and other files are stored, and shown on the record', async t => {
    const page = await t.open('/');
    await fill_form(page, { photo: await samples.jpeg(page), files: [samples.pdf(), samples.text()] });
    await pictures_shown(page, '[data-chosen] img');
    const number = await submit(page);
    await main(page).getByRole('link', { name: 'Open the record' }).click();
    await page.waitForURL(`**/people/${number}`);
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Anna Berg');
    await pictures_shown(page);
    for (const name of ['portrait.jpg', 'cv.pdf', 'notes.txt'])
      assert.ok(await page.locator('.file-row', { hasText: name }).isVisible(), `${name} is listed`);
    const stored = await t.server.api(`/people/${number}`);
    assert.equal(stored.name, anna.name);
    assert.equal(stored.age, 41);
    assert.deepEqual(stored.files.map(file => file.media_type), ['image/jpeg', 'application/pdf', 'text/plain']);
    await in_step(t.server);
  });

  test('the success page says the number, what is kept where, and leads on', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Berit Success' }, photo: samples.png() });
    await submit(page);
    const words = await main(page).innerText();
    assert.match(words, /Berit Success/);
    assert.match(words, /database/);
    assert.match(words, /1 file/);
    await main(page).getByRole('link', { name: 'Submit another' }).click();
    await page.waitForURL(t.server.url + '/');
    assert.equal(await main(page).getByLabel('Name', { exact: true }).inputValue(), '');
  });

  test('copy link puts the record’s whole address on the clipboard', async t => {
    const page = await t.open('/', { permissions: ['clipboard-read', 'clipboard-write'] });
    await fill_form(page, { photo: samples.png() });
    const number = await submit(page);
    const copied = async () => {
      await page.evaluate(() => navigator.clipboard.writeText('nothing'));
      await main(page).getByRole('button', { name: /copy link/i }).click();
      await page.waitForFunction(async () => (await navigator.clipboard.readText()) !== 'nothing');
      return page.evaluate(() => navigator.clipboard.readText());
    };
    assert.equal(await copied(), `${t.server.url}/people/${number}`);
    await page.goto(`/people/${number}`);
    assert.equal(await copied(), `${t.server.url}/people/${number}`);
  });

  test('each chosen file is a row with name and size that can be taken back', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Carl Rows' }, files: [samples.bytes('one.bin', 3400), samples.text('two.txt')] });
    const row = page.locator('[data-chosen] li', { hasText: 'one.bin' });
    assert.match(await row.innerText(), /3\.4\s?(KB|kB)/);
    await row.getByRole('button', { name: /remove/i }).click();
    await row.waitFor({ state: 'detached' });
    const number = await submit(page);
    assert.deepEqual((await t.server.api(`/people/${number}`)).files.map(file => file.name), ['two.txt']);
  });

  test('files chosen in two goes are all sent', async t => {
    const page = await t.open('/');
    await fill_form(page, { photo: samples.png() });
    await page.locator('input#files').setInputFiles([samples.text('first.txt')]);
    await page.locator('input#files').setInputFiles([samples.text('second.txt', 'another text')]);
    const number = await submit(page);
    const names = (await t.server.api(`/people/${number}`)).files.map(file => file.name).sort();
    assert.deepEqual(names, ['first.txt', 'portrait.png', 'second.txt']);
  });

  test('a file dropped on the form is taken', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Dora Drop' } });
    const path = await samples.large_file(`${t.folder}/dropped.bin`, 2048);
    await drop(page, page.locator('[data-drop=files]'), [path]);
    await page.locator('[data-chosen] li', { hasText: 'dropped.bin' }).waitFor();
    const number = await submit(page);
    assert.deepEqual((await t.server.api(`/people/${number}`)).files.map(file => [file.name, file.size]), [['dropped.bin', 2048]]);
  });

  test('a file dropped beside the drop zone does not replace the page', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Typed And Kept' } });
    const path = await samples.large_file(`${t.folder}/astray.txt`, 10);
    await drop(page, page.getByRole('heading', { level: 1 }), [path]);
    await page.getByText('Nothing was added: drop files on a box').first().waitFor();
    assert.equal(page.url(), t.server.url + '/');
    assert.equal(await main(page).getByLabel('Name', { exact: true }).inputValue(), 'Typed And Kept');
  });

  test('a double click makes one record', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Eva Twice' }, photo: samples.png() });
    await submit_button(page).dblclick();
    await stored_number(page);
    assert.equal((await t.server.people('?q=twice')).length, 1);
  });

  test('a reload of the success page, and back and forward, make nothing', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Finn Reload' }, photo: samples.png() });
    await submit(page);
    await page.reload();
    await stored_number(page);
    await page.goBack();
    await page.goForward();
    await stored_number(page);
    assert.equal((await t.server.people('?q=reload')).length, 1);
  });

  test('going back and sending again makes no second record', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Gro Backwards' }, files: [samples.text()] });
    const number = await submit(page);
    await page.goBack();
    await submit_button(page).waitFor();
    // The browser may have kept the page as it was (then the same is sent again), or loaded it anew (then the files are
    // gone and the form says so).
    await submit_button(page).click();
    await Promise.race([page.waitForURL(/\/submitted\/\d+$/), page.locator('[data-summary], [aria-invalid=true]').first().waitFor()]);
    if (/submitted/.test(page.url())) assert.equal(await stored_number(page), number);
    assert.equal((await t.server.people('?q=backwards')).length, 1);
  });

  test('technologies that are there are suggested', async t => {
    await t.server.add_person({ technology: 'Erlang' });
    const page = await t.open('/');
    const options = await page.$$eval('datalist#technologies option', all => all.map(option => option.value));
    assert.ok(options.includes('Erlang'), `suggested: ${options}`);
  });

  test('the fields help phones and browsers fill them in', async t => {
    const page = await t.open('/');
    const attributes = id => page.$eval(`#${id}`, input => Object.fromEntries([...input.attributes].map(a => [a.name, a.value])));
    assert.equal((await attributes('name')).autocomplete, 'name');
    assert.equal((await attributes('age')).inputmode, 'numeric');
    assert.ok((await attributes('location')).enterkeyhint);
    assert.equal(await page.$eval('html', html => html.lang), 'en');
  });
});
