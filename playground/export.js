// Files for the reader: weights, the run, pictures.
import { tidy } from './frame.js';
import { neuronName } from './graph.js';
import { weightsOf } from './pytorch.js';
import { writeAddress } from './state.js';

export function save(name, text, type) {
  const link = document.createElement('a');
  link.download = name;
  link.href = text.startsWith('data:') ? text : URL.createObjectURL(new Blob([text], { type }));
  link.click();
  if (link.href.startsWith('blob:')) setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export function weightsFile(session) {
  const { net, state, features, snapshot } = session;
  return JSON.stringify({
    settings: writeAddress(state), epoch: snapshot.epoch, inputs: features.map(({ key }) => key), activation: net.activation,
    output: net.output, weights: weightsOf(net),
  }, null, 1);
}

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

// The network and the large picture as one SVG; pictures of neurons are embedded, lines and texts are drawn.
export function svg({ graph, picture, session, colors, title }) {
  const { width, height, net, unitPlaces } = graph;
  const side = 300;
  const lines = [];
  graph.eachWeight((index, from, to) => {
    const value = net.params[index];
    const reach = (to[0] - from[0]) / 3;
    lines.push(`<path d="M${from}C${from[0] + reach} ${from[1]} ${to[0] - reach} ${to[1]} ${to}" stroke="${value < 0 ? colors.negative : colors.positive}"` +
      ` stroke-width="${(0.5 + 5 * Math.min(1, Math.abs(value) / 1.5)).toFixed(2)}"${value < 0 ? ' stroke-dasharray="6 5"' : ''}/>`);
  });
  const nodes = [...graph.box.querySelectorAll('canvas[data-unit]')].map((canvas) => {
    const [x, y] = unitPlaces[Number(canvas.dataset.unit)];
    return `<image x="${x}" y="${y}" width="44" height="44" href="${canvas.toDataURL()}"/>`;
  });
  const names = session.features.map(({ label }, i) => text(unitPlaces[i][0] - 8, unitPlaces[i][1] + 27, label, 'end'));
  const { snapshot, losses } = session;
  const words = `Epoch ${snapshot.epoch}: training loss ${tidy(losses.train.at(-1))}, test loss ${tidy(losses.test.at(-1))}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width + side + 40} ${Math.max(height, side + 80)}" ` +
    `width="${width + side + 40}" height="${Math.max(height, side + 80)}" font-family="Source Sans 3, sans-serif" font-size="16" fill="${colors.ink}">` +
    `<title>${escape(title)}</title><rect width="100%" height="100%" fill="${colors.paper}"/>` +
    `<g fill="none" stroke-opacity="0.75">${lines.join('')}</g>${nodes.join('')}${names.join('')}` +
    `<image x="${width + 20}" y="20" width="${side}" height="${side}" href="${picture.toDataURL()}"/>` +
    `${text(width + 20, side + 50, neuronName(net.layers.length - 1, 0, net.layers.length))}${text(width + 20, side + 72, words)}</svg>`;
}

const text = (x, y, words, anchor = 'start') => `<text x="${x}" y="${y}" text-anchor="${anchor}">${escape(words)}</text>`;

// The same as PNG, through an image of the SVG.
export async function png(source) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: image.naturalWidth * 2, height: image.naturalHeight * 2 });
  const context = canvas.getContext('2d');
  context.scale(2, 2);
  context.drawImage(image, 0, 0);
  return canvas.toDataURL('image/png');
}
