'use strict';
// Makes the process's Date follow the clock of the local AWS; timers and performance.now() stay real.

const RealDate = Date;
const wallNow = RealDate.now.bind(RealDate);
let offset = 0;
let frozen;

function now() {
  return frozen === undefined ? wallNow() + offset : frozen;
}

/** Takes a clock state as text: `+<offset ms>` for a running clock, `=<epoch ms>` for one that stands still. */
function set(state) {
  if (typeof state !== 'string' || state === '') return;
  const value = Number(state.slice(1));
  frozen = state[0] === '=' ? value : undefined;
  if (state[0] === '+') offset = value;
}

function LocalDate(...parts) {
  if (new.target === undefined) return new RealDate(now()).toString();
  const instant = parts.length === 0 ? [now()] : parts;
  return Reflect.construct(RealDate, instant, new.target === LocalDate ? RealDate : new.target);
}
Object.setPrototypeOf(LocalDate, RealDate);
LocalDate.prototype = RealDate.prototype;
Object.defineProperty(LocalDate, 'name', { value: 'Date' });
Object.defineProperty(LocalDate, 'length', { value: 7 });
LocalDate.now = now;
LocalDate.parse = RealDate.parse;
LocalDate.UTC = RealDate.UTC;
Object.defineProperty(RealDate.prototype, 'constructor', { value: LocalDate, writable: true, configurable: true });
globalThis.Date = LocalDate;

set(process.env.LOCAL_CLOCK);
delete process.env.LOCAL_CLOCK;

module.exports = { set, wallNow };
