// The table of contents follows the reader: the entry of the section that is being read is marked and kept in view.
const READING_LINE = 30; // percent of the window's height: a section is read once its heading is above this line

export function setUpContents(toc) {
  const links = new Map([...toc.querySelectorAll('a')].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  const sections = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  follow(sections, (section) => mark(toc, links, section));
  foldWhenNarrow(toc);
}

// Tells which section is read: the last one that begins above the line, and at the end of the page the last of all.
function follow(sections, tell) {
  const begun = new Set();
  let atEnd = false;
  const say = () => tell(atEnd && scrollY > 0 ? sections.at(-1) : sections.findLast((one) => begun.has(one)) ?? sections[0]);
  const headings = new Map(sections.map((section) => [section.querySelector('h1, h2, h3, h4, h5, h6') ?? section, section]));
  const passing = new IntersectionObserver((entries) => {
    entries.forEach(({ target, isIntersecting }) => begun[isIntersecting ? 'add' : 'delete'](headings.get(target)));
    say();
  }, { rootMargin: `1000000px 0px -${100 - READING_LINE}% 0px` });
  headings.forEach((_, heading) => passing.observe(heading));
  const ending = new IntersectionObserver(([entry]) => {
    atEnd = entry.isIntersecting;
    say();
  }, { threshold: 0.9 });
  ending.observe(document.querySelector('.site-footer'));
}

function mark(toc, links, section) {
  const here = links.get(section?.id);
  for (const a of links.values()) {
    if (a === here) a.setAttribute('aria-current', 'true');
    else a.removeAttribute('aria-current');
  }
  if (here && !toc.contains(document.activeElement)) keepInView(toc, here); // who walks through it by keyboard is not moved
}

// Scrolls a box, and nothing else, to something in it.
export function keepInView(box, item) {
  if (box.scrollHeight <= box.clientHeight) return;
  const [frame, entry] = [box.getBoundingClientRect(), item.getBoundingClientRect()];
  if (entry.top < frame.top || entry.bottom > frame.bottom) box.scrollTop += entry.top - frame.top - frame.height / 2;
}

function foldWhenNarrow(toc) {
  const wide = matchMedia('(min-width: 80rem)');
  const fit = () => { toc.open = wide.matches; };
  wide.addEventListener('change', fit);
  fit();
  toc.classList.add('ready');
}
