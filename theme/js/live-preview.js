// A playground over the slide that speaks of it. reveal.js opens it; here it gets names, the keyboard, and the whole window.
const NAMES = { '.r-overlay-external': 'Open in a tab of its own', '.r-overlay-close': 'Back to the slide' };

// The page stands in a frame of our own host: without the site's bars, and Escape leads back to the slide.
function settle(frame) {
  const inside = frame.contentDocument;
  frame.title = inside.title;
  inside.documentElement.classList.add('in-deck');
  inside.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) Reveal.hidePreview();
  });
  frame.focus();
}

export function nameLivePreviews() {
  let opener = null;
  Reveal.on('previewiframe', () => {
    opener = document.activeElement;
    const overlay = document.querySelector('.r-overlay-preview');
    for (const [button, name] of Object.entries(NAMES)) overlay.querySelector(button).setAttribute('aria-label', name);
    overlay.setAttribute('role', 'dialog');
    overlay.setAttribute('aria-label', opener?.textContent || 'Playground');
    const frame = overlay.querySelector('iframe');
    frame.title = 'Playground';
    frame.addEventListener('load', () => settle(frame));
    document.querySelector('.reveal .slides').inert = true;
  });
  Reveal.on('closeoverlay', () => {
    document.querySelector('.reveal .slides').inert = false;
    opener?.focus();
    opener = null;
  });
}
