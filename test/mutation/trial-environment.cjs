const { TestEnvironment } = require('jest-environment-node');

/**
 * The world of one test file: one change, or none, is switched on before the first module is loaded, so that what a module works out
 * while it is loaded is changed as well. `globalThis.trial` is the process's: `{ change?, hitLimit? }`, and afterwards `hits`,
 * how often each change's place was passed.
 */
module.exports = class TrialEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    const { change, hitLimit } = globalThis.trial;
    this.global.__stryker__ = { activeMutant: change, hitCount: hitLimit === undefined ? undefined : 0, hitLimit };
  }

  /** Of a file in which one test has failed the others are left out. */
  handleTestEvent(event) {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.failed = true;
    if (event.name === 'test_start' && this.failed) event.test.mode = 'skip';
  }

  async teardown() {
    globalThis.trial.hits = this.global.__stryker__.mutantCoverage?.static ?? {};
    await super.teardown();
  }
};
