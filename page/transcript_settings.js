// The settings of a transcript: the model, echo, latency, and knobs that are not as usual, from what the
// program says of the modem, and what is to be known of where the transcript is from.

/// Whether the first command of the host was echoed.
function echoes(events, channel, state) {
  const own = events.filter((event) => event.channel === channel);
  const typed = own.findIndex(({ kind }) => kind === 'rx');
  const ends = own.findIndex(({ kind }, n) => n > typed && (kind === 'result' || kind === 'prompt'));
  if (ends < 0) return state?.channels?.find(({ name }) => name === channel)?.echo ?? false;
  return own.slice(typed, ends).some(({ kind, echo }) => kind === 'tx' && echo);
}

function knobs({ knobs: values = {}, knob_defaults: usual, knob_words: words = {} }) {
  if (!usual) return ['# The program does not tell which knobs are not as usual.'];
  return Object.entries(values)
    .filter(([name, value]) => value !== usual[name])
    .map(([name, value]) => `knob ${name}=${words[name]?.[value] ?? value}`);
}

export function settingLines(events, channel, state) {
  const head = [`# The session of the host on ${channel}, from the journal of ${state?.name ?? 'a modem'}.`];
  if (echoes(events, channel, state)) head.push('echo');
  const latency = state?.latency ?? 'instant';
  head.push(`latency ${latency}`);
  if (state?.seed !== undefined && latency === 'typical') head.push(`seed ${state.seed}`);
  if (state?.model && state.model !== 'EG916Q') head.push(`model ${state.model}`);
  if (state && state.time?.scale !== 1) head.push(`scale ${state.time?.scale}`);
  if (state) head.push(...knobs(state));
  return head;
}
