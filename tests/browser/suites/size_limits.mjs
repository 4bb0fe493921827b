// Files that are too big, with small limits.
import assert from 'node:assert/strict';
import { fill_form, in_step, main, stored_number, submit_button } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

export default suite('size limits', ({ test }) => {
  test('the form says the limit, and a file over it is refused before it is sent', async t => {
    const page = await t.open('/');
    assert.match(await main(page).innerText(), /Up to 3 files, 100 KB each/);
    await fill_form(page, { files: [samples.bytes('big.bin', 150_000)] });
    const sent = [];
    page.on('request', request => request.method() === 'POST' && sent.push(request.url()));
    await submit_button(page).click();
    await page.locator('[data-summary]').waitFor();
    assert.match(await page.locator('[data-summary]').innerText(), /big\.bin/);
    assert.deepEqual(sent, []);
    await page.locator('[data-chosen] li').getByRole('button', { name: /remove/i }).click();
    await page.locator('input#files').setInputFiles([samples.bytes('small.bin', 90_000)]);
    await submit_button(page).click();
    await stored_number(page);
    await in_step(t.server);
  });

  test('without scripts the server refuses it, keeps what was typed, and keeps nothing else', async t => {
    const before = (await t.server.people()).length;
    const page = await t.open('/', { javaScriptEnabled: false });
    await fill_form(page, { files: [samples.bytes('big.bin', 150_000)] });
    await submit_button(page).click();
    await page.waitForLoadState();
    assert.match(await page.title(), /^Error: /);
    assert.match(await main(page).innerText(), /Choose a file of .* or less/);
    assert.equal(await main(page).getByLabel('Name', { exact: true }).inputValue(), 'Anna Berg');
    assert.equal((await t.server.people()).length, before);
    await in_step(t.server);
  });
}, { settings: { 'intake.file_size': '100000', 'intake.files': '3' } });
