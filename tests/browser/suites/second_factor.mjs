// The second factor, and the audit log.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fits, fresh, password, press, sign_in } from '../harness/accounts.mjs';
import { main } from '../harness/pages.mjs';
import { suite } from '../harness/suite.mjs';

// An authenticator app (RFC 6238). Each of its codes works once, so it waits for the next when it must.
function app(secret) {
  const bits = [...secret].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)));
  const now = () => Math.floor(Date.now() / 30_000);
  let step = now() - 2;
  return {
    async code() {
      step = Math.max(step + 1, now() - 1);
      while (step > now() + 1) await pause(500);
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(step));
      const digest = createHmac('sha1', key).update(time).digest();
      return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
    },
  };
}

async function with_account(t) {
  const page = await fresh(t);
  await page.goto('/accounts');
  if (page.url().includes('/sign-in')) return sign_in(page, 'Anna Berg').then(() => page);
  await main(page).getByLabel('Your name').fill('Anna Berg');
  await main(page).getByLabel('Password').fill(password);
  await press(page, 'Add the first account');
  await main(page).getByRole('heading', { name: 'Add an account' }).waitFor();
  return page;
}

export default suite('second factor', ({ test }) => {
  test('an authenticator app is set up, and signing in takes its code', async t => {
    const page = await with_account(t);
    await page.goto('/account');
    await main(page).getByRole('link', { name: 'Set up an authenticator app' }).click();
    await fits(page);
    const phone = app((await page.locator('#secret').innerText()).replaceAll(' ', ''));
    const picture = await main(page).getByRole('img', { name: 'Picture with the key' }).boundingBox();
    assert.ok(picture.width > 150 && Math.abs(picture.width - picture.height) < 1);
    await main(page).getByLabel('Type the code').fill('000000');
    await press(page, 'Turn it on');
    await page.locator('[data-summary]').getByText('This code is wrong').waitFor();
    await main(page).getByLabel('Type the code').fill(await phone.code());
    await press(page, 'Turn it on');
    await main(page).getByRole('heading', { name: 'Your recovery codes' }).waitFor();
    await fits(page);
    const recovery = await page.locator('#recovery-codes code').allInnerTexts();
    assert.equal(recovery.length, 10);
    await main(page).getByRole('link', { name: 'I have kept them' }).click();
    await main(page).getByText('10 recovery codes').waitFor();

    const again = await fresh(t);
    await sign_in(again, 'Anna Berg');
    await main(again).getByRole('heading', { name: 'Second factor' }).waitFor();
    await fits(again);
    await main(again).getByLabel('Code').fill('123');
    await press(again, 'Sign in');
    await again.locator('[data-summary]').getByText('This code is wrong').waitFor();
    await main(again).getByLabel('Code').fill(await phone.code());
    await press(again, 'Sign in');
    await again.getByRole('link', { name: 'Your account, Anna Berg' }).waitFor();

    const lost = await fresh(t);
    await sign_in(lost, 'Anna Berg');
    await main(lost).getByLabel('Code').fill(recovery[3]);
    await press(lost, 'Sign in');
    await lost.goto('/account');
    await main(lost).getByText('9 recovery codes').waitFor();
    await main(lost).getByLabel('Password, to remove the second factor').fill(password);
    await press(lost, 'Remove the second factor');
    await main(lost).getByText('From now on your password is enough').waitFor();
  });

  test('an admin looks through the audit log', async t => {
    const page = await with_account(t);
    await page.goto('/account');
    await main(page).getByRole('link', { name: 'Audit log' }).click();
    await main(page).locator('.audit-rows').getByText('Second factor set').first().waitFor();
    await fits(page);
    await main(page).getByLabel('What').selectOption('account_added');
    await press(page, 'Show');
    assert.match(page.url(), /what=account_added/);
    await main(page).locator('.audit-rows').getByText('Account added').first().waitFor();
    assert.equal(await main(page).locator('.audit-rows').getByText('Signed in', { exact: true }).count(), 0);
  });
}, { settings: { 'worker.longest_sleep': '200ms' } });
