// Every page and state of the site, for the tests that look at all of them. `status` is the expected HTTP status.
import * as samples from './samples.mjs';

const long_word = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
const hostile = '<img src=x onerror="window.hacked=1">';

// People and files that make every page full: one ordinary, one with long words, one hostile, twenty more.
export async function fill(server) {
  const ordinary = await server.add_person({}, [samples.png(), samples.pdf(), samples.text()]);
  const long = await server.add_person(
    { name: long_word + long_word, location: 'W'.repeat(200), age: 150, technology: long_word },
    [samples.bytes(`${'very-long-file-name-'.repeat(10)}.bin`, 1_234_567), samples.text(`${'x'.repeat(200)}.txt`)]);
  const evil = await server.add_person({ name: hostile, location: `"><script>window.hacked=1</script>`, technology: `javascript:window.hacked=1` },
    [samples.text('<img src=x onerror=window.hacked=1>.txt'), samples.png('"><svg onload=window.hacked=1>.png')]);
  const bare = await server.add_person({ name: 'Bo', location: 'Å', age: 0, technology: 'C' });
  for (let n = 0; n < 20; ++n) await server.add_person({ name: `Person ${n}`, location: 'Oslo', technology: 'Go', age: 20 + n });
  return { ordinary, long, evil, bare };
}

const press = (role, name) => async page => {
  await page.getByRole('main').getByRole(role, { name, exact: true }).click();
  await page.waitForLoadState();
  await page.locator('[data-summary]').waitFor();
};

const look_up = number => async page => {
  await page.getByLabel('Record number').fill(String(number));
  await page.getByRole('main').getByRole('button', { name: 'Look up' }).click();
  await page.waitForLoadState();
};

const make_stale = async page => {
  await page.$eval('input[name=version]', input => { input.value = '999999'; });
  await page.getByRole('main').getByLabel('Location').fill('Elsewhere');
  await page.getByRole('main').getByRole('button', { name: 'Save' }).click();
  await page.locator('[data-summary]').waitFor();
};

export function every_page({ ordinary, long, evil, bare }) {
  const record = who => `/people/${who.id}`;
  return [
    { name: 'form', address: '/' },
    { name: 'form with errors', address: '/', then: press('button', 'Submit') },
    { name: 'form with files chosen', address: '/', then: async page => {
      await page.locator('#photo').setInputFiles(samples.png());
      await page.locator('#files').setInputFiles([samples.pdf(), samples.text(`${'long-name-'.repeat(20)}.txt`)]);
    } },
    { name: 'form with files that do not fit', address: '/', then: async page => {
      await page.locator('#photo').setInputFiles(samples.text('no-picture.txt'));
      await page.locator('#files').setInputFiles(Array.from({ length: 21 }, (_, n) => samples.text(`${n}.txt`, `text ${n}`)));
      await page.locator('.notes .field-error').waitFor();
      await press('button', 'Submit')(page);
    } },
    { name: 'success', address: `/submitted/${ordinary.id}` },
    { name: 'success with long words', address: `/submitted/${long.id}` },
    { name: 'directory', address: '/people' },
    { name: 'directory, older', address: '/people', then: async page => {
      await page.getByRole('link', { name: 'Older' }).click();
      await page.getByRole('link', { name: 'Newer' }).waitFor();
    } },
    { name: 'directory, filtered', address: '/people?q=oslo&technology=Go&age_from=20&age_to=30&has_files=no&sort=name' },
    { name: 'directory, nothing found', address: '/people?q=nobodyatall' },
    { name: 'directory, wrong filter', address: '/people?age_from=x', status: 422 },
    { name: 'directory, just deleted', address: '/people?deleted' },
    { name: 'record', address: record(ordinary) },
    { name: 'record with long words', address: record(long) },
    { name: 'record with hostile words', address: record(evil) },
    { name: 'record without files', address: record(bare) },
    { name: 'record, just saved', address: `${record(ordinary)}?saved` },
    { name: 'record, adding nothing', address: record(bare), then: press('button', 'Add to this record') },
    { name: 'preview', address: record(ordinary), then: async page => {
      await page.locator('a[data-preview=picture]').first().click();
      await page.locator('dialog img').waitFor();
    } },
    { name: 'edit', address: `${record(ordinary)}/edit` },
    { name: 'edit with errors', address: `${record(ordinary)}/edit`, then: async page => {
      await page.getByRole('main').getByLabel('Name').fill('');
      await press('button', 'Save')(page);
    } },
    { name: 'edit, stale', address: `${record(ordinary)}/edit`, then: make_stale },
    { name: 'delete', address: `${record(ordinary)}/delete` },
    { name: 'delete with long words', address: `${record(long)}/delete` },
    { name: 'remove a file', address: `/files/${long.files[0].id}/remove` },
    { name: 'catalog, nothing asked', address: '/catalog' },
    { name: 'catalog, empty', address: '/catalog?author=Nobody' },
    { name: 'catalog', address: '/catalog?author=Anna+Berg' },
    { name: 'catalog with long words', address: `/catalog?author=${encodeURIComponent(long.name)}` },
    { name: 'look-up', address: '/employee' },
    { name: 'look-up, found', address: '/employee', then: look_up(ordinary.id) },
    { name: 'look-up, nobody', address: '/employee', then: look_up(987654) },
    { name: 'look-up, nonsense', address: '/employee', then: look_up('abc') },
    { name: 'first account', address: '/accounts' },
    { name: 'first account with errors', address: '/accounts', then: press('button', 'Add the first account') },
    { name: 'received', address: '/received?no=12' },
    { name: 'receipt that has ended', address: '/receipts/0', status: 410 },
    { name: 'link that is not valid', address: '/welcome', status: 410 },
    { name: 'for programs', address: '/api' },
    { name: 'no such record', address: '/people/987654', status: 404 },
    { name: 'no such address', address: '/nowhere/at/all', status: 404 },
  ];
}

// Opens one of these pages.
export async function visit(page, { name, address, then, status = 200 }) {
  const answer = await page.goto(address);
  if (answer.status() !== status) throw new Error(`${name}: ${address} answered ${answer.status()}`);
  await then?.(page);
}
