// node run.mjs [WORD…]: runs the suites, or those tests whose suite or title contains one of the words.
// JUNIT_FILE names the report (default: build/test-results/browser.xml), DOSSIER_BINARY another binary, CHROMIUM another
// browser. Exit 0: all passed. 1: something failed. 2: something that should run could not.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { find_chromium } from './harness/browser.mjs';
import { count, print_result, write_junit } from './harness/report.mjs';
import { run_suites } from './harness/runner.mjs';
import { find_binary } from './harness/server.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

async function load_suites(words) {
  const files = (await readdir(path.join(here, 'suites'))).filter(name => name.endsWith('.mjs')).sort();
  const suites = await Promise.all(files.map(async file => (await import(`./suites/${file}`)).default));
  const wanted = (suite, test) => words.length === 0 || words.some(word => `${suite.name}: ${test.title}`.includes(word));
  return suites
    .map(suite => ({ ...suite, tests: suite.tests.filter(test => wanted(suite, test)) }))
    .filter(suite => suite.tests.length > 0)
    .sort((a, b) => b.tests.length - a.tests.length);  // the long suites first, so that both lanes end together
}

function skip_all(suites, reason) {
  const results = suites.flatMap(suite => suite.tests.map(({ title }) => ({ suite: suite.name, title, outcome: 'skipped', reason, seconds: 0 })));
  results.forEach(print_result);
  return results;
}

const started = performance.now();
const suites = await load_suites(process.argv.slice(2));
const missing = find_binary().missing ?? find_chromium().missing;
const results = missing ? skip_all(suites, missing) : await run_suites(suites);
const seconds = (performance.now() - started) / 1000;

const junit = process.env.JUNIT_FILE ?? path.join(here, '../../build/test-results/browser.xml');
await write_junit(junit, results, seconds);
console.log(`${count(results, 'passed')} passed, ${count(results, 'failed')} failed, ${count(results, 'skipped')} skipped in ${seconds.toFixed(0)} s`);
process.exitCode = count(results, 'failed') > 0 || results.length === 0 ? 1 : count(results, 'skipped') > 0 ? 2 : 0;
