// A playground in a frame over a slide: nothing of the site around it, and Escape leads back to the slide.

if (window !== window.parent) {
  document.documentElement.classList.add('in-frame');
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) window.parent.Reveal?.hidePreview();
  });
}
