// The history of the signal as a small plot: RSRP over virtual time, as steps, since it changes when
// somebody changes it. Drawn in the colours of the page, which are those of its style sheet, and at
// the resolution of the screen.

const LOWEST = -140;
const HIGHEST = -44;

/// `signals` is a list of {t, rsrp} in ascending order.
export function drawSignal(canvas, signals, now) {
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (width === 0 || signals.length === 0) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext('2d');
  pen.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const begin = signals[0].t;
  const span = Math.max(1e-6, now - begin);
  const x = (t) => ((t - begin) / span) * (width - 4) + 2;
  const y = (rsrp) => height - 2 - ((rsrp - LOWEST) / (HIGHEST - LOWEST)) * (height - 4);
  grid(pen, style, width, y);
  pen.strokeStyle = style.getPropertyValue('--accent');
  pen.lineWidth = 2;
  pen.beginPath();
  let before = signals[0].rsrp;
  pen.moveTo(x(begin), y(before));
  for (const { t, rsrp } of signals.slice(1)) {
    pen.lineTo(x(t), y(before));
    pen.lineTo(x(t), y(rsrp));
    before = rsrp;
  }
  pen.lineTo(x(now), y(signals.at(-1).rsrp));
  pen.stroke();
}

function grid(pen, style, width, y) {
  pen.strokeStyle = style.getPropertyValue('--line');
  pen.fillStyle = style.getPropertyValue('--soft');
  pen.font = '10px sans-serif';
  pen.lineWidth = 1;
  for (const level of [-60, -90, -120]) {
    pen.beginPath();
    pen.moveTo(0, y(level));
    pen.lineTo(width, y(level));
    pen.stroke();
    pen.fillText(String(level), 2, y(level) - 2);
  }
}
