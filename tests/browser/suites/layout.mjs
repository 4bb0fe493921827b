// Phone to desktop, 200 % zoom, long words, and what people set in their system.
import assert from 'node:assert/strict';
import { every_page, fill, visit } from '../harness/site.mjs';
import { suite } from '../harness/suite.mjs';

const looks = {
  'a phone, 390 wide': { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  'a small phone, 320 wide': { viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true },
  '200 % zoom of a 1280 wide window': { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
  'a tablet, 768 wide': { viewport: { width: 768, height: 1024 } },
  'a desktop, 1440 wide': { viewport: { width: 1440, height: 900 } },
};

// What sticks out of the page to the right, or is cut off where it cannot be scrolled to.
function sticking_out() {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll('body *')].filter(element => element.getBoundingClientRect().right > width + 1);
  return [`scrolls to ${document.scrollingElement.scrollWidth} of ${innerWidth}`, ...wide.slice(0, 4).map(element => element.outerHTML.slice(0, 100))];
}

function bar_lines() {
  if (!document.querySelector('header.bar')) return { one: true, height: 0 };
  const shown = [...document.querySelectorAll('header a, header input')].map(element => element.getBoundingClientRect()).filter(box => box.width > 0);
  const bottom_of_first = Math.min(...shown.map(box => box.bottom));
  return { one: shown.every(box => box.top < bottom_of_first), height: document.querySelector('header').offsetHeight };
}

export default suite('layout', ({ test, before }) => {
  before(async ({ server }) => every_page(await fill(server)));

  for (const [name, look] of Object.entries(looks)) {
    test(`no page scrolls sideways, the bar is one line: ${name}`, async t => {
      const page = await t.new_page(look);
      const problems = [];
      for (const each of t.shared) {
        await visit(page, each);
        const out = await page.evaluate(sticking_out);
        if (out.length > 0) problems.push(`${each.name}: ${out.join('\n    ')}`);
        const bar = await page.evaluate(bar_lines);
        if (!bar.one || bar.height > 72) problems.push(`${each.name}: the bar is ${bar.height} high`);
      }
      assert.equal(problems.join('\n'), '');
    }, { limit: 90_000 });
  }

  test('with letters twice as large nothing scrolls sideways either', async t => {
    const page = await t.new_page({ viewport: { width: 1024, height: 768 } });
    await page.addInitScript(() => addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%'; }));
    const problems = [];
    for (const each of t.shared.filter(({ name }) => !/hostile|stale/.test(name))) {
      await visit(page, each);
      const out = await page.evaluate(sticking_out);
      if (out.length > 0) problems.push(`${each.name}: ${out.join('\n    ')}`);
    }
    assert.equal(problems.join('\n'), '');
  });

  test('nothing jumps while a page loads', async t => {
    const page = await t.new_page();
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shift += entry.value; })).observe({ type: 'layout-shift', buffered: true });
    });
    for (const each of t.shared.filter(({ then, status }) => !then && !status)) {
      await visit(page, each);
      await page.waitForLoadState('networkidle');
      const shift = await page.evaluate(() => window.shift);
      assert.ok(shift < 0.05, `${each.name}: ${shift}`);
    }
  }, { limit: 90_000 });

  test('what is pressed is at least 24 pixels, on touch 44 (links in running text apart)', async t => {
    for (const [look, least] of [[looks['a desktop, 1440 wide'], 24], [looks['a phone, 390 wide'], 44]]) {
      const page = await t.new_page(look);
      const small = new Set();
      for (const each of t.shared.filter(({ name }) => /^(form|success|directory|record|edit|delete|remove a file|look-up)$|chosen|filtered/.test(name))) {
        await visit(page, each);
        const found = await page.evaluate(least => [...document.querySelectorAll('button, select, input:not([type=hidden]), a.button, header a')]
          .map(element => element.matches('input[type=file]') ? element.closest('.drop') ?? element : element)
          .filter(element => { const box = element.getBoundingClientRect(); return box.width > 0 && (box.height < least - 0.5 || box.width < least - 0.5); })
          .map(element => `${element.outerHTML.slice(0, 90)} ${element.offsetWidth}x${element.offsetHeight}`), least);
        found.forEach(it => small.add(`${each.name}: ${it}`));
      }
      assert.deepEqual([...small], []);
    }
  });

  test('with reduced motion nothing moves', async t => {
    const page = await t.new_page({ reducedMotion: 'reduce' });
    for (const each of t.shared.filter(({ name }) => /^(form|success|directory|record|preview)$/.test(name))) {
      await visit(page, each);
      const moving = await page.evaluate(() => [...document.querySelectorAll('*')].flatMap(element => ['', '::before', '::after'].map(part => [element, getComputedStyle(element, part || null)]))
        .filter(([, style]) => [style.animationDuration, style.transitionDuration].some(times => times.split(',').some(time => parseFloat(time) > 0.01 && time !== 'auto')))
        .map(([element]) => element.outerHTML.slice(0, 80)));
      assert.deepEqual(moving, [], each.name);
    }
  });

  test('in forced colours buttons have edges, the current entry and the focus are seen', async t => {
    const page = await t.new_page({ forcedColors: 'active' });
    for (const each of t.shared.filter(({ name }) => /^(form|directory|record|edit|delete)$/.test(name))) {
      await visit(page, each);
      assert.ok(await page.evaluate(() => matchMedia('(forced-colors: active)').matches));
      const edgeless = await page.$$eval('.button, input:not([type=hidden]):not([type=file]), select', all => all
        .filter(element => element.offsetWidth > 0 && getComputedStyle(element).borderTopStyle === 'none').map(element => element.outerHTML.slice(0, 90)));
      assert.deepEqual(edgeless, [], each.name);
      assert.ok(await page.$eval('body', body => body.innerText.length > 50));
    }
    await page.keyboard.press('Tab');
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
  });

  test('light and dark are told apart, and both are drawn', async t => {
    const ground = {};
    for (const colorScheme of ['light', 'dark']) {
      const page = await t.open('/', { colorScheme });
      ground[colorScheme] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    }
    const brightness = colour => colour.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    assert.ok(brightness(ground.light) > 600 && brightness(ground.dark) < 200, JSON.stringify(ground));
  });
});
