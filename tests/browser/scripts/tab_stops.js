// Collects the controls that the Tab key must reach, then notes where it goes and what its stop looks like.
() => {
  const SELECTOR = 'a[href], area[href], button, input:not([type="hidden"]), select, textarea, summary, iframe, ' +
    'audio[controls], video[controls], [tabindex], [contenteditable="true"]';
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const name = (element) => `${element.tagName.toLowerCase()}${element.id && `#${element.id}`} ` +
    `"${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 50)}"`;

  // A group of radio buttons is one stop: the chosen one, else the first.
  const isStopOfGroup = (radio) => {
    const group = [...document.querySelectorAll('input[type="radio"]')].filter((other) => other.name === radio.name && other.form === radio.form);
    return radio === (group.find((other) => other.checked) ?? group[0]);
  };
  const isReachable = (element) => element.tabIndex >= 0 && !element.disabled && !element.closest('[inert]')
    && element.checkVisibility({ visibilityProperty: true })
    && (element.tagName !== 'SUMMARY' || element.parentElement.querySelector(':scope > summary') === element)
    && (element.type !== 'radio' || isStopOfGroup(element));

  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color) => {
    const [r, g, b] = color.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const ground = (element) => {
    for (let up = element; up; up = up.parentElement) {
      const color = rgba(getComputedStyle(up).backgroundColor);
      if (color[3] > 200) return color;
    }
    return rgba('Canvas');
  };
  const look = (element) => {
    const style = getComputedStyle(element);
    return { ring: style.outlineStyle !== 'none' ? parseFloat(style.outlineWidth) : 0, color: style.outlineColor, style: style.outlineStyle,
      inset: parseFloat(style.outlineOffset) < 0, shadow: style.boxShadow, border: style.borderColor };
  };
  // Say what is wrong with the sign of focus, or nothing.
  const faintness = (element, before) => {
    const now = look(element);
    if (now.ring < 1.5 || before.ring > 0) {
      return now.shadow !== before.shadow && now.shadow !== 'none' ? '' : 'does not show that it has the focus';
    }
    if (now.style === 'auto') return '';
    const found = contrast(rgba(now.color), ground(now.inset ? element : element.parentElement ?? element));
    return found >= 3 ? '' : `its ring has a contrast of ${found.toFixed(2)}`;
  };
  // A stop must not hide behind what sticks to the edges of the window.
  const isHidden = (element) => {
    const boxes = [...element.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
    return boxes.length > 0 && !boxes.some((box) => {
      const across = [0.02, 0.5, 0.98].map((part) => box.left + part * box.width).map((x) => Math.min(Math.max(x, 1), innerWidth - 1));
      const down = [0.05, 0.5, 0.95].map((part) => box.top + part * box.height).map((y) => Math.min(Math.max(y, 1), innerHeight - 1));
      return across.some((x) => down.some((y) => {
        const top = document.elementFromPoint(x, y);
        return top && (element.contains(top) || top.contains(element) && getComputedStyle(element).pointerEvents === 'none');
      }));
    });
  };

  // The Tab key goes on from where the focus was last, even when nothing has it.
  const startAtTheTop = () => {
    const mark = document.createElement('span');
    mark.tabIndex = -1;
    document.body.prepend(mark);
    mark.focus();
    mark.remove();
    scrollTo(0, 0);
  };

  startAtTheTop();
  const expected = [...document.querySelectorAll(SELECTOR)].filter(isReachable);
  const before = new Map(expected.map((element) => [element, look(element)]));
  const tabbing = { visited: [], faults: [], wrapped: false };
  window.tabbingEnds?.abort();
  window.tabbingEnds = new AbortController();
  const options = { capture: true, signal: window.tabbingEnds.signal };
  const settle = () => {
    const last = document.activeElement;
    if (last && last !== document.body && tabbing.visited.at(-1) === last && isHidden(last)) tabbing.faults.push(`${name(last)} is hidden`);
  };
  document.addEventListener('keydown', settle, options);
  document.addEventListener('focusin', ({ target }) => {
    if (tabbing.visited.includes(target)) {
      tabbing.wrapped = true;
      return;
    }
    const previous = tabbing.visited.at(-1);
    if (previous && !(previous.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING)) {
      tabbing.faults.push(`${name(target)} comes after ${name(previous)}`);
    }
    tabbing.visited.push(target);
    const fault = faintness(target, before.get(target) ?? { ring: 0, shadow: 'none' });
    if (fault) tabbing.faults.push(`${name(target)} ${fault}`);
  }, options);
  window.tabStops = () => ({
    wrapped: tabbing.wrapped,
    visited: tabbing.visited.length,
    missed: expected.filter((element) => element.tagName !== 'IFRAME' && !tabbing.visited.includes(element)).map(name),
    faults: tabbing.faults,
  });
  return expected.length;
}
