// Axes and frames that the pictures share.

// A canvas in the pixels of the screen; everything is drawn in CSS pixels.
export function prepare(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const density = Math.min(2, globalThis.devicePixelRatio || 1);
  const [w, h] = [Math.max(1, Math.round(width * density)), Math.max(1, Math.round(height * density))];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const context = canvas.getContext('2d');
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = '13px "Source Sans 3", system-ui, sans-serif';
  context.lineJoin = 'round';
  return { context, width, height };
}

// Round values between two ends, about as many as asked for.
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}

export function tidy(value) {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-4 ? value.toExponential(2).replace(/\.?0+e/, 'e') : String(Number(value.toPrecision(3)));
  return text.replace(/-/g, '−').replace('e+', 'e');
}

// Axes with labels; returns the functions from values to pixels.
export function axes({ context, width, height }, colors, { x, y, names, log = false }) {
  const box = { left: 52, right: width - 10, top: 10, bottom: height - 40 };
  const place = (value) => (log ? Math.log10(value) : value);
  const [y0, y1] = y.map(place);
  const px = (value) => box.left + ((value - x[0]) / (x[1] - x[0])) * (box.right - box.left);
  const py = (value) => box.bottom - ((place(value) - y0) / (y1 - y0)) * (box.bottom - box.top);
  context.lineWidth = 1;
  context.strokeStyle = colors.line;
  context.fillStyle = colors.soft;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const value of log ? decades(y) : ticks(...y)) {
    rule(context, box.left, py(value), box.right, py(value));
    context.fillText(tidy(value), box.left - 6, py(value));
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const value of ticks(...x)) {
    rule(context, px(value), box.bottom, px(value), box.bottom + 4);
    context.fillText(tidy(value), px(value), box.bottom + 6);
  }
  context.fillText(names[0], (box.left + box.right) / 2, height - 16);
  context.save();
  context.translate(2, (box.top + box.bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(names[1], 0, 0);
  context.restore();
  return { px, py, box };
}

const decades = ([low, high]) => {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const step = Math.max(1, Math.ceil((to - from) / 5));
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => 10 ** (from + i * step))
    .filter((value) => value >= low * 0.999 && value <= high * 1.001);
};

export function rule(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
