// Clicks, changes and presses keys on controls of the playground 1,000 times, chosen by the given numbers.
async (numbers) => {
  const CONTROLS = '.playground :is(button, select, input, canvas), .pg-more :is(button, select, input:not([type=file]), textarea)';
  const KEYS = ['Enter', ' ', 'ArrowRight', 'ArrowLeft', 'Tab', 'Escape', 'z', 'p', 's', 'r'];
  const TYPED = { number: ['', '3', '-1e9', '0.5'], text: ['', '3', 'x', '4,2', '%'], textarea: ['', '1,2', 'x,y\n1,1\n2,1\n3,-1\n4,-1'] };
  let used = 0;
  const pick = (items) => items[Math.floor(numbers[used++ % numbers.length] * items.length)];
  const act = (element) => {
    if (element.matches('select')) element.value = pick([...element.options])?.value ?? '';
    else if (element.type === 'range') element.value = pick([element.min, element.max, '10', '30']);
    else if (TYPED[element.type]) element.value = pick(TYPED[element.type]);
    else {
      element.click();
      return;
    }
    element.dispatchEvent(new Event('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
  };
  for (window.clicksDone = 0; window.clicksDone < 1000; window.clicksDone++) {
    const element = pick([...document.querySelectorAll(CONTROLS)].filter((e) => !e.disabled && e.checkVisibility() && !/pg-(save|copy)/.test(e.id)));
    act(element);
    const options = { key: pick(KEYS), bubbles: true, altKey: pick([true, false]), ctrlKey: pick([true, false]) };
    element.dispatchEvent(new KeyboardEvent('keydown', options));
    if (window.clicksDone % 10 === 0) await new Promise((done) => setTimeout(done, 5));
    if (window.clicksDone % 200 === 199) history.back();
  }
}
