// A browser may break the line between a formula and the comma after it. A short formula keeps its comma.
const LONGEST = 2; // pieces between which KaTeX lets a line break; a longer formula must stay free to break

export function keepPunctuation(root = document) {
  const formulas = [...root.querySelectorAll('.math.inline')];
  const followed = formulas.filter((formula) => /^[,.;:!?)]/.test(formula.nextSibling?.data ?? ''));
  const short = followed.filter((formula) => formula.querySelectorAll('.base').length <= LONGEST);
  for (const formula of short) {
    const text = formula.nextSibling;
    const rest = text.splitText(/^[,.;:!?)]+/.exec(text.data)[0].length);
    const holder = document.createElement('span');
    holder.className = 'nowrap';
    formula.before(holder);
    holder.append(formula, text);
    if (rest.data === '') rest.remove();
  }
}
