// axe-core on every page and state: it finds nothing, in light and in dark.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { large_file } from '../harness/samples.mjs';
import { every_page, fill, visit } from '../harness/site.mjs';
import { suite } from '../harness/suite.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// check() uses all rules that axe-core has on, and the one of WCAG 2.2 that it has off; or only these about colours.
const of_colours = ['color-contrast', 'link-in-text-block'];

async function check(page, name, only) {
  await page.evaluate(axe);
  const found = await page.evaluate(only => window.axe.run(document, {
    rules: only ? {} : { 'target-size': { enabled: true } }, resultTypes: ['violations'], ...(only && { runOnly: only }),
  }), only);
  return found.violations.map(rule => `${name}: ${rule.id} (${rule.help})\n${rule.nodes.slice(0, 3).map(node => `  ${node.html.slice(0, 160)}\n    ${node.failureSummary.replace(/\n\s*/g, ' ')}`).join('\n')}`);
}

// Light and dark differ in their colours only, so dark is checked only for these rules.
async function check_all(t, pages, options) {
  const page = await t.new_page({ reducedMotion: 'reduce', ...options });
  const problems = [];
  for (const each of pages) {
    await page.emulateMedia({ colorScheme: 'light' });
    await visit(page, each);
    problems.push(...await check(page, each.name));
    await page.emulateMedia({ colorScheme: 'dark' });
    problems.push(...await check(page, `${each.name}, dark`, of_colours));
  }
  if (problems.length > 0) throw new Error(`axe found ${problems.length}:\n${problems.join('\n')}`);
}

// A browser sends a form from another site, and shows the 403 page.
async function foreign_form(t) {
  const page = await t.new_page();
  t.watch.expect(/left the site: http:\/\/localhost|403/);
  await page.route('**/foreign', route => route.fulfill({ contentType: 'text/html', body: `<form method=post action="${t.server.url}/employee"><input name=employee_id value=1><button>Go</button></form>` }));
  await page.goto(t.server.url.replace('127.0.0.1', 'localhost') + '/foreign');
  await page.getByRole('button').click();
  await page.waitForURL('**/employee');
  return page;
}

export default suite('accessibility', ({ test, before }) => {
  before(async ({ server }) => every_page(await fill(server)));

  test('axe finds nothing on any page, in light and in dark', t => check_all(t, t.shared), { limit: 300_000 });

  test('axe finds nothing on a phone, in light and in dark',
    t => check_all(t, t.shared.filter(({ name }) => /^(form|record|edit|catalog|directory, filtered|form with errors|record with long words)$/.test(name)),
      { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }));

  test('axe finds nothing on the page for a form that came from another site', async t => {
    const page = await foreign_form(t);
    const text = await page.getByRole('main').innerText();
    if (!/another web site/.test(text)) throw new Error(`it says ${text}`);
    const problems = await check(page, 'foreign form');
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });

  test('axe finds nothing while an upload runs, and when the line broke', async t => {
    t.watch.expect(/net::ERR_|Failed to load resource/);
    const proxy = await t.proxy();
    const page = await t.open(proxy.url + '/');
    for (const [label, value] of [['Name', 'Axe Upload'], ['Location', 'Oslo'], ['Age', '4'], ['Technology', 'Go']]) await page.getByRole('main').getByLabel(label, { exact: true }).fill(value);
    await page.locator('#files').setInputFiles(await large_file(`${t.folder}/big.bin`, 12e6));
    proxy.hold(3e6);
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.locator('[data-sending] progress').waitFor();
    const problems = await check(page, 'sending');
    proxy.cut();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    problems.push(...await check(page, 'broken'));
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });
});
