// Debian's Chromium, and contexts in it that are watched. Whatever a page must never do is collected and fails the
// test, unless the test says that it expects it.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export function find_chromium() {
  const named = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return existsSync(named) ? { chromium: named } : { missing: `there is no browser at ${named}: apt-get install chromium` };
}

export async function launch(options = {}) {
  return chromium.launch({ executablePath: find_chromium().chromium, args: flags, headless: true, chromiumSandbox: false, ...options });
}

// Chromium logs this when a page is answered with 4xx, which is not the page's fault.
const refused = /^Failed to load resource: the server responded with a status of 4\d\d/;

export class Watch {
  constructor() {
    this.findings = [];
    this.expected = [];
    this.documents = new Set();  // addresses that were opened as a page, or to which a script sent a form
    this.requests = [];
  }

  expect(pattern) { this.expected.push(pattern); }

  attach(context, origins) {
    context.on('request', request => {
      const { protocol, origin } = new URL(request.url());
      this.requests.push(request);
      if (request.isNavigationRequest() || request.method() !== 'GET') this.documents.add(request.url());
      if (['blob:', 'data:', 'about:', 'chrome-extension:', 'chrome:'].includes(protocol)) return;
      if (!origins.has(origin)) this.findings.push(`a request left the site: ${request.url()}`);
    });
    context.on('weberror', error => this.findings.push(`script error: ${error.error().stack ?? error.error()}`));
    context.on('console', message => this.heard(message));
  }

  heard(message) {
    const text = message.text();
    if (message.type() !== 'error' && !/Content[- ]Security[- ]Policy/i.test(text)) return;
    const from = message.location()?.url ?? '';
    if (refused.test(text) && this.documents.has(from)) return;
    this.findings.push(`console ${message.type()}: ${text} (${from})`);
  }

  // The findings that no test expected.
  unexpected() {
    return this.findings.filter(finding => !this.expected.some(pattern => pattern.test(finding)));
  }
}
