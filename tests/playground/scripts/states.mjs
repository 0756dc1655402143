// Answers each line: reads an address, or writes a state and reads it back.
import { createInterface } from 'node:readline';
import { KEYS, defaults, readAddress, writeAddress } from '../../../playground/state.js';

const ACTIONS = {
  keys: () => Object.keys(KEYS),
  defaults: () => defaults(),
  read: (address) => readAddress(address),
  write: (changes) => writeAddress({ ...defaults(), ...changes }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [action, argument] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(ACTIONS[action](argument))}\n`);
}
