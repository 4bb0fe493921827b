// Runs suites: each has a server; contexts are closed after each test; a test that fails leaves screenshots.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { launch, Watch } from './browser.mjs';
import { Proxy } from './proxy.mjs';
import { print_result } from './report.mjs';
import { Server } from './server.mjs';
import { Skipped } from './suite.mjs';

const test_limit = 120_000;  // far more than a test needs, so that it does not fail on a busy machine
const step_limit = 20_000;

// The argument of each test.
class Test {
  constructor(browser, server, folder, shared) {
    Object.assign(this, { browser, server, folder, shared });
    this.watch = new Watch();
    this.contexts = [];
    this.proxies = [];
    this.origins = new Set([server.url]);
  }

  // Opens a page in a context of its own. The options are Playwright's for a context.
  async open(address = '/', options = {}) {
    const page = await this.new_page(options);
    await page.goto(address);
    // Wait for the page's scripts, which load others: before that, a click does what it does without scripts.
    const ours = options.javaScriptEnabled !== false && (await page.locator('script[type=module]').count()) > 0;
    if (ours) await page.locator('html[data-enhanced]').waitFor({ state: 'attached' });
    return page;
  }

  async new_page(options = {}) {
    const context = await this.browser.newContext({ baseURL: this.server.url, locale: 'en-GB', ...options });
    context.setDefaultTimeout(step_limit);
    this.contexts.push(context);
    this.watch.attach(context, this.origins);
    return context.newPage();
  }

  async proxy() {
    const proxy = await new Proxy(this.server.port).listen();
    this.proxies.push(proxy);
    this.origins.add(proxy.url);
    return proxy;
  }

  skip(reason) { throw new Skipped(reason); }

  async screenshots(file) {
    const pages = this.contexts.flatMap(context => context.pages());
    const names = [];
    for (const [index, page] of pages.entries()) {
      const name = `${file}-${index}.png`;
      if (await page.screenshot({ path: name, timeout: 3000 }).then(() => true, () => false)) names.push(`${name} (${page.url()})`);
    }
    return names;
  }

  async end() {
    await Promise.allSettled(this.contexts.map(context => context.close()));
    await Promise.allSettled(this.proxies.map(proxy => proxy.close()));
  }
}

async function within(limit, work) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`took longer than ${limit / 1000} s`)), limit); });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function run_test(environment, suite, { title, run, limit = test_limit }) {
  const started = performance.now();
  const test = new Test(environment.browser, environment.server, environment.folder, environment.shared);
  const result = { suite: suite.name, title, outcome: 'passed', reason: '' };
  try {
    await within(limit, run(test));
    const found = test.watch.unexpected();
    if (found.length > 0) throw new Error(`the page did what no page may:\n${found.join('\n')}`);
  } catch (failure) {
    result.outcome = failure instanceof Skipped ? 'skipped' : 'failed';
    result.reason = result.outcome === 'skipped' ? failure.message : String(failure.stack ?? failure);
    if (result.outcome === 'failed') {
      const heard = test.watch.unexpected();
      if (heard.length > 0) result.reason += `\nheard:\n${heard.join('\n')}`;
      const file = path.join(environment.pictures, `${suite.name} ${title}`.replace(/\W+/g, '-').slice(0, 80));
      for (const name of await test.screenshots(file)) result.reason += `\nscreenshot: ${name}`;
    }
  }
  await test.end();
  result.seconds = (performance.now() - started) / 1000;
  return result;
}

async function run_suite(browser, base, pictures, suite) {
  const folder = await mkdtemp(path.join(base, `${suite.name}-`));
  const server = new Server(folder);
  const results = [];
  const add = result => { results.push(result); print_result(result); };
  try {
    await server.start(suite.settings, suite.args);
    const shared = await suite.before({ server, folder, browser });
    for (const test of suite.tests) add(await run_test({ browser, server, folder, pictures, shared }, suite, test));
  } catch (failure) {
    for (const { title } of suite.tests.slice(results.length))
      add({ suite: suite.name, title, outcome: 'failed', reason: `could not be prepared: ${failure.stack}`, seconds: 0 });
  }
  const started = performance.now();
  const end = { suite: suite.name, title: 'the server ends cleanly on SIGTERM', outcome: 'passed', reason: '' };
  await server.stop().catch(failure => Object.assign(end, { outcome: 'failed', reason: String(failure.stack) }));
  add({ ...end, seconds: (performance.now() - started) / 1000 });
  return results;
}

export async function run_suites(suites, { concurrency = 2 } = {}) {
  const base = await mkdtemp(path.join(os.tmpdir(), 'dossier-browser-'));
  const pictures = path.join(os.tmpdir(), 'dossier-browser-failures');
  await mkdir(pictures, { recursive: true });
  const browser = await launch();
  const waiting = [...suites];
  const results = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results.push(...await run_suite(browser, base, pictures, next));
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, lane));
  } finally {
    await browser.close();
    await rm(base, { recursive: true, force: true });
  }
  return results;
}
