// Finding people.
import assert from 'node:assert/strict';
import { main, pictures_shown } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

const names = page => page.locator('.person-name').allInnerTexts();
const cities = ['Oslo', 'Bergen', 'Lund', 'Århus', 'Vaasa'];
const technologies = ['C++', 'Go', 'Rust', 'Ada'];

async function fifty_people({ server }) {
  for (let n = 0; n < 50; ++n) {
    const details = { name: `Person ${String(n).padStart(2, '0')}`, location: cities[n % 5], age: 20 + n, technology: technologies[n % 4] };
    await server.add_person(details, n % 10 === 0 ? [samples.png(`face${n}.png`), samples.pdf()] : []);
  }
  await server.add_person({ name: 'Zoë Ångström', location: 'Malmö', age: 33, technology: 'Haskell' });
  return {};
}

async function filter(page, fields) {
  const more = page.locator('summary', { hasText: 'More filters' });
  for (const [label, value] of Object.entries(fields)) {
    const field = main(page).getByLabel(label, { exact: true });
    if (await field.isHidden()) await more.click();
    if (await field.evaluate(it => it.tagName) === 'SELECT') await field.selectOption({ label: value });
    else await field.fill(value);
  }
  await Promise.all([page.waitForNavigation(), main(page).getByRole('button', { name: 'Show', exact: true }).click()]);
}

