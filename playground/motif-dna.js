// DNA as text: what is allowed, the other strand, one-hot rows. The rules and the messages are those of course_lib.dna.

export const BASES = 'ACGT';
const PAIRS = { A: 'T', C: 'G', G: 'C', T: 'A', N: 'N' };

/** Return a character as Python's repr shows it, since the message quotes it so. */
export function quoted(character) {
  const code = character.codePointAt(0);
  const short = { '\\': "'\\\\'", '\n': "'\\n'", '\r': "'\\r'", '\t': "'\\t'", "'": '"\'"' }[character];
  if (short) return short;
  const isControl = code < 32 || (code >= 127 && code <= 160) || code === 173;
  return isControl ? `'\\x${code.toString(16).padStart(2, '0')}'` : `'${character}'`;
}

/** Return the text in upper case, or throw the error of `dna.one_hot`: positions count from 0. */
export function validated(text) {
  const letters = Array.from(text);
  if (letters.length === 0) throw new Error('sequence_or_sequences is empty: shape (0,)');
  const wrong = letters.findIndex((letter) => !/^[ACGTNacgtn]$/.test(letter));
  if (wrong >= 0) {
    throw new Error(`the sequence has ${quoted(letters[wrong])} at position ${wrong} (counting from 0); `
      + 'expected one of ACGT or N, in either case');
  }
  return text.toUpperCase();
}

/** Return pasted text without white space and without the header lines of FASTA. */
export function cleaned(text) {
  return text.split(/\r\n|\r|\n/).filter((line) => !line.startsWith('>')).join('').replace(/\s+/g, '');
}

/** Return the other strand, read in its own direction. */
export function reverseComplement(sequence) {
  return Array.from(sequence, (letter) => PAIRS[letter]).reverse().join('');
}

/** Return the column of each letter, -1 for N. */
export function codes(sequence) {
  return Int8Array.from(sequence, (letter) => BASES.indexOf(letter));
}

/** Return the rows (length, 4); N is a row of zeros. */
export function oneHot(sequence) {
  return Array.from(sequence, (letter) => Array.from(BASES, (base) => Number(base === letter)));
}
