// A test file exports suite('name', ({test}) => { test('says what holds', async t => {…}) }).
// Each suite gets a server with its own data folder. Its tests run one after the other. They may use what a shared
// `before` prepared, but not what other tests did.

export function suite(name, declare, options = {}) {
  const tests = [];
  let before = async () => ({});
  declare({
    test: (title, run, more = {}) => tests.push({ title, run, ...more }),
    before: prepare => { before = prepare; },
  });
  return { name, tests, before, settings: options.settings ?? {}, args: options.args ?? [] };
}

// A test that cannot run here throws this, with the reason. It is counted and reported as skipped.
export class Skipped extends Error {}
