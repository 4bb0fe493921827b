// Looking at files without leaving the record.
import assert from 'node:assert/strict';
import { until } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

const dialog = page => page.getByRole('dialog');
const title = page => dialog(page).getByRole('heading').innerText();
const open_preview = async (page, name) => {
  await page.locator('.file-name').getByRole('link', { name }).click();
  await dialog(page).waitFor();
};

export default suite('preview', ({ test, before }) => {
  before(async ({ server }) => server.add_person({ name: 'Unn Preview' },
    [samples.png('one.png'), samples.pdf('two.pdf'), samples.text('three.txt', 'Line <b>one</b>\nLine two'), samples.bytes('four.bin', 900)]));

  test('a picture', async t => {
    const page = await t.open(`/people/${t.shared.id}`);
    await open_preview(page, 'one.png');
    await until('the picture shows', () => dialog(page).locator('img').evaluate(image => image.complete && image.naturalWidth === 64));
    assert.equal(await title(page), 'one.png');
  });

  test('the portrait opens the same', async t => {
    const page = await t.open(`/people/${t.shared.id}`);
    await page.locator('.portrait a').click();
    await dialog(page).waitFor();
    assert.equal(await title(page), 'one.png');
  });

  test('a PDF, in a frame that got it', async t => {
    const page = await t.open(`/people/${t.shared.id}`);
    const answer = page.waitForResponse(response => response.request().resourceType() === 'document' && /content$/.test(response.url()));
    await open_preview(page, 'two.pdf');
    const got = await answer;
    assert.equal(got.status(), 200);
    assert.equal(got.headers()['content-type'], 'application/pdf');
    const frame = dialog(page).locator('iframe, object, embed');
    await frame.waitFor();
    const box = await frame.boundingBox();
    assert.ok(box.width > 300 && box.height > 200, `${box.width} by ${box.height}`);
    assert.ok(await frame.getAttribute('title'), 'the frame has a name');
  });

  test('a text, as text', async t => {
    const page = await t.open(`/people/${t.shared.id}`);
    await open_preview(page, 'three.txt');
    await until('the text shows', async () => (await dialog(page).innerText()).includes('Line <b>one</b>'));
    assert.equal(await dialog(page).locator('b').count(), 0);
  });

  test('what cannot be previewed is only downloaded', async t => {
    const page = await t.open(`/people/${t.shared.id}`);
    assert.equal(await page.locator('.file-name').getByRole('link', { name: 'four.bin' }).count(), 0);
  });

  test('arrow keys go through the files, Escape closes, focus comes back', async t => {
    const page = await t.open(`/people/${t.shared.id}`);
    await page.locator('.file-name').getByRole('link', { name: 'one.png' }).focus();
    await page.keyboard.press('Enter');
    await dialog(page).waitFor();
    await page.keyboard.press('ArrowRight');
    await until('the second', async () => await title(page) === 'two.pdf');
    await page.keyboard.press('ArrowRight');
    await until('the third', async () => await title(page) === 'three.txt');
    await page.keyboard.press('ArrowRight');
    assert.equal(await title(page), 'three.txt', 'stops at the end');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await until('the first again', async () => await title(page) === 'one.png');
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'one.png');
  });

  test('the buttons do what the keys do', async t => {
    const page = await t.open(`/people/${t.shared.id}`);
    await open_preview(page, 'one.png');
    assert.ok(await dialog(page).getByRole('button', { name: 'Previous' }).isDisabled());
    await dialog(page).getByRole('button', { name: 'Next' }).click();
    await until('the second', async () => await title(page) === 'two.pdf');
    await dialog(page).getByRole('button', { name: 'Close' }).click();
    await dialog(page).waitFor({ state: 'hidden' });
  });

  test('focus stays inside while it is open', async t => {
    const page = await t.open(`/people/${t.shared.id}`);
    await open_preview(page, 'one.png');
    for (let press = 0; press < 12; ++press) {
      await page.keyboard.press('Tab');
      assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null));
    }
  });

  test('a file that went away meanwhile: it says so, and the record stays', async t => {
    t.watch.expect(/404/);
    const { id, files } = await t.server.add_person({ name: 'Vera Away' }, [samples.text('away.txt')]);
    const page = await t.open(`/people/${id}`);
    await t.server.api(`/files/${files[0].id}`, { method: 'DELETE', headers: { 'if-match': '*' } });
    await open_preview(page, 'away.txt');
    await until('it says so', async () => /cannot be shown/.test(await dialog(page).innerText()));
  });
});
