// Drawing: SVG elements, the four letters as shapes, numbers as text.

const SPACE = 'http://www.w3.org/2000/svg';

/** Letters in a box of 100 by 100. */
export const LETTERS = {
  A: 'M0 100 37 0H63L100 100H78L70 76H30L22 100ZM36 58H64L50 16Z',
  C: 'M97 34C91 12 73 0 50 0 20 0 0 20 0 50S20 100 50 100C73 100 91 88 97 66L75 61C71 74 62 81 50 81 33 81 22 69 22 50S33 19 50 19C62 19 71 26 75 39Z',
  G: 'M97 34C91 12 73 0 50 0 20 0 0 20 0 50S20 100 50 100C76 100 98 87 98 52V45H52V63H75C72 75 63 81 50 81 33 81 22 69 22 50S33 19 50 19C62 19 71 26 75 39Z',
  T: 'M0 0H100V20H61V100H39V20H0Z',
};

/** Return an SVG element. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Fill an `<svg>` that stands in the page: its size in CSS pixels, what it says, what it shows. */
export function fill(host, width, height, label, ...children) {
  host.setAttribute('viewBox', `0 0 ${width} ${height}`);
  host.setAttribute('width', width);
  host.setAttribute('height', height);
  host.setAttribute('aria-label', label);
  host.replaceChildren(...children);
}

/** Return a number with one decimal and a real minus sign; "no score" for minus infinity. */
export function shown(value, decimals = 1) {
  if (!Number.isFinite(value)) return 'no score';
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) > 0 ? `−${text}` : text;
}

/** Return a change with its sign. */
export function signed(value) {
  return value > 0 && shown(value) !== '0.0' ? `+${shown(value)}` : shown(value);
}
