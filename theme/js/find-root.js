// The page for missing addresses is shown at any depth, where its relative addresses are wrong. This finds the folder
// in which the site lives, the deepest one above the address that holds the site's style sheet, and mends them.
(() => {
  const known = 'theme/css/tokens.css';
  const parts = location.pathname.split('/').slice(1, -1);
  const folders = parts.map((_, place) => `/${parts.slice(0, parts.length - place).join('/')}/`).concat('/');

  async function holdsTheSite(folder) {
    try {
      const answer = await fetch(folder + known, { method: 'HEAD' });
      return answer.ok && (answer.headers.get('content-type') ?? '').includes('css');
    } catch {
      return false; // no server: the page was opened as a file, beside the others
    }
  }

  async function find() {
    for (const folder of folders) if (await holdsTheSite(folder)) return folder;
    return null;
  }

  function mend(folder) {
    const to = (address) => new URL(address, location.origin + folder).href;
    for (const element of document.querySelectorAll('[href]:not([href^="#"], [href*="://"], [rel="preload"])')) {
      element.setAttribute('href', to(element.getAttribute('href')));
    }
    for (const image of document.querySelectorAll('img[src]')) image.src = to(image.getAttribute('src'));
    for (const script of document.querySelectorAll('script[src]')) {
      const again = document.createElement('script'); // one that has failed does not load again
      again.type = script.type;
      again.src = to(script.getAttribute('src'));
      script.replaceWith(again);
    }
  }

  // Where the page stands is right when its style sheet has come: then nothing needs to be asked or mended.
  const isStyled = () => document.querySelector('link[rel="stylesheet"]')?.sheet?.cssRules.length > 0;

  addEventListener('load', async () => {
    if (isStyled()) return;
    const folder = await find();
    if (folder) mend(folder);
  });
})();
