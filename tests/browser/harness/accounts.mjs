// What the suites about accounts share.
import assert from 'node:assert/strict';
import { main } from './pages.mjs';

export const password = 'violet kettle under seven rivers';
export const press = (page, name) => main(page).getByRole('button', { name, exact: true }).click();

export async function sign_in(page, name, secret = password) {
  await page.goto('/sign-in');
  await main(page).getByLabel('Name').fill(name);
  await main(page).getByLabel('Password').fill(secret);
  await press(page, 'Sign in');
}

// Nothing sticks out to the side, at any width.
export async function fits(page) {
  for (const width of [320, 390, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${page.url()} at ${width}`);
  }
}

// Opens a page in a browser of its own, without the cookies of others.
export async function fresh(t) {
  const page = await t.open('/');
  await page.context().clearCookies();
  return page;
}
