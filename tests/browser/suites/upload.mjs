// Long uploads: what people see while they run, and what happens when they are cancelled or the connection breaks.
import assert from 'node:assert/strict';
import { anna, drop, fill_form, in_step, main, stored_number, submit_button, until } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

const size = 80_000_000;
const bar = page => page.locator('[data-sending]').getByRole('progressbar');

async function fraction(page) {
  return bar(page).evaluate(it => it.tagName === 'PROGRESS' ? it.position
    : Number(it.getAttribute('aria-valuenow')) / Number(it.getAttribute('aria-valuemax') ?? 100));
}

// Opens and fills in the form, in a browser that reaches the server through the proxy.
async function form_through(t, proxy, name, bytes = size) {
  const page = await t.open(proxy.url + '/');
  await fill_form(page, { details: { ...anna, name }, files: [await samples.large_file(`${t.folder}/${name}.bin`, bytes)] });
  return page;
}

export default suite('upload', ({ test, before }) => {
  before(({ server }) => in_step(server).then(() => ({})));

  test('a bar, the percentage, the rate and a way out are seen while it runs', async t => {
    const proxy = await t.proxy();
    const page = await form_through(t, proxy, 'Progress');
    proxy.rate = 20e6;
    await submit_button(page).click();
    await bar(page).waitFor();
    await until('the bar moves', async () => await fraction(page) > 0.02);
    const sending = page.locator('[data-sending]');
    await until('a percentage', async () => /\b[1-9]\d?\s?%/.test(await sending.innerText()));
    await until('a rate', async () => /\d\s?[kMG]?B(\/s| a second| per second)/i.test(await sending.innerText()));
    await until('the time left', async () => /left|remain/i.test(await sending.innerText()));
    assert.ok(await sending.getByRole('button', { name: /cancel/i }).isVisible());
    const before_it_ends = await fraction(page);
    assert.ok(before_it_ends < 1, 'not at the end while bytes are under way');
    proxy.rate = Infinity;
    const number = await stored_number(page);
    assert.equal((await t.server.api(`/people/${number}`)).files[0].size, size);
  });

  test('the bar never runs backwards', async t => {
    const proxy = await t.proxy();
    const page = await form_through(t, proxy, 'Forwards', 12_000_000);
    proxy.rate = 15e6;
    await submit_button(page).click();
    await bar(page).waitFor();
    let last = 0;
    for (let look = 0; look < 12; ++look) {
      // When everything has arrived, the next page comes, which has no bar.
      const now = await page.evaluate(() => document.querySelector('[data-sending] progress')?.position ?? 1).catch(() => 1);
      assert.ok(now >= last, `${now} after ${last}`);
      last = now;
      await page.waitForTimeout(60);
    }
    proxy.mend();
    await stored_number(page);
  });

  test('cancel leaves nothing, and the form as it was', async t => {
    const proxy = await t.proxy();
    const page = await form_through(t, proxy, 'Cancelled');
    proxy.hold(12e6);
    const { objects } = await in_step(t.server);
    await submit_button(page).click();
    await until('the bar moves', async () => await bar(page).isVisible() && await fraction(page) > 0.02);
    await until('the server has begun', async () => (await t.server.doctor()).in_progress > 0);
    await page.locator('[data-sending]').getByRole('button', { name: /cancel/i }).click();
    proxy.mend();  // the bytes that were held arrive, and then the end of the connection
    await submit_button(page).waitFor();
    assert.equal(await main(page).getByLabel('Name', { exact: true }).inputValue(), 'Cancelled');
    assert.equal(await page.locator('[data-chosen] li', { hasText: 'Cancelled.bin' }).count(), 1);
    assert.deepEqual(await t.server.people('?q=cancelled'), []);
    await until('nothing is left of it', async () => (await t.server.doctor()).in_progress === 0);
    assert.equal((await t.server.doctor()).objects, objects);
    await in_step(t.server);
  });

  test('after a cancel it can be sent after all', async t => {
    const proxy = await t.proxy();
    const page = await form_through(t, proxy, 'Resolved', 12_000_000);
    proxy.hold(1e6);
    await submit_button(page).click();
    await until('the bar moves', async () => await bar(page).isVisible() && await fraction(page) > 0.02);
    await page.locator('[data-sending]').getByRole('button', { name: /cancel/i }).click();
    proxy.let_new_ones_through();
    // The server does not know yet that the first attempt has ended, so at first it answers that it is still under way.
    await submit_button(page).click();
    await page.getByText('Waiting for the attempt before').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancel');
    proxy.mend();
    await stored_number(page);
    assert.equal((await t.server.people('?q=resolved')).length, 1);
  });

  test('the line breaks in the middle: it says so, and “go on” makes one record', async t => {
    t.watch.expect(/net::ERR_|Failed to load resource/);
    const proxy = await t.proxy();
    const page = await form_through(t, proxy, 'Broken', 30_000_000);
    proxy.hold(8e6);
    await submit_button(page).click();
    await until('the bar moves', async () => await bar(page).isVisible() && await fraction(page) > 0.05);
    proxy.cut();
    const go_on = main(page).getByRole('button', { name: /go on/i });
    await go_on.waitFor();
    assert.equal(await main(page).getByLabel('Name', { exact: true }).inputValue(), 'Broken');
    proxy.mend();
    await go_on.click();
    const number = await stored_number(page);
    assert.equal((await t.server.people('?q=broken')).length, 1);
    assert.equal((await t.server.api(`/people/${number}`)).files.length, 1);
    await until('nothing is left of the first attempt', async () => (await t.server.doctor()).in_progress === 0);
    await in_step(t.server);
  });

  test('the line breaks before the answer comes: “go on” finds the record that was made', async t => {
    t.watch.expect(/net::ERR_|Failed to load resource/);
    const proxy = await t.proxy();
    const page = await form_through(t, proxy, 'Answerless', 3_000_000);
    proxy.keep_answers = true;
    await submit_button(page).click();
    const [made] = await until('the record is made', async () => {
      const people = await t.server.people('?q=answerless');
      return people.length > 0 && people;
    });
    proxy.cut();
    const go_on = main(page).getByRole('button', { name: /go on/i });
    await go_on.waitFor();
    proxy.mend();
    await go_on.click();
    assert.equal(await stored_number(page), made.id);
    assert.equal((await t.server.people('?q=answerless')).length, 1);
    await until('nothing is left of the second attempt', async () => (await t.server.doctor()).in_progress === 0);
    await in_step(t.server);
  });

  test('while it runs, a second submit and leaving by accident are guarded', async t => {
    const proxy = await t.proxy();
    const page = await form_through(t, proxy, 'Guarded', 20_000_000);
    proxy.hold(4e6);
    await submit_button(page).click();
    await until('the bar moves', async () => await bar(page).isVisible() && await fraction(page) > 0.02);
    const button = page.locator('form[data-submission] button[type=submit]');
    const guarded = !(await button.isVisible()) || await button.isDisabled() || await button.getAttribute('aria-disabled') === 'true';
    assert.ok(guarded, 'the submit button looks out of use');
    proxy.mend();
    await stored_number(page);
    assert.equal((await t.server.people('?q=guarded')).length, 1);
  });

  test('while it runs the form is locked, and Cancel has the focus and keeps it', async t => {
    const proxy = await t.proxy();
    const page = await form_through(t, proxy, 'Locked', 20_000_000);
    const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
    proxy.hold(2e6);
    await main(page).getByLabel('Name', { exact: true }).press('Enter');
    await until('the bar moves', async () => await bar(page).isVisible() && await fraction(page) > 0.02);
    assert.equal(await focused(), 'Cancel');
    const cancel = await page.evaluateHandle(() => document.activeElement);
    for (const label of ['Name', 'Location', 'Age', 'Technology']) {
      const field = main(page).getByLabel(label, { exact: true });
      const before = await field.inputValue();
      assert.equal(await field.isEditable(), false, label);
      await field.focus();
      await page.keyboard.type('999');
      assert.equal(await field.inputValue(), before, label);
    }
    await cancel.evaluate(it => it.focus());
    for (const selector of ['#photo', '#files', '.cross']) {
      assert.ok(await page.locator(selector).first().evaluate(it => it.closest('[inert]') !== null), `${selector} is out of use`);
    }
    await drop(page, page.locator('[data-drop=files]'), [await samples.large_file(`${t.folder}/too-late.bin`, 100)]);
    assert.equal(await page.$eval('#files', input => input.files.length), 1);
    assert.match(await page.locator('.notes').innerText(), /Nothing was added: the form is being sent/);
    assert.match(await page.locator('#announcer').innerText(), /percent|begun|being sent/);
    proxy.hold(8e6);
    await until('the bar goes on', async () => await fraction(page) > 0.3);
    assert.ok(await cancel.evaluate(it => it === document.activeElement), 'the focus is still on the same button');
    await page.keyboard.press('Space');
    await until('the focus is on Submit', async () => await focused() === 'Submit');
    assert.ok(await page.locator('[data-sending]').isHidden());
    assert.match(await page.locator('#announcer').innerText(), /stopped/);
    assert.ok(await main(page).getByLabel('Name', { exact: true }).isEditable());
    assert.equal(await page.locator('[inert], [data-chosen] progress').count(), 0);
    // Send it again by keyboard.
    proxy.hold(2e6);
    await page.keyboard.press('Enter');
    await until('the focus is on Cancel again', async () => await focused() === 'Cancel');
    proxy.mend();
    await stored_number(page);
    assert.equal((await t.server.people('?q=locked')).length, 1);
  });

  test('when the line breaks the form is unlocked, “go on” has the focus, and then Cancel', async t => {
    t.watch.expect(/net::ERR_|Failed to load resource/);
    const proxy = await t.proxy();
    const page = await form_through(t, proxy, 'Unlocked', 20_000_000);
    const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
    proxy.hold(2e6);
    await submit_button(page).click();
    await until('the bar moves', async () => await bar(page).isVisible() && await fraction(page) > 0.02);
    proxy.cut();
    await until('the focus is on “go on”', async () => await focused() === 'Go on');
    assert.ok(await main(page).getByLabel('Name', { exact: true }).isEditable());
    assert.ok(await submit_button(page).isEnabled());
    proxy.mend();
    proxy.hold(2e6);
    await page.keyboard.press('Enter');
    await until('the focus is on Cancel', async () => await focused() === 'Cancel');
    assert.equal(await main(page).getByLabel('Name', { exact: true }).isEditable(), false);
    proxy.mend();
    await stored_number(page);
  });

  test('progress is told to screen readers in a live region, politely', async t => {
    const proxy = await t.proxy();
    const page = await form_through(t, proxy, 'Spoken', 20_000_000);
    proxy.hold(6e6);
    await submit_button(page).click();
    await until('the bar moves', async () => await bar(page).isVisible() && await fraction(page) > 0.02);
    const live = page.locator('[aria-live=polite], [role=status]');
    await until('the live region speaks', async () => (await live.allInnerTexts()).some(words => /\S/.test(words)));
    const name = await bar(page).evaluate(it => it.getAttribute('aria-label') || it.getAttribute('aria-labelledby') || it.labels?.length);
    assert.ok(name, 'the bar has a name');
    proxy.mend();
    await stored_number(page);
  });
}, { settings: { 'worker.erase_again_after': '50ms' } });  // so that the second erase, for late writes, comes soon
