const { configureGlobal } = require('fast-check');

// A property that fails has been noticed: to look for its smallest example takes long. One seed, so that a score can be repeated.
configureGlobal({ endOnFailure: true, seed: 1 });
