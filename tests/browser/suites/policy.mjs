// What no page may do: break its own Content-Security-Policy, log errors, send requests to other sites, be too large,
// run what people typed. (Requests and errors are watched in every other test too.)
import assert from 'node:assert/strict';
import http from 'node:http';
import { gzipSync } from 'node:zlib';
import { every_page, fill, visit } from '../harness/site.mjs';
import { fill_form, submit, until } from '../harness/pages.mjs';
import * as samples from '../harness/samples.mjs';
import { suite } from '../harness/suite.mjs';

// How many bytes are sent to a browser that accepts gzip.
function weigh(url) {
  return new Promise((resolve, reject) => http.get(url, { headers: { 'accept-encoding': 'gzip' } }, answer => {
    const parts = [];
    answer.on('data', part => parts.push(part));
    answer.on('end', () => {
      const body = Buffer.concat(parts);
      const packed = answer.headers['content-encoding'] === 'gzip';
      resolve({ wire: body.length, packed, least: packed ? body.length : gzipSync(body).length });
    });
  }).on('error', reject));
}

export default suite('policy', ({ test, before }) => {
  before(async ({ server }) => {
    const people = await fill(server);
    return { people, pages: every_page(people) };
  });

  test('no page breaks its policy, logs an error or asks another site', async t => {
    const page = await t.new_page();
    const broken = [];
    await page.exposeFunction('tell', what => broken.push(what));
    await page.addInitScript(() => document.addEventListener('securitypolicyviolation', event => window.tell(`${location.pathname}: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)));
    for (const each of t.shared.pages) {
      await visit(page, each);
    }
    assert.deepEqual(broken, []);
    assert.ok(t.watch.requests.length > t.shared.pages.length * 2, 'requests were watched');
  });

  test('every page forbids scripts and styles but its own files, frames from elsewhere, and sniffing', async t => {
    for (const { address, status = 200 } of t.shared.pages) {
      const answer = await fetch(t.server.url + address);
      assert.equal(answer.status, status, address);
      const policy = answer.headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'/, address);
      assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*|data:/, address);
      assert.match(policy, /frame-ancestors 'none'/, address);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', address);
      const html = await answer.text();
      assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=["']/i, `${address} has no inline script or style`);
    }
  });

  test('what people typed is never run', async t => {
    const page = await t.new_page();
    const { evil } = t.shared.people;
    for (const address of ['/people', `/people/${evil.id}`, `/submitted/${evil.id}`, `/people/${evil.id}/edit`, `/people/${evil.id}/delete`,
      `/catalog?author=${encodeURIComponent(evil.name)}`, `/files/${evil.files[0].id}/remove`,
      `/people?q=${encodeURIComponent('<img src=x onerror=window.hacked=1>')}&technology=${encodeURIComponent('"><svg onload=window.hacked=1>')}`,
      `/${encodeURIComponent('<script>window.hacked=1</script>')}`]) {
      await page.goto(address);
      assert.equal(await page.evaluate(() => window.hacked), undefined, address);
      assert.equal(await page.locator('img[src=x], svg[onload], main script').count(), 0, address);
      for (const href of await page.$$eval('a', all => all.map(link => link.href))) assert.doesNotMatch(href, /^(javascript|data):/i);
    }
    await page.goto(`/people/${evil.id}`);
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), evil.name);
    await page.locator('a[data-preview]').first().click();
    await page.getByRole('dialog').getByRole('heading').waitFor();
    assert.equal(await page.evaluate(() => window.hacked), undefined);
  });

  test('a file’s name is shown, not run, while it is chosen and refused', async t => {
    const page = await t.open('/');
    await fill_form(page, { details: { name: '<img src=x onerror=window.hacked=1>' }, files: [samples.text('<img src=x onerror=window.hacked=1>.txt')] });
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.locator('[data-summary]').waitFor();
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.match(await page.locator('[data-chosen] li').innerText(), /<img src=x onerror=window\.hacked=1>\.txt/);
  });

  test('a picture that is really a page is not shown as one', async t => {
    const page = await t.open('/');
    const html = { name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('<!doctype html><script>top.hacked=1;window.hacked=1</script>') };
    await fill_form(page, { files: [html] });
    const number = await submit(page);
    const [file] = (await t.server.api(`/people/${number}`)).files;
    const answer = await fetch(t.server.url + file.content_url.replace(/^https?:\/\/[^/]+/, ''));
    assert.match(answer.headers.get('content-disposition'), /^attachment/);
    assert.doesNotMatch(answer.headers.get('content-type'), /html|svg/);
    await page.goto(`/people/${number}`);
    assert.equal(await page.locator('.portrait img').count(), 0);
  });

  test('each page is at most 14 KB, the scripts of a page too, and the style 10 KB, as they are sent', async t => {
    const page = await t.new_page();
    const files = new Map();
    page.on('response', answer => {
      const type = answer.request().resourceType();
      if (type === 'script' || type === 'stylesheet') files.set(answer.url(), type);
    });
    const heavy = [];
    for (const each of t.shared.pages.filter(({ then }) => !then)) {
      await visit(page, each);
      const { wire, packed, least } = await weigh(t.server.url + each.address);
      if (wire > 14 * 1024) heavy.push(`${each.name}: ${wire} bytes${packed ? '' : `, not packed (${least} if it were)`}`);
    }
    await until('style and scripts are seen', () => files.size >= 4);
    const sums = { script: 0, stylesheet: 0 };
    for (const [url, type] of files) {
      const { wire, packed, least } = await weigh(url);
      sums[type] += wire;
      if (!packed && wire > 1400) heavy.push(`${url} is not packed: ${wire}, would be ${least}`);
    }
    assert.deepEqual(heavy, []);
    // The limits are for all scripts together, so no page can load more.
    const most = { script: 14 * 1024, stylesheet: 10 * 1024 };
    for (const [type, sum] of Object.entries(sums)) assert.ok(sum > 0 && sum <= most[type], `${type}: ${sum} bytes`);
  });

  test('style and scripts are kept for ever under an address with their digest; pages are asked for again', async t => {
    const page = await t.new_page();
    const kept = [];
    page.on('response', answer => { if (/\/static\//.test(answer.url())) kept.push([answer.url(), answer.headers()['cache-control']]); });
    await page.goto('/');
    assert.ok(kept.length >= 2);
    for (const [url, policy] of kept) {
      assert.match(url, /\/static\/[0-9a-f]{8,}\//);
      assert.match(policy, /max-age=31536000.*immutable/);
    }
    assert.match((await fetch(t.server.url + '/people')).headers.get('cache-control'), /no-cache|no-store/);
  });

  test('a form from another site changes nothing', async t => {
    t.watch.expect(/left the site: http:\/\/localhost|403/);
    const { bare } = t.shared.people;
    const page = await t.new_page();
    t.origins.add(t.server.url.replace('127.0.0.1', 'localhost'));
    await page.route('**/foreign', route => route.fulfill({ contentType: 'text/html', body: `<form method=post action="${t.server.url}/people/${bare.id}/delete"><input name=version value=${bare.version}><button>Win</button></form>` }));
    await page.goto(t.server.url.replace('127.0.0.1', 'localhost') + '/foreign');
    const [answer] = await Promise.all([page.waitForNavigation(), page.getByRole('button').click()]);
    assert.equal(answer.status(), 403);
    assert.match(await page.getByRole('main').innerText(), /another web site/);
    assert.equal((await t.server.api(`/people/${bare.id}`)).name, 'Bo');
  });
});
