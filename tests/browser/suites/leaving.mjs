// The browser asks before it leaves a page on which something was typed or chosen, and only then.
import assert from 'node:assert/strict';
import { anna, fill_form, main, stored_number, submit } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

// Tries to leave; returns whether the browser asked. The test answers "stay".
async function asks(page, leave = () => page.reload()) {
  let answer;
  const asked = new Promise(resolve => {
    answer = async dialog => {
      assert.equal(dialog.type(), 'beforeunload');
      await dialog.dismiss();
      resolve(true);
    };
  });
  page.once('dialog', answer);
  // When the browser asks, the page stays: then leave() never ends, or fails.
  const left = leave().then(() => false, () => asked);
  const was_asked = await Promise.race([asked, left]);
  page.off('dialog', answer);
  if (!was_asked) await page.locator('html[data-enhanced]').waitFor({ state: 'attached' });
  return was_asked;
}

const type = async (page, label, words) => {
  await main(page).getByLabel(label, { exact: true }).click();
  await page.keyboard.type(words);
};

// Browsers ask only on a page that the person has clicked or typed on.
const touch = page => page.getByRole('heading', { level: 1 }).click();

export default suite('leaving', ({ test, before }) => {
  before(({ server }) => server.add_person());

  test('a form that nobody typed into is left without a question, and so is one that was emptied again', async t => {
    const page = await t.open('/');
    await touch(page);
    assert.equal(await asks(page), false);
    await type(page, 'Name', 'A');
    assert.equal(await asks(page), true);
    await page.keyboard.press('Backspace');
    assert.equal(await asks(page), false);
    await page.locator('#files').setInputFiles([samples.text()]);
    await page.getByRole('button', { name: 'Remove notes.txt' }).click();
    assert.equal(await asks(page), false);
  });

  for (const label of ['Name', 'Location', 'Age', 'Technology']) {
    test(`typed into ${label}: a reload, a link and closing the tab ask, and what was typed is kept`, async t => {
      const page = await t.open('/');
      await type(page, label, '4');
      assert.equal(await asks(page), true);
      assert.equal(await asks(page, async () => {
        await page.getByRole('navigation').getByRole('link', { name: 'People' }).click();
        await page.waitForURL(/people/);
      }), true);
      const closing = page.waitForEvent('dialog');
      await page.close({ runBeforeUnload: true });
      await (await closing).dismiss();
      assert.equal(page.url(), t.server.url + '/');
      assert.equal(await main(page).getByLabel(label, { exact: true }).inputValue(), '4');
    });
  }

  test('a file that was chosen and not sent asks: on the form and on a record', async t => {
    for (const [address, input] of [['/', '#photo'], ['/', '#files'], ['/people/1', '#more_files']]) {
      const page = await t.open(address);
      await touch(page);
      await page.locator(input).setInputFiles(samples.png());
      await page.locator('[data-chosen] li').waitFor();
      assert.equal(await asks(page), true, `${address} ${input}`);
      await page.getByRole('button', { name: 'Remove portrait.png' }).click();
      assert.equal(await asks(page), false, `${address} ${input}, removed`);
    }
  });

  test('sending a form asks nothing, and neither does the page after it, or the form that was sent', async t => {
    const page = await t.open('/');
    const asked = [];
    page.on('dialog', dialog => { asked.push(page.url()); return dialog.accept(); });
    await touch(page);
    await fill_form(page, { details: { ...anna, name: 'Sent And Left' }, files: [await samples.large_file(`${t.folder}/left.bin`, 900)] });
    await submit(page);
    await touch(page);
    await page.reload();
    await page.goBack();
    await page.locator('html[data-enhanced]').waitFor({ state: 'attached' });
    if (await page.$eval('#files', input => input.files.length) === 0) await page.locator('#files').setInputFiles([`${t.folder}/left.bin`]);
    await fill_form(page, { details: { ...anna, name: 'Sent And Left' } });
    await touch(page);
    await page.goForward();
    await stored_number(page);
    assert.deepEqual(asked, []);
  });

  test('a form that was refused is not stored: leaving it asks', async t => {
    const page = await t.open('/');
    await touch(page);
    await fill_form(page, { details: { ...anna, name: 'Refused And Left' }, photo: samples.png() });
    await page.$eval('#location', input => { input.removeAttribute('maxlength'); input.value = 'x'.repeat(201); });
    await main(page).getByRole('button', { name: 'Submit', exact: true }).click();
    await page.locator('[data-summary]').waitFor();
    assert.equal(await asks(page), true);
  });

  test('adding files asks nothing on the way', async t => {
    const page = await t.open('/people/1');
    const asked = [];
    page.on('dialog', dialog => { asked.push(dialog.type()); return dialog.accept(); });
    await touch(page);
    await page.locator('#more_files').setInputFiles([samples.text('more.txt', 'more')]);
    await main(page).getByRole('button', { name: 'Add to this record' }).click();
    await page.locator('.file-row', { hasText: 'more.txt' }).waitFor();
    await page.reload();
    assert.deepEqual(asked, []);
  });

  test('editing: leaving asks once something differs; saving and cancelling do not', async t => {
    const page = await t.open('/people/1/edit');
    await touch(page);
    assert.equal(await asks(page), false);
    await type(page, 'Location', ' and Bergen');
    assert.equal(await asks(page), true);
    const asked = [];
    page.on('dialog', dialog => { asked.push(dialog.type()); return dialog.accept(); });
    await main(page).getByRole('link', { name: 'Cancel' }).click();
    await page.waitForURL(/\/people\/1$/);
    await page.goto('/people/1/edit');
    await page.locator('html[data-enhanced]').waitFor({ state: 'attached' });
    await type(page, 'Technology', ' 23');
    await main(page).getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/people\/1(\?saved)?$/);
    assert.deepEqual(asked, []);
  });

  test('an edit that was refused is stored nowhere: leaving it asks, saving it does not', async t => {
    const page = await t.open('/people/1/edit');
    await main(page).getByLabel('Age', { exact: true }).fill('151');
    await main(page).getByRole('button', { name: 'Save' }).click();
    await page.locator('[data-summary]').waitFor();
    await page.locator('html[data-enhanced]').waitFor({ state: 'attached' });
    await touch(page);
    assert.equal(await asks(page), true);
    const asked = [];
    page.on('dialog', dialog => { asked.push(dialog.type()); return dialog.accept(); });
    await main(page).getByLabel('Age', { exact: true }).fill('15');
    await main(page).getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/people\/1(\?saved)?$/);
    assert.deepEqual(asked, []);
  });

  test('typing into the search, the filters and the look-up asks nothing', async t => {
    for (const [address, label] of [['/people', 'Search'], ['/people', 'Location'], ['/employee', 'Record number'], ['/catalog', 'Author']]) {
      const page = await t.open(address);
      await main(page).getByLabel(label, { exact: true }).click();
      await page.keyboard.type('12');
      assert.equal(await asks(page), false, `${address} ${label}`);
    }
  });
});
