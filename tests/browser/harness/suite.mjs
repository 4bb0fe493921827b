// What a test file exports: suite('name', ({test}) => { test('says what holds', async t => {…}) }).
// Each suite gets a server with a data folder of its own; its tests run one after the other and may build on a
// shared `before`, but not on each other.

export function suite(name, declare, options = {}) {
  const tests = [];
  let before = async () => ({});
  declare({
    test: (title, run, more = {}) => tests.push({ title, run, ...more }),
    before: prepare => { before = prepare; },
  });
  return { name, tests, before, settings: options.settings ?? {}, args: options.args ?? [] };
}

// Thrown by a test that cannot run here, with the reason. Counted, never silent.
export class Skipped extends Error {}
