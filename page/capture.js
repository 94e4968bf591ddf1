// What the program captures (--capture FILE), as pcapng: whether there is any, and all of it so far. It
// is one file for all modems of a program.

const PATH = '/capture';
const HOW = 'The program does not capture: start it with --capture FILE.';

export class Capture {
  constructor(api) {
    this.api = api;
  }

  /// Why there is nothing to be had, or ''.
  async lacks() {
    try {
      const answer = await this.api.fetch(PATH);
      await answer.body?.cancel();
      return answer.ok ? '' : HOW;
    } catch (error) {
      return `Nobody tells whether there is a capture: ${error.message}`;
    }
  }

  async take() {
    const answer = await this.api.fetch(PATH);
    if (!answer.ok) throw new Error(HOW);
    return answer.blob();
  }
}
