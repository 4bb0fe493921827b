// Accounts: the first one, signing in and out, invitations, the own password and sessions.
import assert from 'node:assert/strict';
import { fits, fresh, password, press, sign_in } from '../harness/accounts.mjs';
import { main } from '../harness/pages.mjs';
import { suite } from '../harness/suite.mjs';

const other = 'amber lantern on nine hills';

export default suite('sign in', ({ test, before }) => {
  before(async ({ server }) => {
    await server.add_person({ name: 'Anna Before' });
    return {};
  });

  test('the first account is added on the page, and is signed in', async t => {
    const page = await t.open('/people');
    await page.getByRole('link', { name: 'Add an account' }).click();
    await main(page).getByLabel('Your name').fill('Anna Berg');
    await main(page).getByLabel('Password').fill('passwordpassword');
    await press(page, 'Add the first account');
    await main(page).getByText('harder to guess').first().waitFor();
    await main(page).getByLabel('Password').fill(password);
    await press(page, 'Show');
    assert.equal(await main(page).getByLabel('Password').getAttribute('type'), 'text');
    await press(page, 'Add the first account');
    await main(page).getByRole('heading', { name: 'Add an account' }).waitFor();
    await fits(page);
  });

  test('who is not signed in is led to the page for it, and back', async t => {
    const page = await fresh(t);
    await page.goto('/people?q=anna');
    assert.match(page.url(), /\/sign-in\?next=/);
    await fits(page);
    await main(page).getByLabel('Name').fill('anna berg');
    await main(page).getByLabel('Password').fill('not this one');
    await press(page, 'Sign in');
    await page.locator('[data-summary]').getByText('The name or the password is wrong').waitFor();
    await main(page).getByLabel('Password').fill(password);
    await press(page, 'Sign in');
    await page.waitForURL(/\/people\?q=anna$/);
    await main(page).getByText('Anna Before').waitFor();
  });

  test('an invitation lets its holder choose a password, once', async t => {
    const page = await fresh(t);
    await sign_in(page, 'Anna Berg');
    await page.goto('/accounts');
    await main(page).getByLabel('Name', { exact: true }).fill('Bo Viewer');
    await main(page).getByLabel('Role', { exact: true }).selectOption('viewer');
    await press(page, 'Add, and make a link for them');
    const link = await page.locator('#link').innerText();
    await fits(page);
    const bo = await fresh(t);
    await bo.goto(link);
    assert.match(bo.url(), /\/welcome$/, 'the secret is not in the address any more');
    await fits(bo);
    await main(bo).getByLabel('Password').fill(other);
    await press(bo, 'Set the password');
    await bo.goto('/people/1');
    await main(bo).getByRole('heading', { level: 1, name: 'Anna Before' }).waitFor();
    assert.equal(await main(bo).getByRole('link', { name: 'Edit' }).count(), 0, 'a viewer is offered no change');
    assert.equal(await main(bo).getByRole('button', { name: 'Add to this record' }).count(), 0);
    const late = await fresh(t);
    await late.goto(link);
    await main(late).getByText('not valid any more').waitFor();
  });

  test('a new password ends the other sessions', async t => {
    const here = await fresh(t), there = await fresh(t);
    await sign_in(here, 'Anna Berg');
    await sign_in(there, 'Anna Berg');
    await here.goto('/account');
    await fits(here);
    await main(here).getByText('this browser').waitFor();
    await main(here).getByLabel('Password now').fill(password);
    await main(here).getByLabel('New password').fill(other);
    await press(here, 'Change the password');
    await here.getByRole('status').filter({ hasText: 'The password is changed' }).waitFor();
    await there.goto('/people');
    assert.match(there.url(), /sign-in/);
    await press(here, 'Sign out');
    await here.getByRole('status').filter({ hasText: 'signed out' }).waitFor();
    await here.goto('/people');
    assert.match(here.url(), /sign-in/);
  });

  test('without an account the form can be sent, and shows the number only', async t => {
    const page = await fresh(t);
    await page.goto('/');
    assert.equal(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').count(), 1);
    await page.goto('/received?no=7');
    await main(page).getByText('Stored as no. 7').waitFor();
    await fits(page);
  });
});
