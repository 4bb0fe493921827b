// What a person sees when something was wrong, with scripts: by the page's own checks, and by the server's.
import assert from 'node:assert/strict';
import { anna, fill_details, fill_form, main, stored_number, submit_button, until } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

const summary = page => page.locator('[data-summary]');
const focused = page => page.evaluate(() => document.activeElement?.id || document.activeElement?.dataset.summary !== undefined && 'summary');

// Each field's error is tied to its input, so that a screen reader says it with the field.
async function error_of(page, id) {
  return page.$eval(`#${id}`, input => {
    const ids = (input.getAttribute('aria-describedby') ?? '').split(/\s+/);
    const error = ids.map(each => document.getElementById(each)).find(it => it?.classList.contains('field-error'));
    return input.getAttribute('aria-invalid') === 'true' ? error?.innerText : undefined;
  });
}

async function assert_refused(page, ids) {
  await summary(page).waitFor();
  assert.match(await page.title(), /^Error: /);
  await until('focus is on the summary', async () => await focused(page) === 'summary' || (await summary(page).evaluate(it => it === document.activeElement)));
  for (const id of ids) {
    const beside = await error_of(page, id);
    assert.ok(beside, `an error beside ${id}`);
    const link = summary(page).locator(`a[href="#${id}"]`);
    assert.equal(await link.innerText(), beside, 'the summary says the same');
    await link.click();
    assert.equal(await page.evaluate(() => document.activeElement.id), id, 'its link puts the focus into the field');
  }
}

export default suite('errors', ({ test, before }) => {
  before(({ server }) => server.add_person());

  test('an empty form: every field is named at once, above and beside it', async t => {
    const page = await t.open('/');
    await submit_button(page).click();
    await assert_refused(page, ['name', 'location', 'age', 'technology', 'photo']);
    assert.match(await error_of(page, 'age'), /between 0 and 150/);
  });

  test('what was typed and chosen is kept, and one correction is enough', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Kept Values', age: '200' }, photo: samples.png() });
    await submit_button(page).click();
    await assert_refused(page, ['age']);
    assert.equal(await main(page).getByLabel('Name', { exact: true }).inputValue(), 'Kept Values');
    assert.equal(await main(page).getByLabel('Age', { exact: true }).inputValue(), '200');
    assert.equal(await page.$eval('#photo', input => input.files.length), 1);
    await fill_details(page, { age: '20' });
    await submit_button(page).click();
    await stored_number(page);
    assert.equal((await t.server.people('?q=kept')).length, 1);
  });

  test('what only the server can see wrong is said in the same way, without losing files', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { ...anna, name: 'Server Says' }, photo: samples.png() });
    // Longer than the field lets people type.
    await page.$eval('#location', input => { input.removeAttribute('maxlength'); input.value = 'x'.repeat(201); });
    await submit_button(page).click();
    await assert_refused(page, ['location']);
    assert.equal(await page.$eval('#photo', input => input.files.length), 1);
    await fill_details(page, { location: 'Bergen' });
    await submit_button(page).click();
    await stored_number(page);
    assert.equal((await t.server.people('?q=says')).length, 1);
  });

  test('a second refusal replaces the first', async t => {
    const page = await t.open('/');
    await submit_button(page).click();
    await summary(page).waitFor();
    await fill_details(page, { ...anna, age: 'old' });
    await submit_button(page).click();
    await until('two are left', async () => await summary(page).locator('li').count() === 2);
    assert.equal(await page.locator('.field-error:visible').count(), 2);
    assert.equal(await error_of(page, 'name'), undefined);
    assert.equal((await page.title()).match(/Error:/g).length, 1);
  });

  test('more files than allowed are refused in the page, with the number that is allowed', async t => {
    const page = await t.open('/');
    await fill_form(page, { files: Array.from({ length: 21 }, (_, n) => samples.text(`${n}.txt`, `text ${n}`)) });
    await submit_button(page).click();
    await summary(page).waitFor();
    assert.match(await summary(page).innerText(), /at most 20 files/);
  });

  test('adding no file to a record says what to do', async t => {
    const page = await t.open('/people/1');
    await main(page).getByRole('button', { name: 'Add to this record' }).click();
    await assert_refused(page, ['more_files']);
  });

  test('the look-up says what a number looks like, and when there is none', async t => {
    const page = await t.open('/employee');
    for (const [typed, words] of [['Anna', /whole number/], ['999999', /no record no\. 999999/]]) {
      await main(page).getByLabel('Record number').fill(typed);
      await main(page).getByRole('button', { name: 'Look up' }).click();
      await page.waitForLoadState();
      await assert_refused(page, ['employee_id']);
      assert.match(await error_of(page, 'employee_id'), words);
      assert.equal(await main(page).getByLabel('Record number').inputValue(), typed);
    }
    await main(page).getByLabel('Record number').fill('1');
    await main(page).getByRole('button', { name: 'Look up' }).click();
    await page.getByRole('heading', { name: 'Anna Berg' }).waitFor();
  });

  test('an edit that cannot be: said beside the field, and what was typed is kept', async t => {
    const page = await t.open('/people/1/edit');
    await fill_details(page, { name: '', age: '151' });
    await main(page).getByRole('button', { name: 'Save' }).click();
    await page.waitForLoadState();
    await assert_refused(page, ['name', 'age']);
    assert.equal(await main(page).getByLabel('Age', { exact: true }).inputValue(), '151');
    assert.equal((await t.server.api('/people/1')).age, 41);
  });

  test('a filter that cannot be is named, and the others hold', async t => {
    const page = await t.open('/people?age_from=old&technology=C%2B%2B');
    await assert_refused(page, ['age_from']);
    assert.equal(await page.locator('.person-name').count(), (await t.server.people('?technology=C%2B%2B')).length);
  });

  test('an error page says what happened, what to do next, and the request’s number', async t => {
    for (const address of ['/people/424242', '/nowhere', '/submitted/424242', '/files/424242/remove']) {
      const page = await t.open(address);
      const words = await main(page).innerText();
      assert.ok(/[a-z]/.test(await page.getByRole('heading', { level: 1 }).innerText()));
      assert.ok(await main(page).getByRole('link').count() >= 1, 'a way on');
      assert.match(words, /If you ask for help, say this: \S{6,}/);
      // The request's number may have any digits, so a 422 in it does not count.
      const said = words.replace(/say this: \S+/, '');
      assert.doesNotMatch(said, /object|multipart|422|exception/i);
    }
  });
});
