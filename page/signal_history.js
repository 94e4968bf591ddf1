// What the signal was, as far as the journal tells: RSRP, RSRQ, RSSI and SINR over virtual time, the
// latest of each. A time that goes back is another run of the program, which begins anew.

const MOST = 2000;

/// Name, unit, and the range that is drawn.
export const MEASURES = {
  rsrp: { title: 'RSRP', unit: 'dBm', low: -140, high: -44, grid: [-60, -90, -120] },
  rsrq: { title: 'RSRQ', unit: 'dB', low: -20, high: -3, grid: [-5, -10, -15] },
  rssi: { title: 'RSSI', unit: 'dBm', low: -113, high: -51, grid: [-60, -80, -100] },
  sinr: { title: 'SINR', unit: 'dB', low: -20, high: 30, grid: [-10, 5, 20] },
};

export class SignalHistory {
  constructor() {
    this.clear();
  }

  clear() {
    this.points = Object.fromEntries(Object.keys(MEASURES).map((name) => [name, []]));
  }

  see({ kind, what, t, value }) {
    if (kind !== 'device' || !(what in MEASURES) || !Number.isFinite(value)) return;
    const points = this.points[what];
    if (points.length > 0 && t < points.at(-1).t) points.length = 0;
    points.push({ t, value });
    if (points.length > MOST) points.shift();
  }

  /// {t, value} in ascending order; with nothing told, what it is `now`.
  of(name, now, value) {
    const points = this.points[name];
    return points.length > 0 ? points : [{ t: Math.max(0, now - 60), value }];
  }
}
