// The history of the signal as a small plot: one measure over virtual time, as steps, since it changes
// when somebody changes it. Drawn in the colours of the page, which are those of its style sheet, and
// at the resolution of the screen.

import { MEASURES } from './signal_history.js';

/// `points` is a list of {t, value} in ascending order.
export function drawSignal(canvas, name, points, now) {
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (width === 0 || points.length === 0) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext('2d');
  pen.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const { low, high, grid } = MEASURES[name];
  const begin = points[0].t;
  const span = Math.max(1e-6, now - begin);
  const x = (t) => ((t - begin) / span) * (width - 4) + 2;
  const y = (value) => height - 2 - ((value - low) / (high - low)) * (height - 4);
  drawGrid(pen, style, width, grid, y);
  pen.strokeStyle = style.getPropertyValue('--accent');
  pen.lineWidth = 2;
  pen.beginPath();
  let before = points[0].value;
  pen.moveTo(x(begin), y(before));
  for (const { t, value } of points.slice(1)) {
    pen.lineTo(x(t), y(before));
    pen.lineTo(x(t), y(value));
    before = value;
  }
  pen.lineTo(x(now), y(before));
  pen.stroke();
}

function drawGrid(pen, style, width, levels, y) {
  pen.strokeStyle = style.getPropertyValue('--line');
  pen.fillStyle = style.getPropertyValue('--soft');
  pen.font = '10px sans-serif';
  pen.lineWidth = 1;
  for (const level of levels) {
    pen.beginPath();
    pen.moveTo(0, y(level));
    pen.lineTo(width, y(level));
    pen.stroke();
    pen.fillText(String(level), 2, y(level) - 2);
  }
}
