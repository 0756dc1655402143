// Goes through all slides with all fragments shown; returns what sticks out and text that is too small.
async (smallest) => {
  const found = { overflowing: [], small: [], slides: 0 };
  const frame = document.querySelector('.reveal .slides').getBoundingClientRect();
  const scale = Reveal.getScale();
  const left_out = 'aside.notes, .katex-mathml, .visually-hidden, .copy-button, svg';
  // What scrolls by design and by keyboard may hold more than it shows; it must itself fit on the slide.
  const scrolls = (element) => element.tabIndex === 0 && /auto|scroll/.test(getComputedStyle(element).overflowY);
  const inside_scroller = (element, slide) => {
    for (let up = element.parentElement; up && up !== slide.parentElement; up = up.parentElement) {
      if (scrolls(up)) return true;
    }
    return false;
  };
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

  const excess = (box) =>
    Math.max(box.bottom - frame.bottom, box.right - frame.right, frame.left - box.left, frame.top - box.top) / scale;

  for (const slide of Reveal.getSlides()) {
    found.slides += 1;
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v, 999);
    await painted();
    await Promise.all([...slide.querySelectorAll('img')].map((image) => image.decode().catch(() => 0)));
    const name = slide.id || `${h}/${v}`;
    for (const element of slide.querySelectorAll('*')) {
      if (element.closest(left_out)) continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      const tag = `<${element.tagName.toLowerCase()} class="${element.className}">`;
      if (excess(box) > 2 && !inside_scroller(element, slide)) found.overflowing.push(`${name}: ${tag} by ${Math.round(excess(box))} px`);
      if (element.closest('.katex, sup, sub')) continue;
      const has_text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      const size = parseFloat(getComputedStyle(element).fontSize);
      const words = element.textContent.trim().slice(0, 60);
      if (has_text && size < smallest - 0.01) found.small.push(`${name}: ${size} px: ${words}`);
    }
    for (const block of slide.querySelectorAll('pre, .math.display, table')) {
      const higher = block.tagName === 'PRE' && block.scrollHeight > block.clientHeight + 2;
      if (higher || (block.clientWidth > 0 && block.scrollWidth > block.clientWidth + 2)) {
        found.overflowing.push(`${name}: <${block.tagName.toLowerCase()}> holds more than it shows`);
      }
    }
  }
  return found;
}
