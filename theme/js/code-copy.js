// Gives every code block a button that copies it.
export function addCopyButtons(root = document) {
  for (const pre of root.querySelectorAll('pre.sourceCode')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy-button';
    button.setAttribute('aria-label', 'Copy code');
    button.addEventListener('click', () => copy(pre, button));
    const holder = pre.closest('div.sourceCode') ?? pre;
    holder.append(button);
  }
}

async function copy(pre, button) {
  const code = pre.querySelector('code') ?? pre;
  const done = await write(code.innerText.replace(/\n$/, ''));
  button.classList.toggle('copied', done);
  button.setAttribute('aria-label', done ? 'Copied' : 'Copying failed');
  setTimeout(() => {
    button.classList.remove('copied');
    button.setAttribute('aria-label', 'Copy code');
  }, 2000);
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writeBySelection(text); // a page that is not served over https has no clipboard object
  }
}

function writeBySelection(text) {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
