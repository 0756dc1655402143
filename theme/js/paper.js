// A page on paper. Hints, worked solutions and code stay folded, as the reader left them, and print their titles; a folded
// note belongs to the text and is printed open.
const LONGEST = 80; // characters of an address that anybody would type

export function openCalloutsForPrint() {
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('.content details.callout:not([open])')];
    opened.forEach((callout) => { callout.open = true; });
  });
  addEventListener('afterprint', () => opened.forEach((callout) => { callout.open = false; }));
}

// The address of a link to another site stands beside it on paper: a long one without its query and fragment.
export function shortenAddresses(root) {
  for (const a of root.querySelectorAll('a[href^="http"]')) {
    const { host, pathname, href } = a;
    if (a.textContent.trim() === href) a.dataset.address = host;
    else if (href.length > LONGEST) a.dataset.address = `${host}${pathname} …`;
  }
}
