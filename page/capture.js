// The packets and AT channels that the program captures (--capture FILE), as pcapng: whether there are
// any, and all of them so far. A program that captures for all its modems has them at one place.

const HOW = 'The program does not capture: start it with --capture FILE.';
const TYPE = 'application/x-pcapng';

export class Capture {
  constructor(api) {
    this.api = api;
  }

  /// The answer of the first place that has one, or null.
  async ask(modem) {
    for (const path of [`/modems/${encodeURIComponent(modem)}/capture`, '/capture']) {
      const answer = await this.api.fetch(path);
      if (answer.ok && answer.headers.get('Content-Type')?.startsWith(TYPE)) return answer;
      await answer.body?.cancel();
    }
    return null;
  }

  /// Why there is nothing to be had, or ''.
  async lacks(modem) {
    try {
      const answer = await this.ask(modem);
      await answer?.body?.cancel();
      return answer ? '' : HOW;
    } catch (error) {
      return `Nobody tells whether there is a capture: ${error.message}`;
    }
  }

  async take(modem) {
    const answer = await this.ask(modem);
    if (!answer) throw new Error(HOW);
    return answer.blob();
  }
}