export default suite('directory', ({ test, before }) => {
  before(fifty_people);

  test('the newest come first; older and newer lead through all of them, each once', async t => {
    const page = await t.open('/people');
    const seen = [...await names(page)];
    assert.equal(seen[0], 'Zoë Ångström');
    const counts = [seen.length];
    while (await main(page).getByRole('link', { name: 'Older' }).count() > 0) {
      await Promise.all([page.waitForNavigation(), main(page).getByRole('link', { name: 'Older' }).click()]);
      const more = await names(page);
      counts.push(more.length);
      seen.push(...more);
    }
    assert.deepEqual(counts, [20, 20, 11]);
    assert.equal(new Set(seen).size, 51);
    assert.equal(seen.at(-1), 'Person 00');
    await Promise.all([page.waitForNavigation(), main(page).getByRole('link', { name: 'Newer' }).click()]);
    await Promise.all([page.waitForNavigation(), main(page).getByRole('link', { name: 'Newer' }).click()]);
    assert.equal((await names(page))[0], 'Zoë Ångström');
    assert.equal(await main(page).getByRole('link', { name: 'Newer' }).count(), 0);
  });

  test('a search finds beginnings of words in any order, and marks them', async t => {
    const page = await t.open('/people');
    await filter(page, { Search: 'lund per' });
    assert.match(page.url(), /[?&]q=lund(\+|%20)per/);
    assert.equal((await names(page)).length, 10);
    const marked = new Set((await page.locator('tbody mark').allInnerTexts()).map(word => word.toLowerCase()));
    assert.deepEqual([...marked].sort(), ['lund', 'per']);
  });

  test('accents and case do not matter to a search', async t => {
    const page = await t.open('/people?q=ANGSTROM+zoe');
    assert.deepEqual(await names(page), ['Zoë Ångström']);
    assert.deepEqual((await page.locator('.person-name mark').allInnerTexts()).sort(), ['Zoë', 'Ångström'].sort());
  });

  test('the search in the top bar looks in the directory and keeps its words', async t => {
    const page = await t.open('/');
    const search = page.locator('header').getByRole('searchbox', { name: 'Find people' });
    await search.fill('person 07');
    await search.press('Enter');
    await page.waitForURL(/\/people\?q=person/);
    assert.deepEqual(await names(page), ['Person 07']);
    assert.equal(await search.inputValue(), 'person 07');
  });

  test('a number finds its record', async t => {
    const page = await t.open('/people?q=5');
    assert.match(await main(page).innerText(), /No\. 5 is Person 04/);
  });

  test('filters narrow, stand as chips, and go one by one', async t => {
    const page = await t.open('/people');
    await filter(page, { Technology: 'Go', Location: 'Bergen', 'Age from': '21', 'Age to': '60' });
    assert.deepEqual(await names(page), ['Person 21', 'Person 01']);
    const chips = page.getByRole('list', { name: 'Active filters' }).getByRole('link');
    assert.equal(await chips.count(), 5);  // four and "Clear all"
    await chips.filter({ hasText: 'Location' }).click();
    await page.waitForURL(url => !url.search.includes('location'));
    assert.equal((await names(page)).length, 10);
    await page.getByRole('link', { name: 'Clear all' }).click();
    await page.waitForURL('**/people');
    assert.equal((await names(page)).length, 20);
    assert.equal(await page.getByRole('list', { name: 'Active filters' }).count(), 0);
  });

  test('with and without files', async t => {
    const page = await t.open('/people');
    await filter(page, { Files: 'With files' });
    assert.equal((await names(page)).length, 5);
    assert.match(await page.locator('.cell-files').first().innerText(), /2 files/);
    await pictures_shown(page, '.people img.avatar');
    await filter(page, { Files: 'Without files' });
    assert.equal((await names(page)).length, 20);
  });

  test('a technology is a chip that filters', async t => {
    const page = await t.open('/people');
    await page.locator('tbody').getByRole('link', { name: 'Rust', exact: true }).first().click();
    await page.waitForURL(/technology_exact=Rust/);
    assert.equal((await names(page)).length, 12);
    assert.ok((await page.locator('.cell-technology').allInnerTexts()).every(words => words.trim() === 'Rust'));
  });

  test('every order, over pages', async t => {
    const page = await t.open('/people?sort=oldest');
    assert.equal((await names(page))[0], 'Person 00');
    await filter(page, { Order: 'By name' });
    const first = await names(page);
    assert.deepEqual(first, [...first].sort());
    await Promise.all([page.waitForNavigation(), main(page).getByRole('link', { name: 'Next' }).click()]);
    assert.ok((await names(page))[0] > first.at(-1));
    await filter(page, { Order: 'By age' });
    const ages = (await page.locator('.cell-age').allInnerTexts()).map(words => Number(/\d+/.exec(words)[0]));
    assert.deepEqual(ages, [...ages].sort((a, b) => a - b));
    assert.equal(await main(page).getByLabel('Order').inputValue(), 'age');
  });

  test('nobody matches: it says so, and leads back', async t => {
    const page = await t.open('/people?q=nobodyatall');
    assert.match(await main(page).innerText(), /Nobody matches/);
    await main(page).getByRole('link', { name: 'Show everyone' }).click();
    await page.waitForURL('**/people');
    assert.equal((await names(page)).length, 20);
  });

  test('the address holds the whole query: it can be shared and gone back to', async t => {
    const page = await t.open('/people');
    await filter(page, { Search: 'person', Technology: 'Ada', Order: 'By name' });
    const shared = page.url();
    const other = await t.open(shared);
    assert.deepEqual(await names(other), await names(page));
    await page.locator('.person-name').first().click();
    await page.waitForURL(/\/people\/\d+$/);
    await page.goBack();
    assert.equal(page.url(), shared);
  });

  test('the whole row leads to the record', async t => {
    const page = await t.open('/people');
    const cell = await page.locator('tbody tr').nth(2).locator('.cell-age').boundingBox();
    await page.mouse.click(cell.x + 4, cell.y + 4);
    await page.waitForURL(/\/people\/\d+$/);
  });

  test('times are told relatively, exactly on hover, in the reader’s manner', async t => {
    const page = await t.open('/people', { locale: 'de-DE', timezoneId: 'Asia/Tokyo' });
    const time = page.locator('tbody time').first();
    assert.match(await time.innerText(), /just now|minute/);
    assert.match(await time.getAttribute('title'), /^\d{2}\.\d{2}\.\d{4}/);
    assert.match(await time.getAttribute('datetime'), /Z$/);
  });

  test('the catalog lists the files of an author', async t => {
    const page = await t.open('/catalog');
    await main(page).getByRole('searchbox', { name: 'Author' }).fill('Person 10');
    await main(page).getByRole('button', { name: 'Show files' }).click();
    await page.waitForURL(/author=Person/);
    const files = await page.locator('.catalog .person-name').allInnerTexts();
    assert.deepEqual(files.sort(), ['cv.pdf', 'face10.png']);
    await page.goto('/catalog?author=Nobody');
    assert.match(await main(page).innerText(), /No files by “Nobody”/);
  });
});
