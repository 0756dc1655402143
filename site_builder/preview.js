// What `make preview` adds to each page: reloads it after a build, shows what is wrong with the course until it is mended.
const TITLE = 'The course is wrong; you see the last good site.';
// The build that this page is of: it stands in the address of this script.
const build = new URL(import.meta.url).searchParams.get('build');
let shown = null;

function panel(message) {
  const box = document.createElement('section');
  box.id = 'preview-mistake';
  box.setAttribute('role', 'alert');
  box.style.cssText = `position: fixed; z-index: 2147483647; inset: auto 0 0 0; max-height: 60vh; overflow: auto;
    padding: 1rem 1.25rem; border-top: 4px solid #c92a2a; background: #fff5f5; color: #212529; text-align: left;
    font: 16px/1.5 system-ui, sans-serif; box-shadow: 0 -4px 24px rgb(0 0 0 / 25%);`;
  const title = document.createElement('strong');
  title.textContent = TITLE;
  const text = document.createElement('pre');
  text.tabIndex = 0;
  text.textContent = message;
  text.style.cssText = `margin: 0.5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; background: none; color: inherit;
    font: 14px/1.5 ui-monospace, monospace; border: 0; padding: 0; box-shadow: none; width: auto;`;
  box.append(title, text);
  return box;
}

function show(mistake) {
  if (mistake === shown) return;
  shown = mistake;
  document.getElementById('preview-mistake')?.remove();
  if (mistake) document.body.append(panel(mistake));
}

const events = new EventSource('/__preview__/events');
events.addEventListener('message', ({ data }) => {
  const state = JSON.parse(data);
  if (state.build !== build) {
    events.close();
    location.reload();
    return;
  }
  show(state.mistake);
});
addEventListener('pagehide', () => events.close());
