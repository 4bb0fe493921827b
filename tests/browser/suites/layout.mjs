// Phone to desktop, 200 % zoom, long words, and what people set in their system.
import assert from 'node:assert/strict';
import * as samples from '../harness/samples.mjs';
import { every_page, fill, visit } from '../harness/site.mjs';
import { suite } from '../harness/suite.mjs';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const desktop = { viewport: { width: 1440, height: 900 } };
const phones = [['390 wide', { width: 390, height: 844 }], ['360 wide', { width: 360, height: 740 }], ['320 wide', { width: 320, height: 568 }]];
const larger = [['768 wide', { width: 768, height: 1024 }], ['1280 wide at 200 % zoom', { width: 640, height: 400 }]];

// Which elements stick out of the page to the right, and whether the bar is one line.
function measure() {
  const width = document.documentElement.clientWidth;
  const scrolls = document.scrollingElement.scrollWidth;
  const wide = scrolls <= innerWidth ? [] : [...document.querySelectorAll('body *')].filter(element => element.getBoundingClientRect().right > width + 1);
  const out = scrolls <= innerWidth ? [] : [`scrolls to ${scrolls} of ${innerWidth}`, ...wide.slice(0, 4).map(element => element.outerHTML.slice(0, 100))];
  const header = document.querySelector('header.bar');  // the page for programs has none
  const shown = [...(header?.querySelectorAll('a, input') ?? [])].map(element => element.getBoundingClientRect()).filter(box => box.width > 0);
  const bottom_of_first = Math.min(...shown.map(box => box.bottom));
  // A link of the bar that is broken over two lines has two boxes.
  const broken = [...document.querySelectorAll('.bar-nav a')].filter(link => {
    const range = document.createRange();
    range.selectNodeContents(link);
    return range.getClientRects().length > 1;
  }).length;
  return { out, bar: { one: broken === 0 && shown.every(box => box.top < bottom_of_first), height: header?.offsetHeight ?? 0 } };
}

export default suite('layout', ({ test, before }) => {
  // Without the pages that look like another one.
  before(async ({ server }) => every_page(await fill(server))
    .filter(({ name }) => !/older|just|stale|nonsense|nobody|wrong filter|without files|adding|nothing asked|address/.test(name)));

  async function measure_all(t, look, sizes, letters) {
    const page = await t.new_page(look);
    const problems = [];
    for (const each of t.shared) {
      await visit(page, each);
      for (const [name, size] of sizes) {
        await page.setViewportSize(size);
        const { out, bar } = await page.evaluate(measure);
        if (out.length > 0) problems.push(`${each.name}, ${name}: ${out.join('\n    ')}`);
        if (!bar.one || bar.height > 72) problems.push(`${each.name}, ${name}: the bar is ${bar.height} high`);
      }
      if (!letters) continue;
      await page.setViewportSize({ width: 1024, height: 768 });
      await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
      const { out } = await page.evaluate(measure);
      if (out.length > 0) problems.push(`${each.name}, letters twice as large: ${out.join('\n    ')}`);
    }
    assert.equal(problems.join('\n'), '');
  }

  test('on phones, 390, 360 and 320 wide, no page scrolls sideways and the bar is one line',
    t => measure_all(t, phone, phones, false));

  test('on larger screens, at 200 % zoom and with letters twice as large neither',
    t => measure_all(t, desktop, larger, true));

  test('in the directory ordinary words are not broken, beside the longest', async t => {
    const words = ['PostgreSQL', 'Kubernetes', 'TypeScript', 'Terraform', 'Python'];
    for (const [n, technology] of words.entries()) {
      await t.server.add_person({ name: 'Wolfeschlegelsteinhausenbergerdorff '.repeat(n + 1).trim(), location: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch', technology }, [samples.text()]);
    }
    const page = await t.new_page();
    for (const width of [320, 360, 768, 1024, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto('/people');
      const broken = await page.$$eval('.people .chip', (chips, words) => chips.filter(chip => words.includes(chip.textContent)).filter(chip => {
        const range = document.createRange();
        range.selectNodeContents(chip.firstElementChild);
        return new Set([...range.getClientRects()].map(box => box.top)).size > 1;
      }).map(chip => chip.textContent), words);
      assert.deepEqual(broken, [], `${width} wide`);
      const { out } = await page.evaluate(measure);
      assert.deepEqual(out, [], `${width} wide`);
      if (width > 700) continue;
      // On a card the files follow the technology directly, without a gap as between columns.
      const gaps = await page.$$eval('.people tr:has(.file-count)', rows => rows.map(row =>
        row.querySelector('.cell-files').getBoundingClientRect().left - row.querySelector('.cell-technology .chip').getBoundingClientRect().right)
        .filter(gap => gap > 24));
      assert.deepEqual(gaps, [], `${width} wide`);
    }
    // The longest text that a time can have, which a fast test would never see.
    for (const [width, letters] of [[768, '100%'], [1024, '100%'], [1024, '200%'], [1280, '100%']]) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(letters => {
        document.documentElement.style.fontSize = letters;
        for (const time of document.querySelectorAll('.cell-added time')) time.textContent = '59 minutes ago';
      }, letters);
      assert.deepEqual((await page.evaluate(measure)).out, [], `${width} wide, letters at ${letters}`);
    }
  });

  test('nothing jumps while a page loads', async t => {
    const page = await t.new_page();
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shift += entry.value; })).observe({ type: 'layout-shift', buffered: true });
    });
    for (const each of t.shared.filter(({ then, status }) => !then && !status)) {
      await visit(page, each);
      await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
      const shift = await page.evaluate(() => window.shift);
      assert.ok(shift < 0.05, `${each.name}: ${shift}`);
    }
  });

  test('what is pressed is at least 24 pixels, on touch 44 (links in running text apart)', async t => {
    for (const [look, least] of [[desktop, 24], [phone, 44]]) {
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
