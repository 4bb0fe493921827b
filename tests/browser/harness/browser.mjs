// Debian's Chromium, and contexts in it that are watched: what a page must never do is collected and, unless a
// test says it expects it, fails the test.
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

// What Chromium says when a page that a person sees answers 4xx: not the page's fault.
const refused = /^Failed to load resource: the server responded with a status of 4\d\d/;

export class Watch {
  constructor() {
    this.findings = [];
    this.expected = [];
    this.documents = new Set();  // addresses that were asked for as a page, or as a form by script
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

  // What is left of the findings once the expected ones are gone.
  unexpected() {
    return this.findings.filter(finding => !this.expected.some(pattern => pattern.test(finding)));
  }
}
