// Sending the same twice makes one record, and another person makes another one: after "back", reloads, copied tabs and
// lost answers. The page says in plain words what happened.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { launch } from '../harness/browser.mjs';
import { anna, fill_details, fill_form, in_step, main, stored_number, submit, submit_button, until } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

const summary = page => page.locator('[data-summary]');
const anew = page => page.getByRole('button', { name: 'Send it as a new one' });
const no_jargon = words => assert.doesNotMatch(words, /key|idempot|token|content;|422|409|410/i);
const enhanced = page => page.locator('html[data-enhanced]').waitFor({ state: 'attached' });
const how_many = async (t, words) => (await t.server.people(`?q=${encodeURIComponent(words)}`)).length;

// Submits a person whose record is made, but whose answer never comes.
async function lose_the_answer(t, proxy, page, words) {
  t.watch.expect(/net::ERR_|Failed to load resource/);
  proxy.keep_answers = true;
  await submit_button(page).click();
  const [made] = await until('the record is made', async () => {
    const people = await t.server.people(`?q=${encodeURIComponent(words)}`);
    return people.length > 0 && people;
  });
  proxy.cut();
  await main(page).getByRole('button', { name: 'Go on' }).waitFor();
  proxy.mend();
  return made;
}

export default suite('sent again', ({ test }) => {
  test('back to the form, then another person: both are stored', async t => {
    for (const [n, change] of [{ name: 'Second Back0' }, { name: 'Second Back1', age: '7' }, { name: 'Second Back2', location: 'Rome', technology: 'Go' }].entries()) {
      const page = await t.open('/');
      await fill_form(page, { details: { ...anna, name: `First Back${n}` }, files: [samples.text()] });
      const first = await submit(page);
      await page.goBack();
      await enhanced(page);
      await fill_form(page, { details: { ...anna, ...change }, files: [samples.text('other.txt', 'other')] });
      assert.notEqual(await submit(page), first);
      assert.equal(await how_many(t, `back${n}`), 2);
    }
  });

  test('back to a page that the browser kept alive: unlocked, the same once more is one record, another person another', async t => {
    const browser = await launch({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
    try {
      const page = await (await browser.newContext({ baseURL: t.server.url })).newPage();
      await page.goto('/');
      await enhanced(page);
      await page.evaluate(() => { window.alive = true; });
      await fill_form(page, { details: { ...anna, name: 'Kept Alive' }, files: [samples.text()] });
      const first = await submit(page);
      await page.goBack({ waitUntil: 'commit' });
      await submit_button(page).waitFor();
      assert.equal(await page.evaluate(() => window.alive), true, 'the browser kept the page');
      assert.ok(await submit_button(page).isEnabled());
      assert.ok(await main(page).getByLabel('Name', { exact: true }).isEditable());
      assert.ok(await page.locator('[data-sending]').isHidden());
      assert.equal(await submit(page), first, 'the same once more');
      await page.goBack({ waitUntil: 'commit' });
      await fill_details(page, { name: 'Also Alive' });
      assert.notEqual(await submit(page), first, 'another person');
      assert.equal(await how_many(t, 'alive'), 2);
    } finally {
      await browser.close();
    }
  });

  test('another file is another submission, too', async t => {
    const { id } = await t.server.add_person({ name: 'Many Files' });
    const page = await t.open(`/people/${id}`);
    for (const name of ['one.txt', 'two.txt']) {
      await page.locator('#more_files').setInputFiles([samples.text(name, name)]);
      await main(page).getByRole('button', { name: 'Add to this record' }).click();
      await page.locator('.file-row', { hasText: name }).waitFor();
      await page.goBack();
      await enhanced(page);
    }
    assert.deepEqual((await t.server.api(`/people/${id}`)).files.map(file => file.name).sort(), ['one.txt', 'two.txt']);
  });

  test('a form opened anew takes the same once more as another record', async t => {
    const page = await t.open('/');
    const numbers = [];
    for (let n = 0; n < 2; ++n) {
      await fill_form(page, { details: { ...anna, name: 'Name Sake' }, files: [samples.text()] });
      numbers.push(await submit(page));
      await main(page).getByRole('link', { name: 'Submit another' }).click();
      await page.waitForURL(t.server.url + '/');
      await enhanced(page);
    }
    assert.equal(new Set(numbers).size, 2);
  });

  test('two tabs with the same page (restored, or copied) keep two people apart', async t => {
    const page = await t.open('/');
    const html = await page.content();
    const numbers = [];
    for (const name of ['Tab One', 'Tab Two', 'Tab Three']) {
      const tab = await page.context().newPage();
      // As from the browser's own store: the page of the first tab, byte for byte.
      await tab.route(t.server.url + '/', (route, request) => request.method() === 'GET'
        ? route.fulfill({ body: html.replace(' data-enhanced=""', '').replace('class="js"', ''), contentType: 'text/html; charset=utf-8' }) : route.continue());
      await tab.goto('/');
      await enhanced(tab);
      await fill_form(tab, { details: { ...anna, name }, files: [samples.text()] });
      numbers.push(await submit(tab));
    }
    assert.equal(new Set(numbers).size, 3);
    for (const name of ['Tab One', 'Tab Two', 'Tab Three']) assert.equal(await how_many(t, name), 1);
  });

  test('a copy of a tab whose form was sent: the same stays one, another person is another', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Copied Tab' }, photo: await written(t, 'copied.png', samples.png().buffer) });
    const number = await submit(page);
    await page.goBack();
    await enhanced(page);
    const state = await page.evaluate(() => history.state);
    const copy = await page.context().newPage();
    await copy.addInitScript(kept => history.replaceState(kept, ''), state);
    await copy.goto('/');
    await enhanced(copy);
    await fill_form(copy, { details: { ...anna, name: 'Copied Tab' }, photo: `${t.folder}/copied.png` });
    assert.equal(await submit(copy), number);
    await copy.goBack();
    await enhanced(copy);
    await fill_form(copy, { details: { ...anna, name: 'Copied Tab Too' }, photo: `${t.folder}/copied.png` });
    assert.notEqual(await submit(copy), number);
    assert.equal(await how_many(t, 'copied'), 2);
  });

  test('a reload after a lost answer: the same once more finds the record that was made', async t => {
    const proxy = await t.proxy();
    const page = await t.open(proxy.url + '/');
    const file = await written(t, 'reloaded.txt', 'reloaded');
    const details = { ...anna, name: 'Lost Reload' };
    await fill_form(page, { details, files: [file] });
    const made = await lose_the_answer(t, proxy, page, 'lost reload');
    await page.reload();
    await enhanced(page);
    await fill_details(page, details);
    if (await page.$eval('#files', input => input.files.length) === 0) await page.locator('#files').setInputFiles([file]);
    assert.equal(await submit(page), made.id);
    assert.equal(await how_many(t, 'lost reload'), 1);
    await until('nothing is left of the second attempt', async () => (await t.server.doctor()).in_progress === 0);
    await in_step(t.server);
  });

  test('changed after a lost answer: it is said that it was stored, in plain words, and a button stores it as a new one', async t => {
    const proxy = await t.proxy();
    const page = await t.open(proxy.url + '/');
    await fill_form(page, { details: { ...anna, name: 'Lost Changed' }, files: [samples.text()] });
    const made = await lose_the_answer(t, proxy, page, 'lost changed');
    await fill_details(page, { name: 'Lost Changed Again' });
    await submit_button(page).click();
    await summary(page).waitFor();
    const words = await summary(page).innerText();
    no_jargon(words);
    assert.match(words, /sent before/);
    assert.match(await page.title(), /^Error: /);
    assert.ok(await summary(page).evaluate(it => it === document.activeElement), 'the focus is there');
    assert.equal(await how_many(t, 'lost changed'), 1);
    await anew(page).click();
    assert.notEqual(await stored_number(page), made.id);
    assert.equal(await how_many(t, 'lost changed'), 2);
  });

  test('changed after a cancel that came too late: the same', async t => {
    const proxy = await t.proxy();
    const page = await t.open(proxy.url + '/');
    await fill_form(page, { details: { ...anna, name: 'Late Cancel' }, files: [samples.text()] });
    proxy.keep_answers = true;
    await submit_button(page).click();
    await until('the record is made', async () => await how_many(t, 'late cancel') === 1);
    await page.locator('[data-sending]').getByRole('button', { name: 'Cancel' }).click();
    proxy.mend();
    await fill_details(page, { name: 'Late Cancel Two' });
    await submit_button(page).click();
    await anew(page).waitFor();
    no_jargon(await summary(page).innerText());
    await anew(page).click();
    await stored_number(page);
    assert.equal(await how_many(t, 'late cancel'), 2);
  });

  test('after a refusal a corrected form is a new one', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Refused First' }, photo: samples.png() });
    await page.$eval('#location', input => { input.removeAttribute('maxlength'); input.value = 'x'.repeat(201); });
    await submit_button(page).click();
    await summary(page).waitFor();
    await fill_details(page, { location: 'Bergen', name: 'Refused Second' });
    await submit(page);
    assert.equal(await how_many(t, 'refused'), 1);
  });

  test('without scripts: back, then another person, is answered in plain words, and sent as a new one', async t => {
    const page = await t.open('/', { javaScriptEnabled: false });
    const html = (await (await page.request.get('/')).text());
    // The page as the browser kept it: with the key that it was sent with.
    await page.route(t.server.url + '/', (route, request) => request.method() === 'GET'
      ? route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' }) : route.continue());
    await page.goto('/');
    await fill_form(page, { details: { ...anna, name: 'Plain Back One' }, photo: samples.png() });
    await submit(page);
    await page.goto('/');
    await fill_form(page, { details: { ...anna, name: 'Plain Back Two' }, photo: samples.png() });
    await submit_button(page).click();
    await summary(page).waitFor();
    no_jargon(await main(page).innerText());
    assert.match(await summary(page).innerText(), /sent before/);
    assert.equal(await summary(page).getByRole('link').count(), 0, 'no link that leads nowhere');
    await page.locator('#photo').setInputFiles(samples.png());
    await anew(page).click();
    await stored_number(page);
    assert.equal(await how_many(t, 'plain back'), 2);
  });

  test('without scripts: adding files once more to a record is answered in plain words', async t => {
    const { id } = await t.server.add_person({ name: 'Plain Adding' });
    const page = await t.open(`/people/${id}`, { javaScriptEnabled: false });
    const html = (await (await page.request.get(`/people/${id}`)).text());
    await page.route(`**/people/${id}`, route => route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' }));
    for (const name of ['first.txt', 'second.txt']) {
      await page.goto(`/people/${id}`);
      await page.locator('#more_files').setInputFiles([samples.text(name, name)]);
      await main(page).getByRole('button', { name: 'Add to this record' }).click();
      await page.waitForLoadState();
    }
    await summary(page).waitFor();
    no_jargon(await summary(page).innerText());
    await page.locator('#more_files').setInputFiles([samples.text('second.txt', 'second.txt')]);
    await anew(page).click();
    await page.waitForURL(/\?added$/);
    assert.deepEqual((await t.server.api(`/people/${id}`)).files.map(file => file.name), ['first.txt', 'second.txt']);
  });
}, { settings: { 'worker.erase_again_after': '50ms' } });

async function written(t, name, bytes) {
  await writeFile(`${t.folder}/${name}`, bytes);
  return `${t.folder}/${name}`;
}
