// Epochs a second of training alone, ours and the peer's in turns, in the same browser and on the same points: the medians.
// `peer` is the address of TensorFlow Playground's nn.ts as a module, or ''. benchmarks/playground.py calls it in a page.
async ({ peer, address, runs }) => {
  const SECONDS = 1;
  const [{ readAddress }, { Trainer }, { makeData }, { chosenFeatures }, nn] = await Promise.all(
    ['./state.js', './trainer.js', './data.js', './features.js', peer].map((name) => name && import(new URL(name, location))),
  );
  const { state } = readAddress(`${address}&seed=1`);
  const { train } = makeData(state, null);
  const inputs = train.map((point) => chosenFeatures(state).map(({ f }) => f(point.x, point.y)));

  const ours = () => {
    const trainer = new Trainer(state);
    return () => trainer.runEpoch();
  };
  // As its playground trains: point by point, an update after each batch. Its losses and pictures are left out.
  const theirs = () => {
    const { Activations, Errors, backProp, buildNetwork, forwardProp, updateWeights } = nn;
    const kinds = { tanh: Activations.TANH, relu: Activations.RELU, linear: Activations.LINEAR, sigmoid: Activations.SIGMOID };
    const output = state.problem === 'classification' ? Activations.TANH : Activations.LINEAR;
    const shape = [inputs[0].length, ...state.networkShape, 1];
    const network = buildNetwork(shape, kinds[state.activation], output, null, inputs[0].map((_, i) => `x${i}`));
    return () => train.forEach(({ label }, i) => {
      forwardProp(network, inputs[i]);
      backProp(network, label, Errors.SQUARE);
      if ((i + 1) % state.batchSize === 0) updateWeights(network, state.learningRate, 0);
    });
  };
  const rate = (epoch, seconds) => {
    const start = performance.now();
    let n = 0;
    for (; performance.now() - start < 1000 * seconds; n++) epoch();
    return n / ((performance.now() - start) / 1000);
  };
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

  const found = { ours: [], theirs: [] };
  for (let run = 0; run <= runs; run++) { // the first is for the browser to warm up
    for (const [name, make] of Object.entries(peer ? { ours, theirs } : { ours })) {
      const speed = rate(make(), run ? SECONDS : SECONDS / 2);
      if (run) found[name].push(speed);
    }
  }
  return { ours: median(found.ours), theirs: peer ? median(found.theirs) : null };
}
