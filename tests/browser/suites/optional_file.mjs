// With the setting that makes files optional.
import assert from 'node:assert/strict';
import { fill_form, in_step, main, submit } from '../harness/pages.mjs';
import { suite } from '../harness/suite.mjs';

export default suite('files optional', ({ test }) => {
  test('a person is stored without a file, shown with initials, and told so', async t => {
    const page = await t.open('/');
    assert.match(await main(page).innerText(), /add them later/);
    await fill_form(page);
    const number = await submit(page);
    assert.match(await main(page).innerText(), /None yet/);
    await page.goto(`/people/${number}`);
    assert.match(await main(page).innerText(), /No files yet/);
    assert.equal(await page.locator('.portrait-letters').innerText(), 'AB');
    await in_step(t.server);
  });
}, { args: ['--file-optional'] });
