// What each neuron makes of the plane, as pictures.
import { EXTENT } from './data.js';
import { level } from './colors.js';
import { forwardMany } from './network.js';

export const GRID = 80;
const SMALL = GRID / 2;

const at = (i) => ((i + 0.5) / GRID) * 2 * EXTENT - EXTENT;

// The values of all neurons over the plane; made once for a network, computed anew for each picture.
export class Planes {
  constructor(net, features) {
    this.net = net;
    this.columns = features.map(({ f }) => Float64Array.from({ length: GRID * GRID },
      (_, p) => f(at(p % GRID), -at(Math.floor(p / GRID)))));
    this.planes = Array.from({ length: net.units }, () => new Float64Array(GRID * GRID));
  }

  compute() {
    forwardMany(this.net, this.columns, this.planes);
  }
}

// The value that gets the full color: 1 where values stay within it, else the largest.
export function scaleOf(plane) {
  let most = 0;
  for (let p = 0; p < plane.length; p += 7) if (Math.abs(plane[p]) > most) most = Math.abs(plane[p]);
  return Number.isFinite(most) && most > 1 ? most : 1;
}

// Paint a plane on a canvas of GRID or SMALL pixels.
export function paint(canvas, plane, { scale, colors, isDiscrete = false, size = SMALL }) {
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const context = canvas.getContext('2d');
  const image = context.createImageData(size, size);
  const pixels = new Uint32Array(image.data.buffer);
  const stride = GRID / size;
  for (let row = 0, p = 0; row < size; row++) {
    for (let column = 0; column < size; column++, p++) {
      const value = plane[row * stride * GRID + column * stride];
      pixels[p] = colors.ramp[level(isDiscrete ? (value >= 0 ? scale : -scale) : value, scale)];
    }
  }
  context.putImageData(image, 0, 0);
}
