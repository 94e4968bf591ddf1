// The steps of one link in the order in which a player has to have them: what it tells of which the
// module says something waits until the module does, and what the link is asked behind that waits with
// it, since it may come of it. All else goes on at once.

export class StepQueue {
  /// `to` has deed(step) and stimulus(step); `paired` are the numbers of events that wait.
  constructor(to, paired) {
    this.to = to;
    this.paired = paired;
    this.waiting = []; // {step, n, behind: [steps]}
  }

  asked(step) {
    const last = this.waiting.at(-1);
    if (last) last.behind.push(step);
    else this.to.deed(step);
  }
  told(step, n) {
    if (this.paired.has(n)) this.waiting.push({ step, n, behind: [] });
    else this.to.stimulus(step);
  }

  go({ step, behind }) {
    this.to.stimulus(step);
    for (const request of behind) this.to.deed(request);
  }
  /// Event n is told now.
  release(n) {
    const place = this.waiting.findIndex((one) => one.n === n);
    if (place >= 0) this.go(this.waiting.splice(place, 1)[0]);
  }
  releaseAll() {
    for (const one of this.waiting.splice(0)) this.go(one);
  }
}
