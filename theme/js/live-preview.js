// A playground over the slide that speaks of it. reveal.js opens it in a frame; here it gets names and the focus.
// The reveal.js in Quarto, 5.1, opens no address of this site, calls the parts otherwise, and does not tell of the end.
const LINK = 'a[data-preview-link]';
const WINDOW = '.r-overlay-preview:has(iframe), .overlay-preview';
const BUTTONS = {
  '.r-overlay-external, .external': 'Open in a tab of its own',
  '.r-overlay-close, .close': 'Back to the slide',
};

const slides = document.querySelector('.reveal .slides');
let opener = null;
let open = null;

function nameButtons(overlay) {
  for (const [button, name] of Object.entries(BUTTONS)) overlay.querySelector(button).setAttribute('aria-label', name);
  overlay.querySelector('a.close')?.setAttribute('role', 'button');
}

function opened(overlay) {
  slides.inert = true;
  overlay.setAttribute('role', 'dialog');
  overlay.setAttribute('aria-label', opener.textContent);
  nameButtons(overlay);
  const frame = overlay.querySelector('iframe');
  frame.title = opener.textContent;
  frame.addEventListener('load', () => {
    if (frame.contentDocument) frame.title = frame.contentDocument.title;
    overlay.setAttribute('aria-label', frame.title);
    frame.focus();
  });
}

function closed() {
  slides.inert = false;
  opener.focus();
}

// Before reveal.js's own listener, which stands on the same element.
slides.addEventListener('click', (event) => {
  const link = event.target.closest(LINK);
  if (!link) return;
  opener = link;
  if (Reveal.previewIframe || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  Reveal.showPreview(link.href);
}, true);

new MutationObserver(() => {
  const before = open;
  open = document.querySelector(WINDOW);
  if (open === before) return;
  opener ??= document.querySelector('.present ' + LINK) ?? document.querySelector(LINK); // the speaker view opened it
  if (open) opened(open);
  else closed();
}).observe(document.querySelector('.reveal'), { childList: true });
