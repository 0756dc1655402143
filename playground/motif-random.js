// Random numbers that a seed repeats: the generator mulberry32, and what is drawn with it.

/** Return a function that gives numbers from 0 up to 1, the same for the same seed. */
export function generator(seed) {
  let state = (seed >>> 0) + 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Return a whole number from 0 to `below` - 1. */
export function whole(random, below) {
  return Math.floor(random() * below);
}

/** Return the place of one of some shares, each as likely as it is large. */
export function pick(random, shares) {
  let left = random() * shares.reduce((sum, share) => sum + share, 0);
  const place = shares.findIndex((share) => (left -= share) < 0);
  return place < 0 ? shares.length - 1 : place;
}

/** Return a number of the standard normal distribution. */
export function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
