#!/usr/bin/env node
require('tsx/cjs');
require('./slipway.ts');
