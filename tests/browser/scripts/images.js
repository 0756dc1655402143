// Opens every fold, loads every image, and returns what each says, how it is declared and how large it is shown.
async () => {
  for (const fold of document.querySelectorAll('details')) fold.open = true;
  const images = [...document.images];
  const wasLazy = new Map(images.map((image) => [image, image.loading === 'lazy']));
  images.forEach((image) => { image.loading = 'eager'; });
  await Promise.all(images.map((image) => image.decode().catch(() => 0)));
  const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return images.map((image) => {
    const box = image.getBoundingClientRect();
    const caption = image.closest('figure')?.querySelector('figcaption')?.textContent ?? '';
    return {
      source: image.getAttribute('src') ?? '',
      alternative: image.getAttribute('alt'),
      words: words(image.alt),
      caption: words(caption),
      isDecorative: image.getAttribute('alt') === '' && !image.closest('.content, .slides'),
      hasSize: image.hasAttribute('width') && image.hasAttribute('height'),
      isLazy: wasLazy.get(image),
      isBelow: box.top + scrollY > innerHeight,
      width: image.naturalWidth,
      shown: box.width,
      isDrawing: /\.svg(\?|$)/.test(image.currentSrc),
    };
  });
}
