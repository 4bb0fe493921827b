// Everything with scripts switched off.
import assert from 'node:assert/strict';
import { anna, fill_details, fill_form, in_step, main, stored_number, submit, submit_button } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

const plain = { javaScriptEnabled: false };

export default suite('without scripts', ({ test }) => {
  test('a person with a photo and other files is submitted and shown', async t => {
    const page = await t.open('/', plain);
    await fill_form(page, { photo: samples.png(), files: [samples.pdf(), samples.text()] });
    const number = await submit(page);
    await main(page).getByRole('link', { name: 'Open the record' }).click();
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Anna Berg');
    assert.ok(await page.$eval('.portrait img', image => image.naturalWidth > 0), 'the photo is shown');
    assert.equal(await page.locator('.file-row').count(), 3);
    assert.equal((await t.server.api(`/people/${number}`)).files.length, 3);
  });

  test('nothing that needs a script is shown', async t => {
    const { id } = await t.server.add_person({ name: 'Plain Page' }, [samples.png()]);
    for (const address of ['/', `/submitted/${id}`, `/people/${id}`]) {
      const page = await t.open(address, plain);
      assert.equal(await page.getByRole('button', { name: /copy|cancel|go on/i }).count(), 0, address);
    }
  });

  test('errors stand beside the fields, what was typed is kept, one correction is enough', async t => {
    const page = await t.open('/', plain);
    await fill_form(page, { details: { ...anna, name: 'Plain Errors', age: 'abc', technology: '' } });
    await submit_button(page).click();
    await page.waitForLoadState();
    assert.match(await page.title(), /^Error: /);
    const links = await page.locator('[data-summary] li a').evaluateAll(all => all.map(link => link.getAttribute('href')));
    assert.deepEqual(links.sort(), ['#age', '#photo', '#technology']);
    for (const id of ['age', 'technology', 'photo']) {
      assert.equal(await page.locator(`#${id}`).getAttribute('aria-invalid'), 'true', id);
      await page.locator(`[data-summary] a[href="#${id}"]`).click();
      assert.ok(await page.$eval(`#${id}`, input => input === document.activeElement), `the link leads to ${id}`);
    }
    assert.equal(await main(page).getByLabel('Name', { exact: true }).inputValue(), 'Plain Errors');
    assert.equal(await main(page).getByLabel('Age', { exact: true }).inputValue(), 'abc');
    await fill_form(page, { details: { age: '30', technology: 'Go' }, files: [samples.text()] });
    await submit_button(page).click();
    await stored_number(page);
    assert.equal((await t.server.people('?q=plain%20errors')).length, 1);
  });

  test('a double click makes one record', async t => {
    const page = await t.open('/', plain);
    await fill_form(page, { details: { ...anna, name: 'Plain Twice' }, photo: samples.png() });
    await submit_button(page).dblclick();
    await page.waitForURL(/submitted/);
    await in_step(t.server);
    assert.equal((await t.server.people('?q=plain%20twice')).length, 1);
  });

  test('a reload, and back and submit again, make no second record', async t => {
    const page = await t.open('/', plain);
    await fill_form(page, { details: { ...anna, name: 'Plain Again' }, photo: samples.png() });
    await submit(page);
    await page.reload();
    await page.goBack();
    await submit_button(page).click();
    await page.waitForLoadState();
    assert.equal((await t.server.people('?q=plain%20again')).length, 1);
  });

  test('search, filter, sort and paging', async t => {
    for (let n = 0; n < 25; ++n) await t.server.add_person({ name: `Paged ${String(n).padStart(2, '0')}`, location: 'Lund', technology: 'Ada', age: 20 + n });
    const page = await t.open('/people', plain);
    await main(page).getByLabel('Search', { exact: true }).fill('paged');
    await main(page).getByLabel('Order').selectOption('name');
    await main(page).getByRole('button', { name: 'Show', exact: true }).click();
    const names = () => page.locator('.person-name').allInnerTexts();
    assert.equal((await names())[0], 'Paged 00');
    assert.equal((await names()).length, 20);
    await main(page).getByRole('link', { name: 'Next' }).click();
    assert.deepEqual(await names(), ['Paged 20', 'Paged 21', 'Paged 22', 'Paged 23', 'Paged 24']);
    await main(page).getByRole('link', { name: 'Previous' }).click();
    assert.equal((await names())[0], 'Paged 00');
    if (await main(page).getByLabel('Age from').isHidden()) await page.locator('summary', { hasText: 'More filters' }).click();
    await main(page).getByLabel('Age from').fill('43');
    await main(page).getByRole('button', { name: 'Show', exact: true }).click();
    assert.deepEqual(await names(), ['Paged 23', 'Paged 24']);
  });

  test('the search in the top bar', async t => {
    await t.server.add_person({ name: 'Topsy Barr' });
    const page = await t.open('/', plain);
    await page.locator('header').getByRole('searchbox').fill('topsy');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/people\?q=topsy/);
    assert.deepEqual(await page.locator('.person-name').allInnerTexts(), ['Topsy Barr']);
  });

  test('editing', async t => {
    const { id } = await t.server.add_person({ name: 'Plain Edit' });
    const page = await t.open(`/people/${id}`, plain);
    await main(page).getByRole('link', { name: 'Edit' }).click();
    await fill_details(page, { location: 'Tromsø', age: '42' });
    await main(page).getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(new RegExp(`/people/${id}(\\?saved)?$`));
    assert.match(await main(page).innerText(), /changes are saved/);
    assert.equal((await t.server.api(`/people/${id}`)).location, 'Tromsø');
  });

  test('adding and removing a file', async t => {
    const { id } = await t.server.add_person({ name: 'Plain Files' });
    const page = await t.open(`/people/${id}`, plain);
    await page.locator('input#more_files').setInputFiles([samples.text('added.txt'), samples.png('added.png')]);
    await main(page).getByRole('button', { name: 'Add to this record' }).click();
    await page.locator('.file-row', { hasText: 'added.txt' }).waitFor();
    await page.locator('.file-row', { hasText: 'added.txt' }).getByRole('link', { name: /remove/i }).click();
    assert.match(await page.getByRole('heading', { level: 1 }).innerText(), /added\.txt/);
    await main(page).getByRole('button', { name: /remove/i }).click();
    await page.waitForURL(new RegExp(`/people/${id}`));
    assert.deepEqual((await t.server.api(`/people/${id}`)).files.map(file => file.name), ['added.png']);
  });

  test('deleting', async t => {
    const { id } = await t.server.add_person({ name: 'Plain Delete' }, [samples.text()]);
    const page = await t.open(`/people/${id}`, plain);
    await main(page).getByRole('link', { name: 'Delete' }).click();
    await main(page).getByRole('button', { name: /delete/i }).click();
    await page.waitForURL(/\/people\?deleted$/);
    assert.deepEqual(await t.server.people('?q=plain%20delete'), []);
    assert.equal((await page.goto(`/people/${id}`)).status(), 404);
  });

  test('the look-up by number and the catalog', async t => {
    const { id } = await t.server.add_person({ name: 'Plain Catalog' }, [samples.pdf('paper.pdf')]);
    const page = await t.open('/employee', plain);
    await main(page).getByLabel('Record number').fill(String(id));
    await main(page).getByRole('button', { name: 'Look up' }).click();
    await page.getByRole('heading', { name: 'Plain Catalog' }).waitFor();
    for (let tries = 0; ; ++tries) {
      await page.goto('/catalog?author=Plain%20Catalog');
      if (await main(page).getByText('paper.pdf').count() > 0) break;
      assert.ok(tries < 50, 'the file comes to the catalog');
      await page.waitForTimeout(100);
    }
  });

  test('previews are links that open the file', async t => {
    const { id } = await t.server.add_person({ name: 'Plain Preview' }, [samples.text('plain.txt', 'as it is')]);
    const page = await t.open(`/people/${id}`, plain);
    await page.locator('.file-name').getByRole('link', { name: 'plain.txt' }).click();
    await page.waitForURL(/content$/);
    assert.match(await page.innerText('body'), /as it is/);
  });
});
