// Results on the terminal as they come, and as JUnit XML at the end.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const marks = { passed: '✔', failed: '✖', skipped: '﹣' };

export function print_result({ suite, title, outcome, seconds, reason }) {
  console.log(`${marks[outcome]} ${suite}: ${title} (${seconds.toFixed(1)} s)${outcome === 'skipped' ? ` # skipped: ${reason}` : ''}`);
  if (outcome === 'failed') console.log(reason.replace(/^/gm, '    '));
}

export function count(results, outcome) {
  return results.filter(result => result.outcome === outcome).length;
}

// For attributes and text of XML 1.0, which does not allow most control characters.
function escaped(text) {
  return String(text)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
}

function test_case({ suite, title, outcome, seconds, reason }) {
  const inside = outcome === 'failed' ? `<failure message="${escaped(reason.split('\n')[0])}">${escaped(reason)}</failure>`
    : outcome === 'skipped' ? `<skipped message="${escaped(reason)}"/>` : '';
  return `    <testcase classname="browser.${escaped(suite)}" name="${escaped(title)}" time="${seconds.toFixed(3)}">${inside}</testcase>`;
}

export async function write_junit(file, results, seconds) {
  await mkdir(path.dirname(file), { recursive: true });
  const totals = `tests="${results.length}" failures="${count(results, 'failed')}" errors="0" skipped="${count(results, 'skipped')}" time="${seconds.toFixed(3)}"`;
  await writeFile(file, ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${totals}>`, `  <testsuite name="browser" ${totals}>`,
    ...results.map(test_case), '  </testsuite>', '</testsuites>', ''].join('\n'));
}
