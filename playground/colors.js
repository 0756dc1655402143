// The colors of the pictures, taken from the site's palette in its present scheme.

const LEVELS = 256;
const MIX = { paper: '--paper', ink: '--ink', soft: '--ink-faint', line: '--line', positive: '--accent', negative: '--fit', third: '--third' };

export function palette() {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const read = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colors = Object.fromEntries(Object.entries(MIX).map(([name, variable]) => [name, read(variable)]));
  probe.remove();
  return { ...colors, ramp: ramp(colors) };
}

// From the color of -1 over the paper to that of +1, as the bytes of RGBA in one whole number each.
function ramp(colors) {
  const [low, middle, high] = [colors.negative, colors.paper, colors.positive].map(channels);
  return Uint32Array.from({ length: LEVELS }, (_, i) => {
    const t = (2 * i) / (LEVELS - 1) - 1;
    const end = t < 0 ? low : high;
    const share = 0.85 * Math.abs(t) ** 0.8;
    const [r, g, b] = middle.map((value, k) => Math.round(value + share * (end[k] - value)));
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}

const channels = (color) => color.match(/[\d.]+/g).slice(0, 3).map(Number);

// The place of a value in the ramp; `scale` is the value of the full color.
export const level = (value, scale) => {
  const at = ((value / scale + 1) / 2) * (LEVELS - 1);
  return at > 0 ? Math.min(LEVELS - 1, at) | 0 : 0;
};

export function paintScale(canvas, { ramp: colors }) {
  const context = canvas.getContext('2d');
  const image = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let p = 0; p < pixels.length; p++) {
    pixels[p] = colors[Math.round(((p % canvas.width) / (canvas.width - 1)) * (LEVELS - 1))];
  }
  context.putImageData(image, 0, 0);
}
