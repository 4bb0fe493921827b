// By keyboard alone.
import assert from 'node:assert/strict';
import { stored_number, until } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { every_page, fill, visit } from '../harness/site.mjs';
import { suite } from '../harness/suite.mjs';

const focus_is_on = (page, selector) => page.evaluate(it => document.activeElement?.matches(it) ?? false, selector);

// Presses Tab until the focus is where it should be; returns how many presses that took.
async function tab_to(page, selector, most = 40) {
  for (let presses = 0; presses <= most; ++presses) {
    if (await focus_is_on(page, selector)) return presses;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the focus never came to ${selector}`);
}

// Whether the element with the focus is visibly marked. For a file input the box around it may have the mark. Null: it
// is; otherwise the element.
function focus_seen() {
  const drawn = element => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  const active = document.activeElement;
  if (!active || active === document.body) return 'nothing';
  const around = active.matches('input[type=file]') ? [active.closest('.drop'), active.labels?.[0]] : [];
  const marked = [active, ...around].some(element => element && drawn(element));
  const box = (around[0] ?? active).getBoundingClientRect();
  const on_screen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return marked && on_screen ? null : active.outerHTML.slice(0, 160);
}

export default suite('keyboard', ({ test, before }) => {
  before(async ({ server }) => {
    const people = await fill(server);
    return { people, pages: every_page(people) };
  });

  test('a person is submitted with Tab, Enter and Space alone', async t => {
    const page = await t.new_page();
    // Listen from the start. With a listener for one chooser only, the browser may not know yet, when the key is
    // pressed, that the test answers choosers, and opens its own.
    const choosers = [];
    page.on('filechooser', chooser => choosers.push(chooser));
    await page.goto('/');
    for (const [id, value] of [['name', 'Key Board'], ['location', 'Narvik'], ['age', '37'], ['technology', 'Lisp']]) {
      await tab_to(page, `#${id}`);
      await page.keyboard.type(value);
    }
    await page.keyboard.press('Escape');  // closes the suggestions
    for (const [id, key, file] of [['photo', 'Enter', samples.png()], ['files', 'Space', samples.pdf()]]) {
      await tab_to(page, `#${id}`);
      await page.keyboard.press(key);
      const chooser = await until(`the chooser of ${id}`, () => choosers.shift());
      await chooser.setFiles(file);
    }
    await tab_to(page, 'button[type=submit]');
    await page.keyboard.press('Enter');
    const number = await stored_number(page);
    await tab_to(page, `a[href="/people/${number}"]`);
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/people/${number}$`));
    assert.equal((await t.server.api(`/people/${number}`)).files.length, 2);
  });

  test('Enter in a field submits', async t => {
    const page = await t.open('/employee');
    await tab_to(page, '#employee_id');
    await page.keyboard.type(String(t.shared.people.ordinary.id));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Anna Berg' }).waitFor();
  });

  test('the skip link comes first, is seen, and leads past the bar', async t => {
    for (const address of ['/', '/people', `/people/${t.shared.people.ordinary.id}`]) {
      const page = await t.open(address);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), 'Skip to content');
      assert.equal(await page.evaluate(focus_seen), null);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null), 'the next stop is in the content');
    }
  });

  test('every stop of every page shows that it has the focus', async t => {
    const page = await t.new_page();
    const problems = [];
    for (const each of t.shared.pages.filter(({ name }) => !/long|hostile|older|just|nothing|look-up, |no such|, found|empty|wrong filter|adding|without files|remove|errors|catalog with/.test(name))) {
      await visit(page, each);
      await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
      for (let stop = 0; stop < 22; ++stop) {
        await page.keyboard.press('Tab');
        const unseen = await page.evaluate(focus_seen);
        if (unseen === 'nothing') break;
        if (unseen) problems.push(`${each.name}: ${unseen}`);
      }
    }
    assert.deepEqual([...new Set(problems)], []);
  });

  test('a chosen file is taken back by keyboard, and the focus is not lost', async t => {
    const page = await t.open('/');
    await page.locator('#files').setInputFiles([samples.text('one.txt'), samples.text('two.txt', 'two')]);
    await page.locator('#files').focus();
    await tab_to(page, 'button[aria-label*="one.txt"]', 5);
    await page.keyboard.press('Space');
    assert.deepEqual(await page.$eval('#files', input => [...input.files].map(file => file.name)), ['two.txt']);
    assert.ok(await page.evaluate(() => document.activeElement !== document.body));
  });

  test('filters, edit and delete are reached and used by keyboard', async t => {
    const { id } = await t.server.add_person({ name: 'Delete By Keys' });
    const page = await t.open('/people');
    await tab_to(page, '#q');
    await page.keyboard.type('keys');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=keys/);
    await tab_to(page, `a[href="/people/${id}"]`);
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/people/${id}$`));
    await tab_to(page, `a[href="/people/${id}/edit"]`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/edit$/);
    await tab_to(page, '#age');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('77');
    await page.keyboard.press('Enter');
    await page.waitForURL(url => !url.pathname.endsWith('edit'));
    assert.equal((await t.server.api(`/people/${id}`)).age, 77);
    await tab_to(page, `a[href="/people/${id}/delete"]`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/delete$/);
    await tab_to(page, 'main button[type=submit]');
    await page.keyboard.press('Space');
    await page.waitForURL(/\/people(\?deleted)?$/);
    assert.deepEqual(await t.server.people('?q=keys'), []);
  });
});
