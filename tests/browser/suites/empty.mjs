// The first minute: nobody is there yet.
import assert from 'node:assert/strict';
import { main } from '../harness/pages.mjs';
import { suite } from '../harness/suite.mjs';

export default suite('empty', ({ test }) => {
  test('an empty directory says what to do', async t => {
    const page = await t.open('/people');
    assert.match(await main(page).innerText(), /Nobody is here yet/);
    await main(page).getByRole('link', { name: 'Submit the first one' }).click();
    await page.waitForURL(t.server.url + '/');
  });

  test('an empty catalog says what to do', async t => {
    const page = await t.open('/catalog');
    await main(page).getByRole('link', { name: /directory/ }).click();
    await page.waitForURL('**/people');
  });

  test('the pages say that only this computer can reach them', async t => {
    const page = await t.open('/');
    assert.match(await page.locator('footer').innerText(), /Only this computer/);
  });
});
