// A playground over the slide that speaks of it. reveal.js opens it in a frame; here it gets names and the focus.
const NAMES = { '.r-overlay-external': 'Open in a tab of its own', '.r-overlay-close': 'Back to the slide' };

export function nameLivePreviews() {
  const slides = document.querySelector('.reveal .slides');
  let opener = null;
  Reveal.on('previewiframe', () => {
    opener = document.activeElement;
    slides.inert = true;
    const overlay = document.querySelector('.r-overlay-preview');
    overlay.setAttribute('role', 'dialog');
    overlay.setAttribute('aria-label', opener.textContent);
    for (const [button, name] of Object.entries(NAMES)) overlay.querySelector(button).setAttribute('aria-label', name);
    const frame = overlay.querySelector('iframe');
    frame.title = opener.textContent;
    frame.addEventListener('load', () => {
      if (frame.contentDocument) frame.title = frame.contentDocument.title;
      overlay.setAttribute('aria-label', frame.title);
      frame.focus();
    });
  });
  Reveal.on('closeoverlay', () => {
    slides.inert = false;
    opener?.focus();
    opener = null;
  });
}
