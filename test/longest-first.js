const Sequencer = require('@jest/test-sequencer').default;

/** Longest first, so that no core waits at the end for a test that has begun last; jest knows durations only from an earlier run. */
const LONGEST = ['integ/loop', 'integ/interrupted-deployment', 'integ/cdk-cli', 'integ/conformance', 'two-and-twenty', 'integ/'];

class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONGEST.findIndex((part) => path.includes(part));
      return place < 0 ? LONGEST.length : place;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}

module.exports = LongestFirst;
